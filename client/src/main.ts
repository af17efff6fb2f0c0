// The extension where Node runs it: the desktop, and the remote side of a window.
import type { ExtensionContext } from "vscode";
import { createClient } from "./client.ts";
import { activateWith } from "./extension.ts";

export { deactivate } from "./extension.ts";

export function activate(context: ExtensionContext): void {
  activateWith(createClient, context);
}
