// `textDocument/hover`.

import { hover } from "../../features/hover.ts";
import { toHover } from "../convert.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onHover(server: Server): void {
  const { connection, session } = server;
  connection.onHover(
    guarded(server, "textDocument/hover", null, ({ textDocument, position }) => {
      const found = hover(session.workspace, pathOfUri(textDocument.uri), position);
      return found === null ? null : toHover(found, session.support);
    }),
  );
}
