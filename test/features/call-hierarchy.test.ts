// Who calls whom, across files.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Call,
  incomingCalls,
  outgoingCalls,
  prepareCallHierarchy,
} from "../../server/src/features/call-hierarchy.ts";
import type { Workspace } from "../../server/src/workspace/workspace.ts";
import { placeOf, realTexts, shown, workspaceOf } from "./texts.ts";

const method = (signature: string, ...lines: string[]): string =>
  [
    `MethodInstance for ${signature}`,
    `  from ${signature.replace(/::\w+/g, "x")} @ Main a.jl:1`,
    "CodeInfo(",
    "1 ─      nothing::Nothing",
    ...lines.map((line) => `│        ${line}`),
    "└──      return nothing",
    ") => Nothing",
    "",
  ].join("\n");

const files = {
  "main.jlir": method(
    "main(::Int64)",
    "invoke Main.use(_2::Int64)::Nothing",
    "invoke Main.use(_2::Int64)::Nothing",
    "invoke Main.use(_2::Float64)::Nothing",
    "dynamic Main.step(_2, 1)::Any",
  ),
  "use.jlir": method("use(::Int64)", "invoke Main.main(_2::Int64)::Nothing"),
  "step.jlir": method("step(::Int64, ::Int64)") + method("step(::Int64)"),
};
const workspace = workspaceOf(files);

function words(calls: readonly Call[], own: string | null): string[] {
  return calls.map(({ item, ranges }) => {
    const text = files[(own ?? item.path) as keyof typeof files];
    return `${item.name} in ${item.path}: ${ranges.map((range) => shown(text, range)).join(", ")}`;
  });
}

test("a hierarchy begins at a header or at a call", () => {
  const names = (path: keyof typeof files, needle: string): string[] =>
    prepareCallHierarchy(workspace, path, placeOf(files[path], needle)).map(
      ({ name, path: at, detail }) => `${name} ${at} ${detail}`,
    );
  assert.deepEqual(names("use.jlir", "use"), ["use(::Int64) use.jlir use(x) @ Main a.jl:1"]);
  assert.deepEqual(names("main.jlir", "Main.use"), ["use(::Int64) use.jlir use(x) @ Main a.jl:1"]);
  assert.deepEqual(names("main.jlir", "_2"), []);
  assert.deepEqual(names("main.jlir", "Main.use(_2::Float64)"), []);
});

test("outgoing calls are those with a body at hand, with all their places", () => {
  assert.deepEqual(
    words(outgoingCalls(workspace, "main.jlir", { line: 0, character: 0 }), "main.jlir"),
    [
      "use(::Int64) in use.jlir: 5:Main.use, 6:Main.use",
      "step(::Int64, ::Int64) in step.jlir: 8:Main.step",
    ],
  );
});

test("incoming calls are invokes of the signature, and calls by name with as many arguments", () => {
  const incoming = (path: keyof typeof files, line = 0): string[] =>
    words(incomingCalls(workspace, path, { line, character: 0 }), null);
  assert.deepEqual(incoming("use.jlir"), ["main(::Int64) in main.jlir: 5:Main.use, 6:Main.use"]);
  assert.deepEqual(incoming("main.jlir"), ["use(::Int64) in use.jlir: 5:Main.main"]);
  assert.deepEqual(incoming("step.jlir"), ["main(::Int64) in main.jlir: 8:Main.step"]);
  assert.deepEqual(incoming("step.jlir", 8), []);
});

test("there is no hierarchy in prose, without a header, or without a file", () => {
  const bare = workspaceOf({ "a.jlir": "CodeInfo(\n1 ─     return nothing\n) => Nothing\n" });
  const place = { line: 1, character: 0 };
  assert.deepEqual(prepareCallHierarchy(bare, "a.jlir", place), []);
  assert.deepEqual(incomingCalls(bare, "a.jlir", place), []);
  assert.deepEqual(outgoingCalls(bare, "a.jlir", place), []);
  assert.deepEqual(incomingCalls(bare, "b.jlir", place), []);
});

test("in the examples the callee of each outgoing call has the caller among its incoming ones", () => {
  const all: Workspace = workspaceOf(
    Object.fromEntries(
      realTexts()
        .filter(({ name }) => name.startsWith("examples"))
        .map(({ name, text }) => [name, text]),
    ),
  );
  let count = 0;
  for (const path of all.paths()) {
    for (const { item, ranges } of outgoingCalls(all, path, { line: 0, character: 0 })) {
      const back = incomingCalls(all, item.path, item.selection.start);
      const own = back.find((call) => call.item.path === path);
      assert.deepEqual(own?.ranges, ranges, `${path} → ${item.path}`);
      count++;
    }
  }
  assert.ok(count > 10, `only ${count} calls`);
});
