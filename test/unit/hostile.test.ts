// Hostile texts are read without running out of stack, and what is said of all texts holds of them. How
// their time grows is the benchmark's matter (`npm run bench:read -- --big`).

import assert from "node:assert/strict";
import { test } from "node:test";
import { Document } from "../../server/src/workspace/document.ts";
import type { UnitFacts } from "../../server/src/workspace/unit.ts";
import { longLines, manyLines } from "../bench/hostile-text.ts";
import { cleanMethodsPrintEqual, everythingIsSaid, tokensGiveTheTextBack } from "../fuzz/claims.ts";

for (const [texts, n] of [
  [longLines, 20_000],
  [manyLines, 400],
] as const) {
  for (const [title, make] of Object.entries(texts)) {
    test(`${n} pieces: ${title}`, () => {
      const input = { text: make(n), edit: null };
      everythingIsSaid(input);
      tokensGiveTheTextBack(input);
      cleanMethodsPrintEqual(input);
    });
  }
}

function factsOf(text: string): UnitFacts {
  const [unit] = new Document(text).units;
  const facts = unit?.facts();
  assert.ok(facts, "the text holds a method");
  return facts;
}

const make = (texts: typeof longLines, title: string, n: number): UnitFacts =>
  factsOf(texts[title]?.(n) ?? "");

for (const title of ["parentheses in parentheses", "types in types", "quotations in quotations"]) {
  test(`100,000 deep is read as it stands: ${title}`, () => {
    const facts = make(longLines, title, 100_000);
    assert.equal(facts.nStatements, 3);
    assert.equal(facts.unreadable, 0);
  });
}

test("a line of more than a million characters is one problem", () => {
  const facts = make(longLines, "a string", 500_000);
  assert.deepEqual(
    facts.findings.map(({ code }) => code),
    ["syntax/too-long"],
  );
});

test("an open bracket costs its line, whatever follows", () => {
  const facts = make(manyLines, "a bracket on each line", 3000);
  assert.equal(facts.nStatements, 3002);
  assert.equal(facts.unreadable, 3000);
});

test("a φ of 10,000 edges is clean", () => {
  const facts = make(manyLines, "a φ of many edges", 10_000);
  assert.equal(facts.nBlocks, 10_001);
  assert.deepEqual(facts.findings, []);
});
