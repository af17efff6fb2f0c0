// Dominator trees against their definition: remove a block and see which others are cut off.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type DominatorTree,
  dominates,
  dominatorTree,
  nearestCommonDominator,
  postDominatorTree,
} from "../../server/src/ir/dominator-tree.ts";
import { type Graph, graphFromEdges, successorsOf } from "../../server/src/ir/graph.ts";
import { anyGraph, graphOf, runs } from "./graphs.ts";

function blocksOf(g: Graph): number[] {
  return Array.from({ length: g.nBlocks }, (_, i) => i + 1);
}

/** Blocks reachable from `roots` when `removed` is taken out. */
function closure(roots: number[], next: (block: number) => number[], removed: number): Set<number> {
  const reached = new Set<number>();
  const worklist = [...roots];
  for (let block = worklist.pop(); block !== undefined; block = worklist.pop()) {
    if (block === removed || reached.has(block)) continue;
    reached.add(block);
    worklist.push(...next(block));
  }
  return reached;
}

/** Per block the set of its dominators as seen from `roots`; an unreached block has itself. */
function naiveDominators(
  g: Graph,
  roots: number[],
  next: (block: number) => number[],
): Map<number, Set<number>> {
  const reached = closure(roots, next, 0);
  const result = new Map(blocksOf(g).map((block) => [block, new Set([block])]));
  for (const removed of reached) {
    const left = closure(roots, next, removed);
    for (const block of reached) if (!left.has(block)) result.get(block)?.add(removed);
  }
  return result;
}

function checkAgainstSets(g: Graph, tree: DominatorTree, expected: Map<number, Set<number>>): void {
  for (const b of blocksOf(g)) {
    const dominators = expected.get(b) ?? new Set();
    assert.equal(tree.level[b], dominators.size, `level of #${b}`);
    const strict = [...dominators].filter((a) => a !== b);
    const nearest = strict.find((a) => expected.get(a)?.size === strict.length) ?? 0;
    assert.equal(tree.immediateDominator[b], nearest, `immediate dominator of #${b}`);
    for (const a of blocksOf(g)) {
      assert.equal(dominates(tree, a, b), dominators.has(a), `#${a} dominates #${b}`);
      const common = [...dominators].filter((d) => expected.get(a)?.has(d));
      const lowest = common.find((d) => expected.get(d)?.size === common.length) ?? 0;
      assert.equal(nearestCommonDominator(tree, a, b), lowest, `common for #${a}, #${b}`);
    }
  }
}

/** Julia's `nearest_common_dominator`: equal levels first, then both up together. */
function climbByLevels(tree: DominatorTree, a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  const levelOf = (block: number): number => tree.level[block] ?? 0;
  const above = (block: number): number => tree.immediateDominator[block] ?? 0;
  let [low, high] = levelOf(a) >= levelOf(b) ? [a, b] : [b, a];
  while (levelOf(low) > levelOf(high)) low = above(low);
  while (low !== high && low !== 0) [low, high] = [above(low), above(high)];
  assert.equal(low, high);
  return low;
}

test("a dominates b exactly if b is cut off from the entry without a", () => {
  const property = fc.property(anyGraph, (g) => {
    const next = (block: number): number[] => [...successorsOf(g, block)];
    checkAgainstSets(g, dominatorTree(g), naiveDominators(g, [1], next));
  });
  fc.assert(property, runs);
});

test("a post-dominates b exactly if b is cut off from all exits without a", () => {
  const property = fc.property(anyGraph, (g) => {
    const exits = blocksOf(g).filter((block) => successorsOf(g, block).length === 0);
    const next = (block: number): number[] =>
      blocksOf(g).filter((source) => successorsOf(g, source).includes(block));
    checkAgainstSets(g, postDominatorTree(g), naiveDominators(g, exits, next));
  });
  fc.assert(property, runs);
});

test("the nearest common dominator is what climbing by levels gives", () => {
  const property = fc.property(anyGraph, (g) => {
    for (const tree of [dominatorTree(g), postDominatorTree(g)]) {
      for (const a of [0, ...blocksOf(g)]) {
        for (const b of [0, ...blocksOf(g)]) {
          assert.equal(nearestCommonDominator(tree, a, b), climbByLevels(tree, a, b));
        }
      }
    }
  });
  fc.assert(property, runs);
});

