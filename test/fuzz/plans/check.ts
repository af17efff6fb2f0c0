// Checks one text's plans: by the validator, by runs, and the text itself by the verifier.

import type { AppliedMethod } from "../../../server/src/analysis/plan/apply.ts";
import { type CompareOptions, Comparison } from "../../../server/src/check/compare.ts";
import { Interpreter } from "../../../server/src/check/interpreter/interpreter.ts";
import { readProgram } from "../../../server/src/check/program.ts";
import { noRuns, type RunCounts } from "../../../server/src/check/run-counts.ts";
import { Validator } from "../../../server/src/check/validate/validate.ts";
import { dominatorTree } from "../../../server/src/ir/dominator-tree.ts";
import type { PlacedMethod } from "../../../server/src/ir/placed.ts";
import { verify } from "../../../server/src/ir/verify.ts";
import { appliedFailures } from "./applied.ts";

/** What a text's plans did. */
export interface Checked {
  /** One line for each thing that is wrong. */
  readonly failures: readonly string[];
  /** What was placed, all plans of a text together. */
  readonly placed: readonly PlacedMethod[];
  readonly runs: RunCounts;
}

/** A plan, and the method with it carried out; null where nothing is to be done. */
export interface Planned {
  readonly placed: PlacedMethod;
  readonly applied: AppliedMethod | null;
}

export type PlansOf = (text: string) => Planned[];

/** Holds everything that is planned for the text against both checkers. */
export function checkPlans(text: string, plansOf: PlansOf, options: CompareOptions): Checked {
  const failures: string[] = [];
  const program = readProgram(text);
  const [method] = program.methods;
  if (method === undefined) return { failures: ["no method"], placed: [], runs: noRuns() };
  for (const { code, message } of verify(method, dominatorTree(method.graph))) {
    failures.push(`verify: ${code} ${message}`);
  }
  for (const { code, detail } of method.syntax.problems) failures.push(`read: ${code} ${detail}`);
  const plans = plansOf(text);
  const comparison = new Comparison(new Interpreter(program), method, options);
  const validator = new Validator(program);
  for (const { placed, applied } of plans) {
    const { counterexamples, isCut } = validator.validate(placed);
    for (const one of counterexamples) {
      const path = one.path.map((block) => `#${block}`).join(" ");
      failures.push(`path: ${one.kind} of %${one.registration} at %${one.position} on ${path}`);
    }
    if (isCut) failures.push("path: too many states");
    for (const { kind, position, words, seed, gc } of comparison.checkPlaced(placed)) {
      failures.push(`run: ${kind} of %${position}: ${words} (seed ${seed}, ${gc})`);
    }
    if (applied !== null) failures.push(...appliedFailures(placed, applied, validator, comparison));
  }
  return { failures, placed: plans.map(({ placed }) => placed), runs: comparison.counts };
}
