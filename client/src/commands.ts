// Commands that act on the method at the cursor: each asks the server by a command of its own, and the
// server sends the edit, or says why there is none.
import { commands, Disposable, env, type QuickPickItem, window, workspace } from "vscode";
import type { BaseLanguageClient, Location } from "vscode-languageclient";
import { ask, type RankedCallee, type Running, serverCommands } from "./wire.ts";

export function registerCommands(running: Running): Disposable {
  return Disposable.from(
    registerRenumber(running),
    commands.registerCommand("finalens.showRanking", async () => showRanking(await running())),
  );
}

/** Puts the Markdown that the server answers *Copy as Markdown* with onto the clipboard. */
export async function afterCommand<Answer>(
  command: string,
  args: unknown[],
  next: (command: string, args: unknown[]) => Answer | Promise<Answer>,
): Promise<Answer> {
  const answer = await next(command, args);
  if (command === serverCommands.copy && typeof answer === "string")
    await env.clipboard.writeText(answer);
  return answer;
}

async function showRanking(client: BaseLanguageClient | undefined): Promise<void> {
  if (!client?.isRunning()) return;
  const rows = (await ask<RankedCallee[]>(client, serverCommands.ranking)) ?? [];
  const items = rows.map((row): QuickPickItem & { place: Location | undefined } => ({
    label: row.callee,
    description: `blocks ${row.blocked.length}`,
    detail: row.codes.join(", "),
    place: row.location ?? row.blocked[0]?.location,
  }));
  if (items.length === 0) {
    await window.showInformationMessage("No callee blocks a finalizer.");
    return;
  }
  const picked = await window.showQuickPick(items, { title: "Fix these first" });
  if (picked?.place === undefined) return;
  const convert = client.protocol2CodeConverter;
  const at = convert.asLocation(picked.place);
  const document = await workspace.openTextDocument(at.uri);
  await window.showTextDocument(document, { selection: at.range });
}

function registerRenumber(running: Running): Disposable {
  return commands.registerTextEditorCommand("finalens.renumberMethod", async (editor) => {
    const client = await running();
    if (!client?.isRunning()) return;
    const { code2ProtocolConverter: convert } = client;
    const place = [convert.asUri(editor.document.uri), convert.asPosition(editor.selection.active)];
    ask(client, serverCommands.renumber, ...place).catch((error: unknown) =>
      client.error("Renumber Method failed", error),
    );
  });
}
