// Which registrations are freed, and what a change of assumptions does to them.

import type { MethodReport, RegistrationReport } from "../analysis/method-report.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { eachMethod } from "./method-index.ts";

/** Julia elides the finalizer, or a plan frees the object early. */
export function isFreed({ elided, early }: RegistrationReport): boolean {
  return elided || (early !== null && early.plan.verdict !== "none");
}

/** How many finalizers a method registers, and what becomes of them. */
export interface Tally {
  readonly registrations: number;
  /** How many Julia elides. */
  readonly elided: number;
  /** How many others a plan of ours would run early. */
  readonly couldBe: number;
}

export function tallyOf({ registrations }: MethodReport): Tally {
  return {
    registrations: registrations.length,
    elided: registrations.filter((one) => one.elided && !one.isStillPrinted).length,
    couldBe: registrations.filter((one) => !one.elided && isFreed(one)).length,
  };
}

/** How many registrations a change frees, and of how many it takes the free away. */
export interface Difference {
  readonly freed: number;
  readonly lost: number;
}

/**
 * Compares two workspaces with the same texts.
 *
 * @param counts what counts as freed
 */
export function differenceOf(
  before: Workspace,
  after: Workspace,
  counts: (report: RegistrationReport) => boolean = isFreed,
): Difference {
  let freed = 0;
  let lost = 0;
  for (const { unit } of eachMethod(before)) {
    const { registrations } = before.report(unit);
    if (registrations.length === 0) continue;
    const now = after.report(unit).registrations;
    registrations.forEach((one, index) => {
      const other = now[index];
      if (other === undefined || counts(one) === counts(other)) return;
      if (counts(other)) freed++;
      else lost++;
    });
  }
  return { freed, lost };
}

/** `+2 freed, −0`. */
export function differenceWords({ freed, lost }: Difference): string {
  return `+${freed} freed, −${lost}`;
}
