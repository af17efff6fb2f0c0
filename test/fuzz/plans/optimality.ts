// Tries to move every placement of random plans one step earlier, and asks the checkers: where they let it
// stand there, the planner was too late, unless the law has a reason that no checker can see.
//
// `npm run fuzz:optimality -- [--methods N] [--runs M] [--seed S] [--method I]`; counts by what was reported
// or by reason. Status 1 where something is unexplained.

import { parseArgs } from "node:util";
import { Comparison, defaultCompare } from "../../../server/src/check/compare.ts";
import { Interpreter } from "../../../server/src/check/interpreter/interpreter.ts";
import { readProgram } from "../../../server/src/check/program.ts";
import { Validator } from "../../../server/src/check/validate/validate.ts";
import type { Method } from "../../../server/src/ir/method.ts";
import type { Placement } from "../../../server/src/ir/placed.ts";
import { moveEarlier } from "./earlier.ts";
import { methodText } from "./method-text.ts";
import { plansOf } from "./plans.ts";
import { reachedBlocks } from "./reached.ts";
import { reasonAgainst } from "./why-later.ts";

const { values } = parseArgs({
  options: {
    methods: { type: "string", default: "2000" },
    runs: { type: "string", default: "8" },
    seed: { type: "string", default: "1" },
    method: { type: "string" },
  },
});

const seed = Number(values.seed);
const options = { ...defaultCompare, runs: Number(values.runs), fuel: 2000 };
const counts = new Map<string, number>();
let placements = 0;
let unexplained = 0;
const from = Number(values.method ?? 0);
const to = values.method === undefined ? Number(values.methods) : from + 1;
for (let number = from; number < to; number++) tryMethod(number);
console.log(`${placements} placements of ${to - from} methods moved one step earlier:`);
for (const [kind, count] of [...counts].sort((a, b) => b[1] - a[1])) {
  console.log(`${String(count).padStart(7)}  ${kind}`);
}
console.log(`${unexplained} unexplained`);
process.exitCode = unexplained > 0 ? 1 : 0;

function tryMethod(number: number): void {
  const text = methodText(seed, number);
  const program = readProgram(text);
  for (const { placed } of plansOf(text)) {
    const { method } = placed;
    const validator = new Validator(program);
    const comparison = new Comparison(new Interpreter(program), method, options);
    const reached = reachedBlocks(program, method);
    for (const placement of placed.placements) {
      placements++;
      if (!reached.has(blockOf(method, placement))) {
        count("no path leads there: nothing in the region throws");
        continue;
      }
      const moved = moveEarlier(placed, placement);
      if (moved === null) {
        count("no earlier point: the object is made there, or a handler begins");
        continue;
      }
      const [counterexample] = validator.validate(moved.placed).counterexamples;
      if (counterexample !== undefined) {
        count(`path: ${counterexample.kind}`);
        continue;
      }
      const [violation] = comparison.checkPlaced(moved.placed);
      const reason = reasonAgainst(program, method, placement, moved);
      if (violation !== undefined) count(`run: ${violation.kind}`);
      else if (reason !== null) count(`law: ${reason}`);
      else {
        unexplained++;
        count("UNEXPLAINED");
        const { point, value, registrations } = placement;
        const words = JSON.stringify({ point, value, registrations, to: moved.points });
        console.log(`--seed ${seed} --method ${number}: ${words}`);
      }
    }
  }
}

function blockOf({ blockOf: blocks }: Method, { point }: Placement): number {
  if ("after" in point) return blocks[point.after] ?? 0;
  return "edge" in point ? point.edge[0] : point.block;
}

function count(kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}
