// The extension in a browser, where no process can be started: the server is a Web Worker, and sees the
// open documents only.
import type { ExtensionContext } from "vscode";
import { activateWith } from "./extension.ts";

export { deactivate } from "./extension.ts";

export function activate(context: ExtensionContext): void {
  // As in `main.ts`.
  activateWith(async () => (await import("./client-browser.ts")).createClient(context), context);
}
