// The finalizer ladder against a real Julia: which registrations there are, verdict, reason,
// statement to blame and insertion point of 64 scenarios, from the facts that were recorded beside the
// answers. Of a finalizer's body the facts tell only whether the inliner let it through.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Candidate, climb, type Verdict } from "../../server/src/analysis/finalizer/ladder.ts";
import { defaultProfile } from "../../server/src/analysis/profile.ts";
import { reasonOf } from "../../server/src/diagnostics/codes.ts";
import { dominatorTree, postDominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { graphFromEdges } from "../../server/src/ir/graph.ts";
import { bodyOf, type RecordedFacts, readData } from "./oracle.ts";

interface Facts extends RecordedFacts {
  readonly blocks: readonly { s: number; e: number; succs: number[] }[];
}

interface Expected {
  /** Absent where the inliner erased the registration: the facts do not have it. */
  readonly pc?: number;
  readonly code: string;
  readonly insert_bb?: number;
  /** Null: at the head of `insert_bb`. */
  readonly insert_after?: number | null;
  readonly blocking_pc?: number;
}

interface Scenario {
  readonly id: string;
  readonly facts: Facts;
  /** Whether the final text still has a registration. */
  readonly finalizer_call_kept: boolean;
  readonly expected: readonly Expected[];
}

interface Decided {
  readonly verdicts: readonly Verdict[];
  readonly blockOf: Int32Array;
}

function decide(facts: Facts): Decided {
  const body = bodyOf(facts);
  const nBlocks = facts.blocks.length;
  const blockOf = new Int32Array(body.statements.length + 1);
  const firstOf = new Int32Array(nBlocks + 2);
  const from: number[] = [];
  const to: number[] = [];
  facts.blocks.forEach((block, index) => {
    firstOf[index + 1] = block.s;
    blockOf.fill(index + 1, block.s, block.e + 1);
    for (const successor of block.succs) {
      from.push(index + 1);
      to.push(successor);
    }
  });
  firstOf[nBlocks + 1] = body.statements.length + 1;
  const graph = graphFromEdges(nBlocks, from, to);
  const candidates: Candidate[] = [];
  body.statements.forEach((statement, index) => {
    if (statement.kind !== "builtin" || statement.name !== "finalizer") return;
    const isEligible = facts.extra?.[index]?.gate === true;
    const object = statement.args[2] ?? 0;
    candidates.push({
      position: index + 1,
      object,
      gates: isEligible ? [] : ["finalizer/body-unknown"],
    });
  });
  const dominators = dominatorTree(graph);
  const postDominators = postDominatorTree(graph);
  const input = { body, graph, blockOf, firstOf, dominators, postDominators };
  return { verdicts: climb({ ...input, profile: defaultProfile }, candidates), blockOf };
}

/** Julia's mistake H2: the index that it finds lies outside of the block that it finds. */
const outsideBlock = new Set(["HAZARD_while_use_in_condition"]);

const { scenarios } = readData<{ scenarios: Scenario[] }>("finalizer-oracle-1.13dev.json");

test("there are 64 scenarios", () => {
  assert.equal(scenarios.length, 64);
});

for (const { id, facts, expected, finalizer_call_kept } of scenarios) {
  test(id, () => {
    const { verdicts, blockOf } = decide(facts);
    const found = expected.filter(({ pc }) => pc !== undefined);
    assert.deepEqual(
      verdicts.map(({ position }) => position),
      found.map(({ pc }) => pc).sort((a = 0, b = 0) => a - b),
    );
    assert.equal(
      verdicts.some(({ elided }) => !elided),
      finalizer_call_kept,
    );
    for (const one of expected) {
      const verdict = verdicts.find(({ position }) => position === one.pc);
      if (verdict === undefined) assert.equal(one.code, "ERASED_REMOVABLE");
      else if (one.code === "RESOLVED") isResolved(verdict, one, blockOf, id);
      else isKept(verdict, one);
    }
  });
}

function isResolved(verdict: Verdict, expected: Expected, blockOf: Int32Array, id: string): void {
  assert.equal(verdict.elided, true, `${expected.pc}: ${verdict.code}`);
  assert.equal(verdict.code, null);
  assert.deepEqual(verdict.blockers, []);
  const { insert_after: after, insert_bb: block = 0 } = expected;
  assert.notEqual(after, undefined);
  assert.deepEqual(verdict.insertion, after ? { after } : { block });
  if (after) assert.equal(blockOf[after] !== block, outsideBlock.has(id), "block of the insertion");
}

function isKept({ elided, code, insertion, blockers }: Verdict, expected: Expected): void {
  assert.equal(elided, false);
  assert.equal(insertion, null);
  const isBody = expected.code.startsWith("FINALIZER_");
  assert.ok(code);
  assert.equal(reasonOf(code), isBody ? "FINALIZER_CALL_UNRESOLVED" : expected.code);
  assert.equal(expected.code === "REGION_MAY_THROW", expected.blocking_pc !== undefined);
  // Recorded is the one at which the compiler gave up; it does not look at them in text order.
  if (expected.blocking_pc !== undefined) {
    assert.ok(blockers.some(({ position }) => position === expected.blocking_pc));
  }
}
