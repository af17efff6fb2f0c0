// The seven classes of wrong placements that Julia's pass makes, told from the properties that fail, not from
// the shape of the method.
// Source: spec finalizer-inlining.md §7.

import type { Counterexample, PropertyKind } from "./counterexample.ts";

export type WrongClass = "H1" | "H2" | "H3" | "H4" | "H5" | "H6" | "H7";

/** Which failures show a class. */
export const shownBy: Readonly<Record<WrongClass, readonly PropertyKind[]>> = {
  H1: ["double-run"],
  H2: ["double-run", "leak"],
  H3: ["not-registered"],
  H4: ["before-phi"],
  H5: ["pending-order"],
  H6: ["undefined-operand"],
  H7: ["lost-instance"],
};

/** The classes that the failures of one registration belong to, in order; empty if it is right. */
export function classesOf(found: readonly Counterexample[]): WrongClass[] {
  const kinds = new Set<PropertyKind>(found.filter((one) => one.certain).map((one) => one.kind));
  const classes: WrongClass[] = [];
  // Several runs for one object: H2 where on another path there is none, H1 where there always is one.
  if (kinds.has("double-run")) classes.push(kinds.has("leak") ? "H2" : "H1");
  if (kinds.has("not-registered")) classes.push("H3");
  if (kinds.has("before-phi")) classes.push("H4");
  if (kinds.has("pending-order")) classes.push("H5");
  if (kinds.has("undefined-operand")) classes.push("H6");
  if (kinds.has("lost-instance")) classes.push("H7");
  return classes;
}
