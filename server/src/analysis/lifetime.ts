// How long an object is needed, and how long Julia's placement of its finalizer holds it. A lifetime
// is extended across a loop where it is held but not needed around a cycle that does not pass the
// definition. Blocks are the grain: a block counts as held without need when no use can follow its
// start. Source: design §2.3, spec early-plan.md §7, finalizer-inlining.md §12.1.

import { type Graph, graphFromEdges, predecessorsOf, successorsOf } from "../ir/graph.ts";
import { loopForest } from "../ir/loop-forest.ts";
import type { Insertion } from "./finalizer/ladder.ts";

/** A loop over which an object is held although nothing in or after it needs the object. */
export interface Extension {
  readonly header: number;
  /** The loop's blocks, ascending. */
  readonly blocks: readonly number[];
}

export interface Placement {
  readonly graph: Graph;
  readonly blockOf: Int32Array;
  /** Position of the object's definition. */
  readonly definition: number;
  /** Positions of all uses of the object, the registration included. */
  readonly uses: readonly number[];
  readonly insertion: Insertion;
}

/** The positions among `uses` after which, on some path, no further use follows; ascending. */
export function lastUses(
  graph: Graph,
  blockOf: Int32Array,
  definition: number,
  uses: readonly number[],
): number[] {
  const needed = blocksBefore(
    graph,
    blockOf[definition] ?? 0,
    uses.map((use) => blockOf[use] ?? 0),
  );
  const last = new Map<number, number>();
  for (const use of uses) {
    const block = blockOf[use] ?? 0;
    last.set(block, Math.max(last.get(block) ?? 0, use));
  }
  const result: number[] = [];
  for (const [block, use] of last) {
    const successors = [...successorsOf(graph, block)];
    const goesOn = successors.length > 0 && successors.every((next) => needed[next] === 1);
    if (!goesOn) result.push(use);
  }
  return result.sort((a, b) => a - b);
}

/** Loops over which the placement extends the lifetime; innermost cycles are part of their outer loop. */
export function extensions(placement: Placement): Extension[] {
  const { graph, blockOf, definition, uses, insertion } = placement;
  const definedIn = blockOf[definition] ?? 0;
  const target = "after" in insertion ? (blockOf[insertion.after] ?? 0) : insertion.block;
  const needed = blocksBefore(
    graph,
    definedIn,
    uses.map((use) => blockOf[use] ?? 0),
  );
  const held = blocksBefore(graph, definedIn, [target]);
  const reached = blocksAfter(graph, definedIn, target);
  const from: number[] = [];
  const to: number[] = [];
  const isExtra = (block: number): boolean =>
    block !== definedIn && reached[block] === 1 && held[block] === 1 && needed[block] !== 1;
  for (let block = 1; block <= graph.nBlocks; block++) {
    if (!isExtra(block)) continue;
    for (const next of successorsOf(graph, block)) {
      if (!isExtra(next)) continue;
      from.push(block);
      to.push(next);
    }
  }
  const cycles = loopForest(graphFromEdges(graph.nBlocks, from, to));
  return cycles.loops
    .filter((loop) => loop.parent === 0)
    .map((loop) => ({ header: loop.header, blocks: [...loop.blocks] }));
}

/** Blocks from whose start one of `targets` is reached without passing the end of `definedIn`. */
function blocksBefore(graph: Graph, definedIn: number, targets: readonly number[]): Uint8Array {
  const marked = new Uint8Array(graph.nBlocks + 1);
  const work = targets.filter((block) => block > 0 && block !== definedIn);
  for (const block of work) marked[block] = 1;
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    for (const before of predecessorsOf(graph, block)) {
      if (before === definedIn || before < 1 || marked[before] === 1) continue;
      marked[before] = 1;
      work.push(before);
    }
  }
  return marked;
}

/** Blocks that are reached from `definedIn` before the object is let go in `target`, both included. */
function blocksAfter(graph: Graph, definedIn: number, target: number): Uint8Array {
  const marked = new Uint8Array(graph.nBlocks + 1);
  const work = [definedIn];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (block === target) continue;
    for (const next of successorsOf(graph, block)) {
      if (next === definedIn || marked[next] === 1) continue;
      marked[next] = 1;
      work.push(next);
    }
  }
  return marked;
}
