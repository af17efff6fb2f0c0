// `textDocument/documentLink`: the host is asked which of the printed source files exist.

import { documentLinks } from "../../features/document-link.ts";
import { toDocumentLink } from "../convert-presentation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onDocumentLink(server: Server): void {
  const { connection, session, files } = server;
  connection.onDocumentLinks(
    guarded(server, "textDocument/documentLink", [], ({ textDocument }) => {
      const exists = (path: string): boolean => files.exists(path);
      const sources = { exists, folders: files.folderPaths() };
      return documentLinks(session.workspace, pathOfUri(textDocument.uri), sources).map(
        toDocumentLink,
      );
    }),
  );
}