test("preorder and postorder number all blocks from 1 without gaps", () => {
  const property = fc.property(anyGraph, (g) => {
    for (const tree of [dominatorTree(g), postDominatorTree(g)]) {
      assert.deepEqual([...tree.preorder].sort(ascending), [0, ...blocksOf(g)]);
      assert.deepEqual([...tree.postorder].sort(ascending), [0, ...blocksOf(g)]);
    }
  });
  fc.assert(property, runs);
});

test("two returns are post-dominated by the virtual exit only", () => {
  const g = graphOf(3, [
    [1, 2],
    [1, 3],
  ]);
  const tree = postDominatorTree(g);
  assert.deepEqual([...tree.immediateDominator], [0, 0, 0, 0]);
  assert.deepEqual([...tree.level], [0, 1, 1, 1]);
  assert.equal(nearestCommonDominator(tree, 2, 3), 0);
  assert.equal(nearestCommonDominator(tree, 2, 2), 2);
});

test("a branch into an endless loop does not count for post-dominance", () => {
  // 1 → 2 ⇄ 3 never leaves; 1 → 4 → 5 returns.
  const g = graphOf(5, [
    [1, 2],
    [2, 3],
    [3, 2],
    [1, 4],
    [4, 5],
  ]);
  const tree = postDominatorTree(g);
  assert.deepEqual([...tree.immediateDominator], [0, 4, 0, 0, 5, 0]);
  assert.deepEqual([...tree.level], [0, 3, 1, 1, 2, 1]);
  assert.ok(dominates(tree, 5, 1));
  assert.ok(!dominates(tree, 5, 2));
  assert.equal(nearestCommonDominator(tree, 2, 2), 2);
  assert.equal(nearestCommonDominator(tree, 2, 3), 0);
});

test("an unreachable predecessor does not weaken dominance", () => {
  const g = graphOf(4, [
    [1, 2],
    [2, 3],
    [4, 3],
  ]);
  const tree = dominatorTree(g);
  assert.deepEqual([...tree.immediateDominator], [0, 0, 1, 2, 0]);
  assert.deepEqual([...tree.level], [0, 1, 2, 3, 1]);
  assert.ok(dominates(tree, 4, 4));
  assert.ok(!dominates(tree, 1, 4));
  assert.ok(!dominates(tree, 4, 3));
});

test("0 dominates no block, and a common dominator with 0 is 0", () => {
  const g = graphOf(2, [[1, 2]]);
  for (const tree of [dominatorTree(g), postDominatorTree(g)]) {
    assert.ok(!dominates(tree, 0, 1));
    assert.ok(!dominates(tree, 1, 0));
    assert.equal(nearestCommonDominator(tree, 0, 2), 0);
    assert.equal(nearestCommonDominator(tree, 2, 0), 0);
  }
});

test("a function without blocks has empty trees", () => {
  const g = graphOf(0, []);
  assert.deepEqual([...dominatorTree(g).level], [0]);
  assert.deepEqual([...postDominatorTree(g).level], [0]);
});

test("a chain of 100,000 blocks has one path as its tree, both ways", () => {
  const nBlocks = 100_000;
  const from = Int32Array.from({ length: nBlocks - 1 }, (_, i) => i + 1);
  const g = graphFromEdges(
    nBlocks,
    from,
    from.map((block) => block + 1),
  );
  const tree = dominatorTree(g);
  const postTree = postDominatorTree(g);
  assert.equal(tree.level[nBlocks], nBlocks);
  assert.equal(postTree.level[1], nBlocks);
  assert.ok(dominates(tree, 1, nBlocks) && dominates(postTree, nBlocks, 1));
  for (let block = 1; block < nBlocks; block++) {
    assert.equal(nearestCommonDominator(tree, block, nBlocks), block);
  }
});

test("rungs shared by two ladders hang below the entry", () => {
  // Each rung's dominator is the entry, far above its tree parent: quadratic without jumps.
  const large = twoLadders(40_000);
  assert.equal(dominatorTree(large).immediateDominator[large.nBlocks], 1);
});

/** Entry 1, left rail 2.., right rail, and a rung block per step that both rails lead to. */
function twoLadders(length: number): Graph {
  const from: number[] = [1, 1];
  const to: number[] = [2, 2 + length];
  for (let i = 0; i < length; i++) {
    const [left, right, rung] = [2 + i, 2 + length + i, 2 + 2 * length + i];
    from.push(left, right);
    to.push(rung, rung);
    if (i + 1 < length) {
      from.push(left, right);
      to.push(left + 1, right + 1);
    }
  }
  return graphFromEdges(1 + 3 * length, from, to);
}

function ascending(a: number, b: number): number {
  return a - b;
}
