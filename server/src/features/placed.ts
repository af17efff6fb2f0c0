// Plans and predictions as placements: the form in which the checkers take them.

import type { OpenedMethod } from "../analysis/environment.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import { normalise } from "../analysis/normalise.ts";
import { inPlanOrder } from "../analysis/plan/order.ts";
import type { Plan } from "../analysis/plan/plan.ts";
import { eachOperand, type Method, operandValue } from "../ir/method.ts";
import type { PlacedMethod, Placement } from "../ir/placed.ts";
import type { Statement } from "../syntax/tree.ts";

/** The method with its plans carried out; of two at one point the one whose finalizers run first. */
export function placedByPlans(method: Method, plans: readonly Plan[]): PlacedMethod {
  const ranked = inPlanOrder(plans.filter(({ verdict }) => verdict !== "none"));
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

/** The method as Julia is predicted to change it: bodies of elided finalizers at its insertion points. */
export function placedByJulia(
  method: Method,
  registrations: readonly RegistrationReport[],
): PlacedMethod {
  const placements: Placement[] = [];
  const dropped: number[] = [];
  for (const { elided, insertion, finalized, registration, allocation } of registrations) {
    const place = (elided ? insertion : null) ?? finalized;
    if (place === null || allocation === 0) continue;
    const { position } = registration;
    const point = "after" in place ? place : { ...place, beforePhi: true };
    const mode = elided ? "inline-body" : "finalize";
    placements.push({ point, value: allocation, registrations: [position], mode });
    if (elided) dropped.push(position);
  }
  return { method, placements, dropped };
}

/**
 * The method without the statements that Julia drops because nothing uses them, such as a call that only
 * looks at an object: its placement does not wait for them. Their positions hold `nothing`.
 */
export function withoutUnused({ method, body }: OpenedMethod): Method {
  const { removed } = normalise(body);
  // A statement may be unused only because a load was forwarded, which stands in the text as it was.
  const isKept = Uint8Array.from(removed, (one) => 1 - one);
  const work = method.statements.flatMap((_, index) =>
    isKept[index + 1] === 1 ? [index + 1] : [],
  );
  for (let position = work.pop(); position !== undefined; position = work.pop()) {
    const statement = method.statements[position - 1];
    if (statement === undefined) continue;
    eachOperand(statement, (operand) => {
      const value = operandValue(method, operand);
      if (value <= 0 || isKept[value] === 1) return;
      isKept[value] = 1;
      work.push(value);
    });
  }
  const statements = method.statements.map(
    (one, index): Statement =>
      isKept[index + 1] === 1 || one.kind === "phi"
        ? one
        : { ...one, kind: "value", callee: null, operands: [] },
  );
  return { ...method, statements };
}
