// Runs an original method and one with early finalizers side by side, on the same inputs, with the same
// opaque callees, under several collectors, and says where they differ in anything but the time of frees.
//
// What the original does wrong by itself (a pointer used without its owner, say) is no fault of the plan,
// whichever collector brings it out.
// Source: design §5, spec early-plan.md §2, §3, §7, §8.

import type { Method } from "../ir/method.ts";
import type { PlacedMethod } from "../ir/placed.ts";
import { viewDifferences, viewsOf } from "./body-view.ts";
import type { Code } from "./interpreter/code.ts";
import { defaultRun, type Interpreter, type RunOptions } from "./interpreter/interpreter.ts";
import type { Fault, FaultKind, Outcome } from "./interpreter/outcome.ts";
import { collectors, noRuns, type RunCounts } from "./run-counts.ts";

export type ViolationKind =
  | FaultKind
  | "result" // another result, or another exception
  | "effects" // other visible effects, or another order of them
  | "run-count" // a finalizer runs more or less often than it was registered
  | "body-effects" // a body saw something else than it would have seen
  | "deadlock"
  | "stuck"; // the transformed program cannot go on

export interface Violation {
  readonly kind: ViolationKind;
  /** Position of the registration or statement that it is about; 0 where it is about the whole run. */
  readonly position: number;
  readonly words: string;
  readonly seed: number;
  readonly gc: RunOptions["gc"];
}

export interface CompareOptions {
  /** First seed, and how many inputs are tried. */
  readonly seed: number;
  readonly runs: number;
  readonly fuel: number;
  readonly watchesLifetimes: boolean;
}

export const defaultCompare: CompareOptions = {
  seed: 1,
  runs: 50,
  fuel: defaultRun.fuel,
  watchesLifetimes: true,
};

/** An original method, whose runs are kept for all plans that are held against it. */
export class Comparison {
  private readonly interpreter: Interpreter;
  private readonly original: Code;
  private readonly options: CompareOptions;
  private readonly outcomes = new Map<string, Outcome>();
  readonly counts: RunCounts = noRuns();
  /** How many statements all runs have carried out. */
  steps = 0;

  constructor(
    interpreter: Interpreter,
    original: Method,
    options: CompareOptions = defaultCompare,
  ) {
    this.interpreter = interpreter;
    this.options = options;
    this.original = interpreter.prepare({ method: original, placements: [], dropped: [] });
  }

  /** Everything that a plan does wrong on the inputs tried; one violation of each kind and position. */
  checkPlaced(placed: PlacedMethod): Violation[] {
    return this.check(this.interpreter.prepare(placed), this.original, true);
  }

  /**
   * The same for IR into which a plan was written: dropped registrations are gone, and calls of their
   * bodies or of `finalize` stand at the placements. Bodies must be called, not inlined.
   */
  checkTransformed(transformed: Method): Violation[] {
    const code = this.interpreter.prepareTransformed(transformed, this.original.method);
    return this.check(code.transformed, code.original, false);
  }

  /** @param original the original with points that the code has too */
  private check(code: Code, original: Code, samePositions: boolean): Violation[] {
    const found = new Map<string, Violation>();
    const { seed: first, runs, watchesLifetimes, fuel } = this.options;
    for (let index = 0; index < runs; index++) {
      const seed = first + index;
      const gc = collectors[index % collectors.length] ?? "never";
      const expected = this.runOriginal(seed, "never");
      if (expected.ending.kind === "unreachable") continue;
      // Such a program does what the collector makes of it.
      if (gc !== "never" && expected.asksWeak) continue;
      this.counts.placed[gc]++;
      const takesFinalizeForPlaced = !samePositions;
      const options = { seed, gc, fuel: fuel * 2, watchesLifetimes, takesFinalizeForPlaced };
      const got = this.run(code, options);
      const differences = [
        ...this.faultDifferences(got, seed, samePositions),
        ...differencesOf(expected, got),
        ...this.finalizerDifferences(original, expected, got, seed),
      ];
      for (const [kind, position, words] of differences) {
        const key = `${kind} ${position}`;
        if (!found.has(key)) found.set(key, { kind, position, words, seed, gc });
      }
    }
    return [...found.values()];
  }

  /** What went wrong, unless it does in the original too, under whichever collector. */
  private faultDifferences(got: Outcome, seed: number, samePositions: boolean): Difference[] {
    if (got.faults.length === 0) return [];
    const baseline = [this.runOriginal(seed, "never"), this.runOriginal(seed, "always")];
    return got.faults
      .filter((one) => !isOriginal(one, baseline, samePositions))
      .map(({ kind, position, words }) => [kind, position, words]);
  }

