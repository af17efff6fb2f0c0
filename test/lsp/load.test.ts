// Much at once: many files, a storm of edits, a long first analysis beside which requests are answered,
// with a bar that can be ended.

import assert from "node:assert/strict";
import { test } from "node:test";
import { usualCapabilities } from "./language-client.ts";
import { startServer } from "./start-server.ts";

const method = (name: string): string =>
  `MethodInstance for ${name}(::Int64)
  stage inlined
  type H mutable (x::Int64)
1 1 ─ %1 = %new(Main.H, _2)::H
  │          Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
  │          invoke Main.unknown(%1::H)::Any
  └──      return nothing
`;

const many = (count: number, prefix = "m"): string =>
  Array.from({ length: count }, (_, i) => method(`${prefix}${i}`)).join("\n");

test("fifty files at once are all answered, each with its own", async (context) => {
  const { client } = await startServer(context);
  const uris = Array.from({ length: 50 }, (_, i) => `file:///many/${i}.jlir`);
  for (const [i, uri] of uris.entries()) await client.open(uri, many(i + 1, `f${i}_`));
  for (const [i, uri] of uris.entries()) {
    assert.equal((await client.diagnostics(uri, 1)).length, i + 1);
  }
});

test("of a storm of edits the last one is answered, and it is right", async (context) => {
  const { client } = await startServer(context);
  const uri = "file:///storm.jlir";
  const text = many(200);
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  const start = { line: 3, character: 0 };
  let version = 1;
  for (let i = 0; i < 300; i++) {
    // A line comes and goes, and with it everything below moves.
    const isThere = i % 2 === 1;
    const end = isThere ? { line: 4, character: 0 } : start;
    await client.change(uri, ++version, { range: { start, end }, text: isThere ? "" : "# x\n" });
  }
  const after = await client.diagnostics(uri, version);
  const { client: fresh } = await startServer(context);
  await fresh.open(uri, text, version);
  assert.deepEqual(after, await fresh.diagnostics(uri, version));
  assert.ok(client.published.length < 300, "edits that wait in the queue are answered once");
});

test("a request is answered while a long first analysis runs", async (context) => {
  const { client } = await startServer(context);
  const [small, large] = ["file:///small.jlir", "file:///large.jlir"];
  await client.open(small, method("one"));
  await client.diagnostics(small, 1);
  await client.open(large, many(2000));
  const folds = await client.connection.sendRequest("textDocument/foldingRange", {
    textDocument: { uri: small },
  });
  assert.ok(Array.isArray(folds));
  const isPublished = client.published.some(({ uri }) => uri === large);
  assert.equal(isPublished, false, "the answer did not wait for the large file");
  assert.equal((await client.diagnostics(large, 1)).length, 2000);
});

test("long work shows a bar, and ending it there ends the work", async (context) => {
  const { client } = await startServer(context, {
    capabilities: { ...usualCapabilities, window: { workDoneProgress: true } },
  });
  const kinds: string[] = [];
  let token: unknown = null;
  client.connection.onRequest("window/workDoneProgress/create", (params: { token: unknown }) => {
    token = params.token;
    return null;
  });
  client.connection.onNotification("$/progress", ({ value }: { value: { kind: string } }) => {
    const isFirst = !kinds.includes("begin");
    kinds.push(value.kind);
    if (isFirst && value.kind === "begin")
      void client.notify("window/workDoneProgress/cancel", { token });
  });
  const uri = "file:///large.jlir";
  await client.open(uri, many(8000));
  // The answer to a request is a message, which is when the client looks again.
  const small = { textDocument: { uri: "file:///none.jlir" } };
  while (!kinds.includes("end")) {
    await client.connection.sendRequest("textDocument/foldingRange", small);
  }
  assert.equal(kinds[0], "begin");
  assert.deepEqual(client.published, [], "what was given up is not published");
  // The next edit takes the work up again.
  const start = { line: 0, character: 0 };
  await client.change(uri, 2, { range: { start, end: start }, text: "\n" });
  assert.equal((await client.diagnostics(uri, 2)).length, 8000);
});
