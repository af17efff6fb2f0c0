// Tokens: each printed form is cut as it should be, and joined again the tokens are the text, whatever
// happened to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import type { Token } from "../../server/src/syntax/token.ts";
import { tokensOf } from "../../server/src/syntax/tokens.ts";
import { Document } from "../../server/src/workspace/document.ts";
import { Unit } from "../../server/src/workspace/unit.ts";
import { runs } from "../harness/runs.ts";
import { examples } from "./examples.ts";

function tokens(unit: Unit): Token[] {
  const cleaned = unit.cleaned();
  return tokensOf(unit.text, cleaned, readMethod(cleaned.text));
}

/** `kind text` of every token of a text that is no blank. */
function cut(text: string): string[] {
  return new Document(text).units.flatMap((unit) =>
    tokens(unit)
      .filter(({ kind }) => kind !== "space")
      .map(({ kind, start, end }) => `${kind} ${unit.text.slice(start, end)}`),
  );
}

/** Every wanted token occurs, in the order given. */
function check(text: string, wanted: readonly string[]): void {
  const got = cut(text);
  let at = 0;
  for (const one of wanted) {
    const found = got.indexOf(one, at);
    assert.notEqual(found, -1, `wanted "${one}" in\n${text}\ngot\n  ${got.join("\n  ")}`);
    at = found + 1;
  }
}

/** Each character belongs to one token: no gap, no overlap, no end before the end. */
function assertLossless(text: string): void {
  for (const unit of new Document(text).units) {
    let at = 0;
    for (const { start, end } of tokens(unit)) {
      assert.equal(start, at, `a gap in ${JSON.stringify(unit.text)}`);
      assert.ok(end > start);
      at = end;
    }
    assert.equal(at, unit.text.length, `no token at the end of ${JSON.stringify(unit.text)}`);
  }
}

const header = "MethodInstance for f(::Int64, ::T)\n  from f(n, T) @ Main a.jl:3\n";

test("a statement is cut into gutter, definition, label, callee, operands and type", () =>
  check("3 ┄─ %12 =   builtin Base.getfield(%1, :x, 0x01)::Union{Int64, Nothing}", [
    "block-number 3",
    "gutter ┄─",
    "definition %12",
    "operator =",
    "call-label builtin",
    "module Base.",
    "function getfield",
    "ssa %1",
    "symbol :x",
    "number 0x01",
    "punctuation ::",
    "type Union",
    "type Int64",
  ]));

test("names that the header declares are arguments, in upper case too", () => {
  check(`${header}1 ─ %1 = Base.f(n, T, Int64, other)::Any\n└──      return %1\n`, [
    "argument n",
    "argument T",
    "location a.jl",
    "line-number 3",
    "argument n",
    "argument T",
    "type Int64",
    "slot other",
  ]);
  check("1 ─ %1 = Base.f(n, T)::Any\n", ["slot n", "type T"]);
});

test("a callee in brackets is a function, a called argument stays an argument", () => {
  check("1 ─ %1 = (isa)(x, Int64)::Bool\n", ["function isa", "type Int64"]);
  check("1 ─ %1 = (Core.finalizer)(f, %2)::Nothing\n", ["module Core.", "finalizer finalizer"]);
  check(`${header}1 ─ %1 = (n)(1)::Any\n`, ["punctuation (", "argument n", "number 1"]);
  check("1 ─ %1 = (%2)(_3)\n", ["ssa %2", "argument _3"]);
});

test("keywords are keywords at the start of a statement only", () => {
  check("1 ─      goto #3 if not %2\n", ["keyword goto", "block-label #3", "keyword if", "ssa %2"]);
  check("2 ─ %3 = enter #5 with scope %2\n", ["keyword enter", "keyword with", "keyword scope"]);
  check("2 ─ %3 = φ (#1 => %2, #4 => #undef)::T\n", [
    "keyword φ",
    "block-label #1",
    "operator =>",
    "ssa %2",
    "constant #undef",
  ]);
  check("1 ─ %1 = Main.goto(return_, enter)\n", ["function goto", "slot return_", "slot enter"]);
});

