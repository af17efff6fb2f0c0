// Counts over a workspace: the numbers of the last line of `check` and of the status item.

import { extendedBy } from "../analysis/method-report.ts";
import type { Workspace } from "../workspace/workspace.ts";

export interface Counts {
  readonly methods: number;
  readonly registrations: number;
  /** Registrations that Julia resolves. */
  readonly elided: number;
  /** Registrations that Julia keeps and whose finalizer could run early. */
  readonly early: number;
  /** Registrations whose placement holds the object over a loop. */
  readonly extended: number;
}

/** Counts methods and registrations of all files. */
export function countRegistrations(workspace: Workspace): Counts {
  let methods = 0;
  let registrations = 0;
  let elided = 0;
  let early = 0;
  let extended = 0;
  for (const path of workspace.paths()) {
    for (const unit of workspace.document(path)?.units ?? []) {
      if (unit.facts() === null) continue;
      methods++;
      for (const report of workspace.report(unit).registrations) {
        registrations++;
        if (report.elided) elided++;
        else if ((report.early?.plan.verdict ?? "none") !== "none") early++;
        if (extendedBy(report, "julia").length > 0) extended++;
      }
    }
  }
  return { methods, registrations, elided, early, extended };
}
