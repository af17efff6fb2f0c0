// The loop nesting forest of a control-flow graph, irreducible loops included.
//
// Computed from: a `Graph`. An outermost loop is a maximal set of blocks that can all reach each
// other; its header is the block that the depth-first walk meets first. Without the edges into the
// header, what is still mutually reachable inside are the nested loops, and so on. Hence:
//   - the blocks of a loop are strongly connected, by edges inside the loop;
//   - every cycle lies in some loop, and goes through the header of the innermost such loop;
//   - two loops are disjoint or one contains the other, and each block heads at most one loop.
//
// A loop is irreducible when it can be entered at another block than its header; then which block
// is the header depends on the order of successors (never on anything else). For a reducible loop
// the header dominates all of the loop.
//
// Blocks unreachable from the entry have loops too. They are walked after the others, from the
// lowest-numbered one on, each unvisited block as though it were an entry. An edge from such a
// later walk into an earlier one closes no cycle and does not count as an entry of a loop, just as
// the dominator tree ignores predecessors that are unreachable.
//
// Method: P. Havlak, "Nesting of Reducible and Irreducible Loops", TOPLAS 19(4), 1997, in the
// nearly linear form of G. Ramalingam, "Identifying Loops in Almost Linear Time", TOPLAS 21(2),
// 1999: a cross edge waits at the least common tree ancestor of its ends, because no loop with
// a header below that ancestor can contain both. Union-find has path compression without ranks
// (the header must stay the representative), so O(m log n).
//
// Deliberately not done: trip counts, induction variables, splitting of irreducible loops, merging
// of loops that share no header but look like one in the source.

import { at, type DepthFirstWalk, depthFirst, type Graph } from "./graph.ts";

/** One loop. Block numbers and loop ids count from 1. */
export interface Loop {
  readonly id: number;
  readonly header: number;
  /** Id of the smallest loop around this one, 0 if there is none; always less than `id`. */
  readonly parent: number;
  /** 1 for an outermost loop. */
  readonly depth: number;
  /** Ascending, those of nested loops included; collected when first asked for. */
  readonly blocks: Int32Array;
  /** Whether there is an entry besides the header. */
  readonly irreducible: boolean;
  /** The header and all blocks with an edge from outside, ascending; found when first asked for. */
  readonly entries: Int32Array;
}

/** All loops of a graph. */
export interface LoopForest {
  /** The loop with id i stands at place i - 1; in the walk order of the headers, outer first. */
  readonly loops: readonly Loop[];
  /** Block (from 1) → id of the smallest loop that contains it, or 0. */
  readonly innermost: Int32Array;
}

/** The loop nesting forest of the whole graph. */
export function loopForest(g: Graph): LoopForest {
  const blocks = new Int32Array(g.nBlocks);
  for (let block = 1; block <= g.nBlocks; block++) blocks[block - 1] = block;
  const tree = spanningTree(g, depthFirst(g, blocks));
  return assemble(g, tree, nestHeaders(g, tree));
}

/** How many loops contain `block` (from 1); 0 outside of all loops. */
export function loopDepth(forest: LoopForest, block: number): number {
  return forest.loops[at(forest.innermost, block) - 1]?.depth ?? 0;
}

/** The walk with what the edges outside of the tree say. Indices and values are walk numbers. */
interface SpanningTree {
  readonly walk: DepthFirstWalk;
  /** Largest number in the subtree; so v is below u exactly if u <= v <= lastBelow[u]. */
  readonly lastBelow: Int32Array;
  /** Smallest and largest number with an edge to this one, within one tree; 0 if none. */
  readonly lowestSource: Int32Array;
  readonly highestSource: Int32Array;
  readonly crossEdges: CrossEdges;
}

