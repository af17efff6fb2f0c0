// The extension's two entry points: VS Code calls `activate` when the first IR document opens and
// `deactivate` when the window closes. Neither the window nor other extensions wait until the server runs:
// what needs it waits by itself. A restart makes a new client, for one that failed to start cannot be started
// again. `main.ts` and `main-browser.ts` say how the server runs.
import { commands, type ExtensionContext } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { registerAnalyse } from "./analyse.ts";
import { registerCommands } from "./commands.ts";
import { registerExample } from "./example.ts";
import { registerPages } from "./pages.ts";
import { registerProblem } from "./problem.ts";
import { createStatus } from "./status.ts";
import { registerViews } from "./views/register.ts";
import type { Running } from "./wire.ts";

let client: BaseLanguageClient | undefined;
/** Counts starts and ends: a client that is made for one that is over is not started any more. */
let turn = 0;
let started: ReturnType<Running> = Promise.resolve(undefined);

/** @param createClient makes a client with a server of its own, which ends with the client */
export function activateWith(
  createClient: () => Promise<BaseLanguageClient>,
  context: ExtensionContext,
): void {
  const status = createStatus();
  const running: Running = () => started;
  const startAnew = async (): ReturnType<Running> => {
    const ended = deactivate();
    const mine = turn;
    await ended;
    const next = await createClient();
    if (mine !== turn) {
      await next.dispose().catch(() => undefined);
      return undefined;
    }
    client = next;
    status.follow(next);
    // A failure is told by the client itself; the restart command must stay at hand.
    return next.start().then(
      () => next,
      () => undefined,
    );
  };
  const start = (): ReturnType<Running> => {
    started = startAnew();
    return started;
  };
  context.subscriptions.push(
    status,
    commands.registerCommand("finalens.restart", async () => void (await start())),
    registerCommands(running),
    registerPages(running),
    registerAnalyse(),
    registerExample(context, running),
    registerProblem(context, running),
    registerViews(context.extensionUri, running),
  );
  void start();
}

export async function deactivate(): Promise<void> {
  const last = client;
  client = undefined;
  turn++;
  // Rejects where the server does not run, which is what is wanted here.
  await last?.dispose().catch(() => undefined);
}
