// The language server in a Web Worker, whose messages are JSON-RPC: `dist/server.browser.js`.

import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
} from "vscode-languageserver/browser";
import { serve } from "../lsp/serve.ts";
import { OpenFiles } from "./open-files.ts";

declare const self: DedicatedWorkerGlobalScope;

// A message to oneself comes behind those that the client has sent; a timer would wait for milliseconds.
const turns: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => turns.shift()?.();

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));
connection.onExit(() => self.close());

serve(connection, {
  nextTurn(run) {
    turns.push(run);
    port2.postMessage(null);
  },
  // A message is copied as values, not written as text.
  jsonText: JSON.parse,
  files: (_log, session, schedule) => new OpenFiles(session, schedule),
});
