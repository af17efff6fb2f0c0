// What the views of a method are drawn from: blocks, edges and marks, lifetimes as segments, pressure, and the
// sentences where there is nothing to draw.

import assert from "node:assert/strict";
import { test } from "node:test";
// The page's own description of what comes over the wire: where the two drift apart, this does not compile.
import type {
  ControlFlowView,
  LaneKind,
  LifetimeView,
  MemoryView,
  NothingToView,
} from "../../client/src/views/page/wire.ts";
import { controlFlowView } from "../../server/src/features/control-flow-view.ts";
import { lifetimeView } from "../../server/src/features/lifetime-view.ts";
import { memoryView } from "../../server/src/features/memory-view.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { examples, path, workspaceOf } from "./examples.ts";

const drawnInputs = { args: null, seed: null };

function workspaceOfExamples(): Workspace {
  const workspace = new Workspace();
  for (const [file, text] of examples) workspace.set(file, text);
  return workspace;
}

function drawable<View extends object>(view: View | NothingToView): View {
  assert.ok(!("nothing" in view), "nothing" in view ? view.nothing : "");
  return view as View;
}

/** Within every method that is asked about. */
const somewhere = { line: 4, character: 0 };
const flowOf = (file: string): ControlFlowView =>
  drawable(controlFlowView(workspaceOfExamples(), file, somewhere));
const livesOf = (workspace: Workspace, file: string): LifetimeView =>
  drawable(lifetimeView(workspace, file, somewhere));

/** The segments of the first object's lane, as `block:from-to`. */
function lane({ objects: [object] }: LifetimeView, kind: LaneKind): string {
  const found = object?.lanes.find((one) => one.kind === kind);
  return (found?.segments ?? []).map(({ block, from, to }) => `${block}:${from}-${to}`).join(" ");
}

const registration =
  "Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing";
const tail = `
MethodInstance for fin(::H)
  effects (+c,!e,+n,+t,+s,!m,+u,+o,+r)
1 1 ─      return nothing
`;

test("edges are told apart by what takes them", () => {
  const { edges } = flowOf("shapes/branch_then_loop.jlir");
  assert.deepEqual(
    edges.map(({ from, to, kind, condition }) => `${from}→${to} ${condition ?? kind}`),
    [
      "1→2 true",
      "1→6 false",
      "2→3 flow",
      "3→4 true",
      "3→5 false",
      "4→3 back",
      "5→7 flow",
      "6→7 flow",
    ],
  );
});

test("the edge to a handler is one of its own", () => {
  const workspace = workspaceOf(`MethodInstance for main(::Int64)
1 1 ─ %1 = enter #3
  2 ─      invoke Main.f(_2::Int64)::Any
  │        $(Expr(:leave, :(%1)))
  └──      return nothing
  3 ─      return nothing
`);
  const { edges, blocks } = drawable(controlFlowView(workspace, path, { line: 1, character: 0 }));
  assert.deepEqual(
    edges.map(({ to, kind }) => [to, kind]),
    [
      [2, "flow"],
      [3, "handler"],
    ],
  );
  assert.deepEqual(
    blocks.map(({ isHandler }) => isHandler),
    [false, false, true],
  );
});

test("marks stand where finalizers are registered, run, could run, and at what is to blame", () => {
  const { marks } = flowOf("shapes/branch_then_loop.jlir");
  assert.deepEqual(
    marks.map(({ kind, at }) => [kind, at]),
    [
      ["registration", { statement: 2 }],
      ["julia", { block: 7 }],
      ["early", { statement: 11 }],
      ["early", { from: 1, to: 2 }],
      ["blocker", { statement: 2 }],
    ],
  );
});

test("a loop has its header and blocks, and blocks know how deep they lie", () => {
  const { loops, blocks } = flowOf("shapes/branch_then_loop.jlir");
  assert.deepEqual(
    loops.map(({ header, blocks: inside }) => [header, inside]),
    [[3, [3, 4]]],
  );
  assert.deepEqual(
    blocks.map(({ depth }) => depth),
    [0, 0, 1, 1, 0, 0, 0],
  );
});

test("the blocks of a life are those in which the object is needed, held or marked", () => {
  const [object] = flowOf("seed/seed_branch_loop.jlir").objects;
  assert.deepEqual(object?.blocks, [1, 6]);
});

test("ranges are those of the file, however far down the method stands", () => {
  const lines = "\n".repeat(7);
  const text = `prose${lines}MethodInstance for main()\n1 ─     return nothing\n`;
  const view = drawable(controlFlowView(workspaceOf(text), path, { line: 8, character: 0 }));
  assert.equal(view.blocks[0]?.statements[0]?.range.start.line, 8);
});

test("Julia's placement holds over the loop what the early plan lets go before it", () => {
  const view = livesOf(workspaceOfExamples(), "shapes/branch_then_loop.jlir");
  assert.equal(lane(view, "need"), "1:1-0 6:0-11");
  assert.equal(lane(view, "early"), "1:1-0 6:0-11");
  assert.equal(lane(view, "julia"), "1:1-0 2:0-0 3:0-0 4:0-0 5:0-0 6:0-0");
  const extended = view.objects[0]?.lanes.flatMap((one) =>
    one.extended.map(({ block }) => [one.kind, block]),
  );
  assert.deepEqual(extended, [["julia", 3]]);
});

