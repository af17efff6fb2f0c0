// The loop nesting forest against its definition by strongly connected components.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dominates, dominatorTree } from "../../server/src/ir/dominator-tree.ts";
import {
  type Graph,
  graphFromEdges,
  predecessorsOf,
  reachableFrom,
  successorsOf,
} from "../../server/src/ir/graph.ts";
import {
  type Loop,
  type LoopForest,
  loopDepth,
  loopForest,
} from "../../server/src/ir/loop-forest.ts";
import { anyGraph, graphOf, runs } from "./graphs.ts";

/** The sets of blocks within `inside` that lie on common cycles there, as sorted lists. */
function cyclicComponents(g: Graph, inside: readonly number[]): number[][] {
  const allowed = new Set(inside);
  const reach = new Map<number, Set<number>>();
  for (const start of inside) {
    const reached = new Set<number>(); // by at least one edge
    const worklist = [start];
    for (let block = worklist.pop(); block !== undefined; block = worklist.pop()) {
      for (const next of successorsOf(g, block)) {
        if (!allowed.has(next) || reached.has(next)) continue;
        reached.add(next);
        worklist.push(next);
      }
    }
    reach.set(start, reached);
  }
  const connects = (a: number, b: number): boolean => reach.get(a)?.has(b) === true;
  const cyclic = inside.filter((block) => connects(block, block));
  const firsts = cyclic.filter(
    (a) => !cyclic.some((b) => b < a && connects(a, b) && connects(b, a)),
  );
  return firsts.map((a) => cyclic.filter((b) => connects(a, b) && connects(b, a)));
}

function childrenOf(forest: LoopForest, id: number): Loop[] {
  return forest.loops.filter((loop) => loop.parent === id);
}

