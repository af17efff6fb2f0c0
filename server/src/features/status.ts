// What a status line says beside a text: whose rules apply and why, what is promised, how far Julia had
// compiled the method at the cursor, and what becomes of its finalizers.

import type { Stage } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { cursorAt } from "./cursor.ts";
import { type Tally, tallyOf } from "./freed.ts";

export interface MethodStatus extends Tally {
  /** As its header or prompt has it; null without either. */
  readonly signature: string | null;
  /** `final` where a `stage final` line says that Julia has decided already. */
  readonly stage: Stage | "final";
}

export interface Status {
  readonly profile: string;
  /** `newest`: nobody chose, and the texts allow every release. */
  readonly profileBy: "choice" | "text" | "newest";
  /** How many facts are promised in all. */
  readonly assumptions: number;
  /** The method at the place; null where there is none. */
  readonly method: MethodStatus | null;
}

/** The status at a line (0-based) of a file. */
export function statusAt(workspace: Workspace, path: string, line: number): Status {
  const cursor = cursorAt(workspace, path, { line, character: 0 });
  const unit = cursor?.placed.unit;
  const facts = unit?.facts() ?? null;
  return {
    profile: workspace.profile.name,
    profileBy: workspace.profileBy,
    assumptions: countAssumptions(workspace),
    method:
      unit === undefined || facts === null
        ? null
        : {
            signature: facts.signature,
            stage: facts.isFinal ? "final" : facts.stage,
            ...tallyOf(workspace.report(unit)),
          },
  };
}

/** How many facts are promised of functions and methods. */
export function countAssumptions({ assumptions }: Workspace): number {
  let count = 0;
  for (const assumption of assumptions.values()) count += Object.keys(assumption).length;
  return count;
}
