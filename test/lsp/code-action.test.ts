// Code actions and `Finalens.toml` over the wire: an assumption offered with its difference, taken over,
// seen in the hints at once, taken back; errors in the file; the ranking and *Copy as Markdown*.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeAction, TextDocumentEdit } from "vscode-languageserver";
import { type LanguageClient, usualCapabilities } from "./language-client.ts";
import { dataText, placeOf, scratchFolder, startServer } from "./start-server.ts";

const text = `MethodInstance for main(::Int64)
  type Handle mutable (x::Int64)
CodeInfo(
1 ─ %1 = %new(Main.Handle, _2)::Handle
│          builtin (Core.finalizer)(Main.release!, %1)::Nothing
│           invoke Main.use(%1::Handle)::Nothing
└──      return nothing
) => Nothing
`;

const capabilities = {
  ...usualCapabilities,
  workspace: {
    ...usualCapabilities.workspace,
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
};

function actionsAt(client: LanguageClient, uri: string, line: number): Promise<CodeAction[]> {
  const place = { line, character: 4 };
  return client.connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: place, end: place },
    context: { diagnostics: [] },
  });
}

test("assumptions are offered, taken over and taken back", async (context) => {
  const folder = scratchFolder(context);
  const { client } = await startServer(context, { folders: [folder], capabilities });
  const uri = pathToFileURL(join(folder, "main.jlir")).href;
  const configUri = pathToFileURL(join(folder, "Finalens.toml")).href;
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  const { line } = placeOf(text, "Core.finalizer");
  const actions = await actionsAt(client, uri, line);
  const smallest = actions.find(({ title }) => title.startsWith("Assume the smallest set"));
  assert.match(
    smallest?.title ?? "",
    /has no task state; `use` does not capture\): \+1 freed, −0$/,
  );
  assert.match(smallest?.edit?.changeAnnotations?.["why"]?.description ?? "", /CUDA\.jl/);
  const [create, change] = smallest?.edit?.documentChanges ?? [];
  assert.deepEqual(create, { kind: "create", uri: configUri });
  const config = (change as TextDocumentEdit).edits
    .map((one) => ("newText" in one ? one.newText : ""))
    .join("");
  assert.equal(
    config,
    '[assume."Main.release!"]\nnotaskstate = true\n\n[assume."Main.use"]\ncaptures = false\n',
  );
  assert.ok(
    actions.some(({ title }) => title === "Write expectation: %2 kept finalizer/body-unknown"),
  );

  const seen = client.published.length;
  await client.open(configUri, config);
  await client.publication(configUri, ({ diagnostics }) => diagnostics.length === 0, seen);
  const inConfig = await actionsAt(client, configUri, 0);
  assert.deepEqual(
    inConfig.map(({ title }) => title),
    ["Remove assumption `Main.release!: notaskstate = true`: +0 freed, −1"],
  );

  const bad = `${config}nothrow = 1\n`;
  await client.change(configUri, 2, { text: bad });
  const { diagnostics } = await client.publication(configUri, (one) => one.version === 2, seen);
  assert.deepEqual(
    diagnostics.map(({ code, range }) => [code, range.start.line, range.start.character]),
    [["assume/wrong-value", 5, 10]],
  );
});

test("each kind of assumption is offered against its blocker, and writes its own fact", async (context) => {
  const folder = scratchFolder(context);
  const uri = pathToFileURL(join(folder, "main.jlir")).href;
  const { client } = await startServer(context, { folders: [folder], capabilities });
  const risky = text.replace(
    "└──",
    "│           invoke Main.risky()::Nothing\n│           invoke Main.keep(%1::Handle)::Nothing\n└──",
  );
  await client.open(uri, risky);
  await client.diagnostics(uri, 1);
  const factsAt = async (needle: string): Promise<string[]> => {
    const actions = await actionsAt(client, uri, placeOf(risky, needle).line);
    return actions
      .filter(({ title }) => /^Assume (?!the smallest)/.test(title))
      .flatMap(({ edit }) => (edit?.documentChanges ?? []) as TextDocumentEdit[])
      .flatMap(({ edits }) => edits ?? [])
      .map((one) => ("newText" in one ? one.newText.trim().replace("\n", " ") : ""));
  };
  const body = await factsAt("Core.finalizer");
  assert.ok(body.includes('[assume."Main.release!"] notaskstate = true'), body.join("; "));
  assert.ok(body.includes('[assume."Main.release!"] nothrow = true'), body.join("; "));
  const callee = await factsAt("Main.keep");
  assert.deepEqual(
    callee.filter((fact) => fact.includes("Main.keep")),
    [
      '[assume."Main.keep"] captures = false',
      '[assume."Main.keep"] nothrow = true',
      '[assume."Main.keep"] effect_free = true',
    ],
  );
});

