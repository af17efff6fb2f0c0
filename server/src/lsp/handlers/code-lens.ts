// `textDocument/codeLens` and `codeLens/resolve`. A method's lens runs the client's own command, where it has
// named one; any other lens only tells.

import type { CodeLens } from "vscode-languageserver";
import { codeLenses, resolveLens } from "../../features/code-lens.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onCodeLens(server: Server): void {
  const { connection, session } = server;
  connection.onCodeLens(
    guarded(server, "textDocument/codeLens", [], ({ textDocument: { uri } }) =>
      codeLenses(session.workspace, pathOfUri(uri), session.lenses).map(
        ({ range, title }): CodeLens =>
          title === null ? { range, data: uri } : { range, command: { title, command: "" } },
      ),
    ),
  );
  connection.onCodeLensResolve((lens) => {
    const resolve = guarded(server, "codeLens/resolve", nothingToTell(lens), resolved);
    return resolve(lens);
  });

  function resolved(lens: CodeLens): CodeLens {
    const { range, data } = lens;
    if (typeof data !== "string") return nothingToTell(lens);
    const found = resolveLens(session.workspace, pathOfUri(data), range.start.line);
    if (found === null) return nothingToTell(lens);
    const { lensCommand } = session.support;
    const { title, line } = found;
    return lensCommand === null
      ? { range, command: { title, command: "" } }
      : { range, command: { title, command: lensCommand, arguments: [data, line] } };
  }
}

/** The text may have changed since the lens was made. */
function nothingToTell({ range, command }: CodeLens): CodeLens {
  return { range, command: command ?? { title: "no finalizer", command: "" } };
}
