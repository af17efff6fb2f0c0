// The extension's two entry points: VS Code calls `activate` when the first IR document opens and
// `deactivate` when the window closes. A restart makes a new client, for one that failed to start
// cannot be started again.
import { commands, type ExtensionContext } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { createClient } from "./client.ts";
import { registerCommands } from "./commands.ts";
import { createStatus } from "./status.ts";
import { registerViews } from "./views/register.ts";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const status = createStatus();
  const start = async (): Promise<void> => {
    await deactivate();
    client = createClient(context);
    client.onDidChangeState((change) => status.show(change.newState));
    // A failure is told by the client itself; the restart command must stay at hand.
    await client.start().catch(() => undefined);
  };
  context.subscriptions.push(
    status,
    commands.registerCommand("finalens.restart", start),
    registerCommands(() => client),
    registerViews(context.extensionUri, () => client),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  const last = client;
  client = undefined;
  // Rejects where the server does not run, which is what is wanted here.
  await last?.dispose().catch(() => undefined);
}
