// The detection rules of spec finalizer-inlining.md §7 as they stand there: by where allocation, registration
// and insertion lie in the control-flow graph. They are what the checkers are compared with.

import type { WrongClass } from "../../server/src/check/validate/classify.ts";
import { dominates, dominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { successorsOf } from "../../server/src/ir/graph.ts";
import type { Method } from "../../server/src/ir/method.ts";
import type { PlacedMethod } from "../../server/src/ir/placed.ts";

/** Registration → its classes, for single-placement plans as Julia makes them. */
export function classesByShape({ method, placements }: PlacedMethod): Map<number, WrongClass[]> {
  const found = new Map<number, WrongClass[]>();
  const tree = dominatorTree(method.graph);
  const blockOf = (position: number): number => method.blockOf[position] ?? 0;
  for (const { point, value, registrations } of placements) {
    const registration = registrations[0] ?? 0;
    const insertion = "after" in point ? blockOf(point.after) : "block" in point ? point.block : 0;
    const [made, registered] = [blockOf(value), blockOf(registration)];
    const classes: WrongClass[] = [];
    if (made !== insertion && isOnCycle(method, insertion, made)) classes.push("H1");
    if (!dominates(tree, registered, insertion) && dominates(tree, made, insertion))
      classes.push("H3");
    const first = method.statements[(method.firstOf[insertion] ?? 0) - 1];
    if ("block" in point && first?.kind === "phi") classes.push("H4");
    if (!dominates(tree, made, insertion)) classes.push("H6");
    if (made !== insertion && isOnCycle(method, made, insertion)) classes.push("H7");
    found.set(registration, classes);
  }
  return found;
}

/** Whether the block can come back to itself without passing `avoided`. */
function isOnCycle(method: Method, block: number, avoided: number): boolean {
  const seen = new Set<number>([avoided]);
  const work = [...successorsOf(method.graph, block)];
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (one === block) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    work.push(...successorsOf(method.graph, one));
  }
  return false;
}
