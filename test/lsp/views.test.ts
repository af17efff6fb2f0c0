// The requests behind the client's views, as they come over the wire.

import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  ControlFlowView,
  LifetimeView,
  MemoryView,
  NothingToView,
} from "../../client/src/views/page/wire.ts";
import type { LanguageClient } from "./language-client.ts";
import { dataText, placeOf, startServer } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");

function ask<Answer>(
  client: LanguageClient,
  view: string,
  position: { line: number; character: number },
  more: object = {},
): Promise<Answer> {
  const params = { textDocument: { uri }, position, ...more };
  return client.connection.sendRequest<Answer>(`finalens/${view}`, params);
}

test("each view answers for the method at a place", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const at = placeOf(text, "finalizer");
  const flow = await ask<ControlFlowView>(client, "controlFlow", at);
  const lives = await ask<LifetimeView>(client, "lifetimes", at);
  const memory = await ask<MemoryView>(client, "foreignMemory", at);
  assert.equal(lives.method, flow.method);
  assert.equal(memory.method, flow.method);
  assert.equal(flow.marks[0]?.kind, "registration");
  assert.equal(lives.objects.length, flow.objects.length);
  const statements = flow.blocks.flatMap((block) => block.statements);
  assert.equal(memory.pressure.length, statements.length);
  const registration = statements.find((one) => one.range.start.line === at.line);
  assert.match(registration?.text ?? "", /finalizer/);
});

test("a view is about the text as it was last edited", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const at = placeOf(text, "finalizer");
  const start = { line: 0, character: 0 };
  await client.change(uri, 2, { range: { start, end: start }, text: "\n\n" });
  const moved = { line: at.line + 2, character: at.character };
  const flow = await ask<ControlFlowView>(client, "controlFlow", moved);
  const lines = flow.blocks.flatMap((block) =>
    block.statements.map(({ range }) => range.start.line),
  );
  assert.ok(lines.includes(moved.line));
});

test("the run takes the reader's arguments and seed", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const at = placeOf(text, "finalizer");
  const { run } = await ask<MemoryView>(client, "foreignMemory", at, {
    arguments: "1,2,3,4,5,6,7,8,9",
    seed: 3,
  });
  assert.match("failure" in run ? run.failure : "", /argument/);
});

test("a place without a method, and a file that nobody opened, get a sentence", async (context) => {
  const { client } = await startServer(context);
  for (const view of ["controlFlow", "lifetimes", "foreignMemory"]) {
    const { nothing, next } = await ask<NothingToView>(client, view, { line: 0, character: 0 });
    assert.match(nothing, /no text/, view);
    assert.match(next, /\.$/);
  }
});
