// What folds: methods, headers, blocks, rails of inlined code, constants over several lines.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Fold, foldingRanges } from "../../server/src/features/folding-range.ts";
import { foldsNest } from "./properties.ts";
import { example, realTexts, workspaceOf } from "./texts.ts";

const path = "a.jlir";

/** `kind first-last` with 1-based lines. */
function folds(text: string): string[] {
  return foldingRanges(workspaceOf({ [path]: text }), path).map(
    ({ kind, startLine, endLine }) => `${kind} ${startLine + 1}-${endLine + 1}`,
  );
}

test("a method folds from its header, the header from its second line, a block from its head", () => {
  const text = `prose

MethodInstance for f(::Int64)
  from f(x) @ Main a.jl:1
  effects (+c,+e,+n,+t,+s,+m,+u,+o,+r)
CodeInfo(
1 ─ %1 = Base.slt_int(x, 1)::Bool
└──      goto #3 if not %1
2 ─      return 0
3 ─      nothing::Nothing
└──      return x
) => Int64
`;
  assert.deepEqual(folds(text), ["method 3-12", "header 4-5", "block 7-8", "block 10-11"]);
});

test("beyond the limit there are methods only", () => {
  const text = example("seed/seed_main.jlir");
  const workspace = workspaceOf({ [path]: text + text });
  const kinds = foldingRanges(workspace, path, 1).map(({ kind }) => kind);
  assert.ok(kinds.indexOf("method", 1) > 10);
  assert.equal(kinds.lastIndexOf("method"), kinds.length - 1);
  const wholes = (limit?: number): Fold[] =>
    foldingRanges(workspace, path, limit).filter(({ kind }) => kind === "method");
  assert.deepEqual(wholes(1), wholes());
});

test("without a header the method folds from CodeInfo, or from its first block", () => {
  assert.deepEqual(folds("CodeInfo(\n1 ─     f()::Any\n└──     return 1\n) => Int64\n"), [
    "method 1-4",
    "block 2-3",
  ]);
  assert.deepEqual(folds("1 ─     f()::Any\n└──     goto #2\n2 ─     return 1\n"), ["method 1-3"]);
});

test("runs of rails fold, one line of them does not", () => {
  const text = `CodeInfo(
    @ a.jl:1 within \`f\`
   ┌ @ b.jl:2 within \`g\`
1 ─│ %1 = Base.add_int(x, 1)::Int64
│  └
│   @ a.jl:2 within \`f\`
│  ┌ @ b.jl:3 within \`h\`
│  │ %2 = Base.add_int(%1, 1)::Int64
│  └
└──      return %2
) => Int64
`;
  assert.deepEqual(folds(text), ["method 1-11", "debug 2-3", "block 4-10", "debug 5-7"]);
});

test("a constant over several lines folds", () => {
  const text = `CodeInfo(
1 ─ %1 = $(Expr(:copyast, :($(QuoteNode(quote
    x = 1
    f(x)
end)))))::Any
└──      return %1
) => Any
`;
  assert.deepEqual(folds(text), ["method 1-7", "block 2-6"]);
  assert.ok(
    folds(text.replace("1 ─ %1 =", "1 ─      nothing::Nothing\n│   %2 =")).includes("constant 3-6"),
  );
});

test("the header of code_warntype folds with its sections", () => {
  const text =
    "MethodInstance for f(::Int64)\n  from f(x)\nArguments\n  #self#::Any\n  x::Int64\nBody::Int64\n1 ─     return x\n";
  assert.deepEqual(folds(text), ["method 1-7", "header 2-6"]);
});

test("prose does not fold", () => {
  assert.deepEqual(folds("one\ntwo\n\nthree\n"), []);
});

test("folds of real texts nest", () => {
  for (const { text } of realTexts()) foldsNest(text);
});
