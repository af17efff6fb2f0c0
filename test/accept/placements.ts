// Runs Julia's own placements through the checkers: every wrong one must be found and named, by a path and by
// a run that shows it, and the clean ones must stay silent. Then the built product is asked about the same texts:
// it must say `julia/…` exactly where the checkers found something, and reject no plan of ours.
//
// `npm run accept:placements -- [--shared DIR] [--verbose]`. What is expected of `shapes` and `random` are
// the detection rules of spec finalizer-inlining.md §7, which look at shapes; the checkers do not.
// A path that no input takes is counted as not confirmed: it is wrong by the rules, and harms nobody.
// Status 1 where a class differs, a clean program is reported, or one of `wrong` is not confirmed.

import { parseArgs } from "node:util";
import { Comparison, defaultCompare } from "../../server/src/check/compare.ts";
import { Interpreter } from "../../server/src/check/interpreter/interpreter.ts";
import { Program, readProgram } from "../../server/src/check/program.ts";
import { placedRuns } from "../../server/src/check/run-counts.ts";
import { classesOf, type WrongClass } from "../../server/src/check/validate/classify.ts";
import { Validator } from "../../server/src/check/validate/validate.ts";
import type { Method } from "../../server/src/ir/method.ts";
import type { PlacedMethod } from "../../server/src/ir/placed.ts";
import {
  type CorpusEntry,
  calleesText,
  decidedPlacements,
  inlinedText,
  predictedPlacements,
  readFolder,
} from "../harness/corpus.ts";
import { classesByShape } from "../harness/wrong-shapes.ts";
import { shownMistakes } from "./shown-mistakes.ts";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    verbose: { type: "boolean", default: false },
  },
});

const corpus = `${values.shared}/corpus/julia-1.13-dev`;
const calleeTexts = calleesText(`${corpus}/callees`) + calleesText(`${corpus}/wrong`);
const callees = readProgram(calleeTexts).methods;
const codeOf: Readonly<Record<WrongClass, string>> = {
  H1: "julia/runs-again",
  H2: "julia/runs-again-or-never",
  H3: "julia/runs-unregistered",
  H4: "julia/before-phi",
  H5: "julia/held-by-pending-finalizer",
  H6: "julia/never-allocated",
  H7: "julia/objects-lost",
};
/** What the checkers found: `name %registration` → codes, sorted. */
let direct = new Map<string, string[]>();
let failures = 0;
let unconfirmed = 0;
let runs = 0;
const start = performance.now();

const profiles = { native: "1.13", interprocedural: "1.13+interprocedural" } as const;

