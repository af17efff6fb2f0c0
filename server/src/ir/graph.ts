// The control-flow graph of one function body as compressed adjacency lists, and the walks over it.
//
// Computed from: the number of basic blocks and the list of edges between them.
//
// Blocks are numbered from 1, as Julia prints them (`#1` is the entry). Tables indexed by block
// have nBlocks + 1 places; place 0 stands for "no block" or, after a return, the virtual exit.
// An edge that touches anything but a block 1..nBlocks is left out: text under edit may name a
// block that is not there, and Julia gives an exception handler the predecessor 0, which its own
// dominator trees skip too.
//
// Deliberately not done: finding the edges (they follow from the terminators, which this file does
// not know), changing a graph in place, edges from statements that may throw.
//
// Follows: `CFG` and `BasicBlock` in Julia's Compiler/src/ssair/basicblock.jl; depth-first search
// after R. E. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1(2), 1972.

/**
 * A directed graph of basic blocks 1..nBlocks without duplicate edges.
 * The successors of block b are `successors[successorStart[b]]` up to, but not including,
 * `successors[successorStart[b + 1]]`; predecessors likewise.
 */
export interface Graph {
  readonly nBlocks: number;
  /** Indexed by block; nBlocks + 2 places, the last one is the number of edges. */
  readonly successorStart: Int32Array;
  /** Block numbers, in the order in which the edges were given. */
  readonly successors: Int32Array;
  /** Indexed by block; nBlocks + 2 places, the last one is the number of edges. */
  readonly predecessorStart: Int32Array;
  /** Block numbers, ascending within each block. */
  readonly predecessors: Int32Array;
}

/**
 * A depth-first spanning forest. Reached blocks carry preorder numbers from 1, so that a tree's
 * root has a smaller number than everything below it; 0 means "not reached" or "no parent".
 */
export interface DepthFirstWalk {
  readonly nReached: number;
  /** Block → preorder number, 0 if not reached. */
  readonly number: Int32Array;
  /** Preorder number → block; place 0 holds 0. */
  readonly block: Int32Array;
  /** Preorder number → preorder number of the tree parent, 0 for a root. */
  readonly parent: Int32Array;
  /** The reached blocks in the order in which the walk left them; indexed from 0. */
  readonly postorder: Int32Array;
}

/**
 * The graph with the edges `from[i] → to[i]` (block numbers from 1, places from 0).
 * An edge listed twice counts once; an edge to or from a block that does not exist is left out.
 */
export function graphFromEdges(
  nBlocks: number,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
): Graph {
  const listed = group(nBlocks, from, to);
  const successorStart = new Int32Array(nBlocks + 2);
  const successors = listed.items;
  const sources = new Int32Array(successors.length);
  const lastSource = new Int32Array(nBlocks + 1);
  let nEdges = 0;
  for (let block = 1; block <= nBlocks; block++) {
    successorStart[block] = nEdges;
    for (let i = at(listed.start, block); i < at(listed.start, block + 1); i++) {
      const target = at(successors, i);
      if (lastSource[target] === block) continue;
      lastSource[target] = block;
      sources[nEdges] = block;
      successors[nEdges++] = target;
    }
  }
  successorStart[nBlocks + 1] = nEdges;
  const targets = successors.slice(0, nEdges);
  const reverse = group(nBlocks, targets, sources.subarray(0, nEdges));
  return {
    nBlocks,
    successorStart,
    successors: targets,
    predecessorStart: reverse.start,
    predecessors: reverse.items,
  };
}

/** The blocks that `block` (from 1) can continue with, in the order of the edge list. */
export function successorsOf(g: Graph, block: number): Int32Array {
  return g.successors.subarray(at(g.successorStart, block), at(g.successorStart, block + 1));
}

/** The blocks that can continue with `block` (from 1), ascending. */
export function predecessorsOf(g: Graph, block: number): Int32Array {
  return g.predecessors.subarray(at(g.predecessorStart, block), at(g.predecessorStart, block + 1));
}

/** Whether `from` can continue with `to` (blocks from 1), by binary search among the predecessors. */
export function isEdge(g: Graph, from: number, to: number): boolean {
  let low = at(g.predecessorStart, to);
  let high = at(g.predecessorStart, to + 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(g.predecessors, middle) < from) low = middle + 1;
    else high = middle;
  }
  return low < at(g.predecessorStart, to + 1) && at(g.predecessors, low) === from;
}

