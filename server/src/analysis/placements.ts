// Plans of ours, and the placements that the profile predicts, in the form in which those who check and
// print them take them.

import type { Method } from "../ir/method.ts";
import type { PlacedMethod, Placement } from "../ir/placed.ts";
import type { RegistrationReport } from "./method-report.ts";
import { inPlanOrder } from "./plan/order.ts";
import type { Plan } from "./plan/plan.ts";

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

/**
 * What Julia makes of the method by the profile's rules: the bodies of the registrations that it elides,
 * each at the one place where it puts it. A registration that a text which looks final still prints was
 * not elided, whatever the rules say.
 */
export function placedByJulia(
  method: Method,
  registrations: readonly RegistrationReport[],
): PlacedMethod {
  const placements: Placement[] = [];
  for (const { elided, insertion, isStillPrinted, registration, allocation } of registrations) {
    if (!elided || insertion === null || isStillPrinted) continue;
    const point = "after" in insertion ? insertion : { ...insertion, beforePhi: true };
    const { position } = registration;
    placements.push({ point, value: allocation, registrations: [position], mode: "inline-body" });
  }
  return { method, placements, dropped: placements.flatMap((one) => [...one.registrations]) };
}

/** Where Julia finalizes early although the registration stays, under a profile that does so. */
export function finalizedByJulia(registrations: readonly RegistrationReport[]): Placement[] {
  return registrations.flatMap(({ finalized, registration, allocation }): Placement[] => {
    if (finalized === null || allocation === 0) return [];
    const point = "after" in finalized ? finalized : { ...finalized, beforePhi: true };
    const { position } = registration;
    return [{ point, value: allocation, registrations: [position], mode: "finalize" }];
  });
}
