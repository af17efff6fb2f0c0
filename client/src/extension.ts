// The extension's two entry points: VS Code calls `activate` when the first IR document opens and
// `deactivate` when the window closes. A restart makes a new client, for one that failed to start
// cannot be started again. `main.ts` and `main-browser.ts` say how the server runs.
import { commands, type ExtensionContext } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { registerAnalyse } from "./analyse.ts";
import { registerCommands } from "./commands.ts";
import { registerExample } from "./example.ts";
import { registerPages } from "./pages.ts";
import { registerProblem } from "./problem.ts";
import { createStatus } from "./status.ts";
import { registerViews } from "./views/register.ts";

let client: BaseLanguageClient | undefined;

/** @param createClient makes a client with a server of its own, which ends with the client */
export async function activateWith(
  createClient: (context: ExtensionContext) => BaseLanguageClient,
  context: ExtensionContext,
): Promise<void> {
  const status = createStatus();
  const running = (): BaseLanguageClient | undefined => client;
  const start = async (): Promise<void> => {
    await deactivate();
    client = createClient(context);
    status.follow(client);
    // A failure is told by the client itself; the restart command must stay at hand.
    await client.start().catch(() => undefined);
  };
  context.subscriptions.push(
    status,
    commands.registerCommand("finalens.restart", start),
    registerCommands(running),
    registerPages(running),
    registerAnalyse(),
    registerExample(context, running),
    registerProblem(context, running),
    registerViews(context.extensionUri, running),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  const last = client;
  client = undefined;
  // Rejects where the server does not run, which is what is wanted here.
  await last?.dispose().catch(() => undefined);
}
