// Arguments as a user gives them, `10` or `(1, 2.5)`, as values that the interpreter takes, each held against
// the type that the method's signature prints.

import { toBeDrawn } from "../check/interpreter/interpreter.ts";
import { isType } from "../check/interpreter/type-test.ts";
import type { Value } from "../check/interpreter/value.ts";
import type { Layouts } from "../check/layout.ts";
import { typeKey } from "../check/layout.ts";
import { literal, splitList } from "../check/literal.ts";
import type { Method } from "../ir/method.ts";

type Given = Value | typeof toBeDrawn;

export function isFailure<T extends object | null>(
  one: T | { readonly failure: string },
): one is { readonly failure: string } {
  return one !== null && "failure" in one;
}

/**
 * The arguments of a call, the function itself left out.
 *
 * @param texts lists in Julia's form, one after the other; null where all are drawn
 * @returns null where all are drawn, or why the method cannot be called with them
 */
export function readArguments(
  { header }: Method,
  texts: readonly string[] | null,
  layouts: Layouts,
): readonly Given[] | null | { readonly failure: string } {
  if (texts === null) return null;
  const types = header.argumentTypes;
  const parts = texts.flatMap(splitList);
  const signature = header.signature ?? "the method";
  if (parts.length !== types.length) {
    const wanted = `${types.length} argument${types.length === 1 ? "" : "s"}`;
    return { failure: `${signature} takes ${wanted}, ${parts.length} given` };
  }
  const values: Given[] = [];
  for (const [index, text] of parts.entries()) {
    const type = types[index] ?? "Any";
    const name = header.slots[index + 1]?.name || `_${index + 2}`;
    const value = text === "_" ? toBeDrawn : readArgument(text, type, layouts);
    if (value === undefined) {
      return {
        failure: `${signature}: argument ${name} cannot be ${text}, which is no ${type}`,
      };
    }
    values.push(value);
  }
  return values;
}

/** The value; `undefined` where the text is none of the type. */
function readArgument(text: string, type: string, layouts: Layouts): Value | undefined {
  const value = literal(text, layouts)?.value;
  if (value === undefined || !isType(value, type)) return undefined;
  const isInteger = typeof value === "number" || typeof value === "bigint";
  return isInteger && !isInRange(BigInt(value), typeKey(type)) ? undefined : value;
}

/** Whether a fixed-width type has the integer; types of other widths have all. */
function isInRange(value: bigint, key: string): boolean {
  const [, sign, width = "64"] = /^(U?)Int(8|16|32|64|128)?$/.exec(key) ?? [];
  if (sign === undefined) return true;
  const bits = Number(width);
  const fitting = sign === "U" ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  return fitting === value;
}
