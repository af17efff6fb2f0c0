// Makes random IR methods, asks for plans, and holds each against the checkers.
//
// `npm run fuzz:plans -- [--methods N] [--runs M] [--seed S] [--seconds T] [--method I]`
//   --methods  how many methods (default 20,000)
//   --runs     inputs tried for each (default 50)
//   --seconds  stop after so long, whatever the number (default: no limit)
//   --seed     where random numbers start (default 1): the same seed makes the same methods
//   --method   only the method of this number, with the seed of the run in which it failed
// A failure is printed with its seed, its number and a minimised method; the status is then 1.

import { parseArgs } from "node:util";
import { defaultCompare } from "../../../server/src/check/compare.ts";
import { checkPlans } from "./check.ts";
import { Counts } from "./counts.ts";
import { methodText } from "./method-text.ts";
import { minimise } from "./minimise.ts";
import { plansOf } from "./plans.ts";

const { values } = parseArgs({
  options: {
    methods: { type: "string", default: "20000" },
    runs: { type: "string", default: "50" },
    seconds: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
    method: { type: "string" },
  },
});

const seed = Number(values.seed);
const options = { ...defaultCompare, runs: Number(values.runs), fuel: 2000 };
const failureLimit = 5;
const counts = new Counts();
const start = performance.now();
run();
const seconds = (performance.now() - start) / 1000;
console.log(counts.words(seconds));
process.exitCode = counts.failures > 0 ? 1 : 0;

function run(): void {
  const until = start + Number(values.seconds) * 1000;
  const first = Number(values.method ?? 0);
  const last = values.method === undefined ? Number(values.methods) - 1 : first;
  for (let number = first; number <= last; number++) {
    if (performance.now() > until || counts.failures >= failureLimit) return;
    tryMethod(number);
  }
}

function tryMethod(number: number): void {
  const text = methodText(seed, number);
  const { failures, placed, runs } = checkPlans(text, plansOf, options);
  counts.add(placed, runs);
  if (failures.length === 0) return;
  counts.failures++;
  const small = minimise(text, (one) => checkPlans(one, plansOf, options).failures[0] ?? null);
  console.log(`\n--seed ${seed} --method ${number}\n${failures.join("\n")}`);
  console.log(`minimised:\n${small.slice(0, small.indexOf("MethodInstance", 1))}`);
  for (const { placed } of plansOf(small)) {
    for (const { point, value, registrations } of placed.placements) {
      console.log(`plan: ${JSON.stringify(point)} %${value} for ${registrations.join(" ")}`);
    }
    if (placed.dropped.length > 0) console.log(`dropped: ${placed.dropped.join(" ")}`);
  }
  console.log(checkPlans(small, plansOf, options).failures.join("\n"));
}
