// Puts one fault after another into the analyses, and asks whether the checkers notice on random methods.
//
// `npm run fuzz:faults -- [--search] [--record] [--only WORDS] [--methods N] [--runs M]`
//   --search   look for the first method that shows each fault; else the one in `caught.json` is tried, and
//              others only if it shows nothing
//   --record   write the methods that showed the faults to `caught.json`
//   --only     faults whose name contains the words
//   --methods  how many methods are tried before a fault counts as missed (default 20,000)
//   --runs     inputs tried for each method (default 20)
// The methods are those of `npm run fuzz:plans` with seed 1. Without a fault the same methods must be silent.
// Status 1 where a fault is missed, its text is not in the source once, or a checker reports without one.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundleHunt, faultySource } from "./bundle.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";
import type * as Hunt from "./hunt.ts";
import type { Catch } from "./hunt.ts";

const { values } = parseArgs({
  options: {
    search: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    methods: { type: "string", default: "20000" },
    runs: { type: "string", default: "20" },
  },
});

const seed = 1;
const runs = Number(values.runs);
const record = new URL("../../../../../test/fuzz/plans/faults/caught.json", import.meta.url);
const recorded = JSON.parse(readFileSync(record, "utf8")) as Record<string, Catch>;
const chosen = faults.filter(({ name }) => name.includes(values.only));
for (const fault of chosen) faultySource(fault);

const clean = await bundleHunt(null);
/** Number → what is planned without a fault; made when first asked for. */
const cleanPlans = new Map<number, string>();
const found: Record<string, Catch> = values.only === "" ? {} : { ...recorded };
const silent = new Set<number>();
let missed = 0;
let alarms = 0;
for (const fault of chosen) {
  const { caught, differing } = hunt(await bundleHunt(fault), fault);
  if (caught === null) missed++;
  else found[fault.name] = caught;
  const words =
    caught === null
      ? `MISSED, ${differing} plans differ`
      : `${caught.by}, method ${caught.number}, ${differing} differ`;
  console.log(`${fault.name.padEnd(88)} ${words}`);
  if (caught !== null && !silent.has(caught.number)) checkSilent(caught.number);
}
if (values.record) writeFileSync(record, `${JSON.stringify(found, null, 2)}\n`);
console.log(
  `${chosen.length} faults, ${missed} missed; ${silent.size} methods silent without a fault`,
);
process.exitCode = missed > 0 || alarms > 0 ? 1 : 0;

/** Tries methods until one is reported. Those for which the fault plans nothing else show nothing. */
function hunt(broken: typeof Hunt, { name }: Fault): { caught: Catch | null; differing: number } {
  let differing = 0;
  for (const number of numbersFor(name)) {
    const wanted = cleanPlans.get(number) ?? clean.planned(seed, number);
    cleanPlans.set(number, wanted);
    if (broken.planned(seed, number) === wanted) continue;
    differing++;
    const caught = broken.tryMethod(seed, number, runs);
    if (caught !== null) return { caught, differing };
  }
  return { caught: null, differing };
}

function checkSilent(number: number): void {
  const alarm = clean.tryMethod(seed, number, runs);
  silent.add(number);
  if (alarm === null) return;
  alarms++;
  console.log(`without a fault: ${alarm.by}, method ${number}`);
}

function* numbersFor(name: string): Generator<number> {
  const known = recorded[name]?.number;
  if (!values.search && known !== undefined) yield known;
  for (let number = 0; number < Number(values.methods); number++) yield number;
}
