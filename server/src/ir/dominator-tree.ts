// Dominator and post-dominator trees of a control-flow graph.
//
// Computed from: a `Graph`. Block a dominates block b when every path from the entry to b goes
// through a; a post-dominates b when every path from b to an exit goes through a. An exit is a
// block without successors, whether it returns or is unreachable after a throw.
//
// Both trees hang below a virtual root with number 0: for dominators it has one child, the entry;
// for post-dominators it is the virtual exit, whose children include all exits. The answers are
// those of Julia's compiler:
//   - Blocks that the walk from the root does not reach (unreachable from the entry; or, for
//     post-dominators, no exit reachable: an infinite loop) are ignored as neighbours of others,
//     have immediate dominator 0 and level 1, and are comparable to themselves only.
//   - Nearest common dominators that exist only as the virtual root are 0.
//
// Method: Semi-NCA, L. Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems",
// Princeton TR-737-05, 2005, pp. 21-23, as in Julia's Compiler/src/ssair/domtree.jl (`SNCA!`). Its
// last step climbs from the tree parent to the semidominator, which is quadratic on two ladders
// that share their rungs; here it climbs by the skew-binary jump pointers of E. W. Myers, "An
// Applicative Random-Access Stack", Inf. Process. Lett. 17(5), 1983. All in all O(m log n).
//
// Deliberately not done: updates after an edge changed (Julia's Dynamic SNCA), dominance frontiers,
// dominance between statements of one block.

import { at, type DepthFirstWalk, depthFirst, type Graph } from "./graph.ts";

/** A dominator or post-dominator tree. All tables are indexed by block from 1; place 0 holds 0. */
export interface DominatorTree {
  /** Parent block; 0 for the virtual root's children and for blocks that were not reached. */
  readonly immediateDominator: Int32Array;
  /** Distance from the virtual root: 1 for its children and for blocks that were not reached. */
  readonly level: Int32Array;
  /** Place from 1 in a preorder of the tree; an ancestor's is smaller. */
  readonly preorder: Int32Array;
  /** Place from 1 in the matching postorder; an ancestor's is larger. */
  readonly postorder: Int32Array;
  /** Some dominator at or above the immediate one, such that climbing takes O(log n) steps. */
  readonly jump: Int32Array;
}

/** The dominator tree below the entry, block 1. */
export function dominatorTree(g: Graph): DominatorTree {
  return treeBelow(g, [1]);
}

/** The post-dominator tree below the virtual exit 0. */
export function postDominatorTree(g: Graph): DominatorTree {
  const exits: number[] = [];
  for (let block = 1; block <= g.nBlocks; block++) {
    if (at(g.successorStart, block) === at(g.successorStart, block + 1)) exits.push(block);
  }
  return treeBelow(reversed(g), exits);
}

/**
 * Whether block `a` (post-)dominates block `b`, both from 1, in constant time. Every block
 * dominates itself. The 0 of "no block" and of the virtual root dominates no block.
 */
export function dominates(t: DominatorTree, a: number, b: number): boolean {
  if (a === b) return true;
  return at(t.preorder, a) < at(t.preorder, b) && at(t.postorder, a) > at(t.postorder, b);
}

/**
 * The nearest block (from 1) that (post-)dominates both `a` and `b`; 0 if there is none, or if
 * either is 0, so that a fold over many blocks stays 0 once it has failed.
 */
export function nearestCommonDominator(t: DominatorTree, a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  let block = a;
  while (block !== 0 && !dominates(t, block, b)) {
    const far = at(t.jump, block);
    block = far === 0 || dominates(t, far, b) ? at(t.immediateDominator, block) : far;
  }
  return block;
}

function reversed(g: Graph): Graph {
  return {
    nBlocks: g.nBlocks,
    successorStart: g.predecessorStart,
    successors: g.predecessors,
    predecessorStart: g.successorStart,
    predecessors: g.successors,
  };
}

/**
 * Semi-NCA from a virtual root whose successors are `roots`. In both uses a root's tree parent is
 * the virtual root: the entry is visited first, and nothing but the virtual exit leads to an exit
 * in the reversed graph. So the virtual root's edges need no place in the predecessor lists.
 */
