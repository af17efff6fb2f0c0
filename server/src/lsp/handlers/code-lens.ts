// `textDocument/codeLens`. A method's lens runs the client's own command, where it has named one; any
// other lens only tells.

import type { Command } from "vscode-languageserver";
import { codeLenses, type Lens } from "../../features/code-lens.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onCodeLens(server: Server): void {
  const { connection, session } = server;
  connection.onCodeLens(
    guarded(server, "textDocument/codeLens", [], ({ textDocument: { uri } }) =>
      codeLenses(session.workspace, pathOfUri(uri), session.lenses).map((lens) => ({
        range: lens.range,
        command: commandOf(lens, uri, session.support.lensCommand),
      })),
    ),
  );
}

function commandOf({ title, line }: Lens, uri: string, lensCommand: string | null): Command {
  if (lensCommand === null || line === null) return { title, command: "" };
  return { title, command: lensCommand, arguments: [uri, line] };
}
