// A file's text with the early plans of its methods carried out. Methods without a plan, and everything
// between methods, stand as they stood.

import { type AppliedMethod, applyPlans } from "../analysis/plan/apply.ts";
import type { Plan } from "../analysis/plan/plan.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";

export interface AppliedText {
  readonly text: string;
  /** How many methods there are, or were named. */
  readonly methods: number;
  /** How many plans were carried out, by verdict. */
  readonly elided: number;
  readonly finalized: number;
  /** How many calls were put in. */
  readonly calls: number;
  /** Methods that stand as they stood because our own checker rejects what was made of them. */
  readonly rejected: readonly RejectedText[];
}

/** A mistake of ours, with the method that shows it. */
export interface RejectedText {
  /** The method's text as it stood. */
  readonly text: string;
  /** As a sentence without its end. */
  readonly words: string;
}

/**
 * The text of the file at `path` with its plans carried out; null where there is no such file, or no
 * method of that name.
 *
 * @param only name or signature of the one method to print; null prints the whole file
 */
export function applyToFile(
  workspace: Workspace,
  path: string,
  only: string | null,
): AppliedText | null {
  const document = workspace.document(path);
  if (document === null) return null;
  const texts: string[] = [];
  let methods = 0;
  let elided = 0;
  let finalized = 0;
  let calls = 0;
  const rejected: RejectedText[] = [];
  for (const unit of document.units) {
    const facts = unit.facts();
    const isMeant = facts !== null && (only === null || isNamed(unit, only));
    if (!isMeant) {
      if (only === null) texts.push(unit.text);
      continue;
    }
    methods++;
    const plans = plansOf(workspace, unit);
    const made = applyToUnit(workspace, unit);
    const words = made === null ? null : workspace.failureOfWritten(unit, plans, made);
    if (words !== null) rejected.push({ text: unit.text, words });
    const applied = words === null ? made : null;
    if (applied !== null) {
      elided += plans.filter(({ verdict }) => verdict === "elide").length;
      finalized += plans.filter(({ verdict }) => verdict === "finalize").length;
      calls += applied.calls.length;
    }
    const text = applied?.text ?? unit.text;
    texts.push(only === null ? text : `${text.trim()}\n`);
  }
  if (only !== null && methods === 0) return null;
  return {
    text: texts.join(only === null ? "" : "\n"),
    methods,
    elided,
    finalized,
    calls,
    rejected,
  };
}

/** The unit's method with its plans carried out; null where there are none. */
export function applyToUnit(workspace: Workspace, unit: Unit): AppliedMethod | null {
  const plans = plansOf(workspace, unit);
  const opened = plans.length === 0 ? null : workspace.openUnit(unit);
  return opened === null ? null : applyPlans(opened.method, plans);
}

/** The plans of the unit's method, each once. */
export function plansOf(workspace: Workspace, unit: Unit): Plan[] {
  const { registrations } = workspace.report(unit);
  return [...new Set(registrations.flatMap(({ early }) => (early === null ? [] : [early.plan])))];
}

/** Whether a user means the unit's method by `name`: its name, with or without `Main`, or its signature. */
export function isNamed(unit: Unit, name: string): boolean {
  const facts = unit.facts();
  return facts?.name === name || facts?.signature === name || facts?.name === `Main.${name}`;
}
