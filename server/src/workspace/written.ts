// Holds a method into which plans were written against the one that it was made from: the plans were tried
// before, but not the hand that wrote them down.
// Source: design §5; issue "frees early": a plan that the validator rejects is never shown.

import { placedBy } from "../analysis/placements.ts";
import type { AppliedMethod } from "../analysis/plan/apply.ts";
import type { Plan } from "../analysis/plan/plan.ts";
import type { Program } from "../check/program.ts";
import { propertyWords } from "../check/validate/counterexample.ts";
import { type RegistrationSite, registrationsOf } from "../check/validate/registrations.ts";
import { Validator } from "../check/validate/validate.ts";
import { dominatorTree } from "../ir/dominator-tree.ts";
import { idOf, type Method } from "../ir/method.ts";
import type { PlacedMethod } from "../ir/placed.ts";
import { verify } from "../ir/verify.ts";

/** What is wrong with the form of the new method, as a sentence without its end; null for nothing. */
export function formFailure({ method }: AppliedMethod): string | null {
  const [problem] = method.syntax.problems;
  if (problem !== undefined) return `it cannot be read back: ${problem.detail}`;
  const [finding] = verify(method, dominatorTree(method.graph));
  return finding?.message ?? null;
}

/**
 * What a path through the new method shows, as a sentence without its end; null for nothing.
 *
 * @param applied the plans carried out, with a place for every dropped registration
 */
export function pathFailure(
  original: Method,
  plans: readonly Plan[],
  { method, positions }: AppliedMethod,
  program: Program,
): string | null {
  const dropped = droppedIn(placedBy(original, plans), positions);
  if (hasOwnCalls(original, dropped)) return null;
  const { counterexamples } = new Validator(program).validateTransformed(method, dropped);
  const against = counterexamples.find(({ certain }) => certain);
  if (against === undefined) return null;
  return `${propertyWords[against.kind]}, at \`%${idOf(method, against.position)}\``;
}

/** The dropped registrations, numbered as in the method without them. */
export function droppedIn(placed: PlacedMethod, positions: Int32Array): RegistrationSite[] {
  const moved = (value: number): number => (value > 0 ? (positions[value] ?? 0) : value);
  return registrationsOf(placed)
    .filter(({ position }) => placed.dropped.includes(position))
    .map((site) => ({
      ...site,
      position: moved(site.position),
      object: moved(site.object),
      body: moved(site.body),
    }));
}

/** Whether the method calls `finalize` or a body by itself: the plan's calls cannot be told from those. */
function hasOwnCalls({ statements }: Method, dropped: readonly RegistrationSite[]): boolean {
  const bodies = new Set(dropped.map(({ bodyName }) => bodyName));
  return statements.some(({ callee, kind }) => {
    if (kind !== "invoke" && kind !== "call") return false;
    return callee?.text === "finalize" || bodies.has(callee?.text ?? "");
  });
}