function treeBelow(g: Graph, roots: Iterable<number>): DominatorTree {
  const walk = depthFirst(g, roots);
  const semidominator = semidominators(g, walk);
  const immediateDominator = new Int32Array(g.nBlocks + 1);
  const level = new Int32Array(g.nBlocks + 1).fill(1, 1);
  const jump = new Int32Array(g.nBlocks + 1);
  for (let w = 1; w <= walk.nReached; w++) {
    const block = at(walk.block, w);
    const semi = at(semidominator, w);
    let above = at(walk.block, at(walk.parent, w));
    while (at(walk.number, above) > semi) {
      const far = at(jump, above);
      above = at(walk.number, far) >= semi ? far : at(immediateDominator, above);
    }
    immediateDominator[block] = above;
    level[block] = at(level, above) + 1;
    jump[block] = jumpFrom(level, jump, above);
  }
  return { immediateDominator, level, jump, ...numberTree(walk, immediateDominator, level) };
}

/** The jump pointer of a child of `parent`: twice as far when the last two jumps were equal. */
function jumpFrom(level: Int32Array, jump: Int32Array, parent: number): number {
  const near = at(jump, parent);
  const far = at(jump, near);
  const isEqualJump = at(level, parent) - at(level, near) === at(level, near) - at(level, far);
  return isEqualJump ? far : parent;
}

/**
 * The semidominator of each reached block, both as preorder numbers: the smallest number from
 * which a path leads to the block over blocks whose numbers are all larger than the block's own.
 */
function semidominators(g: Graph, walk: DepthFirstWalk): Int32Array {
  const semidominator = new Int32Array(walk.nReached + 1);
  const label = new Int32Array(walk.nReached + 1);
  for (let w = 1; w <= walk.nReached; w++) label[w] = w;
  const ancestor = walk.parent.slice();
  const path = new Int32Array(walk.nReached);
  for (let w = walk.nReached; w >= 1; w--) {
    const block = at(walk.block, w);
    let semi = at(walk.parent, w);
    for (let i = at(g.predecessorStart, block); i < at(g.predecessorStart, block + 1); i++) {
      const v = at(walk.number, at(g.predecessors, i));
      if (v === 0) continue;
      if (v > w) compress(label, ancestor, path, v, w);
      semi = Math.min(semi, at(label, v));
    }
    semidominator[w] = semi;
    label[w] = semi;
  }
  return semidominator;
}

/**
 * Makes `label[v]` the smallest label from v up to, but not including, the first ancestor that is
 * not yet processed, and lets all links on the way skip to that ancestor. Blocks with numbers
 * larger than `unprocessed` are processed. `path` is scratch space.
 */
function compress(
  label: Int32Array,
  ancestor: Int32Array,
  path: Int32Array,
  v: number,
  unprocessed: number,
): void {
  let length = 0;
  let top = v;
  while (at(ancestor, top) > unprocessed) {
    path[length++] = top;
    top = at(ancestor, top);
  }
  while (length > 0) {
    const below = at(path, --length);
    const above = at(ancestor, below);
    label[below] = Math.min(at(label, below), at(label, above));
    ancestor[below] = at(ancestor, above);
  }
}

/**
 * Preorder and postorder of the tree without walking it: subtree sizes give each block a run of
 * places, and the places before it are its ancestors plus what is left before it in postorder.
 * Parents have smaller walk numbers than children. Blocks not reached follow as lone trees.
 */
function numberTree(
  walk: DepthFirstWalk,
  immediateDominator: Int32Array,
  level: Int32Array,
): Pick<DominatorTree, "preorder" | "postorder"> {
  const size = new Int32Array(immediateDominator.length).fill(1, 1);
  for (let w = walk.nReached; w >= 1; w--) {
    const block = at(walk.block, w);
    const above = at(immediateDominator, block);
    size[above] = at(size, above) + at(size, block);
  }
  const preorder = new Int32Array(immediateDominator.length);
  const postorder = new Int32Array(immediateDominator.length);
  const nextPlace = new Int32Array(immediateDominator.length);
  nextPlace[0] = 1;
  const place = (block: number): void => {
    const above = at(immediateDominator, block);
    const first = at(nextPlace, above);
    nextPlace[above] = first + at(size, block);
    nextPlace[block] = first + 1;
    preorder[block] = first;
    postorder[block] = first + at(size, block) - at(level, block);
  };
  for (let w = 1; w <= walk.nReached; w++) place(at(walk.block, w));
  for (let block = 1; block < preorder.length; block++) {
    if (walk.number[block] === 0) place(block);
  }
  return { preorder, postorder };
}
