// What planning costs beside the escape analysis that it rests on, and how it grows with the method.
//
// `npm run bench:plan -- [--shared DIR]`. CPU time of this thread, the median of several passes after others
// that warm up. Methods with registrations of the corpus where it is there, of the examples else; and
// random methods, each twice as long as the one before. It gates nothing.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Environment, OpenedMethod } from "../../server/src/analysis/environment.ts";
import { findRegistrations } from "../../server/src/analysis/finalizer/registration.ts";
import { heapOf } from "../../server/src/analysis/heap/heap-of.ts";
import { frameOf } from "../../server/src/analysis/plan/frame.ts";
import { planMethod } from "../../server/src/analysis/plan/plan-method.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { callees } from "../fuzz/plans/callees.ts";
import { generateMethod } from "../fuzz/plans/generate.ts";
import { Random } from "../fuzz/random.ts";
import { calleesText, inlinedText, readFolder } from "../harness/corpus.ts";
import { clock } from "./clock.ts";

const { values } = parseArgs({ options: { shared: { type: "string", default: "../shared" } } });

/** A method that registers finalizers, ready for both analyses. */
interface Subject {
  readonly opened: OpenedMethod;
  readonly environment: Environment;
}

interface Cost {
  /** Microseconds. */
  readonly escape: number;
  readonly plan: number;
  readonly statements: number;
}

/** Fewer statements than these are analysed several times: the clock ticks in milliseconds. */
const leastStatements = 30_000;

console.log(
  "| methods | | statements | escape analysis | planning | ratio |\n|---|--:|--:|--:|--:|--:|",
);
for (const [name, subjects] of fixed()) print(name, subjects);
console.log("\n| pieces | statements | escape analysis | planning | ratio | growth of planning |");
console.log("|--:|--:|--:|--:|--:|--:|");
let before: Cost | null = null;
for (const size of [25, 50, 100, 200, 400]) before = printLong(size, before);

function fixed(): [string, Subject[]][] {
  const corpus = `${values.shared}/corpus/julia-1.13-dev`;
  if (!existsSync(corpus)) {
    const names = readdirSync("examples").filter((name) => name.endsWith(".jlir"));
    const texts = names.map((name) => readFileSync(`examples/${name}`, "utf8"));
    return [["examples", texts.flatMap((text) => subjectsOf(text))]];
  }
  const known = calleesText(`${corpus}/callees`);
  const groups = ["seed", "shapes", "random"].map((group): [string, Subject[]] => [
    `corpus/${group}`,
    readFolder(`${corpus}/${group}`).flatMap((entry) =>
      subjectsOf(`${inlinedText(entry)}\n${known}`, 1),
    ),
  ]);
  const texts = Array.from({ length: 200 }, (_, n) => generateMethod(new Random(n), 24));
  const random = texts.flatMap((text) => subjectsOf(`${text}\n${callees}`, 1));
  return [...groups, ["random methods", random]];
}

/** The methods of a text that register; only the first `limit` methods are asked. */
function subjectsOf(text: string, limit = Number.POSITIVE_INFINITY): Subject[] {
  const workspace = new Workspace();
  workspace.set("bench.jlir", text);
  const units = (workspace.document("bench.jlir")?.units ?? []).filter(
    (one) => one.facts() !== null,
  );
  return units.slice(0, limit).flatMap((unit) => {
    if (workspace.report(unit).registrations.length === 0) return [];
    const opened = workspace.openUnit(unit);
    return opened === null ? [] : [{ opened, environment: workspace.environmentOf(unit) }];
  });
}

/** The median of `passes` after as many that warm up; each pass does one analysis of all subjects first. */
function measure(subjects: readonly Subject[], passes: number): Cost {
  const escapes: number[] = [];
  const plans: number[] = [];
  const statements = subjects.reduce((sum, { opened }) => sum + opened.method.nStatements, 0);
  const repeats = Math.ceil(leastStatements / statements);
  const prepared = subjects.map(({ opened, environment }) => ({
    opened,
    environment,
    found: findRegistrations(opened.method, environment),
    heap: heapOf(opened, environment),
  }));
  for (let pass = 0; pass < 2 * passes; pass++) {
    const start = clock();
    for (let n = 0; n < repeats; n++) {
      for (const { opened, environment } of subjects) heapOf(opened, environment);
    }
    const middle = clock();
    for (let n = 0; n < repeats; n++) {
      for (const { opened, environment, heap, found } of prepared)
        planMethod(frameOf(opened, environment, heap), found);
    }
    const end = clock();
    if (pass < passes) continue;
    escapes.push(((middle - start) / repeats) * 1e6);
    plans.push(((end - middle) / repeats) * 1e6);
  }
  return { escape: median(escapes), plan: median(plans), statements };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function print(name: string, subjects: readonly Subject[]): void {
  const { statements, ...cost } = measure(subjects, 7);
  console.log(`| ${[name, subjects.length, statements, ...costCells(cost)].join(" | ")} |`);
}

/** Several random methods of one size, so that the shape of one does not decide. */
function printLong(size: number, known: Cost | null): Cost {
  const subjects = Array.from({ length: 8 }, (_, n) =>
    generateMethod(new Random(1000 + n), size, true),
  ).flatMap((text) => subjectsOf(`${text}\n${callees}`, 1));
  const cost = measure(subjects, 5);
  const growth = known === null ? "–" : growthOf(cost, known).toFixed(2);
  console.log(`| ${[size, cost.statements, ...costCells(cost), growth].join(" | ")} |`);
  return cost;
}

/** How planning grows where the statements double. */
function growthOf(cost: Cost, known: Cost): number {
  return 2 ** (Math.log2(cost.plan / known.plan) / Math.log2(cost.statements / known.statements));
}

function costCells(cost: Pick<Cost, "escape" | "plan">): string[] {
  const times = [cost.escape, cost.plan].map((time) => `${Math.round(time)} µs`);
  return [...times, (cost.plan / cost.escape).toFixed(2)];
}
