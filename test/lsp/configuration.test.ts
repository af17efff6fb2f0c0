// Settings: fetched from the client, taken over without a restart, never trusted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../server/src/lsp/config.ts";
import { dataText, startServer } from "./start-server.ts";

const uri = "file:///program.jlir";
const text = dataText("register.jlir") + dataText("use-field-nothrow.jlir");

test("the profile is fetched at the start and again when it changes", async (context) => {
  const { client } = await startServer(context, { settings: { profile: "1.11" } });
  await client.open(uri, text);
  const isOld = (code: unknown): boolean => code === "finalizer/unaccounted-use";
  await client.publication(uri, ({ diagnostics }) => diagnostics.some(({ code }) => isOld(code)));

  const seen = client.published.length;
  client.settings = { profile: "auto" };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  const { version, diagnostics } = await client.publication(uri, () => true, seen);
  assert.equal(version, 1);
  assert.ok(!diagnostics.some(({ code }) => isOld(code)));
  await client.until(() => client.refreshes > 0);

  // The texts went over to the new profile whole: edits go on where they were.
  const start = { line: 0, character: 0 };
  await client.change(uri, 2, { range: { start, end: start }, text: "\n" });
  assert.equal((await client.diagnostics(uri, 2)).length, diagnostics.length);
});

test("kinds of hints are switched one by one", async (context) => {
  const { client } = await startServer(context, { settings: {} });
  await client.open(uri, text);
  const labels = async (): Promise<string[]> =>
    ((await client.inlayHints(uri)) ?? []).map(({ label }) => String(label));
  assert.ok((await labels()).some((label) => label.startsWith("⟵")));

  client.settings = { hints: { placement: false } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.until(() => client.refreshes === 1);
  assert.ok(!(await labels()).some((label) => label.startsWith("⟵")));
  assert.ok((await labels()).some((label) => label.includes("elided")));

  client.settings = { hints: { placement: false, verdict: false, lifetime: false } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.until(() => client.refreshes === 2);
  assert.deepEqual(await labels(), []);
});

test("a client that cannot be asked sends the settings along", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  await client.notify("workspace/didChangeConfiguration", {
    settings: { finalens: { profile: "1.11" } },
  });
  await client.publication(uri, ({ diagnostics }) =>
    diagnostics.some(({ code }) => code === "finalizer/unaccounted-use"),
  );
});

test("a wrong setting counts as not set and is logged once", async (context) => {
  const settings = { profile: 13, hints: { verdict: "no" } };
  const { client } = await startServer(context, { settings });
  await client.until(() => client.log.length === 2);
  assert.match(client.log[0] ?? "", /finalens\.profile: 13 is not/);
  assert.match(client.log[1] ?? "", /finalens\.hints\.verdict: "no" is not true or false/);
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  assert.notDeepEqual(await client.inlayHints(uri), []);
  await client.stop();
  assert.equal(client.log.length, 2);
});

test("settings of any form are read without failing", () => {
  const complaints: string[] = [];
  const read = (value: unknown): unknown => readSettings(value, (text) => complaints.push(text));
  const defaults = read(undefined);
  for (const value of [null, 0, "1.13", [], { profile: null }, { hints: null }, { hints: [1] }]) {
    assert.deepEqual(read(value), defaults);
  }
  assert.deepEqual(complaints, []);
  assert.deepEqual(read({ profile: "2.0", hints: { lifetime: 1 } }), defaults);
  assert.equal(complaints.length, 2);
});
