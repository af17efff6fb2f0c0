// Facts about functions of Base that throw and do nothing else. Typed IR is full of calls to them, on
// paths that never come back; without these facts every bounds check would be an unknown call.
// Source: base/error.jl, base/essentials.jl, core boot.jl (facts: effects of the functions).

import { readEffects } from "./effects/effects.ts";
import type { CalleeFacts } from "./environment.ts";

/** Pure up to the exception that they throw. */
const throwing = readEffects("(+c,+e,!n,+t,+s,+m,+u,+o,+r)");
/** Exception constructors. */
const constructing = readEffects("(+c,+e,+n,+t,+s,+m,+u,+o,+r)");

const throwers: ReadonlySet<string> = new Set([
  "error",
  "throw_boundserror",
  "throw_inexacterror",
  "throw_domerr_powbysq",
  "throw_overflowerr_binaryop",
  "throw_overflowerr_negation",
  "throw_complex_domainerror",
  "throw_checksize_error",
]);

const constructors: ReadonlySet<string> = new Set([
  "ArgumentError",
  "ErrorException",
  "AssertionError",
]);

/**
 * Facts about a call of `name` from Base or Core; null where the table has none.
 *
 * @param isBottom whether the call is printed with type `Union{}`, which a thrower's must be
 */
export function bundledCallee(name: string, isBottom: boolean): CalleeFacts | null {
  if (throwers.has(name) && isBottom) {
    return { key: null, signature: name, effects: throwing, escapes: "simple" };
  }
  if (constructors.has(name)) {
    return { key: null, signature: name, effects: constructing, escapes: "simple" };
  }
  return null;
}
