// Whether a finalizer that a plan runs early sees what it may see.
//
// Bodies are unordered against the program (spec early-plan.md §8), so a body may see whatever some collector
// shows it. The original is run once more with a collector that runs just the same finalizers at just the same
// points: a collection that another thread sets off there, and that misses all other garbage, as one with
// inexact roots may. It is a legal one if what it finalizes is gone: neither does the program look at it
// again, which that run shows, nor can others reach it, which the placed run asks (`still-reachable`). Then
// bodies must see the same in both runs, and nothing has to be sampled.

import type { FinalizerRun, Outcome } from "./interpreter/outcome.ts";

/** A body that saw what it may not see: the position of its registration, and both views. */
export interface ViewDifference {
  readonly position: number;
  readonly words: string;
}

/**
 * Bodies that see something else in a placed run than in the original's run with the directed collector, or
 * whose turn it is not there. Bodies that do not run equally often are left out.
 */
export function viewDifferences(got: Outcome, directed: Outcome): ViewDifference[] {
  const known = viewsOf(directed);
  const found: ViewDifference[] = [];
  for (const [key, runs] of viewsOf(got)) {
    const before = known.get(key) ?? [];
    if (before.length !== runs.length) continue;
    const position = runs[0]?.registration ?? 0;
    if (directed.refused.some((one) => one.key === key)) {
      found.push({ position, words: `${key} runs before one that was registered later` });
      continue;
    }
    const at = runs.findIndex(({ effects }, index) => effects !== before[index]?.effects);
    if (at < 0) continue;
    const [now, then] = [runs, before].map((all) => all[at]?.effects || "nothing");
    found.push({ position, words: `${key}: ${now} instead of ${then}` });
  }
  return found;
}

/** The runs of each object's finalizer, by key. */
export function viewsOf({ runs }: Outcome): Map<string, FinalizerRun[]> {
  const views = new Map<string, FinalizerRun[]>();
  for (const one of runs) {
    const list = views.get(one.key);
    if (list === undefined) views.set(one.key, [one]);
    else list.push(one);
  }
  return views;
}
