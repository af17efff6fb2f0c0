// Summaries of methods whose text is not there, from their effects and from what the bundled table says
// of their arguments.
// Source: Compiler/src/effects.jl (what `effect_free` and `inaccessiblememonly` promise); `known-functions.ts`.

import type { Statement } from "../../syntax/tree.ts";
import type { Effects, Sigil } from "../effects/effects.ts";
import {
  type ArgumentSummary,
  type EffectFact,
  type FactOrigin,
  type Fate,
  type MethodEffects,
  type MethodSummary,
  noFate,
  topSummary,
} from "../method-summary.ts";
import { knownFunction } from "./known-functions.ts";

/** Printed effects as facts: `+` is proven, everything else not shown. */
export function effectsFromPrinted(effects: Effects, origin: FactOrigin): MethodEffects {
  const fact = (sigil: Sigil | null): EffectFact =>
    sigil === "+"
      ? { holds: "yes", origin, taint: null }
      : { holds: "unknown", origin: "unknown", taint: null };
  return {
    effectFree: fact(effects.effectFree),
    nothrow: fact(effects.nothrow),
    terminates: fact(effects.terminates),
    notaskstate: fact(effects.notaskstate),
    inaccessiblememonly: fact(effects.inaccessiblememonly),
  };
}

/**
 * What follows for callers from effects alone. A method without effects that anybody could see keeps its
 * arguments nowhere but in its result or in what it throws, and neither writes nor registers them.
 *
 * @param nArguments the function itself included
 */
export function summaryFromEffects(
  key: string | null,
  signature: string,
  effects: MethodEffects,
  nArguments: number,
): MethodSummary {
  if (effects.effectFree.holds !== "yes") return { ...topSummary(key, signature), effects };
  const thrown = effects.nothrow.holds !== "yes";
  const fate: Fate = { ...noFate, returned: true, thrown };
  const numbers = Array.from({ length: Math.max(1, nArguments) }, (_, index) => index + 1);
  return {
    key,
    signature,
    effects,
    arguments: numbers.map(() => argument(fate)),
    result: {
      fresh: false,
      aliases: numbers,
      holds: [],
      unknown: effects.inaccessiblememonly.holds !== "yes",
      registrations: [],
    },
    assumed: Object.values(effects).some(({ origin }) => origin === "assumed"),
  };
}

/** The summary of a well-known function that the statement calls; null where the table has none. */
export function bundledSummary(
  statement: Statement,
  key: string | null,
  isBottom: boolean,
): MethodSummary | null {
  const known = knownFunction(statement, key, isBottom);
  if (known === null) return null;
  const name = statement.callee?.text ?? "";
  const effects = effectsFromPrinted(known.effects, "bundled");
  const made = summaryFromEffects(null, key ?? name, effects, statement.operands.length + 1);
  const numbers = made.arguments.map((_, index) => index + 1).slice(1);
  const nothing = { fresh: true, aliases: [], holds: [], unknown: false, registrations: [] };
  switch (known.role) {
    case "throws": {
      const thrown = argument({ ...noFate, thrown: true });
      return { ...made, arguments: made.arguments.map(() => thrown), result: nothing };
    }
    case "wraps": {
      const held = argument({ ...noFate, returned: true });
      return {
        ...made,
        arguments: made.arguments.map((_, index) => (index === 0 ? argument(noFate) : held)),
        result: { ...nothing, holds: numbers },
      };
    }
    case "reads":
      return { ...made, arguments: made.arguments.map(() => argument(noFate)), result: nothing };
    case "any":
      return made;
  }
}

/** An argument that is neither written nor registered nor finalized. */
function argument(fate: Fate): ArgumentSummary {
  return { self: fate, contents: fate, mutated: false, finalized: false, registered: false };
}
