// What must be true of placements before any path is walked: they stand where code can stand, and what they
// name is defined there.
// Source: spec finalizer-inlining.md §7 (H4, H6), early-plan.md §6.

import { type DominatorTree, dominates, dominatorTree } from "../../ir/dominator-tree.ts";
import { at, isEdge } from "../../ir/graph.ts";
import { lastOf, type Method } from "../../ir/method.ts";
import type { Placement } from "../../ir/placed.ts";

export type PointProblem = "before-phi" | "undefined-operand" | "no-such-point";

/** What is wrong with a placement's place; empty if nothing. */
export function problemsOf(
  method: Method,
  placement: Placement,
  tree: DominatorTree,
): PointProblem[] {
  const { point, value } = placement;
  const block = blockOfPoint(method, placement);
  if (block === 0) return ["no-such-point"];
  const problems: PointProblem[] = [];
  if ("block" in point && point.beforePhi === true && startsWithPhi(method, block)) {
    problems.push("before-phi");
  }
  if (value > 0 && !isDefined(method, placement, block, tree)) problems.push("undefined-operand");
  return problems;
}

/** The block that the placement lies in; of an edge the one that it leaves. */
export function blockOfPoint(method: Method, { point }: Placement): number {
  if ("after" in point) {
    const block = method.blockOf[point.after] ?? 0;
    const isLast = block > 0 && lastOf(method, block) === point.after;
    const ends = ["goto", "gotoifnot", "return", "unreachable"];
    return isLast && ends.includes(method.statements[point.after - 1]?.kind ?? "") ? 0 : block;
  }
  if ("block" in point) return point.block >= 1 && point.block <= method.nBlocks ? point.block : 0;
  const [from, to] = point.edge;
  if (!(from >= 1 && from <= method.nBlocks && to >= 1 && to <= method.nBlocks)) return 0;
  // The edge into a handler is no place: nothing can stand on it.
  if (method.statements[lastOf(method, from) - 1]?.kind === "enter" && to !== from + 1) return 0;
  return isEdge(method.graph, from, to) ? from : 0;
}

function startsWithPhi(method: Method, block: number): boolean {
  return method.statements[at(method.firstOf, block) - 1]?.kind === "phi";
}

function isDefined(
  method: Method,
  { point, value }: Placement,
  block: number,
  tree: DominatorTree,
): boolean {
  const home = method.blockOf[value] ?? 0;
  if (home === 0) return false;
  if ("after" in point) {
    return home === block ? value <= point.after : dominates(tree, home, block);
  }
  if ("edge" in point) return dominates(tree, home, block);
  if (home !== block) return dominates(tree, home, block);
  const kind = method.statements[value - 1]?.kind;
  return point.beforePhi !== true && (kind === "phi" || kind === "phic");
}

export function newTree(method: Method): DominatorTree {
  return dominatorTree(method.graph);
}