  /** What finalizers did that they do under no collector of the original (`body-view.ts`). */
  private finalizerDifferences(
    original: Code,
    expected: Outcome,
    got: Outcome,
    seed: number,
  ): Difference[] {
    if (!isComplete(expected) || !isComplete(got)) return [];
    const directed = this.follow(original, expected, got, seed);
    const views = viewDifferences(got, directed);
    const differences = [
      ...countDifferences(directed, got),
      ...views.map(({ position, words }): Difference => ["body-effects", position, words]),
    ];
    if (got.runs.some(({ cause }) => cause === "placed")) {
      this.counts.early++;
      const isLegal = !directed.faults.some(({ kind }) => kind === "use-after-collect");
      if (differences.length === 0 && isLegal && isSame(got, directed)) this.counts.matched++;
    }
    return differences;
  }

  /** The original under a collector that runs the same finalizers at the same points as another run did. */
  private follow(original: Code, expected: Outcome, { runs }: Outcome, seed: number): Outcome {
    const follows = runs.filter(({ cause }) => cause === "placed" || cause === "gc");
    if (follows.length === 0) return expected;
    this.counts.original++;
    const fuel = this.options.fuel * 2;
    const options = { seed, gc: "directed", follows, fuel, watchesLifetimes: false } as const;
    return this.run(original, options);
  }

  private run(code: Code, options: RunOptions): Outcome {
    const outcome = this.interpreter.run(code, options);
    this.steps += outcome.steps;
    return outcome;
  }

  private runOriginal(seed: number, gc: "never" | "always"): Outcome {
    const key = `${seed} ${gc}`;
    let outcome = this.outcomes.get(key);
    if (outcome === undefined) {
      this.counts.original++;
      const { fuel } = this.options;
      outcome = this.run(this.original, { seed, gc, fuel, watchesLifetimes: false });
      this.outcomes.set(key, outcome);
    }
    return outcome;
  }
}

/** Whether a run came to its end, so that all its finalizers ran. */
function isComplete({ ending }: Outcome): boolean {
  return ending.kind === "returned" || ending.kind === "thrown";
}

/** Whether nobody outside can tell the two runs apart. */
function isSame(one: Outcome, other: Outcome): boolean {
  return (
    one.ending.kind === other.ending.kind &&
    one.ending.value === other.ending.value &&
    one.trace.length === other.trace.length &&
    one.trace.every((effect, index) => effect === other.trace[index])
  );
}

type Difference = readonly [kind: ViolationKind, position: number, words: string];

/** Where the ends or the visible effects differ. */
function differencesOf(expected: Outcome, got: Outcome): Difference[] {
  const found: Difference[] = [];
  if (got.ending.kind === "deadlock" && expected.ending.kind !== "deadlock") {
    found.push(["deadlock", 0, got.ending.value]);
    return found;
  }
  if (expected.ending.kind === "fuel") return prefixDifference(expected, got);
  if (got.ending.kind === "fuel" || got.ending.kind === "unsupported") {
    found.push(["stuck", 0, `ends in ${got.ending.kind}`]);
    return found;
  }
  const [wanted, had] = [expected.ending, got.ending].map((one) => `${one.kind} ${one.value}`);
  if (wanted !== had) found.push(["result", 0, `${had} instead of ${wanted}`]);
  const at = expected.trace.findIndex((effect, index) => effect !== got.trace[index]);
  if (at >= 0 || expected.trace.length !== got.trace.length) {
    const place = at < 0 ? expected.trace.length : at;
    const words = `${got.trace[place] ?? "nothing"} instead of ${expected.trace[place] ?? "nothing"}`;
    found.push(["effects", 0, words]);
  }
  return found;
}

/** Of a run that does not end only the beginning can be compared. */
function prefixDifference(expected: Outcome, got: Outcome): Difference[] {
  const length = Math.min(expected.trace.length, got.trace.length);
  const at = expected.trace.findIndex((effect, i) => i < length && effect !== got.trace[i]);
  return at < 0 ? [] : [["effects", 0, `${got.trace[at]} instead of ${expected.trace[at]}`]];
}

function isOriginal(fault: Fault, baseline: readonly Outcome[], samePositions: boolean): boolean {
  return baseline.some(({ faults }) =>
    faults.some(
      (one) => one.kind === fault.kind && (!samePositions || one.position === fault.position),
    ),
  );
}

/** Every registered finalizer runs as often as in the original; some register others when they run. */
function countDifferences(expected: Outcome, got: Outcome): Difference[] {
  const found: Difference[] = [];
  const wanted = viewsOf(expected);
  const had = viewsOf(got);
  for (const key of new Set([...wanted.keys(), ...had.keys()])) {
    const [before, now] = [wanted.get(key) ?? [], had.get(key) ?? []];
    if (before.length === now.length) continue;
    const position = (before[0] ?? now[0])?.registration ?? 0;
    found.push(["run-count", position, `${key}: ${now.length} runs instead of ${before.length}`]);
  }
  return found;
}
