// The planner's plans for a generated text, in the form in which the checkers take them.

import { applyPlans } from "../../../server/src/analysis/plan/apply.ts";
import { inPlanOrder } from "../../../server/src/analysis/plan/order.ts";
import type { Plan } from "../../../server/src/analysis/plan/plan.ts";
import type { Method } from "../../../server/src/ir/method.ts";
import type { PlacedMethod } from "../../../server/src/ir/placed.ts";
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
  for (const { early } of workspace.report(unit).registrations) {
    if (early !== null && early.plan.verdict !== "none") plans.add(early.plan);
  }
  const { method } = opened;
  return [{ placed: placedBy(method, [...plans]), applied: applyPlans(method, [...plans]) }];
}

/** Plans of one method, those first whose finalizers run first where two share a point. */
/** Plans of one method, those first whose finalizers run first where two share a point. */
export function placedBy(method: Method, plans: readonly Plan[]): PlacedMethod {
  const ranked = inPlanOrder(plans);
  return {
    method,
    placements: ranked.flatMap(({ placements, registrations, verdict }) =>
      placements.map(({ point, value }) => ({
        point,
        value,
        registrations,
        mode: verdict === "elide" ? ("inline-body" as const) : ("finalize" as const),
      })),
    ),
    dropped: ranked.flatMap(({ verdict, registrations }) =>
      verdict === "elide" ? registrations : [],
    ),
  };
}