for (const mode of ["native", "interprocedural"] as const) {
  direct = new Map();
  const texts = new Map<string, string>();
  for (const group of ["seed", "shapes", "random"]) {
    const counts = new Map<string, number>();
    for (const entry of readFolder(`${corpus}/${group}`)) {
      texts.set(entry.name, inlinedText(entry));
      const method = methodOf(entry);
      const placed = decidedPlacements(method, entry, mode);
      checkEntry(entry, method, placed, classesByShape(placed), counts);
    }
    if (group !== "seed") printCounts(`${group} (${mode})`, counts);
  }
  compareWithProduct(texts, profiles[mode]);
}
direct = new Map();
const wrongTexts = new Map<string, string>();
const counts = new Map<string, number>();
for (const entry of readFolder(`${corpus}/wrong`)) {
  if (entry.observed === undefined) continue;
  wrongTexts.set(entry.name, inlinedText(entry));
  const method = methodOf(entry);
  const placed = predictedPlacements(method, inlinedText(entry), calleeTexts);
  const observed = /\((H\d)/.exec(entry.observed)?.[1] as WrongClass | undefined;
  const expected = new Map([
    [placed.placements[0]?.registrations[0] ?? 0, observed === undefined ? [] : [observed]],
  ]);
  checkEntry(entry, method, placed, expected, counts, true);
}
printCounts("wrong", counts);
compareWithProduct(wrongTexts, "1.13");
const seconds = (performance.now() - start) / 1000;
console.log(
  `${runs} runs in ${seconds.toFixed(1)} s; ${unconfirmed} not confirmed, ${failures} failures`,
);
process.exitCode = failures === 0 ? 0 : 1;

function methodOf(entry: CorpusEntry): Method {
  const [method] = readProgram(inlinedText(entry)).methods;
  if (method === undefined) throw new Error(`${entry.name} has no method`);
  return method;
}

/** Each registration's classes against those expected; `atLeast` allows more than the expected ones. */
function checkEntry(
  entry: CorpusEntry,
  method: Method,
  placed: PlacedMethod,
  expected: ReadonlyMap<number, readonly WrongClass[]>,
  counts: Map<string, number>,
  atLeast = false,
): void {
  if (placed.placements.length === 0 && !atLeast) return;
  const program = new Program([method, ...callees]);
  const { counterexamples } = new Validator(program).validate(placed);
  const interpreter = new Interpreter(program);
  const comparison = new Comparison(interpreter, method);
  let violations = comparison.checkPlaced(placed);
  runs += comparison.counts.original + placedRuns(comparison.counts);
  const isShown = violations.some((one) => one.kind !== "extended-over-loop");
  if (!isShown && counterexamples.some((one) => one.certain && one.kind !== "before-phi")) {
    const longer = new Comparison(interpreter, method, {
      ...defaultCompare,
      seed: 1000,
      runs: 3000,
    });
    violations = longer.checkPlaced(placed);
    runs += longer.counts.original + placedRuns(longer.counts);
  }
  for (const { registrations } of placed.placements) {
    const registration = registrations[0] ?? 0;
    const own = counterexamples.filter((one) => one.registration === registration && one.certain);
    const found = classesOf(own);
    direct.set(`${entry.name} %${registration}`, found.map((one) => codeOf[one]).sort());
    const wanted = expected.get(registration) ?? [];
    const isRight = atLeast
      ? wanted.every((one) => found.includes(one)) && found.length > 0
      : found.join() === wanted.join();
    const name = found.join("+") || (own.length > 0 ? "other" : "clean");
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const shown = violations.filter((one) => one.position === registration || one.position === 0);
    const needsRun = found.some((one) => one !== "H4");
    // What a callee without text was drawn to keep, Julia knew that it does not.
    const perhapsKept = counterexamples.some(
      (one) => one.registration === registration && one.kind === "may-be-kept" && !one.certain,
    );
    const harms = shown.filter(
      ({ kind }) => kind !== "extended-over-loop" && !(kind === "still-reachable" && perhapsKept),
    );
    const isSilent = found.length > 0 || harms.length === 0;
    const isConfirmed = needsRun ? harms.length > 0 : isSilent;
    if (isRight && !isConfirmed && needsRun && !atLeast) {
      unconfirmed++;
      continue;
    }
    if (isRight && isConfirmed && (own.length === 0 || found.length > 0)) {
      if (values.verbose && found.length > 0)
        console.log(`${entry.name} %${registration}: ${name}`);
      continue;
    }
    failures++;
    console.log(
      `${entry.name} %${registration}: found ${name}, wanted ${wanted.join("+") || "clean"}`,
    );
    for (const one of own)
      console.log(`    ${one.kind} at %${one.position} on #${one.path.join(" #")}`);
    for (const one of shown)
      console.log(`    run: ${one.kind}: ${one.words} (seed ${one.seed}, ${one.gc})`);
  }
  if (placed.placements.length === 0) {
    failures++;
    console.log(`${entry.name}: no placement is predicted`);
  }
}

/** The built product must say the same of the same texts. */
function compareWithProduct(texts: ReadonlyMap<string, string>, profile: string): void {
  const { codes, errors, refused } = shownMistakes(texts, calleeTexts, profile);
  let same = 0;
  for (const key of new Set([...codes.keys(), ...direct.keys()])) {
    const [wanted, got] = [direct.get(key) ?? [], codes.get(key) ?? []];
    if (wanted.join() === got.join()) same++;
    else {
      failures++;
      console.log(`${key}: the product says ${got.join() || "nothing"}, not ${wanted.join()}`);
    }
  }
  failures += refused;
  const wrong = [...codes.values()].filter((one) => one.length > 0).length;
  const loud = [...errors.values()].filter((one) => one.length > 0).length;
  console.log(
    `product (${profile}): ${same} of ${codes.size} registrations alike, ${wrong} of them wrong, ${loud} shown by a run; ${refused} plans refused`,
  );
}

function printCounts(title: string, found: ReadonlyMap<string, number>): void {
  const all = [...found.values()].reduce((a, b) => a + b, 0);
  const parts = [...found]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, n]) => `${name} ${n}`);
  console.log(`${title}: ${all} placements: ${parts.join(", ")}`);
}
