// `textDocument/references` and `textDocument/documentHighlight`.

import { documentHighlights } from "../../features/document-highlight.ts";
import { references } from "../../features/references.ts";
import { toHighlight } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onReferences(server: Server): void {
  const { connection, session } = server;
  connection.onReferences(
    guarded(server, "textDocument/references", [], ({ textDocument, position, context }) =>
      references(session.workspace, pathOfUri(textDocument.uri), position, {
        definition: context.includeDeclaration,
      }).map(({ path, range }) => ({ uri: session.uriOf(path), range })),
    ),
  );
  connection.onDocumentHighlight(
    guarded(server, "textDocument/documentHighlight", [], ({ textDocument, position }) => {
      const path = pathOfUri(textDocument.uri);
      return documentHighlights(session.workspace, path, position).map(toHighlight);
    }),
  );
}
