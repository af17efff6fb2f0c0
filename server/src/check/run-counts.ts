// How often what was run, so that a fuzzer can say what it has tried.

/** The collectors under which placed methods run. */
export const collectors = ["never", "always", "random"] as const;

export interface RunCounts {
  /** Runs of placed methods, by collector. */
  readonly placed: Record<(typeof collectors)[number], number>;
  /** Runs of originals, to hold them against. */
  original: number;
  /** Runs of placed methods in which a finalizer ran early. */
  early: number;
  /** Those of them beside which a legal run of the original stands (`body-view.ts`). */
  matched: number;
}

export function noRuns(): RunCounts {
  return { placed: { never: 0, always: 0, random: 0 }, original: 0, early: 0, matched: 0 };
}

export function addRuns(into: RunCounts, from: RunCounts): void {
  for (const gc of collectors) into.placed[gc] += from.placed[gc];
  into.original += from.original;
  into.early += from.early;
  into.matched += from.matched;
}

/** Runs of placed methods. */
export function placedRuns({ placed }: RunCounts): number {
  return collectors.reduce((sum, gc) => sum + placed[gc], 0);
}