test("expression heads and quoted values show in expressions", () =>
  check('│ %2 = $(Expr(:foreigncall, :(:malloc), Ptr{T}, svec(Any), 0, :(%1), "s"))::Ptr{T}\n', [
    "head :foreigncall",
    "symbol :malloc",
    "type Ptr",
    "function svec",
    "number 0",
    "ssa %1",
    'string "s"',
  ]));

test("operators and what looks like one", () => {
  check("1 ─ %1 = (%2 === x)::Bool\n", ["ssa %2", "operator ===", "slot x"]);
  check("1 ─ %1 = (x isa Int64)::Bool\n", ["slot x", "operator isa", "type Int64"]);
  check("1 ─ %1 = invoke Base.:+(1:n, -1, x')::Int64\n", [
    "module Base.",
    "function :+",
    "operator :",
    "number -1",
    "punctuation '",
  ]);
  check("1 ─ %1 = Base.:(===)\n", ["module Base.", "global :(===)"]);
  check("1 ─ %1 = Main.:>::Core.Const(>)\n", ["global :>", "type Core.Const", "operator >"]);
});

test("types go on behind `where`, and end at a blank", () => {
  check("1 ─ %1 = f(x::Array{T, 1} where T<:Real, y)::Any\n", [
    "type Array",
    "operator where",
    "type T",
    "operator <:",
    "type Real",
    "slot y",
  ]);
  check("1 ─ %1 = f(x)::@NamedTuple{a::Int64}\n", ["type @NamedTuple", "member a", "type Int64"]);
});

test("a comment has facts, an expectation with its code, and plain words", () =>
  check("1 ─ %1 = f()::Any   # (+n,!e) so-so (a-b) # expect: %1 kept finalizer/aliased at #2\n", [
    "type Any",
    "comment # ",
    "facts (",
    "sigil +",
    "effect n",
    "facts ,",
    "sigil !",
    "effect e",
    "comment  so-so (a-b) # ",
    "expectation expect:",
    "ssa %1",
    "code finalizer/aliased",
    "block-label #2",
  ]));

test("strings and characters hide what is in them", () => {
  check('1 ─ %1 = f("a # b \\" %1", \'#\', r#311)::Any\n', [
    'string "a # b \\" %1"',
    "character '#'",
    "slot r#311",
  ]);
  check('1 ─ %1 = f("open, %1\n└── return 1\n', ['string "open, %1', "keyword return"]);
});

test("debug lines have rails, places and names", () =>
  check("1 ─ %0 = 1\n│  │┌ @ int.jl:518 within `==` @ promotion.jl:483\n│  └└\n", [
    "gutter │",
    "rail │",
    "rail ┌",
    "at @",
    "location int.jl",
    "line-number 518",
    "at within",
    "frame-name `==`",
    "at @",
    "location promotion.jl",
    "line-number 483",
    "rail └",
  ]));

test("header lines are cut into their parts", () => {
  check("MethodInstance for f(::Int64)\n  effects (+c,?m)′\n  stage final\n", [
    "header MethodInstance for",
    "function f",
    "header effects",
    "sigil +",
    "effect c",
    "sigil ?",
    "header stage",
    "stage final",
  ]);
  check("  type A{T} mutable (x::T const, y::Int64 atomic)\n", [
    "header type",
    "type A",
    "modifier mutable",
    "member x",
    "type T",
    "modifier const",
    "modifier atomic",
  ]);
  check("f(✓ x::A, X y::B) in Main at /a b/c.jl:7\n✓  7 X  1 ─ %1 = _2\n", [
    "escape-mark ✓",
    "slot x",
    "escape-mark X",
    "at in",
    "module Main",
    "location /a b/c.jl",
    "escape-mark ✓",
    "source-line 7",
    "escape-mark X",
    "block-number 1",
  ]);
});

