// `textDocument/completion`.

import { complete } from "../../features/completion.ts";
import { toCompletionItem } from "../convert-presentation.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onCompletion(server: Server): void {
  const { connection, session } = server;
  connection.onCompletion(
    guarded(server, "textDocument/completion", [], ({ textDocument, position }) =>
      complete(session.workspace, pathOfUri(textDocument.uri), position).map(toCompletionItem),
    ),
  );
}
