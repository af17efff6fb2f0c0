// Operands made ready to be read: SSA values and arguments from the frame, constants once and for all,
// globals from the run.

import { type Method, operandValue } from "../../ir/method.ts";
import type { Operand, Statement } from "../../syntax/tree.ts";
import { typeKey } from "../layout.ts";
import { literal, plainName } from "../literal.ts";
import type { Program } from "../program.ts";
import type { Read } from "./code.ts";
import { isKnownName } from "./known-calls.ts";
import { functionOf, typeOf, type Value } from "./value.ts";

/** A way to read the operand, whatever it is. */
export function readerOf(method: Method, operand: Operand, program: Program): Read {
  const value = operandValue(method, operand);
  if (value > 0) return (frame) => frame.values[value];
  if (value < 0) return (frame) => frame.arguments[-value];
  if (operand.kind === "undef") return () => undefined;
  if (operand.kind === "expression") return expressionReader(method, operand, program);
  const text = textOf(method, operand);
  const found = constantOf(operand, text, program);
  if (found !== null) {
    const { value: constant } = found;
    return () => constant;
  }
  const path = operand.module === "" ? operand.text : `${operand.module}.${operand.text}`;
  return (_, machine) => machine.global(path);
}

/** A constant that the operand is; null for a global whose value only the run knows. */
export function constantOf(
  operand: Operand,
  text: string,
  program: Program,
): { readonly value: Value | undefined } | null {
  if (operand.kind === "symbol") return literal(`:${operand.text}`, program.layouts);
  if (operand.kind === "global" || operand.kind === "name") {
    const { text: name } = operand;
    if (name === "C_NULL") return { value: 0 };
    const known = literal(name, program.layouts);
    if (known !== null) return known;
    return namedConstant(name, program);
  }
  const known = literal(text, program.layouts);
  if (known !== null) return known;
  if (operand.kind === "call") return { value: functionOf(plainName(text)) };
  return operand.kind === "constant" && /^[\w.]*[A-Z]\w*$/.test(text)
    ? { value: typeOf(typeKey(text)) }
    : null;
}

function namedConstant(name: string, program: Program): { value: Value } | null {
  const plain = plainName(name);
  if (program.has(plain) || isKnownName(plain)) return { value: functionOf(plain) };
  if (/^[A-Z][A-Z0-9_]*$/.test(name) && name.length > 1) return null;
  if (/^[A-Z]/.test(name)) return { value: typeOf(typeKey(name)) };
  return { value: functionOf(plain) };
}

function expressionReader(method: Method, operand: Operand, program: Program): Read {
  if (operand.text === "boundscheck") return () => true;
  if (operand.text === "static_parameter") {
    const name = `static parameter ${textOf(method, operand)}`;
    return (_, machine) => machine.global(name);
  }
  const inner = operand.children.map((child) => readerOf(method, child, program));
  return (frame, machine) => {
    for (const read of inner) read(frame, machine);
    return null;
  };
}

export function textOf(
  { text }: Method,
  { start, end }: { readonly start: number; readonly end: number },
): string {
  return text.slice(start, end);
}

/** The type that an operand names, for `%new`, `isa` and the like. */
export function typeKeyOf(method: Method, operand: Operand): string {
  if (operand.kind === "global" && operand.text !== "") return typeKey(operand.text);
  return typeKey(textOf(method, operand));
}

/** The type of a statement's value, widened from a constant where one is printed. */
export function resultKey(method: Method, { type }: Statement): string {
  if (type === null) return "Any";
  const text = textOf(method, type);
  const constant = /^Core\.Const\((.*)\)$/s.exec(text)?.[1];
  if (constant === "nothing") return "Nothing";
  if (constant === "true" || constant === "false") return "Bool";
  const partial = /^Core\.PartialStruct\((.*?), (?:Any\[|Union\{Nothing, Bool\}\[)/.exec(text)?.[1];
  return typeKey(partial ?? text);
}
