// The client's log, where failures go: never a message on the screen, never the end of the server.

import type { Connection } from "vscode-languageserver/node";

export function logFailure(connection: Connection, what: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  connection.console.error(`${what}: ${text}`);
}
