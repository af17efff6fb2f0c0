// What counts as a use of the followed object behind its finalizer: a look at its contents, and handing it to
// somebody who may look. Copies, comparisons and type tests are none.

import { operandValue } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import { builtinName } from "./alias.ts";
import { type Flow, isUnknownCall } from "./flow.ts";
import { holds, may, type State } from "./state.ts";

/** Flags of the operands whose contents a statement uses. */
export function useFlags(flow: Flow, state: State, statement: Statement): number {
  switch (statement.kind) {
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
      if (statement.name === "gc_preserve_begin") return 0;
      // The region keeps what the token was made of, whatever becomes of the names.
      return statement.name === "gc_preserve_end" && flow.operandFlags(state, statement) !== 0
        ? holds
        : flow.operandFlags(state, statement);
    case "call":
      return useFlagsOfCall(flow, state, statement);
    default:
      return flow.operandFlags(state, statement);
  }
}

function useFlagsOfCall(flow: Flow, state: State, statement: Statement): number {
  const name = builtinName(statement);
  if (/^(?:===|isa|typeof|ifelse|typeassert|compilerbarrier|tuple|svec|finalizer)$/.test(name))
    return 0;
  if (isUnknownCall(name) || name === "throw" || name === "donotdelete") {
    return flow.operandFlags(state, statement);
  }
  // Fields and elements: what is looked into, not what is put there.
  const [object] = statement.operands;
  const isSecond = name === "arrayref";
  const operand = isSecond ? statement.operands[1] : object;
  if (operand === undefined) return 0;
  return flow.flag(state, operandValue(flow.method, operand)) & (holds | may);
}
