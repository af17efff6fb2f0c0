// A statement as a call: the name of what it calls, and which operand is the stream that it works on.

import type { Operand } from "../../syntax/tree.ts";
import type { Value } from "../body.ts";
import { plainName } from "../bundled/acts.ts";
import { foreignName } from "../effects/foreigncall.ts";
import type { OpenedMethod } from "../environment.ts";
import { widen } from "../type-table.ts";
import type { ValueTypes } from "../value-types.ts";
import {
  copying,
  enqueuedOn,
  freedInOrder,
  freedInOrderBy,
  launching,
  streamTypes,
} from "./names.ts";

/** An operand of a call with its value. */
export interface Argument {
  readonly value: Value;
  readonly operand: Operand | undefined;
}

/** Operands of a foreigncall that stand before the C function's arguments. */
const beforeArguments = 5;

/** The bare name of what the statement calls; empty where it is no call, or calls a value. */
export function nameOfCall({ method }: OpenedMethod, position: number): string {
  const statement = method.statements[position - 1];
  if (statement?.kind === "foreigncall") return foreignName(statement.operands[0]);
  if (statement?.kind !== "invoke" && statement?.kind !== "call") return "";
  return plainName((statement.callee?.text ?? "").replace(/^.*\.(?=\w)/, ""));
}

/** The arguments of the call: a C function's own, roots left out; of another call all but the function. */
export function argumentsOf({ method, body }: OpenedMethod, position: number): Argument[] {
  const statement = method.statements[position - 1];
  const made = body.statements[position - 1];
  if (statement === undefined || made === undefined) return [];
  const pair = (value: Value, index: number): Argument => ({
    value,
    operand: statement.operands[index],
  });
  if (made.kind === "foreigncall") {
    const end = beforeArguments + made.declaredAny.length;
    return made.args.map(pair).slice(beforeArguments, end);
  }
  return made.args.slice(1).map(pair);
}

/** Printed types of the call's arguments; empty where one has none. */
export function argumentTypes({ method }: OpenedMethod, position: number): string[] {
  return (method.statements[position - 1]?.operands ?? []).map(({ annotation }) =>
    annotation === null ? "" : method.text.slice(annotation.start, annotation.end).trim(),
  );
}

/** The stream on which a call enqueues work that goes on behind it; null where it is not known to. */
export function enqueuedStream(
  opened: OpenedMethod,
  types: ValueTypes,
  position: number,
): Argument | null {
  const name = nameOfCall(opened, position);
  const at = enqueuedOn(name);
  if (at !== null) return argumentsOf(opened, position).at(at) ?? null;
  const list = argumentsOf(opened, position);
  const isAsynchronous =
    launching.test(name) ||
    (copying.test(name) && list.some(({ operand }) => operand?.text === "true"));
  return isAsynchronous ? typedStream(list, types) : null;
}

/** The stream in whose order a call frees; null where it is not known to free in the order of one. */
export function freeingStream(
  opened: OpenedMethod,
  types: ValueTypes,
  position: number,
): Argument | null {
  const name = nameOfCall(opened, position);
  const list = argumentsOf(opened, position);
  if (freedInOrder.test(name)) return list.at(-1) ?? null;
  return freedInOrderBy.test(name) ? typedStream(list, types) : null;
}

function typedStream(list: readonly Argument[], types: ValueTypes): Argument | null {
  const found = list.find(({ operand }) => operand !== undefined && isStream(operand, types));
  return found ?? null;
}

/** Whether the operand is printed with the type of a stream. */
export function isStream(operand: Operand, types: ValueTypes): boolean {
  const type = widen(types.operand(operand));
  return type.kind === "data" && streamTypes.has(type.name);
}
