// What is not shown: plans of ours that are broken by hand, as a mistake in the planner would, and plans that
// counted on them.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MethodReport, RegistrationReport } from "../../server/src/analysis/method-report.ts";
import { applyPlans } from "../../server/src/analysis/plan/apply.ts";
import type { Plan } from "../../server/src/analysis/plan/plan.ts";
import { readProgram } from "../../server/src/check/program.ts";
import { plansOf } from "../../server/src/features/apply.ts";
import { trialFindings } from "../../server/src/features/trial-findings.ts";
import { lower, type Method } from "../../server/src/ir/method.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { tryReport } from "../../server/src/workspace/trial.ts";
import type { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { pathFailure } from "../../server/src/workspace/written.ts";

const bodies = `
MethodInstance for fin(::H)
  effects (+c,!e,+n,+t,+s,!m,+u,+o,+r)
1 ─ %1 = Base.getfield(_2, :x)::Int64
│        Base.setfield!(Main.FREED, :x, %1)::Int64
└──      return nothing
MethodInstance for finpair(::Pair2)
  effects (+c,!e,+n,+t,+s,!m,+u,+o,+r)
1 ─ %1 = Base.getfield(_2, :h)::H
│   %2 = Base.getfield(%1, :x)::Int64
│        Base.setfield!(Main.FREED, :x, %2)::Int64
└──      return nothing
`;

const single = `MethodInstance for s(::Int64)
  type H mutable (x::Int64)
1 ─ %1 = %new(Main.H, _2)::H
│        Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
│   %3 = Base.getfield(%1, :x)::Int64   # (+n)
└──      return %3
${bodies}`;

const pair = `MethodInstance for s(::Int64)
  type H mutable (x::Int64)
  type Pair2 mutable (h::H)
1 ─ %1 = %new(Main.H, _2)::H
│        Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
│   %3 = %new(Main.Pair2, %1)::Pair2
│        Core.finalizer(Main.finpair, %3, true, CodeInstance for MethodInstance for finpair(::Pair2))::Nothing
│   %5 = Base.getfield(%3, :h)::H       # (+n)
│   %6 = Base.getfield(%5, :x)::Int64   # (+n)
└──      return %6
${bodies}`;

interface AtHand {
  readonly workspace: Workspace;
  readonly unit: Unit;
  readonly method: Method;
  readonly report: MethodReport;
}

function open(text: string): AtHand {
  const workspace = new Workspace();
  workspace.set("s.jlir", text);
  const [unit] = workspace.document("s.jlir")?.units ?? [];
  const opened = unit === undefined ? null : workspace.openUnit(unit);
  assert.ok(unit !== undefined && opened !== null);
  return { workspace, unit, method: opened.method, report: workspace.report(unit) };
}

/** The report with another plan for one registration. */
function withPlan(
  report: MethodReport,
  position: number,
  change: (plan: Plan) => Plan,
): MethodReport {
  const registrations = report.registrations.map((one): RegistrationReport => {
    const { early } = one;
    if (early === null || one.registration.position !== position) return one;
    return { ...one, early: { ...early, plan: change(early.plan) } };
  });
  return { ...report, registrations };
}

const after =
  (position: number) =>
  (plan: Plan): Plan => ({
    ...plan,
    placements: plan.placements.map((one) => ({ ...one, point: { after: position } })),
  });

test("a right plan is let through as it is", () => {
  for (const text of [single, pair]) {
    const { method, report } = open(text);
    for (const { early } of report.registrations) assert.notEqual(early?.plan.verdict, "none");
    assert.equal(tryReport(method, report, readProgram(text)), report);
  }
});

test("a plan before the last use is not shown, and nothing is said to be possible", () => {
  const { method, report } = open(single);
  const broken = withPlan(report, 2, after(2));
  const [one] = tryReport(method, broken, readProgram(single)).registrations;
  assert.equal(one?.early?.plan.verdict, "none");
  assert.deepEqual(one?.early?.plan.placements, []);
  assert.equal(one?.early?.blockers[0]?.code, "internal/plan-rejected");
  assert.equal(one?.lifetime.holds.early, one?.lifetime.holds.gc);
});

test("a refused plan is reported with its path and with the method", () => {
  const { workspace, unit, method, report } = open(single);
  const tried = tryReport(method, withPlan(report, 2, after(2)), readProgram(single));
  const [finding, ...others] = trialFindings(workspace, unit, tried);
  assert.deepEqual(others, []);
  assert.equal(finding?.code, "internal/plan-rejected");
  assert.match(finding?.message ?? "", /used behind its finalizer, at `%3` on the path #1/);
  assert.ok(finding?.related[0]?.message.includes(unit.text.trim()));
});

test("what counted on a refused plan is refused with it", () => {
  const { method, report } = open(pair);
  // The pair dies first; without its plan it stays registered and reaches the other object.
  const broken = withPlan(report, 4, after(4));
  const tried = tryReport(method, broken, readProgram(pair));
  assert.deepEqual(
    tried.registrations.map(({ early }) => early?.plan.verdict),
    ["none", "none"],
  );
});

test("a refused plan takes no other with it that is right by itself", () => {
  const { method, report } = open(pair);
  const broken = withPlan(report, 2, after(2));
  const tried = tryReport(method, broken, readProgram(pair));
  assert.equal(tried.registrations[0]?.early?.plan.verdict, "none");
  assert.notEqual(tried.registrations[1]?.early?.plan.verdict, "none");
});

test("plans that were written down wrongly are not printed", () => {
  for (const text of [single, pair]) {
    const { workspace, unit, method } = open(text);
    const plans = plansOf(workspace, unit);
    const [made, checked] = [false, true].map((keeps) => applyPlans(method, plans, keeps));
    assert.ok(made != null && checked != null);
    assert.equal(workspace.failureOfWritten(unit, plans, made), null);
    const line = checked.method.text.split("\n").find((one) => one.includes("fin(%1")) ?? "";
    // Not carried out, and carried out twice.
    for (const other of [line.replace(/invoke.*/, "nothing::Nothing"), `${line}\n${line}`]) {
      const broken = checked.method.text.replace(line, other);
      const syntax = readMethod(broken);
      assert.ok(syntax !== null);
      const written = { ...checked, method: lower(syntax, broken) };
      assert.match(
        pathFailure(method, plans, written, readProgram(text)) ?? "",
        /never ran|runs again/,
      );
    }
  }
});

test("a chain of callees without end is read up to a point", () => {
  const count = 5000;
  const links = Array.from(
    { length: count },
    (_, i) => `MethodInstance for c${i}(::H)
  effects (+c,+e,+n,+t,+s,+m,+u,+o,+r)
1 ─      invoke Main.c${i + 1}(_2::H)::Nothing
└──      return nothing
`,
  );
  const text = single.replace("│   %3 =", "│        invoke Main.c0(%1::H)::Nothing\n│   %4 =");
  const { report } = open(text.replace("return %3", "return %4") + links.join(""));
  assert.notEqual(report.registrations[0]?.early, null);
});
