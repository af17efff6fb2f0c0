// Hover says something about every form, the right thing where it matters, and nothing about prose.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hover } from "../../server/src/features/hover.ts";
import { runs } from "../harness/runs.ts";
import { cursorIn, examples, path, workspaceOf } from "./examples.ts";

/** The hover at `<|>` as `[its text, its Markdown]`; two empty strings where there is none. */
function at(marked: string): [string, string] {
  const { text, position } = cursorIn(marked);
  const found = hover(workspaceOf(text), path, position);
  if (found === null) return ["", ""];
  const { start, end } = found.range;
  const line = text.split("\n")[start.line] ?? "";
  return [
    line.slice(start.character, end.line > start.line ? undefined : end.character),
    found.markdown,
  ];
}

function check(marked: string, covers: string, wanted: RegExp): void {
  const [covered, markdown] = at(marked);
  assert.match(markdown, wanted, marked);
  assert.equal(covered, covers, marked);
}

const header = `MethodInstance for f(::Int64, ::Counted)
  from f(n, c) @ Main a.jl:3
  effects (+c,!e,?m)
  stage inlined
  type Counted mutable (x::Int64, n::Vector{Int64} const)
  type Pure (a::Int64)
`;

test("every kind of statement has a sentence", () => {
  const statements = [
    "goto #2",
    "goto #2 if not true",
    "return %1",
    "unreachable",
    "φ (#1 => %1)::Any",
    "π (%1, Int64)",
    "φᶜ (%1)::Any",
    "ϒ (%1)::Any",
    "enter #2",
    "$(Expr(:enter, #2))",
    "$(Expr(:leave, 1))",
    "invoke Main.f(%1::Any)::Any",
    "dynamic Main.f(%1)::Any",
    "%new(Main.T, 1)::T",
    "%splatnew(Main.T, %1)::T",
    "$(Expr(:foreigncall, :(:free), Nothing, svec(Any), 0, :(:ccall), :(%1)))::Nothing",
    "$(Expr(:the_exception))::Any",
    "$(Expr(:anything_else, 1))::Any",
    "Main.x::Any",
    "Core.Const(:(return nothing))::Union{}",
    "this is ( not a statement",
  ];
  for (const statement of statements) {
    const [, markdown] = at(`1 ─ %1 = f()::Any\n│        <|>${statement}\n2 ─      return 1\n`);
    assert.ok(markdown.length > 20, `nothing about ${statement}`);
  }
});

test("every known head has a sentence, and unknown ones too", () => {
  const heads =
    "pop_exception the_exception gc_preserve_begin gc_preserve_end boundscheck static_parameter copyast throw_undef_if_not isdefined loopinfo code_coverage_effect meta inbounds inline purity cfunction new_opaque_closure invoke_modify aliasscope popaliasscope global const method thunk lambda toplevel foreignglobal latestworld";
  const said = new Set(
    heads.split(" ").map((head) => at(`1 ─ %1 = $(Expr(:<|>${head}, 1))::Any\n`)[1]),
  );
  assert.equal(said.size, heads.split(" ").length);
  assert.match(at("1 ─ %1 = $(Expr(:some<|>thing))::Any\n")[1], /without syntax of its own/);
});

test("keywords and labels tell the form", () => {
  check("1 ─      go<|>to #1 if not true\n", "goto", /condition is `false`/);
  check("1 ─      goto #1 i<|>f not true\n", "if", /condition is `false`/);
  check("1 ─ %1 =   bui<|>ltin Core.tuple()::Any\n", "builtin Core.tuple()", /tuple.*runtime/s);
  check(
    "1 ─ %1 = dynamic buil<|>tin Core._apply_iterate(x)::Any\n",
    "dynamic builtin Core._apply_iterate(x)",
    /run time/,
  );
  check("2 ┄ %1 = <|>φ (#1 => 1)::Any\n", "φ", /from which control came/);
});

