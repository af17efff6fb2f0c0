// Checks `# expect:` comments against what is found: `# expect: [julia] %4 elided after %9`,
// `# expect: early %4 finalize on #3→#5`, `# expect: hazard %7 CODE`. A failed one is a finding at the
// comment.
// Source: contract.md "Lines of the canonical text".

import type { Hazard } from "../analysis/hazard/hazard.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import type { Expectation } from "../syntax/tree.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { planWords, pointWords, predictionWords } from "./words.ts";

const form = new RegExp(
  [
    /^(?:(julia|early|hazard)\s+)?%(\d+)/,
    /(?:\s+(elided|kept|elide|finalize|none))?/,
    /((?:\s*,?\s+(?:after %\d+|at #\d+|on #\d+\s*(?:→|->)\s*#\d+))*)/,
    /(?:\s+([a-z]+\/[a-z-]+))?$/,
  ]
    .map(({ source }) => source)
    .join(""),
);

const verdicts: Readonly<Record<string, readonly string[]>> = {
  julia: ["elided", "kept"],
  early: ["elide", "finalize", "none"],
  hazard: [],
};

const advice: Readonly<Record<string, string>> = {
  julia: "`[julia] %N elided|kept [after %M | at #B] [CODE]`",
  early: "`early %N elide|finalize|none [after %M | at #B | on #A→#B] [CODE]`",
  hazard: "`hazard %N CODE`",
};

interface Wanted {
  readonly statement: number;
  readonly verdict: string;
  /** `after %3`, `at #2`, `on #3→#5`. */
  readonly places: readonly string[];
  readonly code: string;
}

/** Findings for the expectations of a unit that do not hold or cannot be read. */
export function checkExpectations(workspace: Workspace, unit: Unit): Finding[] {
  const expectations = unit.facts()?.expectations ?? [];
  const opened = expectations.length > 0 ? workspace.openUnit(unit) : null;
  if (opened === null) return [];
  const { registrations, hazards = [] } = workspace.report(unit);
  const findings: Finding[] = [];
  for (const expectation of expectations) {
    const finding = check(opened.method, registrations, hazards, expectation);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function check(
  method: Method,
  registrations: readonly RegistrationReport[],
  hazards: readonly Hazard[],
  expectation: Expectation,
): Finding | null {
  const say = (code: "expect/failed" | "expect/malformed", message: string): Finding => ({
    code,
    span: expectation,
    message,
    related: [],
  });
  const read = form.exec(expectation.text);
  const kind = read?.[1] ?? /^(early|hazard)\s/.exec(expectation.text)?.[1] ?? "julia";
  const wanted = read === null ? null : wantedOf(kind, read);
  if (wanted === null) return say("expect/malformed", `an expectation reads ${advice[kind]}`);
  const { statement, code } = wanted;
  if (kind === "hazard") {
    const there = hazards.filter(({ position }) => idOf(method, position) === statement);
    if (there.some((one) => one.code === code)) return null;
    const codes = there.map((one) => one.code).join(", ");
    return say("expect/failed", `at \`%${statement}\` there is ${codes || "no hazard"}`);
  }
  const report = registrations.find((one) => idOf(method, one.registration.position) === statement);
  if (report === undefined) {
    return say("expect/failed", `\`%${statement}\` registers no finalizer`);
  }
  if (kind === "early") {
    return isEarly(method, report, wanted)
      ? null
      : say("expect/failed", `the early plan is ${planWords(method, report)}`);
  }
  return isJulias(method, report, wanted)
    ? null
    : say("expect/failed", `the finalizer is ${predictionWords(method, report)}`);
}

function wantedOf(kind: string, read: RegExpExecArray): Wanted | null {
  const [, , ssa, verdict = "", places = "", code = ""] = read;
  const known = verdicts[kind] ?? [];
  if (
    known.length === 0 ? verdict !== "" || places !== "" || code === "" : !known.includes(verdict)
  ) {
    return null;
  }
  const found = [...places.matchAll(/(after|at|on) ([%#]\d+)(?:\s*(?:→|->)\s*(#\d+))?/g)].map(
    ([, word = "", first = "", second]) =>
      second === undefined ? `${word} ${first}` : `${word} ${first}→${second}`,
  );
  if (kind === "julia" && (found.length > 1 || found.some((one) => one.startsWith("on"))))
    return null;
  return { statement: Number(ssa), verdict, places: found, code };
}

function isJulias(method: Method, report: RegistrationReport, wanted: Wanted): boolean {
  if (report.elided !== (wanted.verdict === "elided")) return false;
  if (wanted.code !== "" && report.code !== wanted.code) return false;
  const { insertion } = report;
  const place =
    insertion === null
      ? ""
      : "after" in insertion
        ? `after %${idOf(method, insertion.after)}`
        : `at #${labelOf(method, insertion.block)}`;
  return wanted.places.every((one) => one === place);
}

/** With places, the plan has just these; with a code, it is among the reasons. */
function isEarly(method: Method, { early }: RegistrationReport, wanted: Wanted): boolean {
  if ((early?.plan.verdict ?? "none") !== wanted.verdict) return false;
  const reasons = [...(early?.blockers ?? []), ...(early?.notElided ?? [])];
  if (wanted.code !== "" && !reasons.some(({ code }) => code === wanted.code)) return false;
  if (wanted.places.length === 0) return true;
  const places = (early?.plan.placements ?? []).map(({ point }) => pointWords(method, point));
  const isSame = new Set(places).size === new Set(wanted.places).size;
  return isSame && wanted.places.every((one) => places.includes(one));
}