test("lines that go on without a gutter belong to their statement", () =>
  check("1 ─ %1 = Base.f(%2,\n    Int64)::Any\n└──      return %1\n", [
    "ssa %2",
    "type Int64",
    "type Any",
    "keyword return",
  ]));

test("colours, quotations and diffs are tokens of their own", () => {
  check("\x1b[90m1 ─\x1b[39m %1 = f()\x1b[36m::In\x1b[0mt64\x1b[39m\n", [
    "escape \x1b[90m",
    "block-number 1",
    "escape \x1b[39m",
    "definition %1",
    "escape \x1b[36m",
    "type In",
    "escape \x1b[0m",
    "type t64",
  ]);
  check("> 1 ─ %1 = f()\n", ["mark > ", "block-number 1"]);
  check("+1 ─ %1 = f()\n-└──      return 1\n+└──      return 2\n", [
    "mark +",
    "mark -└──      return 1",
    "mark +",
    "number 2",
  ]);
  check("# 1 ─ %1 = f()\n# └──      return 2\n", ["mark # ", "block-number 1", "number 2"]);
});

test("prose is prose, also where it reads like a statement", () => {
  const prose = "Then we goto #3 and return 1 => it's (fine.\n  from here on\n  stage left\n";
  assert.deepEqual(cut(prose), [
    "prose Then we goto #3 and return 1 => it's (fine.",
    "prose   from here on",
    "prose   stage left",
  ]);
  check(`┌ Warning: careful\n└ @ Main a.jl:3\n${header}1 ─     return 1\n`, [
    "prose ┌ Warning: careful",
    "header MethodInstance for",
  ]);
});

const files = [...examples.values()];

/** Pieces that open what something else should close, and pieces that are cut out before reading. */
const splinters = [
  "\x1b[36m",
  "\x1b[64G│╻╷ f\x1b[1G",
  '"',
  "'",
  "(",
  "}",
  "#= ",
  "::",
  "│",
  "┌ @ a:1 within `",
  "# expect: ",
  "# (+n,",
  "$(Expr(:",
  "%",
  "\r",
  "\n",
  "> ",
  "+",
  ':var"',
  "\ud83d",
  "\0",
];

type Change = (text: string) => string;

const place = fc.nat(4000);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(80)).map(
    ([at, n]): Change =>
      (text) =>
        text.slice(0, at) + text.slice(at + n),
  ),
  fc.tuple(place, fc.nat(80)).map(
    ([at, n]): Change =>
      (text) =>
        text.slice(0, at + n) + text.slice(at),
  ),
  fc.tuple(place, fc.constantFrom(...splinters)).map(
    ([at, piece]): Change =>
      (text) =>
        text.slice(0, at) + piece + text.slice(at),
  ),
  place.map(
    (at): Change =>
      (text) =>
        text.slice(0, at),
  ),
  fc.tuple(fc.nat(60), fc.nat(60)).map(
    ([i, j]): Change =>
      (text) => {
        const lines = text.split("\n");
        const [one = "", other = ""] = [lines[i % lines.length], lines[j % lines.length]];
        lines[i % lines.length] = other;
        lines[j % lines.length] = one;
        return lines.join("\n");
      },
  ),
);

test("tokens of the examples give the text back", () => {
  for (const text of files) assertLossless(text);
});

test("tokens of damaged examples give the text back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      (text, changes) => assertLossless(changes.reduce((changed, one) => one(changed), text)),
    ),
    runs(500),
  );
});

test("tokens of any string give the string back", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...splinters, "1 ─ "))), (parts) =>
      assertLossless(parts.join("")),
    ),
  );
});

test("an edit inside one method leaves the tokens of the others as they were", () => {
  const [one = "", other = ""] = files;
  const before = tokens(new Unit(other));
  const changed = new Document(`${one.replace("Int64", '"open')}${other}`);
  const last = changed.units.at(-1);
  assert.equal(last?.text, other);
  assert.deepEqual(last && tokens(last), before);
});
