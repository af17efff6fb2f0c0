// `workspace/executeCommand`: the ranking of callees, registrations' stories as Markdown, a simulation, and
// *renumber method*; all but the ranking take a document's URI and a line or a position in the method. The
// edits go to the editor as `workspace/applyEdit`; what is refused is told in a message, since somebody
// asked for it.

import {
  type ExecuteCommandParams,
  type Location,
  MessageType,
  Position,
  ShowMessageNotification,
} from "vscode-languageserver";
import manifest from "../../../../package.json" with { type: "json" };
import { copyAsMarkdown } from "../../features/code-action.ts";
import { explainMarkdown, problemMarkdown } from "../../features/explain-markdown.ts";
import { nextRegistration } from "../../features/next-registration.ts";
import { type RankedCallee, ranking } from "../../features/ranking.ts";
import { renumberMethod } from "../../features/renumber.ts";
import { simulationAt } from "../../features/simulate-at.ts";
import { toWorkspaceEdit } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";
import type { Session } from "../session.ts";

/** Not the name of the extension's command: a client registers the server's under their own names. */
export const renumberCommand = "finalens.server.renumberMethod";

/** Gives which callees block how many registrations, the weightiest first. */
export const rankingCommand = "finalens.ranking";

/** Gives the story of the registrations at a line as Markdown. */
export const copyCommand = "finalens.server.explainAsMarkdown";

/**
 * Those that answer about a document's URI and a line (0-based): with a text, null where there is none, or
 * with a place.
 */
const lineCommands: Readonly<
  Record<string, (server: Server, path: string, line: number) => unknown>
> = {
  [copyCommand]: ({ session }, path, line) => copyAsMarkdown(session.workspace, path, line),
  // The same as a page, and of the whole method where the line registers nothing.
  "finalens.server.explain": ({ session }, path, line) =>
    explainMarkdown(session.workspace, path, line),
  "finalens.server.simulate": ({ session }, path, line) =>
    simulationAt(session.workspace, path, line),
  "finalens.server.describeProblem": ({ session }, path, line) =>
    `Finalens ${manifest.version}\n\n${problemMarkdown(session.workspace, path, line, session.configAtHand())}`,
  "finalens.server.nextRegistration": ({ session }, path, line) =>
    nextRegistration(session.workspace, path, line),
};

export const serverCommands: string[] = [
  renumberCommand,
  rankingCommand,
  ...Object.keys(lineCommands),
];

export function onExecuteCommand(server: Server): void {
  server.connection.onExecuteCommand(
    guarded<ExecuteCommandParams, unknown>(
      server,
      "workspace/executeCommand",
      null,
      ({ command, arguments: given }) => {
        const [uri, place] = (given ?? []) as readonly unknown[];
        const answer = Object.hasOwn(lineCommands, command) ? lineCommands[command] : undefined;
        if (command === rankingCommand) return rankingAnswer(server);
        if (answer !== undefined && typeof uri === "string" && typeof place === "number")
          return answer(server, pathOfUri(uri), place);
        if (answer !== undefined) server.log.warn(`${command}: takes a URI and a line`);
        else if (command !== renumberCommand) server.log.warn(`${command}: no such command`);
        else if (typeof uri === "string" && Position.is(place)) renumber(server, uri, place);
        else server.log.warn(`${command}: takes a URI and a position`);
        return null;
      },
    ),
  );
}

function rankingAnswer({ session }: Server): unknown {
  return ranking(session.workspace).map(({ callee, weight, blocked, codes, location }) => ({
    callee,
    weight,
    codes,
    location: toLocation(session, location),
    blocked: blocked.map((one) => ({
      method: one.method,
      statement: one.statement,
      alone: one.alone,
      location: toLocation(session, one.location),
    })),
  }));
}

function toLocation(session: Session, location: RankedCallee["location"]): Location | null {
  return location === null ? null : { uri: session.uriOf(location.path), range: location.range };
}

function renumber({ connection, log, session }: Server, uri: string, position: Position): void {
  const path = pathOfUri(uri);
  const made = renumberMethod(session.workspace, path, position);
  if ("refused" in made) {
    // `window.showWarningMessage` would be a request, and wait for an answer.
    const message = { type: MessageType.Warning, message: `Not renumbered: ${made.refused}.` };
    connection
      .sendNotification(ShowMessageNotification.method, message)
      .catch((error: unknown) => log.failure("window/showMessage", error));
    return;
  }
  if (made.edits.length === 0) return;
  const edit = toWorkspaceEdit(session, path, made.edits);
  connection.workspace
    .applyEdit({ label: "Renumber method", edit })
    .catch((error: unknown) => log.failure("workspace/applyEdit", error));
}
