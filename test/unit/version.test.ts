// The release that a text proves, and the profile that follows from it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { versionOf } from "../../server/src/syntax/version.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

function method(...statements: string[]): string {
  const lines = statements.map((one, index) => `${index === 0 ? "1 ─" : "│  "} ${one}`);
  return `CodeInfo(\n${lines.join("\n")}\n└── return nothing\n) => Nothing\n`;
}

function range(text: string): [number, number] {
  const syntax = readMethod(text);
  assert.ok(syntax);
  const { min, max } = versionOf(syntax, text);
  return [min, max];
}

const releases: [string, string, [number, number]][] = [
  ["labels before calls are 1.12 or later", "%1 = intrinsic Base.add_int(1, 2)::Int64", [12, 13]],
  ["an enter expression is 1.10 or before", "$(Expr(:enter, #1))", [5, 10]],
  [
    "arrays with accessors of their own are 1.10 or before",
    "%1 = Base.arrayref(true, a, 1)::Any",
    [5, 10],
  ],
  ["memory references are 1.11 or later", "%1 = Base.memoryrefnew(m)::MemoryRef{Any}", [11, 13]],
  [
    "a code instance as an operand is 1.12 or later",
    "Core.finalizer(f, %1, true, CodeInstance for MethodInstance for f(::H))::Nothing",
    [12, 13],
  ],
  ["a copy tells nothing", "%1 = 1::Int64", [5, 13]],
];
for (const [name, statement, wanted] of releases) {
  test(name, () => assert.deepEqual(range(method(statement)), wanted));
}

test("calls without labels are 1.11 or before only in optimised code", () => {
  const call = "%1 = Base.add_int(1, 2)::Int64";
  assert.deepEqual(range(method(call)), [5, 13]);
  assert.deepEqual(range(method(call, "%2 = invoke Main.f(%1::Int64)::Int64")), [5, 11]);
});

test("the profile is that of the newest release that all texts allow", () => {
  const workspace = new Workspace(null);
  workspace.set("new.jlir", method("%1 = intrinsic Base.add_int(1, 2)::Int64"));
  assert.equal(workspace.profile.name, "1.13");
  workspace.remove("new.jlir");
  workspace.set("old.jlir", method("$(Expr(:enter, #1))"));
  assert.equal(workspace.profile.name, "1.10");
  workspace.set("new.jlir", method("%1 = intrinsic Base.add_int(1, 2)::Int64"));
  assert.equal(workspace.profile.name, "1.13", "texts that contradict each other decide nothing");
});
