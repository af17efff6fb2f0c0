// `textDocument/didOpen`, `didChange`, `didClose`: the editor's texts into the session.

import { guarded, type Server } from "../server.ts";

export function onTextSync(server: Server): void {
  const { connection, log, session, schedule, files } = server;

  connection.onDidOpenTextDocument(
    guarded(server, "textDocument/didOpen", undefined, ({ textDocument }) => {
      const { uri, version, text } = textDocument;
      const path = session.open(uri, version, text);
      schedule.documentChanged(path);
      files.documentOpened(path);
    }),
  );

  connection.onDidChangeTextDocument(
    guarded(server, "textDocument/didChange", undefined, ({ textDocument, contentChanges }) => {
      const { uri, version } = textDocument;
      const path = session.change(uri, version, contentChanges);
      if (path === null) log.warn(`${uri}: edited, but not open`);
      else schedule.documentChanged(path);
    }),
  );

  connection.onDidCloseTextDocument(
    guarded(server, "textDocument/didClose", undefined, ({ textDocument }) => {
      const path = session.close(textDocument.uri);
      if (path === null) return;
      schedule.documentClosed(path, textDocument.uri);
      files.fileChanged(path);
    }),
  );
}
