// A document after any edits is cut into the same units as a fresh document with the same text, and a
// workspace after any edits says the same as a fresh one. Edits are random; seeds are printed by
// fast-check where one fails.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { methodsOf } from "../../server/src/features/check-report.ts";
import { diagnose } from "../../server/src/features/diagnostics.ts";
import { lineStartsOf, positionAt } from "../../server/src/text/line-index.ts";
import { Document } from "../../server/src/workspace/document.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { runs } from "../harness/runs.ts";

const examples = new URL("../../../examples/", import.meta.url);
const sources = ["seed", "callees", "shapes"].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, examples)).map((file) =>
    readFileSync(new URL(`${folder}/${file}`, examples), "utf8"),
  ),
);

/** Pieces that decide where units are cut, and pieces that do not. */
const lines = [
  "MethodInstance for f(::Int64)\n",
  "  effects (+c,!e,+n,+t,+s,!m,+u,+o,+r)\n",
  "julia> @code_typed f(1)\n",
  "CodeInfo(\n",
  "1 ─ %1 = Base.add_int(1, 2)::Int64\n",
  "│   %2 = invoke Main.f(%1::Int64)::Int64\n",
  "└──      return %1\n",
  "2 ┄      goto #1\n",
  ") => Int64\n",
  "   => Int64\n",
  "prose\r\n",
  "\r",
  "\n",
  "# a comment\n",
];

const text = fc.array(fc.constantFrom(...lines), { maxLength: 30 }).map((parts) => parts.join(""));

interface Edit {
  readonly from: number;
  readonly length: number;
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  from: fc.nat(2000),
  length: fc.nat(60),
  text: fc.oneof(text, fc.constantFrom("", "x", "%9", "\n", "\r", "─")),
});

/** Applies the edit to a plain string, and gives the range that an editor would send. */
function applyTo(source: string, { from, length, text: inserted }: Edit) {
  const start = Math.min(from, source.length);
  const end = Math.min(start + length, source.length);
  const starts = lineStartsOf(source);
  return {
    range: { start: positionAt(starts, start), end: positionAt(starts, end) },
    text: source.slice(0, start) + inserted + source.slice(end),
  };
}

/** An editor never names a place inside `\r\n`. */
function splitsBreak(source: string, { from, length }: Edit): boolean {
  const inside = (at: number): boolean => source[at - 1] === "\r" && source[at] === "\n";
  const start = Math.min(from, source.length);
  return inside(start) || inside(Math.min(start + length, source.length));
}

const unitTexts = (document: Document): string[] => document.units.map((unit) => unit.text);

test("units after edits are those of a fresh document", () => {
  fc.assert(
    fc.property(text, fc.array(edit, { maxLength: 8 }), (source, edits) => {
      let current = source;
      const document = new Document(current);
      for (const one of edits) {
        if (splitsBreak(current, one)) continue;
        const applied = applyTo(current, one);
        document.edit(applied.range, one.text);
        current = applied.text;
        assert.equal(document.text(), current);
        assert.deepEqual(unitTexts(document), unitTexts(new Document(current)));
      }
    }),
    runs(1500),
  );
});

function everything(workspace: Workspace): unknown {
  return workspace
    .paths()
    .sort()
    .map((path) => [path, diagnose(workspace, path), methodsOf(workspace, path, true)]);
}

function fresh(texts: ReadonlyMap<string, string>): Workspace {
  const workspace = new Workspace();
  for (const [path, source] of texts) workspace.set(path, source);
  return workspace;
}

test("a workspace after edits says what a fresh one says", () => {
  const paths = ["a.jlir", "b.jlir"];
  const pick = fc.array(fc.nat(sources.length - 1), { minLength: 1, maxLength: 4 });
  const step = fc.record({ file: fc.nat(1), edit });
  fc.assert(
    fc.property(pick, pick, fc.array(step, { maxLength: 6 }), (first, second, steps) => {
      const join = (picked: readonly number[]): string =>
        picked.map((n) => sources[n] ?? "").join("\n");
      const texts = new Map([
        ["a.jlir", join(first)],
        ["b.jlir", join(second)],
      ]);
      const workspace = fresh(texts);
      everything(workspace);
      for (const { file, edit: one } of steps) {
        const path = paths[file] ?? "a.jlir";
        const current = texts.get(path) ?? "";
        if (splitsBreak(current, one)) continue;
        const applied = applyTo(current, one);
        workspace.edit(path, applied.range, one.text);
        texts.set(path, applied.text);
        assert.deepEqual(everything(workspace), everything(fresh(texts)));
      }
    }),
    runs(60),
  );
});