function blockLists(loops: readonly Loop[]): number[][] {
  const lists = loops.map((loop) => [...loop.blocks]);
  return lists.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

test("loops are the cyclic components, and those inside a loop without its header", () => {
  const property = fc.property(anyGraph, (g) => {
    const forest = loopForest(g);
    const all = Array.from({ length: g.nBlocks }, (_, i) => i + 1);
    assert.deepEqual(blockLists(childrenOf(forest, 0)), cyclicComponents(g, all));
    for (const loop of forest.loops) {
      const inside = [...loop.blocks].filter((block) => block !== loop.header);
      assert.equal(inside.length, loop.blocks.length - 1, "the header lies in its loop");
      assert.deepEqual(blockLists(childrenOf(forest, loop.id)), cyclicComponents(g, inside));
    }
  });
  fc.assert(property, runs);
});

test("each loop is strongly connected by its own edges", () => {
  const property = fc.property(anyGraph, (g) => {
    for (const { blocks } of loopForest(g).loops) {
      assert.deepEqual(cyclicComponents(g, [...blocks]), [[...blocks]]);
    }
  });
  fc.assert(property, runs);
});

test("ids, parents, depths and innermost loops agree", () => {
  const property = fc.property(anyGraph, (g) => {
    const forest = loopForest(g);
    for (const [place, loop] of forest.loops.entries()) {
      assert.equal(loop.id, place + 1);
      assert.ok(loop.parent < loop.id);
      assert.equal(loop.depth, 1 + (forest.loops[loop.parent - 1]?.depth ?? 0));
      assert.equal(forest.innermost[loop.header], loop.id);
    }
    for (let block = 1; block <= g.nBlocks; block++) {
      const around = forest.loops.filter((loop) => loop.blocks.includes(block));
      assert.equal(loopDepth(forest, block), around.length);
      assert.equal(forest.innermost[block], around.at(-1)?.id ?? 0);
    }
  });
  fc.assert(property, runs);
});

test("a reachable loop is irreducible exactly if its header does not dominate it", () => {
  const property = fc.property(anyGraph, (g) => {
    const tree = dominatorTree(g);
    const isReachable = reachableFrom(g, [1]);
    for (const loop of loopForest(g).loops) {
      if (isReachable[loop.header] !== 1) continue;
      const isHeaded = loop.blocks.every((block) => dominates(tree, loop.header, block));
      assert.equal(loop.irreducible, !isHeaded);
    }
  });
  fc.assert(property, runs);
});

test("entries are the header and the blocks with a reachable predecessor outside", () => {
  const property = fc.property(anyGraph, (g) => {
    const isReachable = reachableFrom(g, [1]);
    for (const loop of loopForest(g).loops) {
      assert.ok(loop.entries.includes(loop.header));
      assert.equal(loop.irreducible, loop.entries.length > 1);
      if (isReachable[loop.header] !== 1) continue;
      const isOutside = (p: number): boolean => isReachable[p] === 1 && !loop.blocks.includes(p);
      const expected = loop.blocks.filter(
        (block) => block === 1 || predecessorsOf(g, block).some(isOutside),
      );
      assert.deepEqual(loop.entries, expected);
    }
  });
  fc.assert(property, runs);
});

test("a while loop has its condition as header", () => {
  const g = graphOf(4, [
    [1, 2],
    [2, 3],
    [2, 4],
    [3, 2],
  ]);
  const forest = loopForest(g);
  assert.deepEqual(forest.loops.map(plain), [
    { id: 1, header: 2, parent: 0, depth: 1, blocks: [2, 3], irreducible: false, entries: [2] },
  ]);
  assert.deepEqual([...forest.innermost], [0, 0, 1, 1, 0]);
  assert.deepEqual(
    [1, 2, 3, 4].map((block) => loopDepth(forest, block)),
    [0, 1, 1, 0],
  );
});

test("a block that branches to itself is a loop", () => {
  const g = graphOf(2, [
    [1, 1],
    [1, 2],
  ]);
  assert.deepEqual(loopForest(g).loops.map(plain), [
    { id: 1, header: 1, parent: 0, depth: 1, blocks: [1], irreducible: false, entries: [1] },
  ]);
});

test("two back edges to one header make one loop", () => {
  const g = graphOf(5, [
    [1, 2],
    [2, 3],
    [2, 4],
    [3, 2],
    [4, 2],
    [4, 5],
  ]);
  assert.deepEqual(blockLists(loopForest(g).loops), [[2, 3, 4]]);
});

test("a cycle with two entries is an irreducible loop, and a loop nested in it is not", () => {
  const g = graphOf(4, [
    [1, 2],
    [1, 3],
    [2, 3],
    [3, 2],
    [3, 3],
    [3, 4],
  ]);
  assert.deepEqual(loopForest(g).loops.map(plain), [
    { id: 1, header: 2, parent: 0, depth: 1, blocks: [2, 3], irreducible: true, entries: [2, 3] },
    { id: 2, header: 3, parent: 1, depth: 2, blocks: [3], irreducible: false, entries: [3] },
  ]);
});

test("unreachable cycles are loops and do not enter reachable ones", () => {
  const g = graphOf(5, [
    [1, 2],
    [2, 3],
    [3, 2],
    [4, 5],
    [5, 4],
    [5, 3],
  ]);
  assert.deepEqual(loopForest(g).loops.map(plain), [
    { id: 1, header: 2, parent: 0, depth: 1, blocks: [2, 3], irreducible: false, entries: [2] },
    { id: 2, header: 4, parent: 0, depth: 1, blocks: [4, 5], irreducible: false, entries: [4] },
  ]);
});

test("a function without blocks has no loops", () => {
  assert.deepEqual(loopForest(graphOf(0, [])).loops, []);
});

test("a chain of 100,000 blocks has no loops", () => {
  const from = Int32Array.from({ length: 99_999 }, (_, i) => i + 1);
  const to = from.map((block) => block + 1);
  assert.deepEqual(loopForest(graphFromEdges(100_000, from, to)).loops, []);
});

test("50,000 loops nested in each other keep their order", () => {
  const forest = loopForest(nestedLoops(50_000));
  assert.equal(forest.loops.length, 50_000);
  assert.ok(forest.loops.every((loop, i) => loop.header === i + 1 && loop.depth === i + 1));
  assert.equal(loopDepth(forest, 50_001), 50_000);
  assert.equal(forest.loops[49_999]?.blocks.length, 2);
  assert.equal(forest.loops[0]?.blocks.length, 100_000);
});

for (const make of [nestedLoops, nestedIrreducible, sharedTarget]) {
  test(`${make.name}: a large one is read without running out of stack`, () => {
    assert.ok(loopForest(make(48_000)).loops.length > 0);
  });
}

/** Headers 1..depth in a row, then latches that go back to the headers, innermost first. */
function nestedLoops(depth: number): Graph {
  const from: number[] = [];
  const to: number[] = [];
  for (let block = 1; block < 2 * depth; block++) {
    from.push(block);
    to.push(block + 1);
    if (block > depth) {
      from.push(block);
      to.push(2 * depth + 1 - block);
    }
  }
  from.push(2 * depth);
  to.push(1);
  return graphFromEdges(2 * depth, from, to);
}

/** A two-way chain that is entered at both ends: every loop but the last one is irreducible. */
function nestedIrreducible(length: number): Graph {
  const from: number[] = [1, 1];
  const to: number[] = [2, length];
  for (let block = 2; block < length; block++) {
    from.push(block, block + 1);
    to.push(block + 1, block);
  }
  return graphFromEdges(length, from, to);
}

/** Nested loops whose innermost latch is entered from the side: one cross edge into all loops. */
function sharedTarget(depth: number): Graph {
  const inner = nestedLoops(depth);
  const from: number[] = [1, 1];
  const to: number[] = [2, 2 + inner.nBlocks];
  for (let block = 1; block <= inner.nBlocks; block++) {
    for (const successor of successorsOf(inner, block)) {
      from.push(block + 1);
      to.push(successor + 1);
    }
  }
  for (let i = 0; i < depth; i++) {
    from.push(2 + inner.nBlocks + i, 2 + inner.nBlocks + i);
    to.push(3 + inner.nBlocks + i, 2 + depth + i);
  }
  return graphFromEdges(2 + inner.nBlocks + depth, from, to);
}

function plain(loop: Loop): Record<string, unknown> {
  return { ...loop, blocks: [...loop.blocks], entries: [...loop.entries] };
}
