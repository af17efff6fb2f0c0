// Checks the text into which plans were written, against the method that it was made from: by the reader
// and the verifier, by the validator, and by runs.

import type { AppliedMethod } from "../../../server/src/analysis/plan/apply.ts";
import type { Comparison } from "../../../server/src/check/compare.ts";
import type { Validator } from "../../../server/src/check/validate/validate.ts";
import { dominatorTree } from "../../../server/src/ir/dominator-tree.ts";
import type { PlacedMethod } from "../../../server/src/ir/placed.ts";
import { verify } from "../../../server/src/ir/verify.ts";
import { droppedIn } from "../../../server/src/workspace/written.ts";

/**
 * One line for each thing that is wrong with `applied`, which carries out `placed`. Nothing is asked of a
 * method that calls `finalize` by itself, or `close_it`, which does: the plan's calls are no others.
 */
export function appliedFailures(
  placed: PlacedMethod,
  { method, positions }: AppliedMethod,
  validator: Validator,
  comparison: Comparison,
): string[] {
  const failures: string[] = [];
  const { statements } = placed.method;
  const isOwn = statements.some(({ callee }) => /^(?:finalize|close_it)$/.test(callee?.text ?? ""));
  if (isOwn) return [];
  for (const { code, message } of verify(method, dominatorTree(method.graph))) {
    failures.push(`applied verify: ${code} ${message}`);
  }
  for (const { code, detail } of method.syntax.problems) {
    failures.push(`applied read: ${code} ${detail}`);
  }
  const dropped = droppedIn(placed, positions);
  const { counterexamples, isCut } = validator.validateTransformed(method, dropped);
  for (const { kind, registration, position } of counterexamples) {
    failures.push(`applied path: ${kind} of %${registration} at %${position}`);
  }
  if (isCut) failures.push("applied path: too many states");
  for (const { kind, position, words, seed, gc } of comparison.checkTransformed(method)) {
    failures.push(`applied run: ${kind} of %${position}: ${words} (seed ${seed}, ${gc})`);
  }
  return failures;
}
