// Navigation in damaged text: every question is answered, whatever was cut, spliced or typed into a file.

import { test } from "node:test";
import fc from "fast-check";
import { lineStartsOf, positionAt } from "../../server/src/text/line-index.ts";
import { runs } from "../harness/runs.ts";
import {
  foldsNest,
  nothingThrows,
  outlineIsTheSameWithoutValues,
  outlineNests,
  renumberIsIdempotent,
  selectionsNest,
} from "./properties.ts";
import { realTexts, somePlaces } from "./texts.ts";

const sources = realTexts()
  .map(({ text }) => text)
  .filter((text) => text.length < 20_000);

const pieces = [
  "\x1b[36m",
  "(",
  ")",
  "{",
  '"',
  "\n",
  "\r",
  "%4",
  "#3",
  "%4 = ",
  "1 ─ ",
  "└──  ",
  "│   ",
  "julia> @code_typed f(1)\n",
  "MethodInstance for f(::Int64)\n",
  "  from f(x, y...; z) @ Main a.jl\n",
  "CodeInfo(\n",
  ") => Int64\n",
  "Arguments\n  x::Int64\n",
  "> ",
  "# expect: %4 kept",
  "$(Expr(:leave, 1))",
];

const damage = fc.record({
  at: fc.nat(8000),
  length: fc.constantFrom(0, 0, 1, 7, 60, 400),
  text: fc.constantFrom("", "", ...pieces),
});

const damaged = fc
  .tuple(fc.constantFrom(...sources), fc.array(damage, { minLength: 1, maxLength: 6 }))
  .map(([source, all]) => {
    let text = source;
    for (const { at, length, text: inserted } of all) {
      const start = Math.min(at, text.length);
      text = text.slice(0, start) + inserted + text.slice(start + length);
    }
    return text;
  });

test("every question about damaged text is answered, and ranges nest", () => {
  fc.assert(
    fc.property(damaged, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), (text, numbers) => {
      const starts = lineStartsOf(text);
      const tokens = somePlaces(text);
      const places = numbers.flatMap((number) => {
        const token = tokens[number % Math.max(1, tokens.length)];
        const place = positionAt(starts, number % (text.length + 1));
        return token === undefined ? [place] : [place, token];
      });
      nothingThrows(text, places);
      outlineNests(text);
      outlineIsTheSameWithoutValues(text);
      foldsNest(text);
      selectionsNest(text, places);
      renumberIsIdempotent(text, places[0] ?? { line: 0, character: 0 });
    }),
    runs(60),
  );
});
