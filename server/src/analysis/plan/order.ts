// In which order the plans of one method run where their placements fall together: what holds another
// object goes first, since a pending finalizer is a use of all that it reaches; else the finalizer that
// was registered last runs first, as the garbage collector has it.
// Source: spec early-plan.md §2, §8.

import type { Plan } from "./plan.ts";

/** The plans in the order in which they run at one place. */
export function inPlanOrder(plans: readonly Plan[]): Plan[] {
  const latest = (plan: Plan): number => plan.registrations.at(-1) ?? 0;
  return plans.toSorted((a, b) => a.rank - b.rank || latest(b) - latest(a));
}
