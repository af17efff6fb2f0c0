// The client's log, where everything goes that is not an answer: never a message on the screen, and
// never the end of the server.

import type { RemoteConsole } from "vscode-languageserver";

export class Log {
  private readonly console: RemoteConsole;
  private readonly said = new Set<string>();

  constructor(console: RemoteConsole) {
    this.console = console;
  }

  /** Something of ours, or the client's answer, failed. */
  failure(what: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    try {
      this.console.error(`${what}: ${text}`);
    } catch {
      // The connection is what failed: nobody is left to be told.
    }
  }

  warn(text: string): void {
    this.console.warn(text);
  }

  /** The same text is not said a second time. */
  warnOnce(text: string): void {
    if (this.said.has(text)) return;
    this.said.add(text);
    this.warn(text);
  }
}
