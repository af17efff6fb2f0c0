// The extension's commands, each run as the palette runs it, with a real server behind them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dataText, placeOf } from "../lsp/start-server.ts";
import { activate, clients, manifest, openDocument } from "./extension.ts";
import {
  commands,
  env,
  registeredCommands,
  seen,
  TextDocument,
  Uri,
  window,
  world,
} from "./vscode.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");

const run = (command: string, ...args: unknown[]): Promise<unknown> =>
  commands.executeCommand(command, ...args);

test("the extension registers exactly the commands that its manifest names", async (context) => {
  await activate(context);
  assert.deepEqual(
    registeredCommands().sort(),
    manifest.contributes.commands.map(({ command }) => command).sort(),
  );
});

test("finalens.analyseText gives the text in the active editor our language", async (context) => {
  await activate(context);
  const pasted = new TextDocument(Uri.parse("untitled:Untitled-1"), "plaintext", text);
  await window.showTextDocument(pasted);
  await run("finalens.analyseText");
  assert.equal(pasted.languageId, "julia-ir");
});

test("finalens.analyseText copies a text that the server is not asked about", async (context) => {
  await activate(context);
  const output = new TextDocument(Uri.parse("output:tasks"), "Log", text);
  await window.showTextDocument(output);
  await run("finalens.analyseText");
  assert.equal(output.languageId, "Log");
  assert.equal(seen.opened.at(-1)?.languageId, "julia-ir");
  assert.equal(seen.opened.at(-1)?.getText(), text);
});

test("finalens.analyseClipboard opens what was copied, unless that is nothing", async (context) => {
  await activate(context);
  env.clipboard.text = text;
  await run("finalens.analyseClipboard");
  assert.equal(seen.opened.at(-1)?.getText(), text);
  assert.equal(window.activeTextEditor?.document.languageId, "julia-ir");
  const before = seen.opened.length;
  env.clipboard.text = " \n";
  await run("finalens.analyseClipboard");
  assert.equal(seen.opened.length, before);
  assert.match(seen.messages.at(-1) ?? "", /holds no text/);
});

test("finalens.explain previews the story of the finalizers at the cursor", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text, placeOf(text, "Core.finalizer", 2).line);
  await run("finalens.explain");
  const [command, page] = seen.ran.at(-1) ?? [];
  assert.equal(command, "markdown.showPreviewToSide");
  assert.match(await textAt(page), /^## Finalizers of `elides\(::Int64\)`/);
});

test("finalens.explain behind a lens is about the lens's method, wherever the cursor is", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text);
  await run("finalens.explain", uri, placeOf(text, "Core.finalizer", 3).line);
  assert.match(await textAt(seen.ran.at(-1)?.[1]), /^## Finalizers of `captures\(::Int64\)`/);
});

test("activation does not wait for the server, and a command that comes before it runs does", async (context) => {
  let start: () => void = () => undefined;
  const whenStarted = new Promise<void>((resolve) => {
    start = resolve;
  });
  const client = await activate(context, {}, whenStarted);
  await openDocument(client, uri, text, placeOf(text, "Core.finalizer", 2).line);
  const before = seen.ran.length;
  const explained = run("finalens.explain");
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(seen.ran.length, before);
  start();
  await explained;
  assert.match(await textAt(seen.ran.at(-1)?.[1]), /^## Finalizers of `elides\(::Int64\)`/);
});

test("finalens.explain says so where there is no method", async (context) => {
  const client = await activate(context);
  await run("finalens.explain");
  assert.match(seen.messages.at(-1) ?? "", /Open a text of Julia IR first/);
  await openDocument(client, "file:///prose.jlir", "prose\n");
  await run("finalens.explain");
  assert.match(seen.messages.at(-1) ?? "", /no method at prose\.jlir:1/);
});

test("finalens.simulate opens the table beside the text", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text);
  await run("finalens.simulate");
  assert.match(seen.opened.at(-1)?.getText() ?? "", /early plan/);
  assert.equal(window.activeTextEditor?.document.uri.toString(), uri, "the focus stays");
});

test("finalens.nextRegistration goes from one to the next and shows the ladder", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text);
  for (const count of [1, 2, 3, 1]) {
    await run("finalens.nextRegistration");
    const { line } = placeOf(text, "Core.finalizer", count);
    assert.equal(window.activeTextEditor?.selection.active.line, line);
    assert.equal(seen.ran.at(-1)?.[0], "editor.action.showHover");
  }
});

test("finalens.renumberMethod asks the server for the method at the cursor", async (context) => {
  const client = await activate(context);
  const gap = "1 ─ %1 = f()::Int64\n│   %3 = g(%1)::Int64\n└──      return %3\n";
  const edits: unknown[] = [];
  const asked = new Promise<void>((resolve) => {
    client.connection.onRequest("workspace/applyEdit", (params: unknown) => {
      edits.push(params);
      resolve();
      return { applied: true };
    });
  });
  await openDocument(client, "file:///gap.jlir", gap);
  await run("finalens.renumberMethod");
  await asked;
  assert.match(JSON.stringify(edits), /Renumber method/);
});

test("finalens.showRanking offers the callees and goes to the one that is picked", async (context) => {
  const client = await activate(context);
  await openDocument(client, uri, text);
  await run("finalens.showRanking");
  assert.notDeepEqual(seen.picks, []);
  assert.equal(seen.opened.at(-1)?.uri.toString(), uri);
});

test("finalens.openExample opens a fresh copy of the example every time", async (context) => {
  await activate(context);
  await run("finalens.openExample");
  const first = seen.opened.at(-1);
  assert.match(first?.getText() ?? "", /^MethodInstance for seed_noinline_use/);
  world.files.set("/storage/example/Finalens.toml", "old");
  await run("finalens.openExample");
  assert.equal(world.files.has("/storage/example/Finalens.toml"), false);
});

test("finalens.reportProblem opens a text with the method, its story and the changed settings", async (context) => {
  const client = await activate(context);
  world.settings.set("finalens.profile", "1.11");
  await openDocument(client, uri, text);
  await run("finalens.reportProblem");
  const report = seen.opened.at(-1);
  assert.equal(report?.languageId, "markdown");
  const words = report?.getText() ?? "";
  assert.match(words, new RegExp(`Finalens ${manifest.version}\n`));
  assert.match(words, /Test Editor 1\.91\.0/);
  assert.match(words, /"finalens\.profile": "1\.11"/);
  assert.match(words, /MethodInstance for keeps/);
  assert.match(words, /✗ finalizer eligible/);
});

test("finalens.reportProblem works without a server too", async (context) => {
  const client = await activate(context);
  client.process.kill("SIGKILL");
  await client.ended();
  await run("finalens.reportProblem");
  assert.match(seen.opened.at(-1)?.getText() ?? "", /The server did not answer/);
});

test("finalens.restart makes a client anew", async (context) => {
  await activate(context);
  const { text: before } = seen.statusItem;
  await run("finalens.restart");
  assert.equal(seen.statusItem.text, before);
  assert.notEqual(seen.statusItem.detail, "the server does not run");
});

test("restarts that overtake each other leave one client", async (context) => {
  await activate(context);
  await Promise.all([1, 2, 3].map(() => run("finalens.restart")));
  assert.equal(clients.running, 1);
});

async function textAt(page: unknown): Promise<string> {
  assert.ok(page instanceof Uri);
  const { workspace } = await import("./vscode.ts");
  return (await workspace.openTextDocument(page)).getText();
}
