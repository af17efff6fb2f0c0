// Navigation over the wire: symbols, folds, definition across documents, references, rename with its
// refusals, call hierarchy, and the command that renumbers a method.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type {
  ApplyWorkspaceEditParams,
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Location,
  LocationLink,
  Position,
  SelectionRange,
  SymbolInformation,
  WorkspaceEdit,
  WorkspaceSymbol,
} from "vscode-languageserver";
import { LanguageClient, usualCapabilities } from "./language-client.ts";
import { placeOf, rangeOf, startServer } from "./start-server.ts";

const callerUri = "file:///somewhere/caller.jlir";
const calleeUri = "file:///somewhere/callee.jlir";

const caller = `MethodInstance for main(::Int64)
  from main(n) @ Main mwe.jl:1
  type Counted mutable (x::Int64)
CodeInfo(
1 ─ %1 = Base.slt_int(n, 1)::Bool
└──      goto #3 if not %1
2 ─      return nothing
3 ─ %4 = %new(Main.Counted, n)::Counted
│        invoke Main.use(%4::Counted)::Nothing
└──      return nothing
) => Nothing
`;
const callee = `MethodInstance for use(::Counted)
  from use(c) @ Main mwe.jl:7
CodeInfo(
1 ─ %3 = Base.getfield(c, :x)::Int64
└──      return %3
) => Int64
`;

const capabilities = {
  ...usualCapabilities,
  workspace: { ...usualCapabilities.workspace, workspaceEdit: { documentChanges: true } },
  textDocument: {
    ...usualCapabilities.textDocument,
    definition: { linkSupport: true },
    typeDefinition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: true },
  },
};

let client: LanguageClient;
before(async () => {
  ({ client } = await LanguageClient.start({ capabilities }));
  await client.open(callerUri, caller);
  await client.open(calleeUri, callee);
});
after(() => client.process.kill());

function ask<Answer>(
  method: string,
  uri: string,
  position: Position,
  more: object = {},
): Promise<Answer> {
  const textDocument = { uri };
  return client.connection.sendRequest(`textDocument/${method}`, {
    textDocument,
    position,
    ...more,
  });
}

test("the outline is a tree of methods, blocks and values", async () => {
  const symbols = await client.connection.sendRequest<DocumentSymbol[]>(
    "textDocument/documentSymbol",
    { textDocument: { uri: callerUri } },
  );
  const [method] = symbols;
  assert.equal(symbols.length, 1);
  assert.equal(method?.name, "main(::Int64)");
  assert.deepEqual(
    method?.children?.map(({ name, children }) => [name, children?.map((one) => one.name)]),
    [
      ["#1", ["%1"]],
      ["#2", undefined],
      ["#3", ["%4"]],
    ],
  );
});

test("a client without a tree gets a list", async (context) => {
  const { client: plain } = await startServer(context);
  await plain.open(callerUri, caller);
  const symbols = await plain.connection.sendRequest<SymbolInformation[]>(
    "textDocument/documentSymbol",
    { textDocument: { uri: callerUri } },
  );
  assert.deepEqual(
    symbols.map(({ name, location }) => [name, location.uri === callerUri]),
    ["main(::Int64)", "#1", "%1", "#2", "#3", "%4"].map((name) => [name, true]),
  );
});

test("methods of all documents are found by name", async () => {
  const found = await client.connection.sendRequest<WorkspaceSymbol[]>("workspace/symbol", {
    query: "us",
  });
  const [first] = found;
  assert.deepEqual([first?.name, first?.location.uri], ["use(::Counted)", calleeUri]);
});

test("folds and selections are those of the text", async () => {
  const textDocument = { uri: callerUri };
  const folds = await client.connection.sendRequest<FoldingRange[]>("textDocument/foldingRange", {
    textDocument,
  });
  assert.deepEqual(
    folds.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [0, 10],
      [1, 2],
      [4, 5],
      [7, 9],
    ],
  );
  const [selection] = await client.connection.sendRequest<SelectionRange[]>(
    "textDocument/selectionRange",
    { textDocument, positions: [placeOf(caller, "%4::")] },
  );
  assert.deepEqual(selection?.range, rangeOf(caller, "%4", 2));
  assert.deepEqual(selection?.parent?.range, rangeOf(caller, "%4::Counted"));
});

test("a call leads to its method in the other document, and a value's type to its line", async () => {
  const [link] = await ask<LocationLink[]>("definition", callerUri, placeOf(caller, "use"));
  assert.equal(link?.targetUri, calleeUri);
  assert.deepEqual(
    link?.targetSelectionRange,
    rangeOf(callee, "MethodInstance for use(::Counted)"),
  );
  assert.deepEqual(link?.originSelectionRange, rangeOf(caller, "Main.use"));
  const [type] = await ask<LocationLink[]>("typeDefinition", callerUri, placeOf(caller, "%4::"));
  assert.deepEqual(type?.targetSelectionRange, rangeOf(caller, "Counted"));
});

