// Diagnostics as they are published: what stands in them, for which version, and when.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic, Position } from "vscode-languageserver";
import { usualCapabilities } from "./language-client.ts";
import { dataText, placeOf, rangeOf, startServer } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");

const codesOf = (diagnostics: readonly Diagnostic[]): unknown[] =>
  diagnostics.map(({ code }) => code);

test("opening publishes diagnostics with the version, code and related places", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text, 7);
  const [unknownBody, captured, ...more] = await client.diagnostics(uri, 7);
  assert.deepEqual(more, []);
  assert.equal(unknownBody?.code, "finalizer/body-unknown");
  assert.equal(captured?.code, "finalizer/escapes-unknown-call");
  assert.equal(captured.source, "finalens");
  assert.equal(captured.severity, 3);
  assert.equal(captured.codeDescription, undefined);
  const registration = placeOf(text, "builtin (Core.finalizer)", 3);
  assert.equal(captured.range.start.line, registration.line);
  const [related] = captured.relatedInformation ?? [];
  assert.equal(related?.location.uri, uri);
  assert.equal(related.location.range.start.line, placeOf(text, "invoke Main.use_field").line);
  assert.match(related.message, /use_field_nothrow/);
});

test("related places are left out for a client that does not know them", async (context) => {
  const { client } = await startServer(context, {
    capabilities: { ...usualCapabilities, textDocument: {} },
  });
  await client.open(uri, text);
  for (const { relatedInformation } of await client.diagnostics(uri, 1)) {
    assert.equal(relatedInformation, undefined);
  }
});

test("an incremental change publishes for the new version", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  assert.equal((await client.diagnostics(uri, 1)).length, 2);
  await client.change(uri, 2, { range: rangeOf(text, "return %3", 2), text: "return %9" });
  assert.deepEqual(codesOf(await client.diagnostics(uri, 2)), [
    "finalizer/body-unknown",
    "verify/undefined-value",
    "finalizer/escapes-unknown-call",
  ]);
});

test("the edits of one change are applied in their order", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const start = { line: 0, character: 0 };
  const value = rangeOf(text, "%3", 4);
  const lower = ({ line, character }: Position): Position => ({ line: line + 2, character });
  await client.change(
    uri,
    2,
    { range: value, text: "%9999" },
    { range: { start, end: start }, text: "prose\n\n" },
    {
      range: {
        start: lower(value.end),
        end: lower({ ...value.end, character: value.end.character + 3 }),
      },
      text: "",
    },
  );
  const published = await client.diagnostics(uri, 2);
  assert.deepEqual(codesOf(published), [
    "finalizer/body-unknown",
    "verify/undefined-value",
    "finalizer/escapes-unknown-call",
  ]);
  assert.equal(published[0]?.range.start.line, placeOf(text, "builtin (Core.finalizer)").line + 2);
  assert.match(String(published[1]?.message), /%9\b/);
});

test("a broken line is one error on that line, and the other methods stay analysed", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  const broken = rangeOf(text, "%new(Main.Counted, _2)");
  await client.change(uri, 2, { range: broken, text: "%new(Main.Counted, _2" });
  const published = await client.diagnostics(uri, 2);
  const errors = published.filter(({ severity }) => severity === 1);
  assert.deepEqual(codesOf(errors), ["syntax/unreadable-statement"]);
  assert.equal(errors[0]?.range.start.line, broken.start.line);
  assert.ok(codesOf(published).includes("finalizer/escapes-unknown-call"));
  const hints = (await client.inlayHints(uri)) ?? [];
  assert.ok(hints.some(({ label }) => String(label).startsWith("✓ elided")));
});

test("a change of the whole text is taken too", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  await client.change(uri, 2, { text: "" });
  assert.deepEqual(await client.diagnostics(uri, 2), []);
  await client.change(uri, 3, { text });
  assert.equal((await client.diagnostics(uri, 3)).length, 2);
});

test("changes that wait together are answered in order, the last one always", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const start = { line: 0, character: 0 };
  const last = 200;
  for (let version = 2; version <= last; version++) {
    void client.change(uri, version, { range: { start, end: start }, text: "\n" });
  }
  const published = await client.diagnostics(uri, last);
  assert.equal(published[0]?.range.start.line, placeOf(text, "builtin").line + last - 1);
  const versions = client.published.map(({ version = 0 }) => version);
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(versions).size, versions.length, "no version is published twice");
  assert.equal(client.refreshes, 0, "an editor fetches hints after its own edits by itself");
});

test("closing takes the diagnostics back", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  await client.close(uri);
  const { diagnostics } = await client.publication(uri, ({ version }) => version === undefined);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(await client.hover(uri, placeOf(text, "%new")), null);
});

test("a document goes by the URI that the client gave", async (context) => {
  const { client } = await startServer(context);
  for (const odd of [
    "untitled:Untitled-1",
    "vscode-vfs://github/owner/repo/a%20b.jlir",
    "file:///with%20space/%C3%A4%23%25%3F%2B/b%5B1%5D.jlir",
    "file:///encoded%2Fslash.jlir",
    "file://other-host/share/program.jlir",
    "file:///c%3A/Users/x/program.jlir",
  ]) {
    await client.open(odd, text);
    const [, captured] = await client.diagnostics(odd, 1);
    assert.equal(captured?.relatedInformation?.[0]?.location.uri, odd);
    assert.notEqual(await client.hover(odd, placeOf(text, "%new")), null);
  }
});
