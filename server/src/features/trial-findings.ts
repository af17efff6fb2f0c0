// What the checkers have to say: where Julia's own placement of a finalizer is wrong, and plans of ours that
// were taken back. Each with the path that shows it. What Julia gets wrong is an error only where the text
// says all that Julia knew, and a run showed the harm; else the path may be one that no input takes.
// Source: spec early-plan.md §10, finalizer-inlining.md §7.

import type { JuliaMistake, MethodReport, RegistrationReport } from "../analysis/method-report.ts";
import type { Finding, RelatedPlace } from "../diagnostics/finding.ts";
import { labelOf, type Method } from "../ir/method.ts";
import type { StatementKind } from "../syntax/tree.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { mistakeWords, planWords, runsAt } from "./words.ts";

/** Findings about a unit's report beside those of the analysis, in the order of its registrations. */
export function trialFindings(
  workspace: Workspace,
  unit: Unit,
  { registrations }: MethodReport,
): Finding[] {
  const refused = new Set(registrations.flatMap((one) => one.early?.plan ?? []).filter(isRejected));
  const wrong = registrations.filter(({ mistakes }) => mistakes !== undefined);
  if (refused.size + wrong.length === 0) return [];
  const method = workspace.openUnit(unit)?.method;
  if (method === undefined) return [];
  const confirmed = wrong.length === 0 ? new Map() : workspace.confirmedMistakes(unit);
  const findings = wrong.flatMap((report) =>
    (report.mistakes ?? []).map((mistake) => {
      const harm: string | undefined = confirmed.get(report.registration.position);
      return mistakeFinding(method, report, mistake, harm ?? null);
    }),
  );
  for (const plan of refused) {
    const report = registrations.find(({ early }) => early?.plan === plan);
    if (report !== undefined) findings.push(rejectedFinding(method, unit, report));
  }
  return findings;
}

function isRejected({ blockers: [first] }: { blockers: readonly { code: string }[] }): boolean {
  return first?.code === "internal/plan-rejected";
}

/** @param harm what a run showed; null where none did */
function mistakeFinding(
  method: Method,
  report: RegistrationReport,
  { code, shown }: JuliaMistake,
  harm: string | null,
): Finding {
  const registration = statementAt(method, report.registration.position);
  const related: RelatedPlace[] = [];
  const say = (position: number, message: string): void => {
    related.push({ span: statementAt(method, position), message, method: null });
  };
  const insertion = runsAt(report);
  if (insertion !== null) {
    const isBehind = "after" in insertion;
    say(
      isBehind ? insertion.after : (method.firstOf[insertion.block] ?? 0),
      isBehind ? "Julia runs it behind this" : "Julia runs it before this",
    );
  }
  for (const { position, blocks, words } of shown) {
    const path = blocks.map((block) => `#${labelOf(method, block)}`).join(" → ");
    say(position, `on the path ${path}: ${words}`);
  }
  // Before a φ no run of the IR does harm: it is done in code generation.
  const isRun = harm !== null && code !== "julia/before-phi";
  if (isRun) say(report.registration.position, `an interpreted run shows it: ${harm}`);
  say(report.registration.position, ourPlan(method, report));
  const message = mistakeWords(method, report, code);
  const finding: Finding = { code, span: registration, message, related };
  return isRun && isAnnotated(method) ? { ...finding, severity: "error" } : finding;
}

function ourPlan(method: Method, report: RegistrationReport): string {
  const { early } = report;
  if (early !== null && early.plan.verdict !== "none")
    return `our plan: ${planWords(method, report)}`;
  const [first] = early?.blockers ?? [];
  return first === undefined
    ? "we have no plan for it"
    : `we have no plan for it: ${first.message}`;
}

function rejectedFinding(method: Method, unit: Unit, report: RegistrationReport): Finding {
  const span = statementAt(method, report.registration.position);
  const [first] = report.early?.blockers ?? [];
  const text = unit.text.trim();
  return {
    code: "internal/plan-rejected",
    span,
    message: `${first?.message ?? "our own checker rejects the plan"}; this is a mistake of Finalens, nothing of the plan is shown`,
    related: [{ span, message: `please report it with the method:\n${text}`, method: null }],
  };
}

function statementAt(method: Method, position: number): Finding["span"] {
  return method.statements[position - 1] ?? { start: 0, end: 0 };
}

/** Statements of which Julia notes down whether they can throw. */
const flagged: ReadonlySet<StatementKind> = new Set<StatementKind>([
  "call",
  "invoke",
  "new",
  "foreigncall",
]);

/** Whether the text says of all statements what Julia knew of them, so that the prediction is exact. */
function isAnnotated({ statements }: Method): boolean {
  return statements.every(({ kind, facts }) => !flagged.has(kind) || facts !== null);
}
