// Facts about well-known functions of Base and Core for our own analysis: the effects that headers of a
// real Julia print (`functions.ts`, generated), and by name the functions that every bounds check and
// every error calls. `bundled-callees.ts` has what a profile may use.
// Source: `functions.ts`; base/essentials.jl, base/error.jl, base/boot.jl, base/reflection.jl,
// base/hashing.jl (facts: what the functions do; spec/samples/statement-flags-1.13dev.txt shows the
// flags of `throw_boundserror` and `BoundsError`).

import type { Statement } from "../../syntax/tree.ts";
import { type Effects, readEffects } from "../effects/effects.ts";
import { bundledFunctions } from "./functions.ts";

const throwing = readEffects("(+c,+e,!n,+t,+s,+m,+u,+o,+r)");
const total = readEffects("(+c,+e,+n,+t,+s,+m,+u,+o,+r)");

/** How a function of the table handles its arguments. */
export type KnownRole =
  | "throws" // the arguments, or an exception that holds them
  | "wraps" // returns a new object that holds them
  | "reads" // looks at them only
  | "any"; // only the effects are known

export interface KnownFunction {
  readonly effects: Effects;
  readonly role: KnownRole;
}

/** Throw an exception made of their arguments and do nothing else, whatever the arguments are. */
const throwers: ReadonlySet<string> = new Set(["throw_boundserror", "throw_inexacterror"]);

/** The same for these arguments only; with others they build a message, which writes memory. */
const messageThrowers: ReadonlySet<string> = new Set([
  "error(String)",
  "error()",
  "_throw_argerror(String)",
  "throw_complex_domainerror(Symbol, Float64)",
]);

/** Constructors that put their arguments into a new exception as they are. */
const constructors: ReadonlySet<string> = new Set([
  "ArgumentError(String)",
  "ErrorException(String)",
  "AssertionError(String)",
  "DimensionMismatch(String)",
  "OverflowError(String)",
  "KeyError(Any)",
  "BoundsError(Any)",
  "BoundsError(Any, Any)",
  "BoundsError(Any, Int64)",
]);

const readers: ReadonlySet<string> = new Set(["objectid(Any)"]);

/** Exported names, which other modules print with their own prefix. */
const exported =
  /^(?:error|ArgumentError|ErrorException|AssertionError|DimensionMismatch|OverflowError|KeyError|BoundsError|DomainError|objectid)$/;

/**
 * What is known of the target of a call; null where the table has nothing.
 *
 * @param key of the target, `keyOfInvoke`; null where it is not known
 * @param isBottom whether the call is printed with type `Union{}`, which a thrower's must be
 */
export function knownFunction(
  statement: Statement,
  key: string | null,
  isBottom: boolean,
): KnownFunction | null {
  const { callee } = statement;
  if (callee === null || (callee.kind !== "global" && callee.kind !== "name")) return null;
  const name = callee.text;
  const isOurs = /^(?:Base|Core|Compiler)(?:\.|$)/.test(callee.module);
  if (!isOurs && !exported.test(name)) return null;
  return knownBy(name, key, isBottom);
}

/** The same by name and key, for a function that is known to be Base's or Core's. */
export function knownBy(name: string, key: string | null, isBottom: boolean): KnownFunction | null {
  if (isBottom && throwing !== null) {
    if (throwers.has(name) || (key !== null && messageThrowers.has(key))) {
      return { effects: throwing, role: "throws" };
    }
  }
  if (key === null) return null;
  if (total !== null && constructors.has(key)) return { effects: total, role: "wraps" };
  if (total !== null && readers.has(key)) return { effects: total, role: "reads" };
  const printed = bundledFunctions.get(key);
  const effects = printed === undefined ? null : readEffects(printed);
  return effects === null ? null : { effects, role: "any" };
}
