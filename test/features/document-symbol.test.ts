// The outline: methods, blocks and values of a file, and that it is fast where a file is large.

import assert from "node:assert/strict";
import { test } from "node:test";
import { documentSymbols, type OutlineSymbol } from "../../server/src/features/document-symbol.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { outlineIsTheSameWithoutValues, outlineNests } from "./properties.ts";
import { example, realTexts, shown, textIn, workspaceOf } from "./texts.ts";

const path = "a.jlir";

function outline(text: string): OutlineSymbol[] {
  return documentSymbols(workspaceOf({ [path]: text }), path);
}

/** `kind name | detail`, indented. */
function lines(symbols: readonly OutlineSymbol[], indent = ""): string[] {
  return symbols.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name}${detail === "" ? "" : ` | ${detail}`}`,
    ...lines(children, `${indent}  `),
  ]);
}

const twoMethods = `Some prose, a 1-based list:

MethodInstance for f(::Int64)
  from f(x) @ Main a.jl:1
CodeInfo(
1 ─ %1 = Base.slt_int(x, 1)::Bool
└──      goto #3 if not %1
2 ─      return 0
3 ─ %4 = invoke Main.g(x::Int64)::Int64
└──      return %4
) => Int64

More prose.

CodeInfo(
1 ─     return nothing
) => Nothing
`;

test("a file is outlined as methods, blocks with their neighbours, and values", () => {
  assert.deepEqual(lines(outline(twoMethods)), [
    "method f(::Int64) | optimized · 5 statements · 3 blocks",
    "  block #1 | → #2 #3",
    "    value %1 | Base.slt_int(x, 1) :: Bool",
    "  block #2 | ← #1",
    "  block #3 | ← #1",
    "    value %4 | invoke Main.g(x::Int64) :: Int64",
    "method method without a name | 1 statement · 1 block",
    "  block #1",
  ]);
});

test("a method reaches from its header to the line that closes it, prose left out", () => {
  const [first, second] = outline(twoMethods);
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(shown(twoMethods, first.selection), "3:MethodInstance for f(::Int64)");
  assert.match(textIn(twoMethods, first.range), /^MethodInstance.*\) => Int64$/s);
  assert.match(textIn(twoMethods, second.range), /^CodeInfo\(\n.*\n\) => Nothing$/s);
  const [, , third] = first.children;
  assert.ok(third !== undefined);
  assert.equal(shown(twoMethods, third.selection), "9:3");
  assert.match(textIn(twoMethods, third.range), /^3 ─ %4.*return %4$/s);
});

test("arguments, locals and static parameters of code_warntype are symbols", () => {
  const text = `MethodInstance for scale(::Vector{Float64}, ::Int64)
  from scale(v::AbstractArray{T}, k) where T @ Main REPL[4]:1
Static Parameters
  T = Float64
Arguments
  #self#::Core.Const(scale)
  v::Vector{Float64}
  k::Int64
Locals
  @_4::Union{Nothing, Tuple{Float64, Int64}}
Body::Vector{Float64}
1 ─     return v
`;
  const [method] = outline(text);
  assert.deepEqual(lines(method?.children ?? []), [
    "section Static Parameters",
    "  parameter T | = Float64",
    "section Arguments",
    "  slot #self# | ::Core.Const(scale)",
    "  slot v | ::Vector{Float64}",
    "  slot k | ::Int64",
    "section Locals",
    "  slot @_4 | ::Union{Nothing, Tuple{Float64, Int64}}",
    "block #1",
  ]);
});

test("the outline goes by the printed numbers", () => {
  const text =
    "CodeInfo(\n1 ─ %7 = f()::Any\n│   %9 = g()::Any\n└──      goto #4\n4 ─      return %9\n)\n";
  assert.deepEqual(lines(outline(text)).slice(1), [
    "  block #1 | → #4",
    "    value %7 | f() :: Any",
    "    value %9 | g() :: Any",
    "  block #4 | ← #1",
  ]);
});

test("a value of which only the number is left keeps its name within its range", () => {
  for (const end of ["", " ", "  \n", "\n"]) {
    const text = `42 1 ─ %1 = f()::Any\n43 4 ─ %11 =${end}`;
    outlineNests(text);
    outlineNests(text.replace("%11 =", "%11 = "));
  }
});

test("prose has no symbols, and a file that is not there neither", () => {
  assert.deepEqual(outline("just words\n1. a list\n"), []);
  assert.deepEqual(outline(""), []);
  assert.deepEqual(documentSymbols(new Workspace(), "nowhere"), []);
});

test("values are left out beyond their limit, blocks beyond theirs, methods never", () => {
  const text = example("seed/seed_main.jlir");
  const workspace = workspaceOf({ [path]: text + text });
  const blocks = 1000;
  const values = (symbols: readonly OutlineSymbol[]): number[] =>
    symbols.map(
      ({ children }) =>
        children.flatMap((one) => one.children).filter((one) => one.kind === "value").length,
    );
  const [all = 0] = values(documentSymbols(workspace, path));
  assert.ok(all > 10);
  assert.deepEqual(values(documentSymbols(workspace, path, { values: 1, blocks })), [all, 0]);
  assert.deepEqual(values(documentSymbols(workspace, path, { values: 0, blocks })), [0, 0]);
  const [first, second] = documentSymbols(workspace, path, { values: 0, blocks: 1 });
  const [, whole] = documentSymbols(workspace, path);
  assert.ok(first !== undefined && first.children.length > 10);
  assert.deepEqual(second?.children, []);
  assert.deepEqual([second.name, second.detail], [whole?.name, whole?.detail]);
  assert.deepEqual(second.range, whole?.range);
});

test("symbols of real texts nest", () => {
  for (const { text } of realTexts()) outlineNests(text);
});

test("without reading statements the outline says the same", () => {
  for (const { text } of realTexts()) outlineIsTheSameWithoutValues(text);
});
