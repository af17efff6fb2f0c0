// Selection grows from the token to the file.

import assert from "node:assert/strict";
import { test } from "node:test";
import { selectionRanges } from "../../server/src/features/selection-range.ts";
import { selectionsNest } from "./properties.ts";
import { placeOf, realTexts, somePlaces, textIn, workspaceOf } from "./texts.ts";

const path = "a.jlir";

const text = `prose

MethodInstance for f(::Int64)
  from f(x) @ Main a.jl:1
CodeInfo(
1 ─ %1 = $(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Nothing}), 0, :(:ccall), :(%4)))::Nothing
│   %2 = invoke Main.g(%1::Nothing, x::Int64)::Int64   # (+n)
└──      goto #2
2 ─      return %2
) => Int64
`;

function grown(needle: string, within = 0, count = 1): string[] {
  const place = placeOf(text, needle, count, within);
  return selectionRanges(workspaceOf({ [path]: text }), path, place).map((range) =>
    textIn(text, range),
  );
}

const method = text.slice(text.indexOf("MethodInstance"), -1);

test("from a value through operands, statement, line, block and method to the file", () => {
  assert.deepEqual(grown("%4"), [
    "%4",
    ":(%4)",
    "$(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Nothing}), 0, :(:ccall), :(%4)))",
    "$(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Nothing}), 0, :(:ccall), :(%4)))::Nothing",
    "%1 = $(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Nothing}), 0, :(:ccall), :(%4)))::Nothing",
    text.split("\n")[5],
    text.split("\n").slice(5, 8).join("\n"),
    method,
    text,
  ]);
});

test("an argument's type, the argument, the call", () => {
  assert.deepEqual(grown("x::Int64)", 3).slice(0, 4), [
    "Int64",
    "x::Int64",
    "invoke Main.g(%1::Nothing, x::Int64)",
    "invoke Main.g(%1::Nothing, x::Int64)::Int64",
  ]);
  assert.deepEqual(grown("Ptr{Nothing}").slice(0, 3), [
    "Ptr",
    "Ptr{Nothing}",
    "svec(Ptr{Nothing})",
  ]);
});

test("the comment belongs to the line, not to the statement", () => {
  assert.deepEqual(grown("(+n)", 2).slice(0, 2), ["n", text.split("\n")[6]]);
});

test("prose is selected by word and line, then with the file", () => {
  assert.deepEqual(grown("prose"), ["prose", text]);
  assert.deepEqual(selectionRanges(workspaceOf({}), path, { line: 0, character: 0 }), []);
});

test("selections in real texts hold the cursor and each other", () => {
  for (const { text: source } of realTexts()) {
    const places = somePlaces(source);
    const step = Math.ceil(places.length / 40);
    selectionsNest(
      source,
      places.filter((_, index) => index % step === 0),
    );
  }
});
