// What a status item shows, over the wire: whose rules apply and why, the method at the cursor, what is
// assumed; and the notification that says when to ask again.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { StatusResult } from "../../server/src/lsp/handlers/status.ts";
import type { AnalysedParams } from "../../server/src/lsp/schedule.ts";
import type { LanguageClient } from "./language-client.ts";
import { dataText, scratchFolder, startServer } from "./start-server.ts";

const text = `${dataText("register.jlir")}\n${dataText("use-field-nothrow.jlir")}`;

function statusOf(client: LanguageClient, uri: string, line: number): Promise<StatusResult> {
  return client.connection.sendRequest("finalens/status", {
    textDocument: { uri },
    position: { line, character: 0 },
  });
}

test("the status names the method at the line and what becomes of its finalizers", async (context) => {
  const { client } = await startServer(context);
  const uri = "file:///program.jlir";
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  const { method } = await statusOf(client, uri, 5);
  assert.deepEqual(method, {
    signature: "keeps(::Int64)",
    stage: "optimized",
    registrations: 1,
    elided: 0,
    couldBe: 0,
  });
  const last = text.split("\n").length - 2;
  assert.equal(
    (await statusOf(client, uri, last)).method?.signature,
    "use_field_nothrow(::Counted)",
  );
  assert.equal((await statusOf(client, "file:///nowhere.jlir", 0)).method, null);
});

test("there is no status while texts are still being read", async (context) => {
  const { client } = await startServer(context);
  await client.open("file:///large.jlir", `${text}\n`.repeat(3000));
  assert.equal(await statusOf(client, "file:///large.jlir", 0), null);
});

test("who decides about the profile: the texts, the file, the setting", async (context) => {
  const folder = scratchFolder(context);
  const uri = pathToFileURL(join(folder, "program.jlir")).href;
  const config = pathToFileURL(join(folder, "Finalens.toml")).href;
  const { client } = await startServer(context, { folders: [folder], settings: {} });
  const decided = async (): Promise<unknown[]> => {
    const { profile, profileBy, config: at } = await statusOf(client, uri, 0);
    return [profile, profileBy, at];
  };
  await client.open(uri, "1 ─     return nothing\n");
  await client.diagnostics(uri, 1);
  assert.deepEqual(await decided(), ["1.13", "newest", null]);
  await client.change(uri, 2, { text: "1 ─ %1 = $(Expr(:enter, #2))\n2 ─     return 1\n" });
  await client.diagnostics(uri, 2);
  assert.deepEqual(await decided(), ["1.10", "text", null]);
  await client.open(config, 'profile = "1.11"\n');
  await client.diagnostics(config, 1);
  assert.deepEqual(await decided(), ["1.11", "file", config]);
  // The complaint about the wrong value says that the settings have arrived.
  client.settings = { profile: "1.9", hints: { verdict: 1 } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.until(() => client.log.some((line) => line.includes("hints.verdict")));
  assert.deepEqual(await decided(), ["1.9", "setting", config]);
});

test("assumptions are counted fact by fact", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(
    join(folder, "Finalens.toml"),
    '[assume."Main.a"]\nnothrow = true\ncaptures = false\n[assume."Main.b"]\nterminates = true\n',
  );
  const uri = pathToFileURL(join(folder, "program.jlir")).href;
  const { client } = await startServer(context, { folders: [folder] });
  await client.open(uri, text);
  await client.publication(pathToFileURL(join(folder, "Finalens.toml")).href, () => true);
  assert.equal((await statusOf(client, uri, 0)).assumptions, 3);
});

test("parameters that make no sense are answered with nothing", async (context) => {
  const { client } = await startServer(context);
  for (const params of [null, {}, { textDocument: { uri: 1 }, position: null }]) {
    assert.equal(
      await client.connection.sendRequest("finalens/status", params).catch(() => null),
      null,
    );
  }
});

async function toldBy(
  context: TestContext,
  initializationOptions: unknown,
): Promise<AnalysedParams[]> {
  const { client } = await startServer(context, { initializationOptions });
  const told: AnalysedParams[] = [];
  client.connection.onNotification("finalens/analysed", (params: AnalysedParams) => {
    told.push(params);
  });
  for (const name of ["a", "b"]) await client.open(`file:///${name}.jlir`, text);
  await client.diagnostics("file:///a.jlir", 1);
  await client.diagnostics("file:///b.jlir", 1);
  await client.stop();
  return told;
}

test("a client that asks for it is told once when all work is done", async (context) => {
  const told = await toldBy(context, { analysed: true });
  assert.equal(
    told.reduce((sum, { documents }) => sum + documents, 0) >= 2,
    true,
    JSON.stringify(told),
  );
  for (const { milliseconds } of told) assert.ok(Number.isInteger(milliseconds));
});

test("a client that does not ask is not told", async (context) => {
  assert.deepEqual(await toldBy(context, null), []);
});
