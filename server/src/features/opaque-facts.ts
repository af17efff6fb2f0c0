// What a callee without text may do when it is run: what the user has promised of it and what is known of
// Base's functions, in the interpreter's terms. A plan that rests on a promise must not meet a callee that
// breaks it.

import { type Assumptions, assumptionFor, assumptionKey } from "../analysis/assumption.ts";
import { knownBy } from "../analysis/bundled/known-functions.ts";
import { keyOfSignature } from "../analysis/summary.ts";
import type { OpaqueFactsOf } from "../check/interpreter/opaque-call.ts";

/** Facts about callees by name and argument types. */
export function opaqueFactsOf(assumptions: Assumptions): OpaqueFactsOf {
  return (name, types) => {
    const list = `(${types.map((type) => `::${type === "" ? "Any" : type}`).join(", ")})`;
    const callee = name.includes("#") ? `(::var"${name}")` : name;
    const key = keyOfSignature(`${callee}${list}`) ?? assumptionKey(callee) ?? name;
    const assumed = assumptionFor(assumptions, key);
    const known = knownBy(name, key, false);
    const keeps = assumed?.captures !== false && known?.role !== "reads";
    return {
      mayThrow: assumed?.nothrow !== true && known?.effects.nothrow !== "+",
      mayRead: true,
      mayKeep: keeps && known?.effects.inaccessiblememonly !== "+",
      mayReturnArgument: keeps,
    };
  };
}
