// Settings: fetched from the client, taken over without a restart, never trusted.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { DiagnosticSeverity, type PublishDiagnosticsParams } from "vscode-languageserver";
import { readSettings } from "../../server/src/lsp/config.ts";
import { dataText, scratchFolder, startServer } from "./start-server.ts";

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
  await client.until(() => client.refreshes > 0 && client.lensRefreshes > 0);

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

test("the sentence about a text that shows nothing can be switched off", async (context) => {
  const { client } = await startServer(context, { settings: { hints: { nothing: true } } });
  await client.open(uri, dataText("use-field-nothrow.jlir"));
  assert.equal((await client.inlayHints(uri))?.length, 1);
  client.settings = { hints: { nothing: false } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.until(() => client.refreshes === 1);
  assert.deepEqual(await client.inlayHints(uri), []);
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

test("a code is as loud as the setting says, whatever the file says", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(
    join(folder, "Finalens.toml"),
    '[severity]\n"finalizer/body-unknown" = "error"\n"escape/none" = "hint"\n',
  );
  const own = pathToFileURL(join(folder, "program.jlir")).href;
  const { client } = await startServer(context, { folders: [folder], settings: {} });
  await client.open(own, text);
  const isSaid = (severity: number | undefined) => (one: PublishDiagnosticsParams) =>
    one.diagnostics.find(({ code }) => code === "finalizer/body-unknown")?.severity === severity;
  await client.publication(own, isSaid(DiagnosticSeverity.Error));
  for (const [choice, severity] of [
    ["warning", DiagnosticSeverity.Warning],
    ["off", undefined],
  ] as const) {
    const seen = client.published.length;
    client.settings = { severities: { "finalizer/body-unknown": choice } };
    await client.notify("workspace/didChangeConfiguration", { settings: null });
    await client.publication(own, isSaid(severity), seen);
  }
  const config = pathToFileURL(join(folder, "Finalens.toml")).href;
  const seen = client.published.length;
  client.settings = { severities: { "assume/unknown-key": "information" } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  const told = await client.publication(config, () => true, seen);
  assert.deepEqual(
    told.diagnostics.map(({ code, severity }) => [code, severity]),
    [["assume/unknown-key", DiagnosticSeverity.Information]],
  );
});

test("so many findings about form are shown as the setting says", async (context) => {
  const { client } = await startServer(context, { settings: {} });
  const bad = `MethodInstance for f()\n1 ─     nothing\n${"│   @@ ?\n".repeat(9)}└──     return 1\n`;
  await client.open(uri, bad);
  assert.equal((await client.diagnostics(uri, 1)).length, 9);
  const seen = client.published.length;
  client.settings = { limits: { formFindings: 2 } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  const { diagnostics } = await client.publication(uri, () => true, seen);
  assert.equal(diagnostics.length, 2);
  assert.match(String(diagnostics[1]?.message), /\(and 7 more problems in this file\)$/);
});

test("a file that was too large is read when the setting lets it", async (context) => {
  const folder = scratchFolder(context);
  const body = dataText("body.jlir");
  writeFileSync(join(folder, "body.jlir"), `${body}${"# filler\n".repeat(150_000)}`);
  const settings = { limits: { fileSize: 1 } };
  const { client } = await startServer(context, { folders: [folder], settings });
  await client.open(uri, text);
  await client.until(() =>
    client.log.some((line) => line.includes("1 MiB (finalens.limits.fileSize)")),
  );
  client.settings = { limits: { fileSize: 2 } };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.publication(uri, ({ diagnostics }) =>
    diagnostics.some(({ code }) => code === "finalizer/body-may-throw"),
  );
});

test("settings of any form are read without failing", () => {
  const complaints: string[] = [];
  const read = (value: unknown): unknown => readSettings(value, (text) => complaints.push(text));
  const defaults = read(undefined);
  for (const value of [null, 0, "1.13", [], { profile: null }, { hints: null }, { limits: {} }]) {
    assert.deepEqual(read(value), defaults);
  }
  assert.equal(complaints.length, 0);
  const wrong = {
    profile: "2.0",
    hints: { lifetime: 1 },
    codeLens: "blocks",
    severities: { "finalizer/none": "off", "verify/phi-edge": 2, "finalizer/aliased": "loud" },
    limits: { formFindings: 0, fileSize: "8 MiB" },
  };
  assert.deepEqual(read(wrong), defaults);
  assert.deepEqual(
    complaints.map((one) => one.replace(/ is not .*/, "")).sort(),
    [
      'finalens.codeLens: "blocks"',
      "finalens.hints.lifetime: 1",
      'finalens.severities: there is no code "finalizer/none"',
      "finalens.severities.verify/phi-edge: 2",
      'finalens.severities.finalizer/aliased: "loud"',
      "finalens.limits.formFindings: 0",
      'finalens.limits.fileSize: "8 MiB"',
      'finalens.profile: "2.0"',
    ].sort(),
  );
});
