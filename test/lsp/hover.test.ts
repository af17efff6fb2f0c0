// Hover over the wire: the ladder at a registration, a value, and nothing where nothing is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Hover } from "vscode-languageserver";
import { LanguageClient } from "./language-client.ts";
import { dataText, placeOf, rangeOf, startServer } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");

let client: LanguageClient;
before(async () => {
  ({ client } = await LanguageClient.start());
});
after(() => client.process.kill());

function markupOf(hover: Hover | null): { kind: string; value: string } {
  assert.ok(hover !== null && typeof hover.contents === "object" && "kind" in hover.contents);
  return hover.contents;
}

test("hover on a registration is the ladder, rung by rung", async () => {
  await client.open(uri, text);
  const hover = await client.hover(uri, placeOf(text, "(Core.finalizer)", 3));
  const { kind, value } = markupOf(hover);
  assert.equal(kind, "markdown");
  assert.match(value, /- ✓ /);
  assert.match(value, /- ✗ .*\n(.*\n)*.*use_field_nothrow/);
  assert.match(value, /`finalizer\/escapes-unknown-call`/);
  assert.equal(hover?.range?.start.line, placeOf(text, "(Core.finalizer)", 3).line);
});

test("hover on a value has its range and its type", async () => {
  await client.open(uri, text);
  const place = rangeOf(text, "%1 ", 2);
  const hover = await client.hover(uri, place.start);
  assert.match(markupOf(hover).value, /%1 = %new\(Main\.Counted, _2\)::Counted/);
  const { start } = place;
  assert.deepEqual(hover?.range, {
    start,
    end: { line: start.line, character: start.character + 2 },
  });
});

test("hover sees the edits that were sent before it", async () => {
  await client.open(uri, text);
  const start = { line: 0, character: 0 };
  await client.change(uri, 2, { range: { start, end: start }, text: "one\ntwo\n" });
  const { line, character } = placeOf(text, "(Core.finalizer)");
  assert.notEqual(await client.hover(uri, { line: line + 2, character }), null);
});

test("hover is null where there is nothing to say", async () => {
  await client.open(uri, text);
  assert.equal(await client.hover(uri, { line: 100_000, character: 0 }), null);
  assert.equal(await client.hover(uri, { line: 0, character: 100_000 }), null);
  assert.equal(await client.hover("file:///nowhere.jlir", { line: 0, character: 0 }), null);
});

test("a client without Markdown gets plain text", async (context) => {
  const { client: plain } = await startServer(context, { capabilities: {} });
  await plain.open(uri, text);
  const hover = await plain.hover(uri, placeOf(text, "(Core.finalizer)"));
  assert.equal(markupOf(hover).kind, "plaintext");
});
