// Inlay hints over the wire: the verdict at each registration and where an elided finalizer runs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LanguageClient } from "./language-client.ts";
import { dataText, placeOf } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");

let client: LanguageClient;
before(async () => {
  ({ client } = await LanguageClient.start());
});
after(() => client.process.kill());

test("hints stand at the end of the lines they speak of", async () => {
  await client.open(uri, text);
  const hints = (await client.inlayHints(uri)) ?? [];
  const lines = text.split("\n");
  for (const { position } of hints) {
    assert.equal(position.character, lines[position.line]?.length);
  }
  const said = hints.map(({ position, label }) => [
    position.line,
    /kept|elided|runs here/.exec(String(label))?.[0],
  ]);
  const lineOf = (count: number): number => placeOf(text, "(Core.finalizer)", count).line;
  assert.deepEqual(said, [
    [lineOf(1), "kept"],
    [lineOf(2), "elided"],
    [lineOf(2) + 1, "runs here"],
    [lineOf(3), "kept"],
  ]);
});

test("a hint has the ladder as its tooltip and room before it", async () => {
  await client.open(uri, text);
  const [hint] = (await client.inlayHints(uri)) ?? [];
  assert.equal(hint?.paddingLeft, true);
  assert.ok(typeof hint.tooltip === "object" && hint.tooltip.kind === "markdown");
  assert.match(hint.tooltip.value, /finalizer\/body-unknown/);
});

test("only hints of the lines asked for are sent", async () => {
  await client.open(uri, text);
  const { line } = placeOf(text, "(Core.finalizer)", 2);
  const range = { start: { line, character: 0 }, end: { line, character: 500 } };
  const hints = (await client.inlayHints(uri, range)) ?? [];
  assert.deepEqual(
    hints.map(({ position }) => position.line),
    [line],
  );
});

test("there are no hints for a document that nobody opened", async () => {
  assert.deepEqual(await client.inlayHints("file:///nowhere.jlir"), []);
});
