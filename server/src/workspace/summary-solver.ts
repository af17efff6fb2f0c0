// The summaries of one recursive component: all members start from the claim that nothing happens, and
// are summarised again, in a fixed order, until no summary changes. Only members that asked for one
// that changed are summarised again. A component that does not settle tells nothing.

import type { Environment, OpenedMethod } from "../analysis/environment.ts";
import { summariseMethod } from "../analysis/heap/summarise.ts";
import {
  bottomSummary,
  type MethodSummary,
  sameSummary,
  topSummary,
} from "../analysis/method-summary.ts";
import type { Unit } from "./unit.ts";

/** So many times each member may be summarised, on the average, and so many times at least. */
const roundLimit = 20;
const leastLimit = 200;

export interface SummaryOptions {
  readonly members: readonly Unit[];
  open(unit: Unit): OpenedMethod | null;
  /** The environment of a member; for another member's summary it asks `within`. */
  environment(unit: Unit, within: (member: Unit) => MethodSummary | undefined): Environment;
}

/** The members' summaries; a unit without a method has none. */
export function solveSummaries({
  members,
  open,
  environment,
}: SummaryOptions): Map<Unit, MethodSummary> {
  const opened = new Map<Unit, OpenedMethod>();
  const summaries = new Map<Unit, MethodSummary>();
  for (const unit of members) {
    const one = open(unit);
    if (one === null) continue;
    opened.set(unit, one);
    const signature = one.method.header.signature ?? one.key;
    summaries.set(unit, bottomSummary(one.key, signature, one.body.nArguments));
  }
  const askers = new Map<Unit, Set<Unit>>();
  let waiting = new Set(opened.keys());
  let left = Math.max(leastLimit, roundLimit * members.length);
  while (waiting.size > 0) {
    const round = waiting;
    waiting = new Set();
    for (const [unit, one] of opened) {
      if (!round.delete(unit)) continue;
      if (left-- === 0) return allUnknown(opened);
      const within = (member: Unit): MethodSummary | undefined => {
        const known = askers.get(member);
        if (known === undefined) askers.set(member, new Set([unit]));
        else known.add(unit);
        return summaries.get(member);
      };
      const next = summariseMethod(one, environment(unit, within));
      const before = summaries.get(unit);
      if (before !== undefined && sameSummary(before, next)) continue;
      summaries.set(unit, next);
      // Who stands further down in this round sees the new summary in it.
      for (const asker of askers.get(unit) ?? []) if (!round.has(asker)) waiting.add(asker);
    }
  }
  return summaries;
}

function allUnknown(opened: ReadonlyMap<Unit, OpenedMethod>): Map<Unit, MethodSummary> {
  const summaries = new Map<Unit, MethodSummary>();
  for (const [unit, { key, method }] of opened) {
    summaries.set(unit, topSummary(key, method.header.signature ?? key));
  }
  return summaries;
}
