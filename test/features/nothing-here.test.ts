// Why there is nothing to see: one sentence for each state, once, and none where something shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingHere } from "../../server/src/features/nothing-here.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

function labels(text: string): string[] {
  const workspace = new Workspace();
  workspace.set("a.jlir", text);
  return nothingHere(workspace, "a.jlir").map(({ label }) => label);
}

const plain = `MethodInstance for f(::Int64)
CodeInfo(
1 ─ %1 = intrinsic Base.add_int(n, 1)::Int64
└──      return %1
) => Int64
`;
const registering = `MethodInstance for g(::Int64)
CodeInfo(
1 ─ %1 = %new(Main.H, n)::H
│        builtin (Core.finalizer)(Main.fin, %1)::Nothing
└──      return nothing
) => Nothing
`;
const lowered = `CodeInfo(
1 ─ %1 = Main.H
│   %2 = (%1)(1)
│        o = %2
└──      return o
)
`;
const unoptimised = `MethodInstance for h()
CodeInfo(
1 ─ %1 = Main.finalizer::Core.Const(finalizer)
│   %2 = (%1)(Main.fin, o)::Any
└──      (x = %2)::Any
) => Any
`;

test("a method that registers nothing is told once for the file", () => {
  assert.deepEqual(labels(plain + plain), ["no finalizer is registered in this method"]);
});

test("of a line that could not be read nothing is said", () => {
  const broken = registering.replace("Main.fin, %1)::Nothing", "Main.fin, ");
  assert.deepEqual(labels(broken), ["no finalizer is registered in the lines that could be read"]);
});

test("what comes later than typed IR is told by its name", () => {
  assert.deepEqual(labels("define i64 @julia_f_1(i64 %0) {\n  ret i64 1\n}\n"), [
    "this is LLVM IR: finalizers are long decided",
  ]);
  assert.deepEqual(labels("\t.text\n\tpushq\t%rbp\n"), [
    "this is machine code: finalizers are long decided",
  ]);
  assert.deepEqual(labels("f(x) = x + 1\n"), ["no printed method found in this file"]);
});

test("beside a method that shows something, plain methods are left in peace", () => {
  assert.deepEqual(labels(plain + registering), []);
});

test("beside a method that shows something, unoptimised code that names a finalizer is told", () => {
  assert.deepEqual(labels(registering + unoptimised), ["unoptimised code: nothing is inlined yet"]);
});

test("lowered code is told to be lowered", () => {
  assert.deepEqual(labels(lowered), ["lowered code: finalizers are not decided yet"]);
});

test("final text says that resolved finalizers are gone", () => {
  const final = plain.replace("CodeInfo(", "  stage final\nCodeInfo(");
  assert.deepEqual(labels(final), ["final text: resolved finalizers are gone"]);
});

test("prose is told to hold no method, an empty file nothing", () => {
  assert.deepEqual(labels("Hello.\n"), ["no printed method found in this file"]);
  assert.deepEqual(labels("\n"), []);
});
