// The inlining stack at a line follows the rails that Julia prints, in every release's spelling.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stackAt } from "../../server/src/syntax/debuginfo.ts";

/** `name file:line > …` at the line that holds `at`. */
function stack(text: string, at: string): string {
  const lines = text.split("\n");
  return stackAt(
    lines,
    lines.findIndex((line) => line.includes(at)),
  )
    .map(({ file, line, name }) => `${name} ${file}:${line}`)
    .join(" > ");
}

const source = `CodeInfo(
    @ shapes.jl:46 within \`sh\`
   ┌ @ prelude.jl:44 within \`counted\`
   │┌ @ prelude.jl:6 within \`Counted\`
1 ─││ %1 = %new(Main.Counted, i)::Counted
│  │└
│  │ @ prelude.jl:45 within \`counted\`
│  │┌ @ gcutils.jl:86 within \`finalizer\`
│  ││        builtin (Core.finalizer)(f, %1)::Nothing
│  └└
│           invoke Main.use(%1::Counted)::Any
│   @ shapes.jl:47 within \`sh\`
└──      return nothing
) => Nothing`;

test("frames are entered by ┌ and left by └", () => {
  assert.equal(
    stack(source, "%new"),
    "sh shapes.jl:46 > counted prelude.jl:44 > Counted prelude.jl:6",
  );
  assert.equal(stack(source, "invoke Main.use"), "sh shapes.jl:46");
});

test("a place without a bracket moves the frame that it stands in", () => {
  assert.equal(
    stack(source, "builtin"),
    "sh shapes.jl:46 > counted prelude.jl:45 > finalizer gcutils.jl:86",
  );
  assert.equal(stack(source, "return"), "sh shapes.jl:47");
});

test("before the first place nothing is known", () => assert.equal(stack(source, "CodeInfo"), ""));

const collapsed = `1 ─ %1 = f()
│    @ a.jl:1 within \`g'
│   ┌ @ iterators.jl:234 within \`iterate' @ tuple.jl:61 @ tuple.jl:62
│   │┌ @ int.jl:441 within \`<='
2 ──││ %8  = Base.sle_int(1, 0)::Bool
│   │└
│   │ %9 = f()
│   └
└───     return 1`;

test("frames of one name share a rail, the outermost first", () => {
  const outer = "g a.jl:1 > iterate iterators.jl:234 > iterate tuple.jl:61 > iterate tuple.jl:62";
  assert.equal(stack(collapsed, "%8"), `${outer} > <= int.jl:441`);
  assert.equal(stack(collapsed, "%9"), outer);
  assert.equal(stack(collapsed, "return"), "g a.jl:1");
});

test("names may hold quotes, and lines may be missing", () => {
  assert.equal(stack("   ┌ @ a b.jl within `'`\n1 ─│ %1 = x", "%1"), "' a b.jl:0");
  assert.equal(
    stack("   ┌ @ a.jl:-1 within `macro expansion`\n1 ─│ %1 = x", "%1"),
    "macro expansion a.jl:0",
  );
});

test("IRCode has the line of the outermost frame before the gutter", () => {
  const column = "46 1 ─ %1 = f()\n   │   %2 = f()\n47 └──      return %2\n";
  assert.equal(stack(column, "%2 ="), " :46");
  assert.equal(stack(column, "return"), " :47");
  assert.equal(stack("✓  46 ✓′ 1 ─ %1 = f()\n", "%1"), " :46");
});

test("a block number is no source line, and prose is no place", () => {
  assert.equal(stack("12 ─ %1 = f()", "%1"), "");
  assert.equal(stack("See @ a.jl:3 within reason\n1 ─ %1 = f()", "%1"), "");
});
