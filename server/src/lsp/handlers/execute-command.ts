// `workspace/executeCommand`: the ranking of callees, a registration's story as Markdown, and *renumber
// method*, with a document's URI and a position in the method. The
// edits go to the editor as `workspace/applyEdit`; what is refused is told in a message, since somebody
// asked for it.

import {
  type ExecuteCommandParams,
  type Location,
  MessageType,
  Position,
  ShowMessageNotification,
} from "vscode-languageserver";
import { copyAsMarkdown } from "../../features/code-action.ts";
import { type RankedCallee, ranking } from "../../features/ranking.ts";
import { renumberMethod } from "../../features/renumber.ts";
import { toWorkspaceEdit } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";
import type { Session } from "../session.ts";

/** Not the name of the extension's command: a client registers the server's under their own names. */
export const renumberCommand = "finalens.server.renumberMethod";

/** Gives the story of the registrations at a line as Markdown: a document's URI and a line. */
export const copyCommand = "finalens.server.explainAsMarkdown";

/** Gives which callees block how many registrations, the weightiest first. */
export const rankingCommand = "finalens.ranking";

export function onExecuteCommand(server: Server): void {
  server.connection.onExecuteCommand(
    guarded<ExecuteCommandParams, unknown>(
      server,
      "workspace/executeCommand",
      null,
      ({ command, arguments: given }) => {
        const [uri, position] = (given ?? []) as readonly unknown[];
        if (command === rankingCommand) return rankingAnswer(server);
        if (command === copyCommand) return markdownAnswer(server, uri, position);
        if (command !== renumberCommand) server.log.warn(`${command}: no such command`);
        else if (typeof uri === "string" && Position.is(position)) renumber(server, uri, position);
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

function markdownAnswer({ log, session }: Server, uri: unknown, line: unknown): string {
  if (typeof uri === "string" && typeof line === "number")
    return copyAsMarkdown(session.workspace, pathOfUri(uri), line);
  log.warn(`${copyCommand}: takes a URI and a line`);
  return "";
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
