// Plans that need no analysis, so that the checkers can be tested on placements broken by hand.
//
// `finalize` behind the last use of an object that is made, registered and used
// in one block and never handed on.

import { plainName } from "../../../server/src/check/literal.ts";
import { lower, type Method, operandValue } from "../../../server/src/ir/method.ts";
import type { PlacedMethod, Placement } from "../../../server/src/ir/placed.ts";
import { readMethod } from "../../../server/src/syntax/read-method.ts";
import { unitEnd } from "../../../server/src/syntax/segment.ts";

/** Plans for the first method of a text; the others are its callees. */
export function straightLinePlans(text: string): PlacedMethod[] {
  const unit = text.slice(0, unitEnd(text, 0, false));
  const syntax = readMethod(unit);
  return syntax === null ? [] : [straightLinePlan(lower(syntax, unit))];
}

const looks = /^(?:getfield|setfield!|donotdelete|use_quiet|use_field|finalizer|bump)$/;

function straightLinePlan(method: Method): PlacedMethod {
  const placements: Placement[] = [];
  method.statements.forEach((statement, index) => {
    if (statement.kind !== "new") return;
    const value = index + 1;
    const uses = method.statements.flatMap((one, at) =>
      one.operands.some((operand) => operandValue(method, operand) === value) ? [at + 1] : [],
    );
    const registrations = uses.filter((at) => registersOn(method, at) === value);
    const last = uses.at(-1) ?? 0;
    const isLocal = uses.every(
      (at) => isLook(method, at, value) && method.blockOf[at] === method.blockOf[value],
    );
    if (registrations.length === 0 || !isLocal) return;
    if (method.statements.some((one) => nameOf(one) === "lock")) return;
    placements.push({ point: { after: last }, value, registrations, mode: "finalize" });
  });
  return { method, placements, dropped: [] };
}

/** The value that gets a finalizer at `position`; 0 where none does. */
function registersOn(method: Method, position: number): number {
  const object = method.statements[position - 1]?.operands[1];
  const isOne = nameAt(method, position) === "finalizer" && object !== undefined;
  return isOne ? operandValue(method, object) : 0;
}

function nameOf({ callee }: Method["statements"][number]): string {
  return plainName(callee?.text ?? "");
}

function nameAt(method: Method, position: number): string {
  const statement = method.statements[position - 1];
  return statement === undefined ? "" : nameOf(statement);
}

/** A use that only looks at the object; it is not stored, and its own fields are plain numbers. */
function isLook(method: Method, position: number, value: number): boolean {
  const statement = method.statements[position - 1];
  if (statement === undefined || !looks.test(nameOf(statement))) return false;
  if (nameOf(statement) !== "setfield!") return true;
  const stored = statement.operands[2];
  return stored !== undefined && operandValue(method, stored) !== value;
}