/**
 * Marks with 1, indexed by block from 1, every block that forward edges lead to from `start`,
 * the starts included. The block `stopAt` is marked when met, also as a start, but not left.
 */
export function reachableFrom(g: Graph, start: Iterable<number>, stopAt?: number): Uint8Array {
  const reached = new Uint8Array(g.nBlocks + 1);
  const worklist = new Int32Array(g.nBlocks);
  let nWaiting = 0;
  for (const block of start) {
    if (!isBlock(g.nBlocks, block) || reached[block] === 1) continue;
    reached[block] = 1;
    worklist[nWaiting++] = block;
  }
  while (nWaiting > 0) {
    const block = at(worklist, --nWaiting);
    if (block === stopAt) continue;
    for (let i = at(g.successorStart, block); i < at(g.successorStart, block + 1); i++) {
      const successor = at(g.successors, i);
      if (reached[successor] === 1) continue;
      reached[successor] = 1;
      worklist[nWaiting++] = successor;
    }
  }
  return reached;
}

/**
 * The blocks (from 1) reachable from the entry, each before its successors except along the edges
 * that go back to an ancestor in the depth-first tree. Places count from 0; the entry comes first.
 */
export function reversePostorder(g: Graph): Int32Array {
  return depthFirst(g, [1]).postorder.slice().reverse();
}

/**
 * Walks the graph depth first from each root (block numbers from 1) that is not yet reached, in the
 * given order, and takes successors in list order. Roots that are not blocks are skipped.
 */
export function depthFirst(g: Graph, roots: Iterable<number>): DepthFirstWalk {
  const number = new Int32Array(g.nBlocks + 1);
  const block = new Int32Array(g.nBlocks + 1);
  const parent = new Int32Array(g.nBlocks + 1);
  const postorder = new Int32Array(g.nBlocks);
  const nextEdge = g.successorStart.slice();
  let nReached = 0;
  let nLeft = 0;
  for (const root of roots) {
    if (!isBlock(g.nBlocks, root) || number[root] !== 0) continue;
    number[root] = ++nReached;
    block[nReached] = root;
    let current = nReached; // the parent links double as the stack
    while (current !== 0) {
      const here = at(block, current);
      const edge = at(nextEdge, here);
      if (edge === at(g.successorStart, here + 1)) {
        postorder[nLeft++] = here;
        current = at(parent, current);
        continue;
      }
      nextEdge[here] = edge + 1;
      const successor = at(g.successors, edge);
      if (number[successor] !== 0) continue;
      number[successor] = ++nReached;
      block[nReached] = successor;
      parent[nReached] = current;
      current = nReached;
    }
  }
  return {
    nReached,
    number,
    block: block.subarray(0, nReached + 1),
    parent: parent.subarray(0, nReached + 1),
    postorder: postorder.subarray(0, nReached),
  };
}

/** Reads a place that exists by construction; outside the array it gives 0, "no block". */
export function at(table: Int32Array, index: number): number {
  return table[index] ?? 0;
}

interface Groups {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** Sorts `values` by their `keys`, both block numbers, and keeps the order within one key. */
function group(nBlocks: number, keys: ArrayLike<number>, values: ArrayLike<number>): Groups {
  const start = new Int32Array(nBlocks + 2);
  const nPairs = Math.min(keys.length, values.length);
  for (let i = 0; i < nPairs; i++) {
    const key = keys[i] ?? 0;
    if (isBlock(nBlocks, key) && isBlock(nBlocks, values[i] ?? 0)) {
      start[key + 1] = at(start, key + 1) + 1;
    }
  }
  for (let block = 1; block <= nBlocks; block++) {
    start[block + 1] = at(start, block + 1) + at(start, block);
  }
  const next = start.slice();
  const items = new Int32Array(at(start, nBlocks + 1));
  for (let i = 0; i < nPairs; i++) {
    const key = keys[i] ?? 0;
    const value = values[i] ?? 0;
    if (!isBlock(nBlocks, key) || !isBlock(nBlocks, value)) continue;
    const place = at(next, key);
    items[place] = value;
    next[key] = place + 1;
  }
  return { start, items };
}

function isBlock(nBlocks: number, block: number): boolean {
  return block >= 1 && block <= nBlocks;
}
