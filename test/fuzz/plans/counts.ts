// What a run of the fuzzer has tried, and in which words it says so.

import {
  addRuns,
  collectors,
  noRuns,
  placedRuns,
  type RunCounts,
} from "../../../server/src/check/run-counts.ts";
import type { PlacedMethod } from "../../../server/src/ir/placed.ts";

export class Counts {
  methods = 0;
  failures = 0;
  private readonly runs = noRuns();
  /** Objects with a plan, by kind: one object is one plan, whatever its placements. */
  private elided = 0;
  private finalized = 0;
  private placements = 0;

  add(placed: readonly PlacedMethod[], runs: RunCounts): void {
    this.methods++;
    addRuns(this.runs, runs);
    for (const { placements } of placed) {
      this.placements += placements.length;
      const plans = new Map(
        placements.map(({ registrations, mode }) => [`${registrations}`, mode]),
      );
      for (const mode of plans.values()) {
        if (mode === "inline-body") this.elided++;
        else this.finalized++;
      }
    }
  }

  words(seconds: number): string {
    const { runs, methods, elided, finalized, placements, failures } = this;
    const count = placedRuns(runs);
    const byCollector = collectors.map((gc) => `${runs.placed[gc]} ${gc}`).join(", ");
    return [
      `${methods} methods, ${elided + finalized} plans (${elided} elide, ${finalized} finalize), ${placements} placements`,
      `${count} runs with plans (collector ${byCollector}), ${runs.original} runs of originals, ` +
        `${Math.round((count + runs.original) / seconds)} runs a second`,
      `${runs.early} runs with early finalizers, ${runs.matched} of them matched by a directed collector`,
      `${failures} failures`,
    ].join("\n");
  }
}
