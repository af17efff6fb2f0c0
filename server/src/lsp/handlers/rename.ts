// `textDocument/prepareRename` and `textDocument/rename`. What is refused is answered as a failure, whose
// message the editor shows where the new name was typed.

import { prepareRename, rename } from "../../features/rename.ts";
import { toFailure, toWorkspaceEdit } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onRename(server: Server): void {
  const { connection, session } = server;
  connection.onPrepareRename(
    guarded(server, "textDocument/prepareRename", null, ({ textDocument, position }) => {
      const found = prepareRename(session.workspace, pathOfUri(textDocument.uri), position);
      return found !== null && "refused" in found ? toFailure(found) : found;
    }),
  );
  connection.onRenameRequest(
    guarded(server, "textDocument/rename", null, ({ textDocument, position, newName }) => {
      const path = pathOfUri(textDocument.uri);
      const made = rename(session.workspace, path, position, newName);
      return "refused" in made ? toFailure(made) : toWorkspaceEdit(session, path, made.edits);
    }),
  );
}
