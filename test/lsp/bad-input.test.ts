// What a broken client or a strange file can send: the server answers with nothing, stays alive, and
// goes on with the next document.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Diagnostic } from "vscode-languageserver";
import type { LanguageClient } from "./language-client.ts";
import { dataText, placeOf, startServer } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");
const start = { line: 0, character: 0 };

/** Whether it still does its work, on a document of its own. */
async function assertAlive(client: LanguageClient): Promise<void> {
  const other = "file:///somewhere/else.jlir";
  await client.open(other, text.replaceAll("(::Int64)", "(::Int32)"));
  assert.equal((await client.diagnostics(other, 1)).length, 2);
  assert.equal(await client.stop(), 0);
}

async function startOpen(context: TestContext): Promise<LanguageClient> {
  const { client } = await startServer(context);
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  return client;
}

test("a document opened twice has the second text", async (context) => {
  const client = await startOpen(context);
  await client.open(uri, "", 2);
  assert.deepEqual(await client.diagnostics(uri, 2), []);
  await assertAlive(client);
});

test("edits and closings of unknown documents are logged or ignored", async (context) => {
  const { client } = await startServer(context);
  await client.change("file:///unknown.jlir", 2, { range: { start, end: start }, text: "x" });
  await client.change("file:///unknown.jlir", 3, { text: "x" });
  await client.close("file:///unknown.jlir");
  await client.until(() => client.log.length === 2);
  assert.match(client.log[0] ?? "", /unknown\.jlir: edited, but not open/);
  await assertAlive(client);
  assert.ok(client.published.every((one) => one.uri !== "file:///unknown.jlir"));
});

test("ranges beyond the end are moved back to it", async (context) => {
  const client = await startOpen(context);
  const far = { line: 1_000_000, character: 1_000_000 };
  await client.change(uri, 2, { range: { start: far, end: far }, text: "\nprose" });
  assert.equal((await client.diagnostics(uri, 2)).length, 2);
  await client.change(uri, 3, {
    range: { start: { line: 0, character: 1_000_000 }, end: far },
    text: "",
  });
  assert.deepEqual(await client.diagnostics(uri, 3), []);
  await assertAlive(client);
});

test("parameters that make no sense are answered with nothing", async (context) => {
  const client = await startOpen(context);
  for (const params of [null, {}, { textDocument: null }, { textDocument: { uri: 3 } }, [1]]) {
    await client.notify("textDocument/didOpen", params);
    await client.notify("textDocument/didChange", params);
    await client.notify("textDocument/didClose", params);
    await client.notify("workspace/didChangeWatchedFiles", params);
    await client.notify("workspace/didChangeConfiguration", params);
    for (const method of ["textDocument/hover", "textDocument/inlayHint"]) {
      const answer = await client.connection.sendRequest(method, params).catch(() => null);
      assert.ok(answer === null || (Array.isArray(answer) && answer.length === 0));
    }
  }
  const nowhere = { line: -5, character: Number.NaN };
  assert.equal(await client.hover(uri, nowhere), null);
  await client.change(uri, 2, { range: { start: nowhere, end: nowhere }, text: "" });
  await assertAlive(client);
});

test("a method that the server does not have is refused", async (context) => {
  const client = await startOpen(context);
  await assert.rejects(client.connection.sendRequest("textDocument/formatting", {}), {
    code: -32601,
  });
  await assertAlive(client);
});

test("binary content is a document like any other", async (context) => {
  const client = await startOpen(context);
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256);
  await client.open("file:///binary.jlir", new TextDecoder("latin1").decode(bytes));
  await client.diagnostics("file:///binary.jlir", 1);
  await client.change("file:///binary.jlir", 2, { range: { start, end: start }, text: "\0\ud800" });
  await client.diagnostics("file:///binary.jlir", 2);
  await assertAlive(client);
});

test("a line of 50 MB is one diagnostic on that line", async (context) => {
  const client = await startOpen(context);
  const long = text.replace("_2)", `_2, ${"x".repeat(50_000_000)})`);
  await client.open(uri, long, 2);
  const isTooLong = ({ code }: Diagnostic): boolean => code === "syntax/too-long";
  const tooLong = (await client.diagnostics(uri, 2)).find(isTooLong);
  assert.equal(tooLong?.range.start.line, placeOf(text, "_2)").line);
  await client.change(uri, 3, { range: { start, end: start }, text: "\n" });
  assert.equal((await client.diagnostics(uri, 3)).filter(isTooLong).length, 1);
  await client.close(uri);
  await assertAlive(client);
});

test("what is no message is passed over", async (context) => {
  const client = await startOpen(context);
  for (const message of ["{", "[]", "null", "12", '{"jsonrpc":"2.0"}', '{"method":4}']) {
    client.process.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
  }
  await assertAlive(client);
});
