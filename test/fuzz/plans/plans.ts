// The planner's plans for a generated text, in the form in which the checkers take them.

import type { Plan } from "../../../server/src/analysis/plan/plan.ts";
import { placedByPlans } from "../../../server/src/features/placed.ts";
import type { PlacedMethod } from "../../../server/src/ir/placed.ts";
import { Workspace } from "../../../server/src/workspace/workspace.ts";

/** All plans of the first method of a text together; the other methods are its callees. */
export function plansOf(text: string): PlacedMethod[] {
  const workspace = new Workspace();
  workspace.set("plans.jlir", text);
  const unit = workspace.document("plans.jlir")?.units.find((one) => one.facts() !== null);
  const opened = unit === undefined ? null : workspace.openUnit(unit);
  if (unit === undefined || opened === null) return [];
  const plans = new Set<Plan>();
  for (const { early } of workspace.report(unit).registrations) {
    if (early !== null && early.plan.verdict !== "none") plans.add(early.plan);
  }
  return [placedByPlans(opened.method, [...plans])];
}
