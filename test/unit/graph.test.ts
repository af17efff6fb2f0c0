// Control-flow graph tables and walks against definitions over the plain list of edges.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  depthFirst,
  type Graph,
  graphFromEdges,
  predecessorsOf,
  reachableFrom,
  reversePostorder,
  successorsOf,
} from "../../server/src/ir/graph.ts";

const runs = { seed: 20260822, numRuns: 500 };

interface EdgeList {
  readonly nBlocks: number;
  readonly edges: readonly (readonly [number, number])[];
}

/** Small graphs with self edges, duplicates, and blocks that nothing reaches. */
const anyEdges: fc.Arbitrary<EdgeList> = fc.integer({ min: 1, max: 9 }).chain((nBlocks) => {
  const block = fc.integer({ min: 1, max: nBlocks });
  const edges = fc.array(fc.tuple(block, block), { maxLength: 2 * nBlocks });
  return fc.record({ nBlocks: fc.constant(nBlocks), edges });
});

function graphOf({ nBlocks, edges }: EdgeList): Graph {
  return graphFromEdges(
    nBlocks,
    edges.map(([from]) => from),
    edges.map(([, to]) => to),
  );
}

function chain(nBlocks: number): Graph {
  const from = Array.from({ length: nBlocks - 1 }, (_, i) => i + 1);
  return graphFromEdges(
    nBlocks,
    from,
    from.map((block) => block + 1),
  );
}

test("successors keep the order of the list and an edge listed twice counts once", () => {
  const g = graphFromEdges(4, [1, 3, 1, 1, 2], [3, 4, 2, 3, 4]);
  assert.deepEqual([...successorsOf(g, 1)], [3, 2]);
  assert.deepEqual([...successorsOf(g, 4)], []);
  assert.deepEqual([...predecessorsOf(g, 4)], [2, 3]);
  assert.deepEqual([...predecessorsOf(g, 1)], []);
});

test("edges to blocks that do not exist are left out", () => {
  const g = graphFromEdges(2, [1, 0, 1, 3, 1, -1], [2, 2, 7, 1, 0, 1]);
  assert.deepEqual([...successorsOf(g, 1)], [2]);
  assert.deepEqual([...predecessorsOf(g, 2)], [1]);
  assert.equal(g.successors.length, 1);
});

test("a function without blocks has an empty graph", () => {
  const g = graphFromEdges(0, [], []);
  assert.equal(g.successorStart.length, 2);
  assert.deepEqual([...reversePostorder(g)], []);
  assert.deepEqual([...reachableFrom(g, [1])], [0]);
});

test("adjacency lists hold exactly the listed edges", () => {
  const property = fc.property(anyEdges, (list) => {
    const g = graphOf(list);
    for (let block = 1; block <= list.nBlocks; block++) {
      const to = list.edges.filter(([from]) => from === block).map(([, target]) => target);
      assert.deepEqual([...successorsOf(g, block)], [...new Set(to)]);
      const from = list.edges.filter(([, target]) => target === block).map(([source]) => source);
      assert.deepEqual([...predecessorsOf(g, block)], [...new Set(from)].sort());
    }
  });
  fc.assert(property, runs);
});

test("reachable blocks are the closure of the starts, not left through the stop", () => {
  const place = fc.integer({ min: 0, max: 9 });
  const property = fc.property(
    anyEdges,
    fc.array(place, { maxLength: 3 }),
    place,
    (list, s, stop) => {
      const expected = new Set(s.filter((block) => block >= 1 && block <= list.nBlocks));
      for (let round = 0; round < list.nBlocks; round++) {
        for (const [from, to] of list.edges)
          if (from !== stop && expected.has(from)) expected.add(to);
      }
      const reached = reachableFrom(graphOf(list), s, stop);
      for (let b = 0; b <= list.nBlocks; b++) assert.equal(reached[b], expected.has(b) ? 1 : 0);
    },
  );
  fc.assert(property, runs);
});

test("a stop that is also a start is marked alone", () => {
  const g = graphFromEdges(3, [1, 2], [2, 3]);
  assert.deepEqual([...reachableFrom(g, [2], 2)], [0, 0, 1, 0]);
  assert.deepEqual([...reachableFrom(g, [2])], [0, 0, 1, 1]);
});

test("reverse postorder lists the reachable blocks, each before its unvisited successors", () => {
  const property = fc.property(anyEdges, (list) => {
    const g = graphOf(list);
    const order = [...reversePostorder(g)];
    const reached = reachableFrom(g, [1]);
    assert.equal(order[0], 1);
    assert.deepEqual(
      [...order].sort(),
      [...reached.keys()].filter((block) => reached[block] === 1),
    );
    // An edge that goes back in the order must close a cycle.
    for (const [from, to] of list.edges) {
      if (reached[from] !== 1 || order.indexOf(from) < order.indexOf(to)) continue;
      assert.equal(reachableFrom(g, [to])[from], 1);
    }
  });
  fc.assert(property, runs);
});

test("reverse postorder of a diamond ends at the join", () => {
  const g = graphFromEdges(4, [1, 1, 2, 3], [2, 3, 4, 4]);
  assert.deepEqual([...reversePostorder(g)], [1, 3, 2, 4]);
});

test("a depth-first walk has edges as tree links, and matching preorder and postorder", () => {
  const property = fc.property(
    anyEdges,
    fc.array(fc.integer({ min: 0, max: 9 })),
    (list, roots) => {
      const g = graphOf(list);
      const walk = depthFirst(g, roots);
      const reached = reachableFrom(g, roots);
      const number = (block: number): number => walk.number[block] ?? 0;
      const leftAt = (block: number): number => walk.postorder.indexOf(block);
      for (let block = 1; block <= list.nBlocks; block++) {
        assert.equal(number(block) > 0, reached[block] === 1);
        if (number(block) === 0) continue;
        assert.equal(walk.block[number(block)], block);
        const parent = walk.block[walk.parent[number(block)] ?? 0] ?? 0;
        if (parent === 0) continue;
        assert.ok(successorsOf(g, parent).includes(block));
        assert.ok(number(parent) < number(block) && leftAt(parent) > leftAt(block));
      }
      // Depth first: no edge leads to a block entered after its source was left.
      for (const [from, to] of list.edges) {
        if (reached[from] === 1) assert.ok(number(to) < number(from) || leftAt(to) <= leftAt(from));
      }
    },
  );
  fc.assert(property, runs);
});

test("a chain of 100,000 blocks is walked without a stack overflow", () => {
  const g = chain(100_000);
  const order = reversePostorder(g);
  assert.ok(order.every((block, i) => block === i + 1));
  assert.equal(
    reachableFrom(g, [50_001]).reduce((sum, mark) => sum + mark, 0),
    50_000,
  );
});
