// The three views, as far as the extension has to do with them: each asks the server about the method at the
// cursor and shows the answer in a page, and takes the editor to what is picked there. The page itself is
// tested in a browser (`test/browser`).

import assert from "node:assert/strict";
import { test } from "node:test";
import { dataText, placeOf } from "../lsp/start-server.ts";
import { activate, openDocument } from "./extension.ts";
import { commands, seen, WebviewPanel, window } from "./vscode.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");
const inputs = { arguments: "", seed: null };

for (const [command, view, key] of [
  ["finalens.showControlFlow", "finalens.controlFlow", "blocks"],
  ["finalens.showLifetimes", "finalens.lifetimes", "range"],
  ["finalens.showForeignMemory", "finalens.foreignMemory", "range"],
] as const) {
  test(`${command} shows the method at the cursor in a page of its own`, async (context) => {
    const client = await activate(context);
    await openDocument(client, uri, text, placeOf(text, "finalizer").line);
    await commands.executeCommand(command);
    const panel = seen.panels.at(-1);
    assert.equal(panel?.viewType, view);
    assert.match(panel?.webview.html ?? "", /Content-Security-Policy/);
    panel?.say({ type: "ready", inputs });
    const shown = await panel?.message("show");
    assert.ok(shown?.data !== undefined && key in shown.data, JSON.stringify(shown));
  });
}

test("finalens.showControlFlow says why where the cursor is in no method", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, "Prose only.\n");
  await commands.executeCommand("finalens.showControlFlow");
  const panel = seen.panels.at(-1);
  panel?.say({ type: "ready", inputs });
  const shown = await panel?.message("show");
  assert.equal(typeof shown?.data?.["nothing"], "string");
});

test("what is picked in the page is selected in the editor", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text, placeOf(text, "finalizer").line);
  await commands.executeCommand("finalens.showControlFlow");
  const panel = seen.panels.at(-1);
  panel?.say({ type: "ready", inputs });
  await panel?.message("show");
  const start = placeOf(text, "finalizer");
  panel?.say({ type: "reveal", range: { start, end: start } });
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(window.activeTextEditor?.selection.active.line, start.line);
});

test("a page that comes back with the window shows the method that it showed", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text, placeOf(text, "finalizer").line);
  const panel = new WebviewPanel("finalens.lifetimes");
  const shown = { uri, position: placeOf(text, "finalizer") };
  await seen.serializers.get("finalens.lifetimes")?.deserializeWebviewPanel(panel, { shown });
  panel.say({ type: "ready", inputs });
  const { data } = await panel.message("show");
  assert.ok(data !== undefined && !("nothing" in data), JSON.stringify(data));
});
