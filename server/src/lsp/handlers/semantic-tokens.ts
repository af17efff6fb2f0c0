// `textDocument/semanticTokens/full` and `…/range`. A document that is too long for the first is answered
// with null, and coloured by the second.

import { SemanticTokensRequest } from "vscode-languageserver";
import { semanticTokens, semanticTokensIn } from "../../features/semantic-tokens.ts";
import { toSemanticTokens } from "../convert-presentation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onSemanticTokens(server: Server): void {
  const { connection, session } = server;
  connection.onRequest(
    SemanticTokensRequest.type,
    guarded(server, "textDocument/semanticTokens/full", null, ({ textDocument }) => {
      const tokens = semanticTokens(session.workspace, pathOfUri(textDocument.uri));
      return tokens === null ? null : toSemanticTokens(tokens);
    }),
  );
  connection.languages.semanticTokens.onRange(
    guarded(server, "textDocument/semanticTokens/range", { data: [] }, (params) => {
      const path = pathOfUri(params.textDocument.uri);
      return toSemanticTokens(semanticTokensIn(session.workspace, path, params.range));
    }),
  );
}
