// The planner's plans for a generated text as it made them, before the product has tried them, in the form in
// which the checkers take them.

import { reportMethod } from "../../../server/src/analysis/method-report.ts";
import { placedBy } from "../../../server/src/analysis/placements.ts";
import { applyPlans } from "../../../server/src/analysis/plan/apply.ts";
import type { Plan } from "../../../server/src/analysis/plan/plan.ts";
import { Workspace } from "../../../server/src/workspace/workspace.ts";
import type { Planned } from "./check.ts";

/** All plans of the first method of a text together; the other methods are its callees. */
export function plansOf(text: string): Planned[] {
  const workspace = new Workspace();
  workspace.set("plans.jlir", text);
  const unit = workspace.document("plans.jlir")?.units.find((one) => one.facts() !== null);
  const opened = unit === undefined ? null : workspace.openUnit(unit);
  if (unit === undefined || opened === null) return [];
  const plans = new Set<Plan>();
  const malformation = unit.facts()?.malformation ?? "";
  const report = reportMethod(opened, workspace.environmentOf(unit), malformation);
  for (const { early } of report.registrations) {
    if (early !== null && early.plan.verdict !== "none") plans.add(early.plan);
  }
  const { method } = opened;
  return [{ placed: placedBy(method, [...plans]), applied: applyPlans(method, [...plans]) }];
}
