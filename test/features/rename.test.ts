// Rename: what it changes, what it keeps in its column, and what it refuses with whose name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareRename, rename } from "../../server/src/features/rename.ts";
import { renameComesBack } from "./properties.ts";
import { applyEdits, placeOf, realTexts, somePlaces, textIn, workspaceOf } from "./texts.ts";

const path = "a.jlir";

function renamed(text: string, needle: string, newName: string, within = 0): string {
  const made = rename(
    workspaceOf({ [path]: text }),
    path,
    placeOf(text, needle, 1, within),
    newName,
  );
  return "refused" in made ? `refused: ${made.refused}` : applyEdits(text, made.edits);
}

/** The lines that differ, as they are after the change. */
function changed(text: string, needle: string, newName: string, within = 0): string[] {
  const after = renamed(text, needle, newName, within);
  if (after.startsWith("refused")) return [after];
  const before = text.split("\n");
  return after.split("\n").filter((line, index) => line !== before[index]);
}

function prepared(text: string, needle: string, within = 0): string | null {
  const made = prepareRename(workspaceOf({ [path]: text }), path, placeOf(text, needle, 1, within));
  if (made === null) return null;
  return "refused" in made ? `refused: ${made.refused}` : textIn(text, made.range);
}

const typed = `MethodInstance for f(::Int64, ::Counted)
  from f(n, c) @ Main a.jl:1
CodeInfo(
1 ── %1  = Base.slt_int(n, 1)::Bool
└───       goto #3 if not %1
2 ── %3  = %new(Main.Counted, n)::Counted
│          Core.finalizer(Main.fin, %3)::Nothing    # expect: %4 kept
└───       goto #4
3 ──       goto #4
4 ┄─ %7  = φ (#2 => %3, #3 => c)::Counted
│    %8  = $(Expr(:gc_preserve_begin, :(%7), Core.Argument(3)))
│          $(Expr(:gc_preserve_end, :(%8)))
│    %10 = Base.getfield(%7, :x)::Int64
└───       return %10
) => Int64
`;

test("a value is renamed with all its uses, quoted ones too, and its column stays", () => {
  const lines = [
    "4 ┄─ %12 = φ (#2 => %3, #3 => c)::Counted",
    "│    %8  = $(Expr(:gc_preserve_begin, :(%12), Core.Argument(3)))",
    "│    %10 = Base.getfield(%12, :x)::Int64",
  ];
  assert.deepEqual(changed(typed, "%7", "%12"), lines);
  assert.deepEqual(changed(typed, ":(%7", "12", 2), lines);
  assert.equal(prepared(typed, ":(%7", 2), "%7");
});

test("a number that does not fit pushes its own line only, and comes back", () => {
  const there = renamed(typed, "%7", "%7000");
  assert.ok(there.includes("\n4 ┄─ %7000 = φ ("));
  assert.equal(renamed(there, "%7000", "%7"), typed);
});

test("a taken number is refused, and the answer says who has it", () => {
  assert.deepEqual(changed(typed, "%7", "%3"), [
    "refused: `%3` is taken: it is `%new(Main.Counted, n)` on line 6",
  ]);
  // Statement 5 prints no number, and has it all the same.
  assert.deepEqual(changed(typed, "%7", "5"), [
    "refused: `%5` is taken: it is `goto #4` on line 8",
  ]);
});

test("what is no number is refused, the own number changes nothing", () => {
  for (const name of ["", "x", "%", "%x", "%0", "-3", "1.5", "#3", "% 4", "99999999999"]) {
    assert.match(renamed(typed, "%7", name), /^refused: .*is no value/, name);
  }
  assert.equal(renamed(typed, "%7", "%7"), typed);
  assert.equal(renamed(typed, "%7", "  7 "), typed);
});

test("unnumbered statements count on from a renamed one, and so do expectations about them", () => {
  assert.deepEqual(changed(typed, "%3", "%30"), [
    "2 ── %30 = %new(Main.Counted, n)::Counted",
    "│          Core.finalizer(Main.fin, %30)::Nothing    # expect: %31 kept",
    "4 ┄─ %7  = φ (#2 => %30, #3 => c)::Counted",
  ]);
  assert.equal(renamed(renamed(typed, "%3", "%30"), "%30", "%3"), typed);
});