test("a need reaches through the throw at a block's end to the handler", () => {
  const view = livesOf(
    workspaceOf(`MethodInstance for main(::Int64)
  stage inlined
  type H mutable (x::Int64)
1 1 ─ %1 = %new(Main.H, _2)::H
  │        ${registration}
  │   %3 = ϒ (%1)::H
  2 ─ %4 = enter #5
  3 ─ %5 = invoke Main.ArgumentError("x"::String)::ArgumentError
  │        Main.throw(%5)::Union{}
  └──      unreachable
  4 ─      return nothing
  5 ─ %9 = φᶜ (%3)::H
  │   %10 =   builtin Core.getfield(%9, :x)::Int64
  └──      return %10
${tail}`),
    path,
  );
  assert.match(lane(view, "need"), /\b3:0-6\b/);
});

test("a handler that nothing throws to does not hold the object", () => {
  const view = livesOf(
    workspaceOf(`MethodInstance for main(::Int64)
  stage inlined
  type H mutable (x::Int64)
1 1 ─ %1 = %new(Main.H, _2)::H
  │        ${registration}
  2 ─ %3 = enter #5
  3 ─ %4 = intrinsic Base.add_int(_2, 1)::Int64
  └──      $(Expr(:leave, :(%3)))
  4 ─      builtin Core.setfield!(%1, :x, %4)::Int64
  └──      return nothing
  5 ─      return nothing
${tail}`),
    path,
  );
  assert.doesNotMatch(lane(view, "early"), /\b5:/);
});

test("an object that a callee keeps is followed to where it leaves the method", () => {
  const view = livesOf(
    workspaceOf(`MethodInstance for main(::Int64)
  type H mutable (x::Int64)
1 1 ─ %1 = %new(Main.H, _2)::H
  │        ${registration}
  │        invoke Main.keep(%1::H)::Any
  │        invoke Main.other()::Any
  └──      return nothing
`),
    path,
  );
  assert.equal(lane(view, "need"), "1:1-3");
  const gc = view.objects[0]?.lanes.find(({ kind }) => kind === "gc");
  assert.equal(gc?.words, "held for how long is not known");
  const leaves = view.objects[0]?.points.filter(({ kind }) => kind === "leaves");
  assert.deepEqual(
    leaves?.map(({ at }) => at),
    [{ statement: 3 }],
  );
});

test("what Julia keeps waits until the end, and early frees end the wait", () => {
  const view = drawable<MemoryView>(
    memoryView(workspaceOfExamples(), "seed/seed_branch_loop.jlir", somewhere, drawnInputs),
  );
  const levels = (when: "now" | "early" | "needed"): string =>
    view.pressure.map((one) => one[when]).join("");
  assert.equal(levels("now"), "000111111111111");
  assert.equal(levels("early"), "000111000000000");
  assert.equal(levels("needed"), "000111000000000");
});

test("never more wait with early frees than now, in any example of the seed", () => {
  const workspace = workspaceOfExamples();
  for (const file of workspace.paths()) {
    const view = memoryView(workspace, file, somewhere, drawnInputs);
    if ("nothing" in view || !file.startsWith("seed/")) continue;
    for (const { now, early, position } of view.pressure)
      assert.ok(early <= now, `${file} %${position}: ${early} > ${now}`);
  }
});

test("the run of the memory view takes arguments, and says why it has none", () => {
  const workspace = workspaceOfExamples();
  const runOf = (args: string): MemoryView["run"] =>
    drawable(memoryView(workspace, "seed/seed_branch_loop.jlir", somewhere, { args, seed: 1 })).run;
  const run = runOf("10,true");
  assert.ok("drawing" in run);
  assert.equal(run.drawing.title, "seed_branch_loop(::Int64, ::Bool), N = 10, c = true");
  assert.equal(run.table.length, 6);
  const other = runOf("10");
  assert.ok("failure" in other);
  assert.match(other.failure, /takes 2 arguments/);
});

test("where there is nothing to draw a sentence and the next step stand", () => {
  const nothing = (text: string, line = 0): string => {
    const view = lifetimeView(workspaceOf(text), path, { line, character: 0 });
    assert.ok("nothing" in view && view.next.endsWith("."));
    return view.nothing;
  };
  assert.equal(nothing(""), "this file holds no text yet");
  assert.match(nothing("define i64 @f() {\n"), /LLVM IR/);
  assert.match(nothing("1 ─     return nothing\n"), /no finalizer is registered/);
  const malformed = `1 ─ %1 = %new(Main.H, 1)::H\n│        ${registration}\n└──      goto #9\n`;
  assert.match(nothing(malformed), /malformed/);
});

test("a method without registrations has a control flow all the same", () => {
  const text = "MethodInstance for f()\n1 ─     return nothing\n";
  const view = drawable(controlFlowView(workspaceOf(text), path, { line: 1, character: 0 }));
  assert.deepEqual([view.method, view.blocks.length, view.marks], ["f()", 1, []]);
});
