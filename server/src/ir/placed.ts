// Where finalizers run early: the interface between the planner, which makes placements, and those who
// check, print and carry them out. All numbers are 1-based positions of one method's IR (`method.ts`).
// Source: design §2, spec early-plan.md §1 and §6.

import type { Method } from "./method.ts";

/** Where a finalizer runs early. */
export type PlacementPoint =
  /** Immediately behind the statement. */
  | { readonly after: number }
  /** On the control-flow edge; a `gotoifnot` whose both targets are one block has one edge. */
  | { readonly edge: readonly [from: number, to: number] }
  /**
   * At the head of the block, behind its φ and φᶜ nodes. With `beforePhi` before its first statement,
   * even a φ, which is where Julia puts it.
   */
  | { readonly block: number; readonly beforePhi?: boolean };

export interface Placement {
  readonly point: PlacementPoint;
  /** The SSA position, or −k for argument k, that holds the object there. */
  readonly value: number;
  /** Positions of the registering statements whose bodies run, in the order of the text. */
  readonly registrations: readonly number[];
  /** `finalize(o)` on an object that stays registered, or the bodies of dropped registrations. */
  readonly mode: "finalize" | "inline-body";
}

export interface PlacedMethod {
  readonly method: Method;
  readonly placements: readonly Placement[];
  /** Positions of registrations that are removed. */
  readonly dropped: readonly number[];
}
