// Runs an original method and one with early finalizers side by side, on the same inputs, with the same
// opaque callees, under several collectors, and says where they differ in anything but the time of frees.
//
// What the original does wrong by itself (a pointer used without its owner, say) is no fault of the plan,
// whichever collector brings it out.
// Source: design §5, spec early-plan.md §2, §3, §7, §8.

import type { Method } from "../ir/method.ts";
import type { PlacedMethod } from "../ir/placed.ts";
import type { Code } from "./interpreter/code.ts";
import { defaultRun, type Interpreter, type RunOptions } from "./interpreter/interpreter.ts";
import type { Fault, FaultKind, FinalizerRun, Outcome } from "./interpreter/outcome.ts";

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

const collectors = ["never", "always", "random"] as const;

/** An original method, whose runs are kept for all plans that are held against it. */
export class Comparison {
  private readonly interpreter: Interpreter;
  private readonly original: Code;
  private readonly options: CompareOptions;
  private readonly outcomes = new Map<string, Outcome>();
  /** How many runs were made, original ones included. */
  runs = 0;
  /** How many statements they have carried out. */
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
    return this.check(this.interpreter.prepare(placed), true);
  }

  /**
   * The same for IR into which a plan was written: dropped registrations are gone, and calls of their
   * bodies or of `finalize` stand at the placements. Bodies must be called, not inlined.
   */
  checkTransformed(transformed: Method): Violation[] {
    const code = this.interpreter.prepareTransformed(transformed, this.original.method);
    return this.check(code, false);
  }

  private check(code: Code, samePositions: boolean): Violation[] {
    const found = new Map<string, Violation>();
    const { seed, runs, watchesLifetimes, fuel } = this.options;
    for (let index = 0; index < runs; index++) {
      const gc = collectors[index % collectors.length] ?? "never";
      const takesFinalizeForPlaced = !samePositions;
      const one = {
        seed: seed + index,
        gc,
        fuel: fuel * 2,
        watchesLifetimes,
        takesFinalizeForPlaced,
      };
      const expected = this.run(this.original, {
        ...one,
        gc: "never",
        fuel,
        watchesLifetimes: false,
      });
      if (expected.ending.kind === "unreachable") continue;
      const soon = this.run(this.original, {
        ...one,
        gc: "always",
        fuel,
        watchesLifetimes: false,
      });
      // A program that asks weak references for their objects does what the collector makes of it.
      if (gc !== "never" && !isSame(expected, soon)) continue;
      // Bodies are unordered against the program and, after promotion, against each other: what one of
      // them sees in any of these runs it may see (spec early-plan.md §5, §8).
      const others = (): Outcome[] => [
        this.run(this.original, {
          ...one,
          gc: "never",
          fuel,
          watchesLifetimes: false,
          runsFirstFirst: true,
        }),
        this.run(this.original, { ...one, gc: "everywhere", fuel, watchesLifetimes: false }),
      ];
      this.runs++;
      const got = this.interpreter.run(code, one);
      this.steps += got.steps;
      const baseline = [expected, soon];
      for (const [kind, position, words] of differences(
        expected,
        got,
        baseline,
        samePositions,
        gc,
        others,
      )) {
        const key = `${kind} ${position}`;
        if (!found.has(key)) found.set(key, { kind, position, words, seed: one.seed, gc });
      }
    }
    return [...found.values()];
  }

  private run(code: Code, options: RunOptions): Outcome {
    const key = `${options.seed} ${options.gc} ${options.runsFirstFirst === true}`;
    let outcome = this.outcomes.get(key);
    if (outcome === undefined) {
      this.runs++;
      outcome = this.interpreter.run(code, options);
      this.steps += outcome.steps;
      this.outcomes.set(key, outcome);
    }
    return outcome;
  }
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

function differences(
  expected: Outcome,
  got: Outcome,
  baseline: readonly Outcome[],
  samePositions: boolean,
  gc: RunOptions["gc"],
  others: () => readonly Outcome[],
): Difference[] {
  const found: Difference[] = [];
  const faults = got.faults.filter((one) => !isOriginal(one, baseline, samePositions));
  for (const { kind, position, words } of faults) found.push([kind, position, words]);
  if (got.ending.kind === "deadlock" && expected.ending.kind !== "deadlock") {
    found.push(["deadlock", 0, got.ending.value]);
    return found;
  }
  if (expected.ending.kind === "fuel") return [...found, ...prefixDifference(expected, got)];
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
  found.push(...runDifferences(expected, got, gc, baseline[1] ?? expected, others));
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

function byKey(runs: readonly FinalizerRun[]): Map<string, FinalizerRun[]> {
  const map = new Map<string, FinalizerRun[]>();
  for (const one of runs) {
    const list = map.get(one.key);
    if (list === undefined) map.set(one.key, [one]);
    else list.push(one);
  }
  return map;
}

/** Every registered finalizer runs as often as in the original, and does the same. */
function runDifferences(
  expected: Outcome,
  got: Outcome,
  gc: RunOptions["gc"],
  soon: Outcome,
  others: () => readonly Outcome[],
): Difference[] {
  const found: Difference[] = [];
  const wanted = byKey(expected.runs);
  const had = byKey(got.runs);
  for (const key of new Set([...wanted.keys(), ...had.keys()])) {
    const [before, now] = [wanted.get(key) ?? [], had.get(key) ?? []];
    if (before.length !== now.length) {
      const position = (before[0] ?? now[0])?.registration ?? 0;
      found.push(["run-count", position, `${key}: ${now.length} runs instead of ${before.length}`]);
    } else if (gc === "never" && before.length === 1 && before[0]?.effects !== now[0]?.effects) {
      // A body that reads what is still in use sees what it finds, with every collector.
      const seenIn = ({ runs }: Outcome): string | undefined =>
        runs.find((one) => one.key === key)?.effects;
      const early = seenIn(soon);
      if (early === now[0]?.effects || early !== before[0]?.effects) continue;
      if (others().some((other) => seenIn(other) === now[0]?.effects)) continue;
      const words = `${key}: ${now[0]?.effects || "nothing"} instead of ${early || "nothing"}`;
      found.push(["body-effects", before[0]?.registration ?? 0, words]);
    }
  }
  return found;
}
