// What counts as a use of the followed object behind its finalizer: a look at its contents, and handing it to
// somebody who may look. Copies, comparisons and type tests are none.

import type { Flow } from "./flow.ts";
import type { Shape } from "./shape.ts";
import { holds, may, type State } from "./state.ts";

/** Flags of the operands whose contents a statement uses. */
export function useFlags(flow: Flow, state: State, shape: Shape): number {
  const { kind, name } = shape.statement;
  switch (kind) {
    case "phi":
    case "pi":
    case "phic":
    case "upsilon":
    case "value":
    case "new":
    case "splatnew":
    case "gotoifnot":
      return 0;
    case "expression":
      if (name === "gc_preserve_begin") return 0;
      // The region keeps what the token was made of, whatever becomes of the names.
      return name === "gc_preserve_end" && flow.operandFlags(state, shape) !== 0
        ? holds
        : flow.operandFlags(state, shape);
    case "call":
      return useFlagsOfCall(flow, state, shape);
    default:
      return flow.operandFlags(state, shape);
  }
}

function useFlagsOfCall(flow: Flow, state: State, shape: Shape): number {
  const { name, values } = shape;
  if (/^(?:===|isa|typeof|ifelse|typeassert|compilerbarrier|tuple|svec|finalizer)$/.test(name))
    return 0;
  if (shape.isCall || name === "throw" || name === "donotdelete") {
    return flow.operandFlags(state, shape);
  }
  // Fields and elements: what is looked into, not what is put there.
  const object = name === "arrayref" ? values[1] : values[0];
  return object === undefined ? 0 : flow.flag(state, object) & (holds | may);
}
