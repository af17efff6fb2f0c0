// `textDocument/codeLens`. A lens tells; it has no command behind it.

import { codeLenses } from "../../features/code-lens.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onCodeLens(server: Server): void {
  const { connection, session } = server;
  connection.onCodeLens(
    guarded(server, "textDocument/codeLens", [], ({ textDocument }) =>
      codeLenses(session.workspace, pathOfUri(textDocument.uri), session.lenses).map(
        ({ range, title }) => ({ range, command: { title, command: "" } }),
      ),
    ),
  );
}
