// What a finalizer's body must be like so that it may run early, and which of its object's fields it
// reads. A body of which nothing is known gets no plan.
// Source: spec early-plan.md §1 (the table of conditions), §2 (bodies that keep their object), §3 (locks).

import type { Environment } from "../environment.ts";
import type { Registration } from "../finalizer/registration.ts";
import type { ArgumentSummary, MethodSummary } from "../method-summary.ts";
import { keyOfSignature } from "../summary.ts";
import type { PlanAssumption, PlanBlocker } from "./plan.ts";

/** The object is the second argument of a body, behind the function itself. */
const objectArgument = 2;

export interface BodyLegality {
  /** Empty where the body may run early. */
  readonly blockers: readonly PlanBlocker[];
  /** Empty where it may also run instead of being registered. */
  readonly notElided: readonly PlanBlocker[];
  readonly assumptions: readonly PlanAssumption[];
  /** Names of the object's fields that the body reads; null: any. */
  readonly reads: ReadonlySet<string> | null;
  /** Whether it touches nothing but its object, so that no lock can guard what it touches. */
  readonly touchesNothingElse: boolean;
}

/** Judges the body of one registration. */
export function bodyLegality(registration: Registration, environment: Environment): BodyLegality {
  const { position, bodySignature, extra } = registration;
  const subject = bodySignature ?? "the finalizer";
  const blame = (code: PlanBlocker["code"]): PlanBlocker => ({ position, code, operand: -1 });
  const nothing = { notElided: [], assumptions: [], reads: null, touchesNothingElse: false };
  const key = bodySignature === null ? null : keyOfSignature(bodySignature);
  const summary = bodySignature === null ? null : environment.summaryOf(bodySignature);
  const isPromised = extra === "inline" || extra === "invoke" || extra === "constant";
  if (summary === null && !isPromised) {
    return { ...nothing, blockers: [blame("finalizer/body-unknown")] };
  }
  // The arguments that the inliner appends prove both.
  const taskState = isPromised ? "yes" : summary?.effects.notaskstate.holds;
  const nothrow = isPromised ? "yes" : summary?.effects.nothrow.holds;
  if (taskState !== "yes") {
    return { ...nothing, blockers: [blame("finalizer/body-task-state")] };
  }
  const assumptions: PlanAssumption[] = [];
  if (nothrow !== "yes") assumptions.push({ kind: "body-throws", subject });
  const origins = [summary?.effects.notaskstate.origin, summary?.effects.nothrow.origin];
  if (!isPromised && origins.includes("bundled")) assumptions.push({ kind: "bundled", subject });
  if (!isPromised && (summary?.assumed === true || origins.includes("assumed"))) {
    assumptions.push({ kind: "declared", subject });
  }
  const acts = key === null ? null : environment.acts(key);
  if (acts?.locks.holds === "yes") {
    assumptions.push({ kind: "body-locks", subject });
  }
  const keeps = summary !== null && keepsObject(summary);
  return {
    blockers: [],
    notElided: [
      ...(nothrow === "yes" ? [] : [blame("finalizer/body-may-throw")]),
      ...(summary === null ? [blame("finalizer/body-unknown")] : []),
      ...(keeps ? [blame("finalizer/body-keeps-object")] : []),
    ],
    assumptions,
    reads: fieldsRead(summary),
    touchesNothingElse: summary?.effects.inaccessiblememonly.holds === "yes",
  };
}

/** Registering it again, storing it, or handing it to somebody unknown. */
function keepsObject(summary: MethodSummary): boolean {
  const object = finalizedOf(summary);
  if (object === null) return true;
  const { self, registered } = object;
  return registered || self.global || self.unknown || self.returned || self.storedIn.length > 0;
}

/** What the body does with its object. */
function finalizedOf({ arguments: told }: MethodSummary): ArgumentSummary | null {
  return told[Math.min(objectArgument, told.length) - 1] ?? null;
}

function fieldsRead(summary: MethodSummary | null): ReadonlySet<string> | null {
  const reads = summary === null ? undefined : finalizedOf(summary)?.reads;
  return reads === undefined ? null : new Set(reads);
}