test("the mark of a block counts predecessors", () => {
  const merge = "1 ─      goto #3 if not true\n2 ─      nothing\n3 <|>┄      return 1\n";
  check(merge, "┄", /two predecessors or more.*\n\nControl comes from #1, #2\./);
  check("1 <|>─      return 1\n", "─", /at most one predecessor.*\n\nThe method starts here\./);
  check("1 ─ %1 = 1\n└─<|>─      return 1\n", "└──", /last statement/);
});

test("effects are explained letter by letter", () => {
  check(header.replace("!e", "!<|>e"), "!e", /effect_free, not proven/);
  check(header.replace("?m", "?<|>m"), "?m", /inaccessiblememonly, under a condition/);
  check("1 ─ %1 = f()::Any   # (<|>+n)\n", "+n", /nothrow, always.*\n\n.*registration/);
});

test("header lines tell what they are, and the method its releases", () => {
  const body = "1 ─ %1 =   builtin Core.tuple()::Tuple{}\n2 ─ %2 = enter #3\n3 ─      return 1\n";
  const [covered, markdown] = at(`${header.replace("for f", "for <|>f")}${body}`);
  assert.equal(covered, "MethodInstance for f(::Int64, ::Counted)");
  assert.match(
    markdown,
    /Julia 1\.12 to 1\.13:\n {2}- 1\.12 or later: the label `builtin` at `%1`/,
  );
  assert.match(markdown, /3 statements in 3 blocks, stage `inlined`/);
  check(`${header.replace("stage", "st<|>age")}${body}`, "stage", /before the pass/);
  check(`${header.replace("inlined", "inl<|>ined")}${body}`, "inlined", /predicted/);
  check(`${header.replace("type C", "ty<|>pe C")}${body}`, "type", /layout/);
  check(`${header.replace("mutable", "mut<|>able")}${body}`, "mutable", /identity/);
  check("CodeIn<|>fo(\n1 ─     return 1\n)\n", "CodeInfo", /code_typed/);
});

test("types tell their layout and identity", () => {
  const body = (type: string): string => `${header}1 ─ %1 = f()::${type}\n└──      return %1\n`;
  check(
    body("Coun<|>ted"),
    "Counted",
    /Mutable struct[\s\S]*- `x::Int64`\n- `n::Vector{Int64}`, const/,
  );
  check(body("Pu<|>re"), "Pure", /Immutable struct[\s\S]*no identity/);
  check(body("Tup<|>le{Counted, Int64}"), "Tuple{Counted, Int64}", /holds has identity/);
  check(body("Union{Nothing, Coun<|>ted}"), "Counted", /Mutable/);
  check(
    body("Uni<|>on{Nothing, Int64}"),
    "Union{Nothing, Int64}",
    /One of these[\s\S]*no identity/,
  );
  check(body("Uni<|>on{}"), "Union{}", /does not come back/);
  check(body("Unkn<|>own"), "Unknown", /layout is not known/);
  check(body("In<|>t64"), "Int64", /64 of them/);
  check(body("Core.Co<|>nst((1, 2))"), "Core.Const((1, 2))", /value itself/);
  check(
    body("Core.Partial<|>Struct(Pure, Any[Int64])"),
    "Core.PartialStruct(Pure, Any[Int64])",
    /more than the type/,
  );
});

test("a capital name among operands is a type only if it is known as one", () => {
  const body = (operand: string): string => `${header}1 ─ %1 = dynamic Main.f(${operand})::Any\n`;
  assert.match(at(body("Main.Coun<|>ted"))[1], /Mutable struct/);
  assert.match(at(body("Main.TRA<|>CKER"))[1], /dynamic call/);
});

test("a C call is taken apart", () => {
  const call =
    '$(Expr(:foreign<|>call, :(Core.tuple(:foo, "libfoo")), Ptr{Nothing}, svec(Int32, Any), 0, :($(QuoteNode((:ccall, 0x0024, true)))), :(%1), Core.Argument(2), :(%2)))';
  const [, markdown] = at(`1 ─ %1 = 1\n│   %2 = 2\n│   %3 = ${call}::Ptr{Nothing}\n`);
  for (const wanted of [
    "**C call of `foo`** in `libfoo`",
    "returns `Ptr{Nothing}`",
    "argument 1: `:(%1)::Int32`",
    "argument 2: `Core.Argument(2)::Any`",
    "effects `0x0024`: promised: `nothrow`, `notaskstate`; the garbage collector may run",
    "without being passed: `:(%2)`",
    "declared `Any`",
  ]) {
    assert.ok(markdown.includes(wanted), `${wanted} in\n${markdown}`);
  }
  const plain = call.replace("($(QuoteNode((:ccall, 0x0024, true))))", "(:ccall)");
  assert.match(at(`1 ─ %3 = ${plain}\n`)[1], /nothing promised: it may throw/);
});

test("a place in the source shows the frames around it", () => {
  const rails = `   @ a.jl:3 within \`f\`
  ┌ @ int.jl:<|>518 within \`==\`
1 ─│ %1 = (x === y)::Bool
└──      return %1
`;
  check(rails, "int.jl:518", /- `f` at a\.jl:3\n {2}- inlined `==` at int\.jl:518/);
  check(rails.replace("<|>", "").replace("1 ─│", "1 ─<|>│"), "│", /inlined `==`/);
  check(
    "MethodInstance for f()\n  from f() @ Main a.jl:1\n46<|> 1 ─     return 1\n".replace(
      "46<|>",
      "<|>46",
    ),
    "46",
    /`f` at a\.jl:46/,
  );
});

test("marks of code_escapes are explained", () => {
  check("↑<|>′ 1 ─ %1 = f()\n".replace("↑<|>", "<|>↑"), "↑′", /returned.*fields/);
  check("<|>◌  1 ─ %1 = f()\n", "◌", /not analysed/);
});

test("callees tell what they stand in the way of", () => {
  const workspace = `MethodInstance for g(::Counted)
  effects (+c,!e,!n,+t,+s,!m,+u,+o,+r)
1 ─     return _2
MethodInstance for f(::Counted)
1 ─ %1 = invoke Main.<|>g(_2::Counted)::Any
└──      return %1
`;
  const [covered, markdown] = at(workspace);
  assert.equal(covered, "invoke Main.g(_2::Counted)");
  assert.match(markdown, /\*\*`g\(::Counted\)`\*\*[\s\S]*effects: `\+c,!e,!n/);
  assert.match(markdown, /stands in the way of: any finalizer .*\(it may throw\)/);
  assert.match(at(workspace.replace("Main.<|>g", "Main.<|>h"))[1], /nothing is known about `h`/);
});

test("values and blocks are known in comments too", () => {
  const text = "1 ─ %1 = f()::Int64   # see %<|>1 and #1\n└──      return %1\n";
  check(text, "%1", /used by %2/);
  check(text.replace("<|>", "").replace("#1", "#<|>1"), "#1", /\*\*block #1\*\*/);
});

test("a local variable shows its type", () => {
  const text =
    "MethodInstance for f()\nArguments\n  #self#::Core.Const(f)\nLocals\n  o::Counted\nBody::Any\n1 ─      (o<|> = g())\n└──      return o\n".replace(
      "o<|>",
      "<|>o",
    );
  check(text, "o", /local variable `o::Counted`, slot 2/);
});

test("about prose nothing is said", () => {
  for (const text of [
    "Then we goto <|>#3 and return.\n",
    "<|>\n",
    "stage <|>final\n",
    "# a <|>comment\n",
  ]) {
    assert.deepEqual(at(text), ["", ""], text);
  }
  const behind = workspaceOf(`${header}1 ─     return 1\n`);
  assert.equal(hover(behind, path, { line: 0, character: 500 }), null);
});

test("hovers stand on what they speak of in coloured text", () =>
  check("\x1b[90m1 ─\x1b[39m %1 = f()\x1b[36m::In<|>t64\x1b[39m\n", "Int64", /Plain bits/));

test("hover fails nowhere, in damaged text neither", () => {
  const files = [...examples.values()];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.nat(3000),
      fc.nat(40),
      fc.nat(80),
      fc.nat(160),
      (text, from, length, line, character) => {
        const damaged = text.slice(0, from) + text.slice(from + length);
        const found = hover(workspaceOf(damaged), path, { line, character });
        if (found !== null) assert.ok(found.markdown.length > 0);
      },
    ),
    runs(400),
  );
});
