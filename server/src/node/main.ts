// The language server over stdio: `dist/server.cjs`.

import "./compiler-flags.ts";

import { createConnection, StreamMessageReader } from "vscode-languageserver/node";
import { serve } from "../lsp/serve.ts";
import { DiskFiles } from "./disk-files.ts";
import { onMemoryUsage } from "./memory-usage.ts";
import { jsonText, messageWriter } from "./raw-json.ts";

const connection = createConnection(
  new StreamMessageReader(process.stdin),
  messageWriter(process.stdout),
);

// A client that is gone without a word takes the server with it.
let isShutDown = false;
connection.onShutdown(() => {
  isShutDown = true;
});
for (const event of ["end", "close"]) {
  process.stdin.on(event, () => process.exit(isShutDown ? 0 : 1));
}

onMemoryUsage(connection);
serve(connection, {
  nextTurn: setImmediate,
  jsonText,
  files: (log, session, schedule) => new DiskFiles(log, session, schedule),
});