test("where a call may throw, its throws may be assumed to be fatal", async (context) => {
  const folder = scratchFolder(context);
  const uri = pathToFileURL(join(folder, "main.jlir")).href;
  const { client } = await startServer(context, { folders: [folder], capabilities });
  const own = dataText("register.jlir").replace(
    "  │   %3 =   builtin Base.getfield(%1, :x)::Int64\n  └──      return %3\n\nMethodInstance for captures",
    "  │          invoke Main.risky()::Nothing\n  │   %4 =   builtin Base.getfield(%1, :x)::Int64\n  └──      return %4\n\nMethodInstance for captures",
  );
  const body = dataText("body.jlir").replace("!n", "+n");
  await client.open(uri, `${own}\n${body}`);
  await client.diagnostics(uri, 1);
  const titles = (await actionsAt(client, uri, placeOf(own, "Main.risky").line)).map(
    (one) => one.title,
  );
  assert.ok(
    titles.some((title) => title.startsWith("Assume throws of `risky` are fatal: ")),
    titles.join("\n"),
  );
});

test("an expectation that does not hold any more is brought up to date", async (context) => {
  const { client } = await startServer(context, { capabilities });
  const uri = "file:///main.jlir";
  const old = text.replace(
    "::Nothing\n│           invoke",
    "::Nothing  # expect: %2 elided\n│           invoke",
  );
  await client.open(uri, old);
  await client.diagnostics(uri, 1);
  const { line } = placeOf(old, "Core.finalizer");
  const update = (await actionsAt(client, uri, line)).find(({ title }) =>
    title.startsWith("Update expectation"),
  );
  assert.equal(update?.title, "Update expectation: %2 kept finalizer/body-unknown");
  const [change] = (update.edit?.documentChanges ?? []) as TextDocumentEdit[];
  const [edit] = change?.edits ?? [];
  assert.ok(edit !== undefined && "newText" in edit);
  const row = old.split("\n")[line] ?? "";
  const after =
    row.slice(0, edit.range.start.character) + edit.newText + row.slice(edit.range.end.character);
  assert.match(after, /\)::Nothing {2}# expect: %2 kept finalizer\/body-unknown$/);
});

test("without a folder, Finalens.toml is made beside the file, and nowhere for a text without one", async (context) => {
  const folder = scratchFolder(context);
  const { client } = await startServer(context, { capabilities });
  const { line } = placeOf(text, "Core.finalizer");
  const actionOf = async (uri: string): Promise<CodeAction | undefined> => {
    await client.open(uri, text);
    await client.diagnostics(uri, 1);
    const actions = await actionsAt(client, uri, line);
    await client.close(uri);
    return actions.find(({ title }) => title.startsWith("Assume the smallest set"));
  };
  const [create] =
    (await actionOf(pathToFileURL(join(folder, "main.jlir")).href))?.edit?.documentChanges ?? [];
  assert.deepEqual(create, {
    kind: "create",
    uri: pathToFileURL(join(folder, "Finalens.toml")).href,
  });
  const disabled = await actionOf("untitled:Untitled-1");
  assert.match(disabled?.disabled?.reason ?? "", /save this text, or open a folder/);
  assert.equal(disabled?.edit, undefined);
});

test("the file on disk counts, and the commands answer", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(
    join(folder, "Finalens.toml"),
    '[assume."Main.release!"]\nnothrow = true\nnotaskstate = true\nfoo = 1\n',
  );
  const { client } = await startServer(context, { folders: [folder], capabilities });
  const configUri = pathToFileURL(join(folder, "Finalens.toml")).href;
  const uri = pathToFileURL(join(folder, "main.jlir")).href;
  await client.open(uri, text);
  const told = await client.publication(configUri, ({ diagnostics }) => diagnostics.length > 0);
  assert.equal(told.diagnostics[0]?.code, "assume/unknown-key");
  const hints = await client.inlayHints(uri);
  assert.ok(
    hints?.some(({ label }) => String(label).endsWith("(assumed)")),
    JSON.stringify(hints?.map(({ label }) => label)),
  );
  const rows = await client.connection.sendRequest<{ callee: string }[]>(
    "workspace/executeCommand",
    { command: "finalens.ranking" },
  );
  assert.deepEqual(
    rows.map(({ callee }) => callee),
    ["Main.use"],
  );
  const { line } = placeOf(text, "Core.finalizer");
  const markdown = await client.connection.sendRequest<string>("workspace/executeCommand", {
    command: "finalens.server.explainAsMarkdown",
    arguments: [uri, line],
  });
  assert.match(markdown, /^### 5: main\(::Int64\)/);
});
