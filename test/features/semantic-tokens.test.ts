// Semantic tokens: as the protocol wants them, and in agreement with the TextMate grammar over the
// examples and over one line of every printed form. Where the two may differ stands in `allowed`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  appearance,
  type SemanticToken,
  semanticTokens,
  semanticTokensIn,
  tokenModifiers,
  tokenTypes,
} from "../../server/src/features/semantic-tokens.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { tokensOf } from "../../server/src/syntax/tokens.ts";
import { Document } from "../../server/src/workspace/document.ts";
import { examples, path, root, workspaceOf } from "./examples.ts";
import { scopesOf } from "./text-mate.ts";

function tokens(text: string): SemanticToken[] {
  return semanticTokens(workspaceOf(text), path) ?? [];
}

test("tokens stand on one line each, in order, without overlap", () => {
  for (const text of [...examples.values(), '1 ─ %1 = f("two\nlines")::Any\n└── return 1\n']) {
    let line = 0;
    let end = 0;
    for (const token of tokens(text)) {
      const isBehind = token.line > line || (token.line === line && token.character >= end);
      assert.ok(isBehind, JSON.stringify(token));
      line = token.line;
      end = token.character + token.length;
      assert.ok(end <= (text.split("\n")[line]?.length ?? 0));
    }
  }
});

test("a string over two lines is two tokens", () => {
  const strings = tokens('1 ─ %1 = f("two\nlines")::Any\n').filter(
    ({ type }) => tokenTypes[type] === "string",
  );
  assert.deepEqual(
    strings.map(({ line, character, length }) => [line, character, length]),
    [
      [0, 11, 4],
      [1, 0, 6],
    ],
  );
});

test("a definition and its use differ by a modifier", () => {
  const values = tokens("1 ─ %1 = f()::Any\n└──      return %1\n").filter(
    ({ type }) => tokenTypes[type] === "variable",
  );
  assert.deepEqual(
    values.map(({ modifiers }) => tokenModifiers.filter((_, bit) => (modifiers >> bit) & 1)),
    [["definition"], ["readonly"]],
  );
});

test("the tokens of a range are those of the file on its lines", () => {
  const text = [...examples.values()].slice(0, 4).join("");
  const all = tokens(text);
  for (const [from, to] of [
    [0, 3],
    [40, 60],
    [0, 100_000],
  ]) {
    const range = {
      start: { line: from ?? 0, character: 5 },
      end: { line: to ?? 0, character: 0 },
    };
    const wanted = all.filter(({ line }) => line >= range.start.line && line <= range.end.line);
    assert.deepEqual(semanticTokensIn(workspaceOf(text), path, range), wanted);
  }
});

test("a file that is very long is coloured by ranges only", () => {
  const workspace = workspaceOf("prose\n".repeat(40_000));
  assert.equal(semanticTokens(workspace, path), null);
  assert.equal(semanticTokens(workspace, "nowhere"), null);
  assert.deepEqual(
    semanticTokensIn(workspace, path, {
      start: { line: 0, character: 0 },
      end: { line: 9, character: 0 },
    }),
    [],
  );
});

test("the extension maps every modifier of ours to a scope of the grammar", () => {
  const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
    contributes: {
      semanticTokenScopes?: readonly { scopes: Readonly<Record<string, readonly string[]>> }[];
      semanticTokenModifiers?: readonly { id: string }[];
    };
  };
  const { semanticTokenScopes = [], semanticTokenModifiers = [] } = manifest.contributes;
  const grammar = readFileSync(new URL("syntaxes/julia-ir.tmLanguage.json", root), "utf8");
  const scopes = Object.entries(semanticTokenScopes[0]?.scopes ?? {});
  for (const [selector, list] of scopes) {
    for (const scope of list) assert.ok(grammar.includes(`"${scope}"`), `${selector}: ${scope}`);
  }
  const ours = tokenModifiers.slice(tokenModifiers.indexOf("call"));
  assert.deepEqual(semanticTokenModifiers.map(({ id }) => id).sort(), [...ours].sort());
  const mapped = new Set(scopes.map(([selector]) => selector));
  for (const look of Object.values(appearance)) {
    const special = look.slice(1).some((one) => (ours as readonly string[]).includes(one));
    if (special) assert.ok(mapped.has(look.join(".")), `no scope for ${look.join(".")}`);
  }
});

// ── Agreement with the grammar ──