test("a block is renamed with its jumps and edges, and the gutter keeps its width", () => {
  assert.deepEqual(changed(typed, "#3", "12"), [
    "└───       goto #12 if not %1",
    "12 ─       goto #4",
    "4 ┄─ %7  = φ (#2 => %3, #12 => c)::Counted",
  ]);
  assert.deepEqual(changed(typed, "4 ┄─", "#14"), [
    "└───       goto #14",
    "3 ──       goto #14",
    "14 ┄ %7  = φ (#2 => %3, #3 => c)::Counted",
  ]);
});

test("taken blocks, block 1, and what is no block are refused", () => {
  assert.deepEqual(changed(typed, "#3", "#2"), [
    "refused: `#2` is taken: it is the block that begins on line 6",
  ]);
  assert.match(renamed(typed, "#3", "x"), /is no block/);
  assert.match(renamed(typed, "#3", "%9"), /is no block/);
  assert.match(prepared(typed, "1 ──") ?? "", /^refused: block `#1`/);
});

test("an argument is renamed in the from line and in the body; its numbers stay", () => {
  assert.deepEqual(changed(typed, "c)", "object"), [
    "  from f(n, object) @ Main a.jl:1",
    "4 ┄─ %7  = φ (#2 => %3, #3 => object)::Counted",
  ]);
  assert.equal(renamed(renamed(typed, "n, 1", "k"), "k, 1", "n"), typed);
});

test("arguments and slots are renamed in all lines of a code_warntype header", () => {
  const text = `MethodInstance for g(::Int64)
  from g(i::Int64) @ Main a.jl:3
Arguments
  #self#::Core.Const(g)
  i::Int64
Locals
  o::Counted
Body::Int64
1 ─      (o = Main.counted(i))
│        Core.Const(:(o = Base.getproperty(o, :o)))
└──      return $(Expr(:isdefined, :(o)))
`;
  assert.deepEqual(changed(text, "i::Int64)", "j"), [
    "  from g(j::Int64) @ Main a.jl:3",
    "  j::Int64",
    "1 ─      (o = Main.counted(j))",
  ]);
  assert.deepEqual(changed(text, "o =", "p"), [
    "  p::Counted",
    "1 ─      (p = Main.counted(i))",
    "│        Core.Const(:(p = Base.getproperty(p, :o)))",
    "└──      return $(Expr(:isdefined, :(p)))",
  ]);
  assert.match(renamed(text, "o =", "i"), /^refused: `i` is taken: it is argument 2/);
  assert.match(renamed(text, "i::Int64", "o"), /^refused: `o` is taken: it is slot 3/);
});

test("names that Julia could not print for a slot are refused", () => {
  for (const name of [
    "",
    "1x",
    "a b",
    "x.y",
    "_3",
    "@_3",
    "goto",
    "nothing",
    "%4",
    "f(x)",
    "a\n",
  ]) {
    assert.match(renamed(typed, "c)", name === "a\n" ? "a\nb" : name), /^refused: /, name);
  }
  for (const name of ["r#311", "x@_3", "θ′", "_x", "a!"]) {
    assert.doesNotMatch(renamed(typed, "c)", name), /^refused/, name);
  }
});

test("what cannot be renamed says so before a name is asked for", () => {
  assert.match(prepared(typed, "Argument(3)", 9) ?? "", /its name is `c`/);
  assert.match(prepared(typed.replace("not %1", "not %99"), "%99") ?? "", /no statement .* `%99`/);
  assert.match(prepared(typed, "%4 kept") ?? "", /without its number/);
  assert.match(
    prepared(typed.replace("%8  =", "%7  ="), "%7") ?? "",
    /two statements have the number `%7`/,
  );
  assert.equal(prepared(typed, "Base.slt_int"), null);
  assert.equal(prepared(`see %7\n\n${typed}`, "%7"), null);
  assert.match(renamed(`see %7\n\n${typed}`, "%7", "%9"), /^refused/);
});

test("through colours the token alone is replaced", () => {
  const text = typed.replaceAll("%7", "\x1b[36m%7\x1b[39m");
  assert.equal(renamed(text, "%7", "%12"), text.replaceAll("%7", "%12"));
});

test("renamed to a fresh number or name and back, real texts are the same", () => {
  let count = 0;
  for (const { text } of realTexts()) {
    const places = somePlaces(text);
    const step = Math.ceil(places.length / 25);
    count += renameComesBack(
      text,
      places.filter((_, index) => index % step === 0),
    );
  }
  assert.ok(count > 200, `only ${count}`);
});
