// The finalizer ladder against a real Julia: verdict, reason and insertion point of 64 scenarios,
// from the facts that were recorded beside the answers.

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
  readonly pc: number;
  readonly code: string;
  readonly insert_bb?: number | null;
  readonly insert_after?: number | null;
  readonly blocking_pc?: number;
}

interface Scenario {
  readonly id: string;
  readonly facts: Facts;
  readonly expected: readonly Expected[];
}

function decide(facts: Facts): Verdict[] {
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
  return climb(
    { body, graph, blockOf, firstOf, dominators, postDominators, profile: defaultProfile },
    candidates,
  );
}

for (const scenario of readData<{ scenarios: Scenario[] }>("finalizer-oracle-1.13dev.json")
  .scenarios) {
  test(scenario.id, () => {
    const verdicts = decide(scenario.facts);
    for (const expected of scenario.expected) {
      const verdict = verdicts.find((one) => one.position === expected.pc);
      if (verdict === undefined) continue;
      if (expected.insert_bb !== undefined && expected.insert_bb !== null) {
        assert.equal(verdict.elided, true, `${expected.pc}: ${verdict.code}`);
        const insertion = verdict.insertion;
        assert.deepEqual(
          insertion,
          expected.insert_after ? { after: expected.insert_after } : { block: expected.insert_bb },
        );
      } else if (expected.code.startsWith("FINALIZER_")) {
        assert.equal(verdict.code, "finalizer/body-unknown");
      } else {
        assert.equal(verdict.elided, false);
        const code = verdict.code;
        assert.ok(code?.startsWith("finalizer/"));
        assert.equal(code === null ? "" : reasonOf(code), expected.code);
        if (expected.blocking_pc !== undefined) {
          assert.ok(verdict.blockers.some((one) => one.position === expected.blocking_pc));
        }
      }
    }
  });
}
