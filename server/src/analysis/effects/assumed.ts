// What a user's assumption says of an effect.
// Source: design §4 ("Assumptions"); spec early-plan.md §1.

import type { Statement } from "../../syntax/tree.ts";
import type { Assumption } from "../assumption.ts";
import type { Environment } from "../environment.ts";
import type { EffectName } from "../method-summary.ts";

/** Whether the assumption promises the effect. Where throwing ends the program nobody sees it. */
export function assume(assumption: Assumption | null, name: EffectName): boolean {
  if (assumption === null) return false;
  switch (name) {
    case "effectFree":
      return assumption.effectFree === true;
    case "nothrow":
      return assumption.nothrow === true || assumption.throwsAreFatal === true;
    case "terminates":
      return assumption.terminates === true;
    case "notaskstate":
      return assumption.notaskstate === true;
    case "inaccessiblememonly":
      return false;
  }
}

/** The assumption about the target of a call, by its key, else by the printed name of the function. */
export function assumptionFor(
  environment: Environment,
  statement: Statement,
  key: string | null,
): Assumption | null {
  const byKey = key === null ? null : environment.assumption(key);
  if (byKey !== null) return byKey;
  const { callee } = statement;
  if (callee === null || (callee.kind !== "global" && callee.kind !== "name")) return null;
  return environment.assumption(
    callee.module === "" ? callee.text : `${callee.module}.${callee.text}`,
  );
}
