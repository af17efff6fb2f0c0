// Who uses a value, be it of a statement or an argument.

import { eachOperand, type Method, operandValue, type Uses, usersOf } from "../../ir/method.ts";
import type { Value } from "../body.ts";

/** Positions of the statements that use the value, ascending; twice where one does so twice. */
export function usersOfValue(method: Method, uses: Uses, value: Value): Iterable<number> {
  return value > 0 ? usersOf(uses, value) : usersOfArgument(method, value);
}

/** Def-use lists know statements only; an argument seldom holds an object of the method's own. */
function usersOfArgument(method: Method, value: Value): number[] {
  return method.statements.flatMap((statement, index) => {
    let isUsed = false;
    eachOperand(statement, (operand) => {
      if (operandValue(method, operand) === value) isUsed = true;
    });
    return isUsed ? [index + 1] : [];
  });
}
