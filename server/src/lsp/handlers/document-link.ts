// `textDocument/documentLink`: the disk is asked which of the printed source files exist.

import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { documentLinks } from "../../features/document-link.ts";
import { pathOfUri } from "../convert.ts";
import { toDocumentLink } from "../convert-presentation.ts";
import { guarded, type Server } from "../server.ts";

export function onDocumentLink(server: Server): void {
  const { connection, session, files } = server;
  connection.onDocumentLinks(
    guarded(server, "textDocument/documentLink", [], ({ textDocument }) => {
      const exists = (path: string): boolean => isAbsolute(path) && existsSync(path);
      const sources = { exists, folders: files.folderPaths() };
      return documentLinks(session.workspace, pathOfUri(textDocument.uri), sources).map(
        toDocumentLink,
      );
    }),
  );
}
