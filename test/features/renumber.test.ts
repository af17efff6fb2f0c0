// The command *renumber method*.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { methodsOf } from "../../server/src/features/check-report.ts";
import { rename } from "../../server/src/features/rename.ts";
import { renumberMethod } from "../../server/src/features/renumber.ts";
import { runs } from "../harness/runs.ts";
import { renumberIsIdempotent } from "./properties.ts";
import { applyEdits, example, placeOf, realTexts, workspaceOf } from "./texts.ts";

const path = "a.jlir";
const top = { line: 0, character: 0 };

function renumbered(text: string, place = top): string {
  const made = renumberMethod(workspaceOf({ [path]: text }), path, place);
  return "refused" in made ? `refused: ${made.refused}` : applyEdits(text, made.edits);
}

test("values and blocks become consecutive, and every use follows", () => {
  const text = `CodeInfo(
1 ─ %10 = f()::Any
│   %20 = g(%10)::Any      # expect: %20 kept
└──       goto #7 if not %20
4 ─       return $(Expr(:isdefined, :(%10)))
7 ─ %30 = φ (#1 => %10)::Any
│         Core.Const(:(h(%30)))::Union{}
└──       return %30
)
`;
  assert.equal(
    renumbered(text),
    `CodeInfo(
1 ─ %1  = f()::Any
│   %2  = g(%1)::Any      # expect: %2 kept
└──       goto #3 if not %2
2 ─       return $(Expr(:isdefined, :(%1)))
3 ─ %5  = φ (#1 => %1)::Any
│         Core.Const(:(h(%5)))::Union{}
└──       return %5
)
`,
  );
});

test("numbers in order stay as they are", () => {
  for (const { text } of realTexts()) {
    if (text.split("MethodInstance for ").length === 2) assert.equal(renumbered(text), text);
  }
});

test("only the method under the cursor changes", () => {
  const one = "CodeInfo(\n1 ─ %4 = f()::Any\n└──      return %4\n)\n";
  const text = one + one;
  const after = renumbered(text, { line: 5, character: 0 });
  assert.equal(after, one + one.replaceAll("%4", "%1"));
});

test("what is not clear is refused, and the answer says why", () => {
  const whole = example("seed/seed_main.jlir");
  assert.match(renumbered(whole.replace("goto #4", "goto the end")), /^refused: a statement could/);
  assert.match(renumbered(whole.replace("%6  =", "%5  =")), /^refused: two statements .*`%5`/);
  const twice = whole.replace(/\b3 ──/, "2 ──");
  assert.match(renumbered(twice), /^refused: two blocks have the number `#2`/);
  const lost = "CodeInfo(\n1 ─ %4 = f(%2)::Any\n│        g()::Any\n└──      return %4\n)\n";
  assert.match(renumbered(lost), /^refused: `%2` is used/);
  const late = "CodeInfo(\n3 ─ %4 = f()::Any\n└──      return %4\n)\n";
  assert.match(renumbered(late), /beginning is missing/);
  assert.equal(renumbered("prose"), "refused: there is no method here");
});

test("a use of nothing stays one of nothing", () => {
  const text = "CodeInfo(\n1 ─ %4 = f(%99)::Any\n└──      goto #50\n)\n";
  assert.equal(renumbered(text), "CodeInfo(\n1 ─ %1 = f(%99)::Any\n└──      goto #50\n)\n");
});

/** Text without the widths of its columns. */
const loose = (text: string): string => text.replace(/ +/g, " ").replace(/([─┄])─*/g, "$1");

test("renumbering undoes any renaming, and done twice does nothing more", () => {
  const texts = [
    "seed/seed_main.jlir",
    "seed/seed_tracker_main.jlir",
    "shapes/branch_then_loop.jlir",
  ].map(example);
  const step = fc.record({ index: fc.nat(), to: fc.integer({ min: 1000, max: 9_000_000 }) });
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(step, { maxLength: 12 }), (text, steps) => {
      let current = text;
      for (const { index, to } of steps) {
        const tokens = [...current.matchAll(/[%#]\d+(?=[ ,)])/g)];
        const token = tokens[index % tokens.length];
        if (token === undefined) continue;
        const before = current.slice(0, token.index).split("\n");
        const place = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
        const made = rename(workspaceOf({ [path]: current }), path, place, String(to));
        if ("edits" in made) current = applyEdits(current, made.edits);
      }
      const after = renumberIsIdempotent(current, top);
      assert.equal(loose(after ?? ""), loose(text));
    }),
    runs(30),
  );
});

test("after renumbering the same is said about the method's registrations", () => {
  const text = example("seed/seed_main_noinline.jlir");
  const place = placeOf(text, "%1 ");
  const made = rename(workspaceOf({ [path]: text }), path, place, "%500");
  assert.ok("edits" in made);
  const back = renumbered(applyEdits(text, made.edits));
  const said = (source: string): unknown => methodsOf(workspaceOf({ [path]: source }), path, true);
  assert.deepEqual(said(back), said(text));
});
