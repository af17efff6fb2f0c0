// Holds the two checkers against each other: random placements, right or wrong, on random methods. Where a run
// shows harm, the validator must have found a path; it is not asked the other way round, because a path may
// be one that no input takes.
//
// `node out/test/fuzz/plans/agree.js [--methods N] [--seed S] [--seconds T]`; status 1 where they disagree.

import { parseArgs } from "node:util";
import { Comparison, defaultCompare } from "../../../server/src/check/compare.ts";
import { Interpreter } from "../../../server/src/check/interpreter/interpreter.ts";
import { readProgram } from "../../../server/src/check/program.ts";
import { registrationsOf } from "../../../server/src/check/validate/registrations.ts";
import { Validator } from "../../../server/src/check/validate/validate.ts";
import { successorsOf } from "../../../server/src/ir/graph.ts";
import type { Method } from "../../../server/src/ir/method.ts";
import type { PlacedMethod, Placement, PlacementPoint } from "../../../server/src/ir/placed.ts";
import { Random } from "../random.ts";
import { generate } from "./generate.ts";

const { values } = parseArgs({
  options: {
    methods: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "Infinity" },
  },
});

/** What the validator does not look for. */
const otherwise = new Set(["extended-over-loop", "body-effects", "use-after-free", "double-free"]);

const counts = { placed: 0, silent: 0, harmed: 0, disagree: 0 };
const until = performance.now() + Number(values.seconds) * 1000;
for (let number = 0; number < Number(values.methods) && performance.now() < until; number++) {
  tryMethod(number);
  if (counts.disagree >= 5) break;
}
console.log(JSON.stringify(counts));
process.exitCode = counts.disagree === 0 ? 0 : 1;

function tryMethod(number: number): void {
  const random = new Random(Math.imul(Number(values.seed), 0x9e3779b1) + number);
  const text = generate(random, 5 + random.below(14));
  const program = readProgram(text);
  const [method] = program.methods;
  if (method === undefined) return;
  const interpreter = new Interpreter(program);
  const comparison = new Comparison(interpreter, method, {
    ...defaultCompare,
    runs: 30,
    fuel: 2000,
  });
  const validator = new Validator(program);
  for (let n = 0; n < 4; n++) {
    const placed = randomPlan(method, random);
    if (placed === null) return;
    counts.placed++;
    const { counterexamples, isCut } = validator.validate(placed);
    const violations = comparison.checkPlaced(placed).filter((one) => !otherwise.has(one.kind));
    if (counterexamples.length === 0) counts.silent++;
    if (violations.length > 0) counts.harmed++;
    if (violations.length === 0 || counterexamples.length > 0 || isCut) continue;
    counts.disagree++;
    console.log(`\n--seed ${values.seed}, method ${number}: a run shows harm, no path does`);
    console.log(JSON.stringify({ placements: placed.placements, dropped: placed.dropped }));
    for (const one of violations) console.log(JSON.stringify(one));
    console.log(text.slice(0, text.indexOf("\n) =>")));
  }
}

/** One to three placements of one object, anywhere behind its registration in the text. */
function randomPlan(method: Method, random: Random): PlacedMethod | null {
  const sites = registrationsOf({ method, placements: [], dropped: [] }).filter(
    (one) => one.object > 0,
  );
  if (sites.length === 0) return null;
  const site = random.pick(sites);
  const registrations = sites
    .filter((one) => one.object === site.object)
    .map((one) => one.position);
  const mode = random.oneIn(2) ? "finalize" : "inline-body";
  const placements: Placement[] = [];
  for (let n = 1 + random.below(3); n > 0; n--) {
    const point = randomPoint(method, site.position, random);
    placements.push({ point, value: site.object, registrations, mode });
  }
  return { method, placements, dropped: mode === "inline-body" ? registrations : [] };
}

function randomPoint(method: Method, from: number, random: Random): PlacementPoint {
  const position = from + random.below(Math.min(12, method.nStatements - from + 1));
  const block = method.blockOf[position] ?? 1;
  const successors = successorsOf(method.graph, block);
  if (random.oneIn(4) && successors.length > 0)
    return { edge: [block, random.pick([...successors])] };
  return random.oneIn(4) ? { block } : { after: position };
}
