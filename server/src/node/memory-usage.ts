// `finalens/memoryUsage`: what the server holds, in bytes, for the benchmark. Answered where Node was
// started with `--expose-gc`, after a collection; else with null.

import type { Connection } from "vscode-languageserver";

export function onMemoryUsage(connection: Connection): void {
  connection.onRequest("finalens/memoryUsage", () => {
    if (globalThis.gc === undefined) return null;
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    // Array buffers are part of what is external.
    return { retained: heapUsed + external, rss };
  });
}
