// A method's report without some of its plans: who checks plans may refuse them, and then nothing of them is
// shown, neither as a placement nor as a lifetime nor in words.

import type { PlanCode } from "../diagnostics/codes.ts";
import type { Method } from "../ir/method.ts";
import { withoutPolicy } from "./lifetime/lifetime.ts";
import {
  earlyPoints,
  findingsOf,
  type MethodReport,
  type RegistrationReport,
} from "./method-report.ts";
import type { Plan } from "./plan/plan.ts";

/** Why a plan is not shown. */
export interface Refusal {
  readonly code: PlanCode;
  /** As a sentence without its end. */
  readonly words: string;
}

/** The report as if some of its plans had not been found; the same object where there is none to refuse. */
export function withoutPlans(
  method: Method,
  report: MethodReport,
  refused: ReadonlyMap<Plan, Refusal>,
): MethodReport {
  if (refused.size === 0) return report;
  const left = new Map([...refused].map(([plan, { code }]) => [plan, noPlan(plan, code)]));
  const registrations = report.registrations.map((one): RegistrationReport => {
    const { early, lifetime } = one;
    const refusal = early === null ? undefined : refused.get(early.plan);
    const plan = early === null ? undefined : left.get(early.plan);
    if (early === null || refusal === undefined || plan === undefined) return one;
    const message = `planned to ${early.plan.verdict} ${earlyPoints(method, one)}, but ${refusal.words}`;
    const blockers = plan.blockers.map((blocker) => ({ ...blocker, message, chain: [] }));
    return {
      ...one,
      early: { ...early, plan, blockers, notElided: [] },
      lifetime: withoutPolicy(lifetime, "early"),
    };
  });
  const { hazards = [] } = report;
  return { ...report, registrations, findings: findingsOf(method, registrations, hazards) };
}

function noPlan(plan: Plan, code: PlanCode): Plan {
  const [position = 0] = plan.registrations;
  return {
    ...plan,
    verdict: "none",
    placements: [],
    blockers: [{ position, code, operand: -1 }],
    notElided: [],
    everyPath: false,
  };
}