/** Edges between blocks of one tree of which neither is above the other, in linked lists. */
interface CrossEdges {
  /** Walk number of the ends' least common ancestor → first edge, 0 if none; edges from 1. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly source: Int32Array;
  readonly target: Int32Array;
}

function spanningTree(g: Graph, walk: DepthFirstWalk): SpanningTree {
  const nPlaces = walk.nReached + 1;
  const root = new Int32Array(nPlaces);
  for (let v = 1; v < nPlaces; v++) root[v] = at(root, at(walk.parent, v)) || v;
  const lastBelow = identity(nPlaces);
  for (let v = walk.nReached; v >= 1; v--) {
    const parent = at(walk.parent, v);
    lastBelow[parent] = Math.max(at(lastBelow, parent), at(lastBelow, v));
  }
  const lowestSource = new Int32Array(nPlaces);
  const highestSource = new Int32Array(nPlaces);
  const crossEdges = {
    first: new Int32Array(nPlaces),
    next: new Int32Array(g.successors.length + 1),
    source: new Int32Array(g.successors.length + 1),
    target: new Int32Array(g.successors.length + 1),
  };
  let nCrossEdges = 0;
  // While the blocks are taken in postorder, a block that was left is linked to its tree parent.
  // So the representative of a block left earlier is its nearest ancestor above the current one.
  const stillOpen = identity(nPlaces);
  for (const block of walk.postorder) {
    const source = at(walk.number, block);
    for (let i = at(g.successorStart, block); i < at(g.successorStart, block + 1); i++) {
      const target = at(walk.number, at(g.successors, i));
      if (root[target] !== root[source]) continue;
      const lowest = at(lowestSource, target);
      lowestSource[target] = lowest === 0 ? source : Math.min(lowest, source);
      highestSource[target] = Math.max(at(highestSource, target), source);
      if (at(lastBelow, target) >= source) continue; // not to the left: down, or back up
      const edge = ++nCrossEdges;
      crossEdges.source[edge] = source;
      crossEdges.target[edge] = target;
      link(crossEdges, crossEdges.first, find(stillOpen, target), edge);
    }
    stillOpen[source] = at(walk.parent, source);
  }
  return { walk, lastBelow, lowestSource, highestSource, crossEdges };
}

/** What heads what. Indices and values are walk numbers. */
interface HeaderNest {
  /** 1 if some edge from below, or from the block itself, goes to this block. */
  readonly isHeader: Uint8Array;
  /** The header of the smallest loop around this block, itself excluded; 0 if none. */
  readonly headerAbove: Int32Array;
  /** 1 for a header whose loop has another entry. */
  readonly isIrreducible: Uint8Array;
}

/** Inner loops first: each block in reverse preorder gathers what reaches it from below. */
function nestHeaders(g: Graph, tree: SpanningTree): HeaderNest {
  const { walk, lastBelow, crossEdges } = tree;
  const nPlaces = walk.nReached + 1;
  const isHeader = new Uint8Array(nPlaces);
  const headerAbove = new Int32Array(nPlaces);
  const isIrreducible = new Uint8Array(nPlaces);
  const collapsed = identity(nPlaces);
  const firstEntering = new Int32Array(nPlaces);
  // The reach of the edges into a loop at other blocks than its header.
  const lowest = new Int32Array(nPlaces).fill(nPlaces);
  const highest = new Int32Array(nPlaces);
  const worklist = new Int32Array(nPlaces);
  for (let header = walk.nReached; header >= 1; header--) {
    for (let edge = at(crossEdges.first, header); edge !== 0; ) {
      const following = at(crossEdges.next, edge);
      link(crossEdges, firstEntering, find(collapsed, at(crossEdges.target, edge)), edge);
      edge = following;
    }
    let nWaiting = 0;
    const gather = (v: number): void => {
      const inner = find(collapsed, v);
      if (inner === header) return;
      collapsed[inner] = header;
      headerAbove[inner] = header;
      worklist[nWaiting++] = inner;
    };
    const block = at(walk.block, header);
    for (let i = at(g.predecessorStart, block); i < at(g.predecessorStart, block + 1); i++) {
      const source = at(walk.number, at(g.predecessors, i));
      if (source < header || source > at(lastBelow, header)) continue;
      isHeader[header] = 1;
      gather(source);
    }
    while (nWaiting > 0) {
      const inner = at(worklist, --nWaiting);
      const low = Math.min(at(lowest, inner), at(tree.lowestSource, inner));
      const high = Math.max(at(highest, inner), at(tree.highestSource, inner));
      lowest[header] = Math.min(at(lowest, header), low);
      highest[header] = Math.max(at(highest, header), high);
      gather(at(walk.parent, inner));
      for (let edge = at(firstEntering, inner); edge !== 0; edge = at(crossEdges.next, edge)) {
        gather(at(crossEdges.source, edge));
      }
    }
    const isEntered = at(lowest, header) < header || at(highest, header) > at(lastBelow, header);
    isIrreducible[header] = isEntered ? 1 : 0;
  }
  return { isHeader, headerAbove, isIrreducible };
}

/** Gives ids to the headers and lays out the blocks so that each loop is one run of places. */
function assemble(g: Graph, tree: SpanningTree, nest: HeaderNest): LoopForest {
  const { walk } = tree;
  const loopAtHeader = new Int32Array(walk.nReached + 1);
  const headers = [0];
  for (let v = 1; v <= walk.nReached; v++) {
    if (nest.isHeader[v] === 1) loopAtHeader[v] = headers.push(v) - 1;
  }
  const innermost = new Int32Array(g.nBlocks + 1);
  const nOwn = new Int32Array(headers.length);
  for (let v = 1; v <= walk.nReached; v++) {
    const loop = at(loopAtHeader, v) || at(loopAtHeader, at(nest.headerAbove, v));
    innermost[at(walk.block, v)] = loop;
    nOwn[loop] = at(nOwn, loop) + 1;
  }
  const parents = new Int32Array(headers.length);
  const size = nOwn.slice();
  for (let id = headers.length - 1; id >= 1; id--) {
    const parent = at(loopAtHeader, at(nest.headerAbove, headers[id] ?? 0));
    parents[id] = parent;
    size[parent] = at(size, parent) + at(size, id);
  }
  const layout = layOut(innermost, parents, nOwn, size);
  const loops: Loop[] = [];
  for (let id = 1; id < headers.length; id++) {
    const v = headers[id] ?? 0;
    const header = at(walk.block, v);
    const parent = at(parents, id);
    const depth = (loops[parent - 1]?.depth ?? 0) + 1;
    const irreducible = nest.isIrreducible[v] === 1;
    const start = at(layout.start, id);
    const end = start + at(size, id);
    const collect = (): Int32Array => layout.blocks.slice(start, end).sort();
    loops.push(loopOf(tree, { id, header, parent, depth, irreducible }, collect));
  }
  return { loops, innermost };
}

interface Layout {
  readonly start: Int32Array;
  readonly blocks: Int32Array;
}

/** Places of a loop: first its own blocks, ascending, then the runs of its nested loops. */
function layOut(
  innermost: Int32Array,
  parents: Int32Array,
  nOwn: Int32Array,
  size: Int32Array,
): Layout {
  const start = new Int32Array(parents.length);
  const nextRun = nOwn.slice();
  for (let id = 1; id < parents.length; id++) {
    const parent = at(parents, id);
    const first = at(nextRun, parent);
    start[id] = first;
    nextRun[parent] = first + at(size, id);
    nextRun[id] = first + at(nOwn, id);
  }
  const nextPlace = start.slice();
  const blocks = new Int32Array(innermost.length - 1);
  for (let block = 1; block < innermost.length; block++) {
    const loop = at(innermost, block);
    const place = at(nextPlace, loop);
    blocks[place] = block;
    nextPlace[loop] = place + 1;
  }
  return { start, blocks };
}

/**
 * A loop whose block lists are made on demand: in a nest of depth d all lists together have up to
 * d times as many places as there are blocks.
 */
function loopOf(
  tree: SpanningTree,
  facts: Omit<Loop, "blocks" | "entries">,
  collect: () => Int32Array,
): Loop {
  let blocks: Int32Array | undefined;
  let entries: Int32Array | undefined;
  return {
    id: facts.id,
    header: facts.header,
    parent: facts.parent,
    depth: facts.depth,
    irreducible: facts.irreducible,
    get blocks(): Int32Array {
      blocks ??= collect();
      return blocks;
    },
    get entries(): Int32Array {
      entries ??= this.blocks.filter((block) => isEntry(tree, facts.header, block));
      return entries;
    },
  };
}

/** Whether a block of the loop is its header or has a predecessor that the header is not above. */
function isEntry(tree: SpanningTree, header: number, block: number): boolean {
  const h = at(tree.walk.number, header);
  const v = at(tree.walk.number, block);
  if (v === h) return true;
  return at(tree.lowestSource, v) < h || at(tree.highestSource, v) > at(tree.lastBelow, h);
}

function identity(nPlaces: number): Int32Array {
  const table = new Int32Array(nPlaces);
  for (let i = 0; i < nPlaces; i++) table[i] = i;
  return table;
}

/** The representative of v's set; links on the way are halved. */
function find(representative: Int32Array, v: number): number {
  let current = v;
  while (representative[current] !== current) {
    const above = at(representative, at(representative, current));
    representative[current] = above;
    current = above;
  }
  return current;
}

function link(edges: CrossEdges, first: Int32Array, v: number, edge: number): void {
  edges.next[edge] = at(first, v);
  first[v] = edge;
}