/** Scopes of the grammar as the kinds of our tokens; the first that fits counts. */
const kindsOfScopes: readonly (readonly [RegExp, string])[] = [
  [/^punctuation\.definition\.comment\.gutter/, "gutter"],
  [/^entity\.name\.label\.block/, "block-label"],
  [/^constant\.numeric\.line/, "line-number"],
  [/^markup\.other\.escape/, "escape-mark"],
  [/^punctuation\.separator\.at|^keyword\.other\.within/, "at"],
  [/^string\.unquoted\.path/, "location"],
  [/^variable\.other\.definition\.ssa/, "definition"],
  [/^variable\.other\.ssa/, "ssa"],
  [/^variable\.parameter|^variable\.language\.self/, "argument"],
  [/^variable\.other\.slot/, "slot"],
  [/^variable\.other\.global/, "global"],
  [/^variable\.other\.member/, "member"],
  [/^keyword\.control|^keyword\.operator\.new/, "keyword"],
  [/^storage\.type\.call/, "call-label"],
  [/^support\.function\.finalizer/, "finalizer"],
  [/^entity\.name\.function\.macro/, "macro"],
  [/^entity\.name\.function|^support\.function/, "function"],
  [/^entity\.name\.namespace/, "module"],
  [/^entity\.name\.type|^support\.type/, "type"],
  [/^keyword\.other\.expr-head/, "head"],
  [/^string\.quoted\.double|^constant\.character\.escape/, "string"],
  [/^string\.quoted\.single/, "character"],
  [/^constant\.numeric/, "number"],
  [/^constant\.language\.effect/, "effect"],
  [/^constant\.language\.stage/, "stage"],
  [/^constant\.language/, "constant"],
  [/^constant\.other\.symbol/, "symbol"],
  [/^constant\.other\.code/, "code"],
  [/^keyword\.operator\.sigil/, "sigil"],
  [/^keyword\.operator/, "operator"],
  [/^keyword\.other\.expect/, "expectation"],
  [/^punctuation\.definition\.prompt/, "prompt"],
  [/^punctuation\.definition\.fence/, "fence"],
  [/^comment\.line\.debuginfo/, ""],
  [/^comment|^punctuation\.definition\.comment/, "comment"],
  [/^storage\.modifier\.(?:from|effects|stage|type)|^storage\.type/, "header"],
  [/^storage\.modifier/, "modifier"],
];

/** Kinds that one scope stands for, and kinds that the grammar leaves in the plain colour. */
const sameKind: Readonly<Record<string, string>> = {
  rail: "gutter",
  "block-number": "block-label",
  "source-line": "line-number",
  "frame-name": "function",
  facts: "comment",
  punctuation: "",
  prose: "",
  space: "",
  escape: "",
  mark: "",
};

/** `grammar → ours`: differences that are known, and why. */
const allowed: Readonly<Record<string, string>> = {
  "slot → argument": "the header says which names are arguments",
  "type → argument": "an argument may be called `N`",
  "type → slot": "a slot too",
  "argument → slot": "`@_4` behind the arguments is a slot",
  "function → argument": "an argument can be called",
  "block-label → argument": "a closure may be called `#6`",
  "block-label → slot": "a slot too",
  "slot → type": "a type variable may be called `length`",
  "global → type": 'or `var"#s178"`',
  " → operator": "stray signs",
};

async function compare(text: string): Promise<void> {
  const scopes = await scopesOf(text);
  const wanted = scopes.map(
    (scope) => kindsOfScopes.find(([form]) => form.test(scope))?.[1] ?? scope.replace(/.*/, ""),
  );
  let at = 0;
  for (const unit of new Document(text).units) {
    const cleaned = unit.cleaned();
    for (const { kind, start, end } of tokensOf(unit.text, cleaned, readMethod(cleaned.text))) {
      const got = sameKind[kind] ?? kind;
      for (let i = at + start; i < at + end; i++) {
        if (text.charCodeAt(i) <= 32 || wanted[i] === got) continue;
        const line = text.slice(text.lastIndexOf("\n", i) + 1).split("\n", 1)[0];
        const difference = `${wanted[i]} → ${got}`;
        const piece = text.slice(at + start, at + end);
        assert.ok(difference in allowed, `${difference} at "${piece}" in\n${line}`);
      }
    }
    at += unit.text.length;
  }
}

test("the grammar agrees on the examples", async () => {
  for (const text of examples.values()) await compare(text);
});

