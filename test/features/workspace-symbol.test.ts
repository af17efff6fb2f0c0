// Methods of the workspace by an inexact name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzyScore, workspaceSymbols } from "../../server/src/features/workspace-symbol.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { shown, workspaceOf } from "./texts.ts";

const method = (signature: string): string =>
  `MethodInstance for ${signature}\nCodeInfo(\n1 ─     return nothing\n) => Nothing\n\n`;

const files = {
  "a.jlir": method("use_nothrow(::Counted)") + method("use(::Counted)"),
  "b.jlir": method("Base.unsafe_load(::Ptr{UInt8})") + method("misuse(::Int64)"),
};

function found(query: string): string[] {
  return workspaceSymbols(workspaceOf(files), query).map(({ signature }) => signature);
}

test("the best match comes first", () => {
  assert.deepEqual(found("use"), [
    "use(::Counted)",
    "use_nothrow(::Counted)",
    "misuse(::Int64)",
    "Base.unsafe_load(::Ptr{UInt8})",
  ]);
});

test("letters count in their order only, in either case", () => {
  assert.deepEqual(found("UNOTH"), ["use_nothrow(::Counted)"]);
  assert.deepEqual(found("esu"), []);
});

test("a word may be one of the arguments' types, and all words must fit", () => {
  assert.deepEqual(found("uint8"), ["Base.unsafe_load(::Ptr{UInt8})"]);
  assert.deepEqual(found("use counted").slice(0, 2), ["use(::Counted)", "use_nothrow(::Counted)"]);
  assert.deepEqual(found("use uint9"), []);
});

test("an empty query lists everything, up to the limit", () => {
  assert.equal(found("").length, 4);
  assert.equal(workspaceSymbols(workspaceOf(files), "", 3).length, 3);
  assert.equal(workspaceSymbols(workspaceOf(files), "u", 2).length, 2);
});

test("a method without a name is not found, nor a header without a body", () => {
  const workspace = workspaceOf({
    "a.jlir": "CodeInfo(\n1 ─     return nothing\n) => Nothing\n\nMethodInstance for f(::Int64)\n",
  });
  assert.deepEqual(workspaceSymbols(workspace, ""), []);
  assert.deepEqual(workspaceSymbols(new Workspace(), "f"), []);
});

test("a symbol stands at its header", () => {
  const [first] = workspaceSymbols(workspaceOf(files), "misuse");
  assert.equal(first?.path, "b.jlir");
  assert.ok(first !== undefined);
  assert.equal(shown(files["b.jlir"], first.range), "6:MethodInstance for misuse(::Int64)");
});

test("what stands together and begins a word scores more", () => {
  const order = ["load", "load_all", "unload", "lorem add"];
  const scores = order.map((text) => fuzzyScore("load", text) ?? -1);
  assert.deepEqual(
    scores,
    [...scores].sort((x, y) => y - x),
  );
  assert.equal(fuzzyScore("load", "dial"), null);
});