test("a client without links gets locations", async (context) => {
  const { client: plain } = await startServer(context);
  await plain.open(callerUri, caller);
  const found = await plain.connection.sendRequest<Location[]>("textDocument/definition", {
    textDocument: { uri: callerUri },
    position: placeOf(caller, "%4::"),
  });
  assert.deepEqual(found, [{ uri: callerUri, range: rangeOf(caller, "%4") }]);
});

test("references and highlights of a value and of a method", async () => {
  const context = { includeDeclaration: true };
  const uses = await ask<Location[]>("references", callerUri, placeOf(caller, "%4"), { context });
  assert.deepEqual(
    uses.map(({ range }) => range),
    [rangeOf(caller, "%4"), rangeOf(caller, "%4", 2)],
  );
  const calls = await ask<Location[]>("references", calleeUri, placeOf(callee, "use"), {
    context: { includeDeclaration: false },
  });
  assert.deepEqual(calls, [{ uri: callerUri, range: rangeOf(caller, "Main.use") }]);
  const marks = await ask<DocumentHighlight[]>(
    "documentHighlight",
    callerUri,
    placeOf(caller, "%4"),
  );
  assert.deepEqual(
    marks.map(({ kind }) => kind),
    [3, 2],
  );
});

test("a value is renamed, with the version of the document", async () => {
  const position = placeOf(caller, "%4");
  const prepared = await ask<{ placeholder: string }>("prepareRename", callerUri, position);
  assert.equal(prepared.placeholder, "%4");
  const edit = await ask<WorkspaceEdit>("rename", callerUri, position, { newName: "9" });
  const [change] = edit.documentChanges ?? [];
  assert.ok(change !== undefined && "edits" in change);
  assert.deepEqual(change.textDocument, { uri: callerUri, version: 1 });
  assert.deepEqual(change.edits, [
    { range: rangeOf(caller, "%4"), newText: "%9" },
    { range: rangeOf(caller, "%4", 2), newText: "%9" },
  ]);
});

test("a taken number is refused with the words that the editor shows", async () => {
  const rename = ask("rename", callerUri, placeOf(caller, "%4"), { newName: "%1" });
  await assert.rejects(rename, /`%1` is taken: it is `Base\.slt_int\(n, 1\)` on line 5/);
  await assert.rejects(
    ask("prepareRename", callerUri, placeOf(caller, "1 ─")),
    /block `#1` is how a method's body is recognised/,
  );
  assert.equal(await ask("prepareRename", callerUri, placeOf(caller, "CodeInfo")), null);
  assert.deepEqual(client.log, []);
});

test("the hierarchy leads from a method to its callers", async () => {
  const items = await ask<CallHierarchyItem[]>(
    "prepareCallHierarchy",
    callerUri,
    placeOf(caller, "use"),
  );
  assert.deepEqual(
    items.map(({ name, uri }) => [name, uri]),
    [["use(::Counted)", calleeUri]],
  );
  const calls = await client.connection.sendRequest<CallHierarchyIncomingCall[]>(
    "callHierarchy/incomingCalls",
    { item: items[0] },
  );
  assert.deepEqual(
    calls.map(({ from, fromRanges }) => [from.name, fromRanges]),
    [["main(::Int64)", [rangeOf(caller, "Main.use")]]],
  );
});

test("the command renumbers the method, or says why it does not", async () => {
  const applied: ApplyWorkspaceEditParams[] = [];
  const messages: string[] = [];
  client.connection.onRequest("workspace/applyEdit", (params: ApplyWorkspaceEditParams) => {
    applied.push(params);
    return { applied: true };
  });
  client.connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
    messages.push(message);
  });
  const command = "finalens.server.renumberMethod";
  const run = (uri: string, position: Position): Promise<unknown> =>
    client.connection.sendRequest("workspace/executeCommand", {
      command,
      arguments: [uri, position],
    });
  await run(calleeUri, { line: 3, character: 0 });
  await run("file:///nowhere.jlir", { line: 0, character: 0 });
  // Both were sent before the next answer.
  await ask("hover", calleeUri, { line: 0, character: 0 });
  const [first] = applied[0]?.edit.documentChanges ?? [];
  assert.ok(applied.length === 1 && first !== undefined && "edits" in first);
  assert.deepEqual(first.edits, [
    { range: rangeOf(callee, "%3"), newText: "%1" },
    { range: rangeOf(callee, "%3", 2), newText: "%1" },
  ]);
  assert.deepEqual(messages, ["Not renumbered: there is no method here."]);
});
