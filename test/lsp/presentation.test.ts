// Colours, completion, links, lenses and hovers over forms, as they come over the wire.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  CodeLens,
  CompletionItem,
  DocumentLink,
  SemanticTokens,
  SemanticTokensLegend,
} from "vscode-languageserver";
import { dataText, placeOf, scratchFolder, startServer } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");
const textDocument = { uri };

/** Tokens as `line:character text type modifiers`. */
function decoded(
  { data }: SemanticTokens,
  { tokenTypes, tokenModifiers }: SemanticTokensLegend,
  of: string,
): string[] {
  const lines = of.split("\n");
  const words: string[] = [];
  let line = 0;
  let character = 0;
  for (let i = 0; i < data.length; i += 5) {
    const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5);
    character = down === 0 ? character + right : right;
    line += down;
    const piece = lines[line]?.slice(character, character + length);
    const modifiers = tokenModifiers.filter((_, bit) => (bits >> bit) & 1);
    words.push([`${line}:${character}`, piece, tokenTypes[type], ...modifiers].join(" "));
  }
  return words;
}

test("tokens are told as distances, with the legend of the server", async (context) => {
  const { client, initialized } = await startServer(context);
  const legend = initialized.capabilities.semanticTokensProvider?.legend;
  assert.ok(legend !== undefined);
  const short = "1 ─ %1 = f()::Int64\n└──      return %1\n";
  await client.open(uri, short);
  const all = await client.connection.sendRequest<SemanticTokens>(
    "textDocument/semanticTokens/full",
    { textDocument },
  );
  assert.deepEqual(decoded(all, legend, short), [
    "0:0 1 label definition",
    "0:2 ─ comment gutter",
    "0:4 %1 variable definition",
    "0:7 = operator",
    "0:9 f function",
    "0:14 Int64 type",
    "1:0 └── comment gutter",
    "1:9 return keyword",
    "1:16 %1 variable readonly",
  ]);
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 20 } };
  const some = await client.connection.sendRequest<SemanticTokens>(
    "textDocument/semanticTokens/range",
    { textDocument, range },
  );
  assert.equal(decoded(some, legend, short)[0], "1:0 └── comment gutter");
  assert.equal(some.data.length, 15);
});

test("a very long document is coloured by ranges", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, `${"prose\n".repeat(31_000)}1 ─     return 1\n`);
  const all = await client.connection.sendRequest("textDocument/semanticTokens/full", {
    textDocument,
  });
  assert.equal(all, null);
  const start = { line: 31_000, character: 0 };
  const some = await client.connection.sendRequest<SemanticTokens>(
    "textDocument/semanticTokens/range",
    { textDocument, range: { start, end: { line: 31_001, character: 0 } } },
  );
  assert.equal(some.data.length, 20);
});

test("completion keeps the nearest value first and replaces what is typed", async (context) => {
  const { client } = await startServer(context);
  const typed = "1 ─ %1 = f()::Int64\n│   %2 = g()::Int64\n└──      return %\n";
  await client.open(uri, typed);
  const { line, character } = placeOf(typed, "%", 3);
  const items = await client.connection.sendRequest<CompletionItem[]>("textDocument/completion", {
    textDocument,
    position: { line, character: character + 1 },
  });
  const sorted = items.toSorted((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
  assert.deepEqual(
    sorted.map(({ label, detail }) => [label, detail]),
    [
      ["%2", "::Int64"],
      ["%1", "::Int64"],
    ],
  );
  assert.deepEqual(sorted[0]?.textEdit, {
    range: { start: { line, character }, end: { line, character: character + 1 } },
    newText: "%2",
  });
});

test("links lead to files that exist, and to their line", async (context) => {
  const folder = scratchFolder(context);
  const source = join(folder, "mwe.jl");
  writeFileSync(source, "f(x) = x\n");
  const { client } = await startServer(context);
  const own = pathToFileURL(join(folder, "dump.jlir")).href;
  await client.open(
    own,
    "MethodInstance for f(::Int64)\n  from f(x) @ Main mwe.jl:1\n   @ gone.jl:2 within `f`\n1 ─     return _2\n",
  );
  const links = await client.connection.sendRequest<DocumentLink[]>("textDocument/documentLink", {
    textDocument: { uri: own },
  });
  assert.deepEqual(
    links.map(({ target, range }) => [target, range.start.line]),
    [[`${pathToFileURL(source).href}#L1`, 1]],
  );
});

test("a name is looked up in the workspace folders too", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "mwe.jl"), "");
  const { client } = await startServer(context, { folders: [folder] });
  await client.open(uri, "MethodInstance for f()\n  from f() @ Main mwe.jl:1\n");
  const links = await client.connection.sendRequest<DocumentLink[]>("textDocument/documentLink", {
    textDocument,
  });
  assert.equal(links.length, 1);
});

test("lenses on blocks are there only for those who ask", async (context) => {
  const lenses = async (settings: unknown): Promise<CodeLens[]> => {
    const { client } = await startServer(context, { settings });
    await client.open(uri, text);
    await client.diagnostics(uri, 1);
    return client.lenses(uri);
  };
  const few = await lenses({});
  assert.ok(few.length > 0);
  for (const { command } of few) assert.match(command?.title ?? "", /finalized early · profile/);
  const many = await lenses({ codeLens: { blocks: true } });
  assert.ok(many.length > few.length);
  assert.ok(many.some(({ command }) => /^from /.test(command?.title ?? "")));
});

test("a keyword has a hover", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const hover = await client.hover(uri, placeOf(text, "return"));
  assert.ok(hover !== null && typeof hover.contents === "object" && "value" in hover.contents);
  assert.match(hover.contents.value, /method ends here/);
});

test("documents that nobody opened have nothing", async (context) => {
  const { client } = await startServer(context);
  const nowhere = { textDocument: { uri: "file:///nowhere.jlir" } };
  const ask = (method: string, more = {}): Promise<unknown> =>
    client.connection.sendRequest(`textDocument/${method}`, { ...nowhere, ...more });
  assert.equal(await ask("semanticTokens/full"), null);
  assert.deepEqual(await ask("documentLink"), []);
  assert.deepEqual(await ask("completion", { position: { line: 0, character: 0 } }), []);
});
