// Cycles among the blocks over which an object is held without need. Blocks are the grain, and an exact
// one: a cycle passes whole blocks, and a block is passed without need exactly if none follows its start.
// Source: design §2.3, spec early-plan.md §7, finalizer-inlining.md §12.1.

import { type Graph, graphFromEdges, successorsOf } from "../../ir/graph.ts";
import { loopForest } from "../../ir/loop-forest.ts";

export interface Cycle {
  readonly header: number;
  /** The blocks, ascending. */
  readonly blocks: readonly number[];
}

/** The outermost cycles that stay within the marked blocks; inner ones are part of them. */
export function cyclesOf(graph: Graph, marked: Uint8Array): Cycle[] {
  const from: number[] = [];
  const to: number[] = [];
  for (let block = 1; block <= graph.nBlocks; block++) {
    if (marked[block] !== 1) continue;
    for (const next of successorsOf(graph, block)) {
      if (marked[next] !== 1) continue;
      from.push(block);
      to.push(next);
    }
  }
  if (from.length === 0) return [];
  const cycles = loopForest(graphFromEdges(graph.nBlocks, from, to));
  return cycles.loops
    .filter((loop) => loop.parent === 0)
    .map((loop) => ({ header: loop.header, blocks: [...loop.blocks] }));
}
