// Whether a placement that some path shows to be wrong does harm in a run: the first run that shows it, of
// a limited number, so that it can be asked for while somebody types. What a body merely saw, how long
// something was held and a run that could not go on are no proof, and are left out.

import type { PlacedMethod } from "../ir/placed.ts";
import { Comparison, defaultCompare, type Violation, type ViolationKind } from "./compare.ts";
import { Interpreter } from "./interpreter/interpreter.ts";
import type { Program } from "./program.ts";

/** So many inputs are tried, so many at a time, unless all of them have taken so many statements. */
const inputLimit = 60;
const batch = 6;
const stepLimit = 10_000;

/** Statements after which a run is given up. */
const fuel = 2000;

const unproven: ReadonlySet<ViolationKind> = new Set<ViolationKind>([
  "body-effects",
  "extended-over-loop",
  "stuck",
]);

/** Of several harms that one batch of runs shows, the one that says most is told: how often bodies ran. */
function rank({ kind }: Violation): number {
  const order: readonly ViolationKind[] = [
    "run-count",
    "never-allocated",
    "not-registered",
    "leak",
  ];
  const place = order.indexOf(kind);
  return place < 0 ? order.length : place;
}

/**
 * Registrations of which a run shows that their placement does harm, with the first harm seen.
 *
 * @param wrong positions of the registrations in question; the other placements are taken to be right
 */
export function harmsOf(
  program: Program,
  placed: PlacedMethod,
  wrong: ReadonlySet<number>,
): ReadonlyMap<number, Violation> {
  const found = new Map<number, Violation>();
  const interpreter = new Interpreter(program);
  const [only] = wrong;
  let steps = 0;
  for (let tried = 0; tried < inputLimit && steps < stepLimit; tried += batch) {
    if (found.size === wrong.size) break;
    const options = {
      ...defaultCompare,
      seed: 1 + tried,
      runs: batch,
      fuel,
      watchesLifetimes: false,
    };
    const comparison = new Comparison(interpreter, placed.method, options);
    for (const one of comparison.checkPlaced(placed)) {
      // What differs for the whole run is the one placement's doing that is wrong.
      const position = one.position === 0 && wrong.size === 1 ? only : one.position;
      if (position === undefined || !wrong.has(position) || unproven.has(one.kind)) continue;
      const known = found.get(position);
      if (known === undefined || rank(one) < rank(known)) found.set(position, one);
    }
    steps += comparison.steps;
  }
  return found;
}