const forms = String.raw`
1-element Vector{Any}:
 CodeInfo(
    @ a.jl:46 within ${"`f`"}
   ┌ @ int.jl:518 within ${"`==`"} @ promotion.jl:483 @ promotion.jl:639
1 ─││ %1 = %new(Main.Counted, i)::Counted
│  │└
│   %2 = φ (#2 => 1, #8 => %19, #9 => #undef)::Int64
│   %3 = φᶜ (%2, %19)::Core.Compiler.MaybeUndef(Float64)
│   %4 = ϒ (#undef)::Core.Compiler.MaybeUndef(Union{})
│   %5 = π (%4, Union{Nothing, Float64})
│   %6 = enter #5 with scope %2
│   %7 = $(Expr(:enter, #5))
│        $(Expr(:leave, :(%3)))
│        $(Expr(:leave, 1))
│   %9 = $(Expr(:pop_exception, :(%3)))::Core.Const(nothing)
│   %9 = $(Expr(:the_exception))::Union{DomainError, ErrorException}
│   %9 = $(Expr(:boundscheck, true))::Bool
│   %9 = $(Expr(:static_parameter, 1))::Int64
│   %9 = $(Expr(:throw_undef_if_not, Symbol("##getfield##"), :(%32)))::Any
│   %9 = $(Expr(:isdefined, :(@_4)))::Bool
│   %9 = $(Expr(:gc_preserve_begin, :(%2), Core.Argument(3)))
│        $(Expr(:gc_preserve_end, :(%4)))
│   %9 = $(Expr(:loopinfo, Symbol("julia.simdloop"), nothing))::Any
│   %9 = $(Expr(:foreigncall, :(Core.tuple(:foo, "libfoo")), Nothing, svec(Int32), 0, :($(QuoteNode((:ccall, 0x0000, false)))), :(%1)))::Nothing
│   %9 = $(Expr(:cfunction, Ptr{Nothing}, :($(QuoteNode(Main.op))), Int64, svec(Int64), :(:ccall)))::Ptr{Nothing}
│   %9 = $(Expr(:new_opaque_closure, Tuple{Any}, Union{}, :(Core.Any), true, opaque closure(...) @ Main none:0, Core.Argument(2)))::Any
│   %9 = $(Expr(:invoke_modify, CodeInstance for MethodInstance for +(::Int64, ::Int64), modifyfield!, Core.Argument(2), :(:x), :(Main.:+), 1, :(:sequentially_consistent)))::Pair{Int64, Int64}
│   %9 =   builtin (Core.finalizer)(var"#a#1"(), %1, true, CodeInstance for MethodInstance for (::var"#a#1")(::Counted))::Nothing
│   %9 = intrinsic Base.Math.sqrt_llvm(%13)::Float64
│   %9 = dynamic builtin Core._apply_iterate(Base.iterate, Main.:+, x)::Int64
│   %9 =    invoke Main.:(var"#sprint#438")(nothing::Nothing, 0::Int64, sprint::typeof(sprint), %1::Vararg{String})::String
│   %9 = invoke %7(%2::Foo, Int64::Type{Int64})::Any
│   %9 =   dynamic (x)(1)::Any
│   %9 =   dynamic -x::Any
│   %9 =   builtin (%1 === Main.nothing)::Bool
│   %9 =   builtin (x isa Main.Int)::Bool
│   %9 =   builtin (isa)(%22, DomainError)::Bool
│   %9 = Core.tuple(%3, 'c', '\U1f600', 1.0f0, -1, 0x01, :sym, "s\"t", Float16(1.0), 1//2, Inf, 1:3)::Tuple{Int64,Char}
│   %9 = Base.:(===)
│   %9 = Main.:>::Core.Const(>)
│   %9 = Base.f(x@_3, @_4, #self#, r#311, :(f(x)), :+)
│   %9 = (@_4 = -1)::Core.Const(-1)
│        x = f(%1)
│        Core.Const(:(goto %9))::Union{}
│        Core.Const(:(return nothing))::Union{}
│   %9 = $(QuoteNode(Ptr{Nothing} @0x0000000000000000))::Ptr{Nothing}
│   %9 = f()::Core.PartialStruct(Tuple{Int64}, Union{Nothing, Bool}[0, 0], Any[Core.Const(1), Int64])
│   %9 = f()::Type{Array{T, N}} where {T, N<:Integer}
│   %9 = f()::@NamedTuple{a::Int64, b}   # (+n,!e,?c)   # expect: early %4 finalize on #3→#5 finalizer/aliased
│        nothing::Nothing
│        goto #4
└──      goto #4 if not %9
12 ┄       unreachable
13 ─       return %9
) => Union{}
46 1 ─ %1 = _2
   └──      return %1
      => Int64
f(✓ x::Int64) in Main at /home/a b/c.jl:17
✓′ 46 ✓  1 ─ %1 = %new(Main.Counted, _2)::Counted
julia> Base.@code_typed optimize=false f(1)
MethodInstance for f(::Array{T, 1} where T<:Real, ::var"#1#2"{Int64})
  from f(v::AbstractArray{T}, k) where T @ Main REPL[4]:1
  from f(x) in Base.Sort at a.jl:1
  effects (+c,!e,?m)′
  stage inlined
  type Buffer{Float64} mutable (ptr::Ptr{Float64} const, n::Int64 atomic)
Static Parameters
  T = Float64
  A <: S <: B
Arguments
  #self#::Core.Const(Main.scale)
  v::Vector{Float64}
Locals
  @_4::Union{Nothing, Tuple{Float64, Int64}}
Body::Vector{Float64}
1 ─     return v
~~~
Some prose, and # a comment
# a comment of its own
#| owned by the updater
`;

test("the grammar agrees on a line of every form", () => compare(forms));
