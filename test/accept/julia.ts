// Holds the built product against what a real Julia decided and found, where `accept/agree.py` cannot:
// reasons, decisions with every callee's facts, arguments, and whole escape facts.
//
// `node out/test/accept/julia.js decisions|verdicts|escapes [--shared DIR] [--release 1.13-dev] [--groups LIST]
// [--form inlined|final|interprocedural] [--annotate] [--mode native|interprocedural] [--profile P]
// [--min PERCENT] [--complete] [--show N]`. `--complete` leaves out methods that call a function of
// which the corpus has no text, and says how many. Prints what differs; the last line is the figure. Exits 1 if a rate is
// below `--min`, something is unsafe, or nothing was compared.

import { parseArgs } from "node:util";
import type { EscapeJson, RegistrationJson } from "../../server/src/features/check-report.ts";
import {
  type Answered,
  ask,
  type Form,
  type RecordedDecision,
  type RecordedEscape,
} from "./recorded.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shared: { type: "string", default: "../shared" },
    release: { type: "string", default: "1.13-dev" },
    groups: { type: "string", default: "seed,shapes,random" },
    form: { type: "string", default: "inlined" },
    annotate: { type: "boolean", default: false },
    mode: { type: "string", default: "native" },
    profile: { type: "string", default: "1.13" },
    complete: { type: "boolean", default: false },
    min: { type: "string", default: "0" },
    show: { type: "string", default: "20" },
  },
});

/** One thing that is counted: how often it is equal, of how many. */
class Rate {
  readonly name: string;
  equal = 0;
  total = 0;
  constructor(name: string) {
    this.name = name;
  }
  count(isEqual: boolean): boolean {
    this.total++;
    if (isEqual) this.equal++;
    return isEqual;
  }
  get percent(): number {
    return this.total === 0 ? 100 : (100 * this.equal) / this.total;
  }
  toString(): string {
    // Rounded down: 100 % is said of what is equal throughout.
    const rounded = Math.floor(this.percent * 100) / 100;
    return `${this.name} ${this.equal}/${this.total} = ${rounded.toFixed(2)} %`;
  }
}

const form = values.form as Form;
const all = ask({
  shared: values.shared,
  release: values.release,
  groups: values.groups.split(","),
  form,
  annotate: values.annotate,
  profile: values.profile,
});
const answered = values.complete ? all.filter(({ missing }) => missing.length === 0) : all;
const differences: string[] = [];
let unsafe = 0;

const [what] = positionals;
if (what !== "decisions" && what !== "verdicts" && what !== "escapes")
  throw new Error("decisions, verdicts or escapes?");
const { bars, shown } =
  what === "escapes" ? escapes(answered) : decisions(answered, what === "verdicts");
for (const one of differences.slice(0, Number(values.show))) console.log(`   ${one}`);
const left = all.length - answered.length;
const without = left === 0 ? "" : `, ${left} methods without their callees left out`;
console.log(`${what}: ${[...bars, ...shown].join(", ")}, unsafe ${unsafe}${without}`);
const isPassed =
  unsafe === 0 && bars.every(({ total, percent }) => total > 0 && percent >= Number(values.min));
process.exitCode = isPassed ? 0 : 1;

interface Result {
  readonly bars: readonly Rate[];
  /** Told, not held against the bar. */
  readonly shown: readonly Rate[];
}

/** @param onlyVerdicts whether reasons and places are told, but not held against the bar */
function decisions(methods: readonly Answered[], onlyVerdicts: boolean): Result {
  const verdict = new Rate("verdict");
  const reason = new Rate("reason");
  const place = new Rate("place");
  for (const { path, recorded, method } of methods) {
    for (const want of recorded.decisions?.[values.mode as "native"] ?? []) {
      const got = method.registrations.find(({ statement }) => statement === want.pc)?.julia;
      if (got === undefined) {
        verdict.count(false);
        differences.push(`${path} %${want.pc}: registration not seen`);
        continue;
      }
      const isElided = got.verdict === "elided";
      if (isElided && !want.resolved) unsafe++;
      let isSame = verdict.count(isElided === want.resolved);
      if (isSame && want.resolved) isSame = place.count(samePlace(got, want));
      else if (isSame) isSame = reason.count(sameReason(got, want));
      if (!isSame)
        differences.push(`${path} %${want.pc}: Julia ${inWords(want)}, ours ${said(got)}`);
    }
  }
  return onlyVerdicts
    ? { bars: [verdict], shown: [reason, place] }
    : { bars: [verdict, reason, place], shown: [] };
}

type Julia = RegistrationJson["julia"];

function samePlace({ insert }: Julia, { after, block }: RecordedDecision): boolean {
  if (insert === null) return false;
  return after
    ? "after" in insert && insert.after === after
    : "block" in insert && insert.block === block;
}

/** Two recorded reasons are shorthand for several (corpus/README.md). */
function sameReason({ reason }: Julia, want: RecordedDecision): boolean {
  const isBody = reason?.startsWith("FINALIZER_") === true;
  if (want.reason === "FINALIZER_NOT_ELIGIBLE") return isBody;
  if (want.reason === "NOT_RECORDED") return isBody || reason?.startsWith("OBJ_") === true;
  return reason === want.reason;
}

function inWords({ resolved, reason, after, block }: RecordedDecision): string {
  if (!resolved) return reason;
  return after ? `after %${after}` : `at #${block}`;
}

function said({ verdict, reason, insert }: Julia): string {
  return verdict === "kept" ? String(reason) : JSON.stringify(insert);
}

function escapes(methods: readonly Answered[]): Result {
  const value = new Rate("values");
  const whole = new Rate("whole facts");
  const argument = new Rate("arguments");
  for (const { path, recorded, method } of methods) {
    const want =
      form === "interprocedural" ? recorded.escapes_interprocedural : recorded[`${form}_escapes`];
    if (want === undefined || want.error !== undefined) continue;
    const compare = (
      name: string,
      rate: Rate,
      one: RecordedEscape,
      got: EscapeJson | undefined,
    ) => {
      if (!one.analyzed) return;
      const isWhole = whole.count(got !== undefined && sameWhole(one, got));
      if (rate.count(got !== undefined && sameBits(one, got)) && isWhole) return;
      if (got?.noescape === true && !one.noescape) unsafe++;
      differences.push(
        `${path} ${name}: Julia ${JSON.stringify(one)}, ours ${JSON.stringify(got)}`,
      );
    };
    want.ssa.forEach((one, index) => {
      const got = method.values?.find(({ ssa }) => ssa === index + 1)?.escape;
      compare(`%${index + 1}`, value, one, got);
    });
    want.args.forEach((one, index) => {
      const got = method.arguments?.find((other) => other.index === index + 1)?.escape;
      compare(`_${index + 1}`, argument, one, got);
    });
  }
  return { bars: [value, argument], shown: [whole] };
}

function sameBits(want: RecordedEscape, got: EscapeJson): boolean {
  return (
    want.return === got.return &&
    want.thrown.length > 0 === got.thrown.length > 0 &&
    want.noescape === got.noescape &&
    want.allescape === got.allescape
  );
}

function sameWhole(want: RecordedEscape, got: EscapeJson): boolean {
  const key = (numbers: readonly number[]): string => [...numbers].sort((a, b) => a - b).join(" ");
  return (
    sameBits(want, got) &&
    key(want.thrown) === key(got.thrown) &&
    key(want.liveness) === key(got.liveness) &&
    want.alias === got.alias
  );
}
