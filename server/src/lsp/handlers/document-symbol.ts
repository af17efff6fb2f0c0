// `textDocument/documentSymbol` and `workspace/symbol`.

import { SymbolKind } from "vscode-languageserver";
import { documentSymbols } from "../../features/document-symbol.ts";
import { workspaceSymbols } from "../../features/workspace-symbol.ts";
import { toFlatSymbols, toSymbol } from "../convert-navigation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onDocumentSymbol(server: Server): void {
  const { connection, session } = server;
  connection.onDocumentSymbol(
    guarded(server, "textDocument/documentSymbol", [], ({ textDocument: { uri } }) => {
      const symbols = documentSymbols(session.workspace, pathOfUri(uri));
      return session.support.symbolTree ? symbols.map(toSymbol) : toFlatSymbols(symbols, uri);
    }),
  );
}

export function onWorkspaceSymbol(server: Server): void {
  const { connection, session } = server;
  connection.onWorkspaceSymbol(
    guarded(server, "workspace/symbol", [], ({ query }) =>
      workspaceSymbols(session.workspace, query).map(({ signature, path, range }) => ({
        name: signature,
        kind: SymbolKind.Function,
        location: { uri: session.uriOf(path), range },
      })),
    ),
  );
}
