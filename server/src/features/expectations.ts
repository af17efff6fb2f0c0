// Checks `# expect:` comments against what is found: `# expect: [julia] %4 elided after %9`,
// `# expect: %4 kept finalizer/aliased`. A failed one is a finding at the comment.
// Source: contract.md "Lines of the canonical text".

import type { RegistrationReport } from "../analysis/method-report.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import type { Expectation } from "../syntax/tree.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { predictionWords } from "./words.ts";

const form =
  /^(?:(julia|early|hazard)\s+)?%(\d+)\s+(elided|kept)(?:\s+(?:after %(\d+)|at #(\d+)))?(?:\s+([a-z]+\/[a-z-]+))?$/;

/** Findings for the expectations of a unit that do not hold or cannot be read. */
export function checkExpectations(workspace: Workspace, unit: Unit): Finding[] {
  const expectations = unit.facts()?.expectations ?? [];
  const opened = expectations.length > 0 ? workspace.openUnit(unit) : null;
  if (opened === null) return [];
  const { registrations } = workspace.report(unit);
  const findings: Finding[] = [];
  for (const expectation of expectations) {
    const finding = check(opened.method, registrations, expectation);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function check(
  method: Method,
  registrations: readonly RegistrationReport[],
  expectation: Expectation,
): Finding | null {
  const say = (code: "expect/failed" | "expect/malformed", message: string): Finding => ({
    code,
    span: expectation,
    message,
    related: [],
  });
  if (/^(?:early|hazard)\s/.test(expectation.text)) {
    return say("expect/malformed", "only `julia` expectations are checked so far");
  }
  const read = form.exec(expectation.text);
  if (read === null) {
    return say(
      "expect/malformed",
      "an expectation reads `[julia] %N elided|kept [after %M | at #B] [CODE]`",
    );
  }
  const [, , ssa, verdict, after, block, code] = read;
  const report = registrations.find(
    (one) => idOf(method, one.registration.position) === Number(ssa),
  );
  if (report === undefined) return say("expect/failed", `\`%${ssa}\` registers no finalizer`);
  const holds =
    report.elided === (verdict === "elided") &&
    (code === undefined || report.code === code) &&
    (after === undefined || isAfter(method, report, Number(after))) &&
    (block === undefined || isAtBlock(method, report, Number(block)));
  return holds ? null : say("expect/failed", `the finalizer is ${predictionWords(method, report)}`);
}

function isAfter(method: Method, { insertion }: RegistrationReport, ssa: number): boolean {
  return insertion !== null && "after" in insertion && idOf(method, insertion.after) === ssa;
}

function isAtBlock(method: Method, { insertion }: RegistrationReport, label: number): boolean {
  return insertion !== null && "block" in insertion && labelOf(method, insertion.block) === label;
}
