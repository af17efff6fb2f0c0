// Random control-flow graphs for the property tests of the ir room.

import fc from "fast-check";
import { type Graph, graphFromEdges } from "../../server/src/ir/graph.ts";

/** One seed for all of them, so that a failure can be run again. */
export const runs: { readonly seed: number; readonly numRuns: number } = {
  seed: 20260822,
  numRuns: 1000,
};

/** Sparse graphs as compilers make them, and dense ones; unreachable blocks and endless loops. */
export const anyGraph: fc.Arbitrary<Graph> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(1, 1.4, 3))
  .chain(([nBlocks, density]) => {
    const block = fc.integer({ min: 1, max: nBlocks });
    const maxLength = Math.ceil(nBlocks * density);
    return fc
      .array(fc.tuple(block, block), { maxLength, size: "max" })
      .map((edges) => graphOf(nBlocks, edges));
  });

/** The graph with these edges. */
export function graphOf(nBlocks: number, edges: readonly (readonly [number, number])[]): Graph {
  return graphFromEdges(
    nBlocks,
    edges.map(([from]) => from),
    edges.map(([, to]) => to),
  );
}
