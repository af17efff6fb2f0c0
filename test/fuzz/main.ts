// The fuzzer: damages texts of the examples and of the corpus, and holds the reader, the printer, the
// tokens and the workspace to what must be true of any text (`claims.ts`).
//
// `npm run fuzz -- [--inputs N] [--seconds S] [--seed N] [--input I] [--shared DIR]`
//   --inputs   how many texts (default 200,000)
//   --seconds  stop after so long, whatever the number (default: no limit)
//   --seed     where random numbers start (default 1): the same seed makes the same inputs
//   --input    only the input of this number, with the seed of the run in which it failed
// A failure is printed with its seed, its number and a minimised input; the status is then 1.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Document } from "../../server/src/workspace/document.ts";
import {
  cleanMethodsPrintEqual,
  everythingIsSaid,
  type Input,
  otherUnitsStay,
  statementSpans,
  textIsRead,
  tokensGiveTheTextBack,
  warmIsCold,
} from "./claims.ts";
import { failureOf, minimise } from "./minimise.ts";
import { mutate, typedText } from "./mutate.ts";
import { Random } from "./random.ts";

export type Claim = (input: Input) => void;

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "200000" },
    seconds: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
    input: { type: "string" },
    shared: { type: "string", default: "../shared" },
  },
});

/** Texts longer than this are left to the benchmark; many short ones find more. */
const lengthLimit = 6000;

const seed = Number(values.seed);
const sources = texts();
const counts = { inputs: 0, failures: 0 };
run();
console.log(`${counts.inputs} inputs, ${counts.failures} failures`);
process.exitCode = counts.failures > 0 ? 1 : 0;

function run(): void {
  const until = performance.now() + Number(values.seconds) * 1000;
  const first = Number(values.input ?? 0);
  const last = values.input === undefined ? Number(values.inputs) - 1 : first;
  const step = Math.max(1, Math.floor(Number(values.inputs) / 20));
  for (let number = first; number <= last; number++) {
    if (performance.now() > until || counts.failures > 0) return;
    tryInput(number);
    if (counts.inputs % step === 0) console.log(`… ${counts.inputs}`);
  }
}

/** Every input has a random sequence of its own, so that one can be made again alone. */
function tryInput(number: number): void {
  const random = new Random(Math.imul(seed, 0x9e3779b1) + number);
  const whole = textOf(random);
  const text = random.oneIn(20) ? whole : mutate(whole, random, random.pick(sources));
  check(number, [textIsRead, tokensGiveTheTextBack], { text, edit: null });
  if (random.oneIn(3)) check(number, [cleanMethodsPrintEqual], { text, edit: null });
  if (random.oneIn(10)) check(number, [everythingIsSaid], { text, edit: null });
  if (random.oneIn(10)) check(number, [otherUnitsStay], editInStatement(text, random));
  if (random.oneIn(20)) check(number, [warmIsCold], editAnywhere(text, random));
  counts.inputs++;
}

/** One to four texts in a row. */
function textOf(random: Random): string {
  const parts = [random.pick(sources)];
  while (random.oneIn(3)) parts.push(random.pick(sources));
  return parts.join(random.oneIn(2) ? "\n" : "");
}

function editInStatement(text: string, random: Random): Input {
  const spans = statementSpans(text);
  if (spans.length === 0) return { text, edit: null };
  const { start, end } = random.pick(spans);
  // Not at its very start: in front of it stand gutter and rails.
  const from = start + 1 + random.below(end - start);
  const to = Math.min(end, from + (random.oneIn(2) ? 0 : random.below(5)));
  return { text, edit: { from: Math.min(from, end), to, text: typedText(random) } };
}

function editAnywhere(text: string, random: Random): Input {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + (random.oneIn(2) ? 0 : random.below(60)));
  const piece = random.oneIn(2) ? typedText(random) : mutate("\n", random, random.pick(sources));
  return { text, edit: { from, to, text: piece } };
}

function check(number: number, claims: readonly Claim[], input: Input): void {
  for (const claim of claims) {
    const failure = failureOf(claim, input);
    if (failure === null) continue;
    counts.failures++;
    const small = minimise(claim, input);
    console.log(`\n${claim.name} fails: --seed ${seed} --input ${number}\n${failure}`);
    console.log(`minimised: ${JSON.stringify(small)}\n${failureOf(claim, small)}`);
  }
}

/** The methods of the examples and of the corpus, and whole printed forms. */
function texts(): string[] {
  const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
  const found: string[] = [];
  for (const folder of [examples, `${values.shared}/corpus`]) {
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      if (!/\.(?:jlir|txt)$/.test(file)) continue;
      const text = readFileSync(join(folder, file), "utf8");
      const parts =
        text.length > lengthLimit ? new Document(text).units.map((one) => one.text) : [text];
      found.push(...parts.filter((part) => part.length <= lengthLimit));
    }
  }
  return found;
}
