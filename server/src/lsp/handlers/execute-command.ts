// `workspace/executeCommand`: *renumber method*, with a document's URI and a position in the method. The
// edits go to the editor as `workspace/applyEdit`; what is refused is told in a message, since somebody
// asked for it.

import { MessageType, Position, ShowMessageNotification } from "vscode-languageserver/node";
import { renumberMethod } from "../../features/renumber.ts";
import { pathOfUri } from "../convert.ts";
import { toWorkspaceEdit } from "../convert-navigation.ts";
import { guarded, type Server } from "../server.ts";

/** Not the name of the extension's command: a client registers the server's under their own names. */
export const renumberCommand = "finalens.server.renumberMethod";

export function onExecuteCommand(server: Server): void {
  server.connection.onExecuteCommand(
    guarded(server, "workspace/executeCommand", null, ({ command, arguments: given }) => {
      const [uri, position] = (given ?? []) as readonly unknown[];
      if (command !== renumberCommand) server.log.warn(`${command}: no such command`);
      else if (typeof uri === "string" && Position.is(position)) renumber(server, uri, position);
      else server.log.warn(`${command}: takes a URI and a position`);
      return null;
    }),
  );
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
