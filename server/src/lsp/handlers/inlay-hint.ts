// `textDocument/inlayHint`.

import { inlayHints } from "../../features/inlay-hint.ts";
import { toInlayHint } from "../convert.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onInlayHint(server: Server): void {
  const { connection, session } = server;
  connection.languages.inlayHint.on(
    guarded(server, "textDocument/inlayHint", [], ({ textDocument, range }) => {
      const path = pathOfUri(textDocument.uri);
      return inlayHints(session.workspace, path, range, session.hints).map(toInlayHint);
    }),
  );
}
