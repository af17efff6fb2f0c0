// The extension where Node runs it: the desktop, and the remote side of a window.
import type { ExtensionContext } from "vscode";
import { activateWith } from "./extension.ts";

export { deactivate } from "./extension.ts";

export function activate(context: ExtensionContext): void {
  // Most of the program is the client library: it is made ready when activation is over.
  activateWith(async () => (await import("./client.ts")).createClient(context), context);
}
