// A plan: where finalizers could run early. Positions and blocks are those of ir/method.ts.
// Source: design §2 ("early"), spec early-plan.md.

import type { FinalizerCode, PlanCode } from "../../diagnostics/codes.ts";
import type { Value } from "../body.ts";
import type { ObjectId } from "../heap/heap.ts";

export type PlacementPoint =
  | { readonly after: number }
  | { readonly edge: readonly [number, number] }
  /** Head of a handler's block, behind its φᶜ nodes. */
  | { readonly block: number };

export interface Placement {
  readonly point: PlacementPoint;
  /** A value that is the object there on every path. */
  readonly value: Value;
}

export interface PlanBlocker {
  /** The statement to blame; the registration itself where no other is. */
  readonly position: number;
  readonly code: FinalizerCode | PlanCode;
  /** Index of the operand in the body statement's `args` by which it happens; −1 where unknown. */
  readonly operand: number;
}

/** One thing that must be true although the text does not prove it. */
export interface PlanAssumption {
  readonly kind:
    | "body-throws" // it runs to its end
    | "body-locks" // no caller holds the lock that it takes
    | "bundled" // functions that it calls are those of the bundled tables
    | "declared"; // an assumption of the user's
  readonly subject: string;
}

/** Points that count as uses of an object for reasons that its own names do not show. */
export interface ExtraUses {
  readonly at: ReadonlySet<number>;
  /** Edges `from * (nBlocks + 1) + to`. */
  readonly on: ReadonlySet<number>;
  /** Objects from whose pending finalizers the uses come, and what those reach. */
  readonly awaited: ReadonlySet<ObjectId>;
}

export const noExtraUses: ExtraUses = {
  at: new Set(),
  on: new Set(),
  awaited: new Set(),
};

/** The plan of one object, for all its registrations. */
export interface Plan {
  readonly verdict: "elide" | "finalize" | "none";
  /** Positions of the registrations that the plan serves, in text order. */
  readonly registrations: readonly number[];
  /** Positions of the statements that make the objects. */
  readonly sites: readonly number[];
  readonly placements: readonly Placement[];
  readonly blockers: readonly PlanBlocker[];
  readonly tier: "proven" | "assumed";
  readonly assumptions: readonly PlanAssumption[];
  /** Why registrations stay although every path frees: what keeps `elide` from being legal. */
  readonly notElided: readonly PlanBlocker[];
  /** Whether every normal path frees the object. */
  readonly everyPath: boolean;
  /** Of two plans with a placement at one point, the one with the lower rank runs first. */
  readonly rank: number;
  /** What the objects wait for, beyond their own uses: pending finalizers of others that reach them. */
  readonly waits: ExtraUses;
}
