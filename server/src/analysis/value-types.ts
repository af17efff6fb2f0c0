// Types and constants of a method's values, from what the text prints: annotations, headers, literals.
// What is not printed is `unknown`.
// Source: spec ir-text.md §6, effects.md §4.

import { type Method, operandValue } from "../ir/method.ts";
import type { Header, Operand } from "../syntax/tree.ts";
import { type JuliaType, parseType } from "../syntax/type.ts";
import type { ArgumentFact } from "./effects/builtins.ts";
import type { Environment } from "./environment.ts";
import { typeOfLiteral } from "./type-table.ts";

/** The type of a value whose type is not printed. */
export const unknownType: JuliaType = { kind: "unknown", text: "" };

/** Types of the values of one method, parsed when asked. */
export class ValueTypes {
  private readonly method: Method;
  private readonly environment: Environment;

  constructor(method: Method, environment: Environment) {
    this.method = method;
    this.environment = environment;
  }

  /** The type of the value that statement `position` defines; `unknown` where none is printed. */
  ssa(position: number): JuliaType {
    const statement = this.method.statements[position - 1];
    if (statement === undefined) return unknownType;
    if (statement.kind === "pi") {
      const type = statement.operands[1];
      return type === undefined ? unknownType : this.parse(type.start, type.end);
    }
    if (statement.type === null) return unknownType;
    return this.parse(statement.type.start, statement.type.end);
  }

  /** The type of argument `number` (1 is the function itself). */
  argument(number: number): JuliaType {
    const { header } = this.method;
    const declared = header.slots[number - 1]?.type;
    if (declared) return this.environment.types.parse(declared);
    const type = number === 1 ? functionType(header) : header.argumentTypes[number - 2];
    return type === undefined ? unknownType : this.environment.types.parse(type);
  }

  operand(operand: Operand): JuliaType {
    const value = operandValue(this.method, operand);
    if (value > 0) return this.ssa(value);
    if (value < 0) return this.argument(-value);
    switch (operand.kind) {
      case "string":
      case "character":
      case "number":
        return typeOfLiteral(operand.text);
      case "symbol":
        return typeOfLiteral(":symbol");
      case "global":
        return operand.text === "nothing" ? typeOfLiteral("nothing") : unknownType;
      case "name":
        return typeOfLiteral(operand.text);
      case "expression":
        return operand.text === "boundscheck" ? typeOfLiteral("true") : unknownType;
      default:
        return unknownType;
    }
  }

  fact(operand: Operand): ArgumentFact {
    const type = this.operand(operand);
    const value = operandValue(this.method, operand);
    return {
      type,
      constant:
        value === 0 ? constantText(operand) : type.kind === "const" ? symbolText(type.text) : null,
      asType: value === 0 ? typeConstant(operand) : typeInside(type),
      isIntegerLiteral: operand.kind === "number" && /^-?\d+$/.test(operand.text),
    };
  }

  private parse(start: number, end: number): JuliaType {
    return this.environment.types.parse(this.method.text.slice(start, end));
  }
}

function functionType(header: Header): string | undefined {
  const closure = /^\(::(.*)\)$/.exec(header.name ?? "");
  return closure?.[1] ?? (header.name === null ? undefined : `typeof(${header.name})`);
}

function symbolText(text: string): string {
  return text.startsWith(":") ? text.slice(1) : text;
}

function constantText(operand: Operand): string | null {
  switch (operand.kind) {
    case "symbol":
    case "number":
      return operand.text;
    case "name":
      return operand.text === "true" || operand.text === "false" ? operand.text : null;
    case "expression":
      // `$(Expr(:boundscheck, false))` is not a constant: its value is decided later.
      return null;
    default:
      return null;
  }
}

/** The type that a constant operand names; null for other constants. */
function typeConstant(operand: Operand): JuliaType | null {
  if (operand.kind === "name" && /^\p{Lu}/u.test(operand.text)) return parseType(operand.text);
  if (operand.kind === "global") return parseType(`${operand.module}.${operand.text}`);
  if (operand.kind === "constant" && operand.text.includes("{")) {
    const type = parseType(operand.text);
    return type.kind === "unknown" || type.kind === "value" ? null : type;
  }
  return null;
}

/** `Float64` for `Type{Float64}` and `Core.Const(Float64)`. */
function typeInside(type: JuliaType): JuliaType | null {
  if (type.kind === "const") {
    return /^\p{Lu}[\p{L}\d_.{}, ]*$/u.test(type.text) ? parseType(type.text) : null;
  }
  if (type.kind !== "data" || type.name !== "Type") return null;
  const inner = type.parameters[0];
  return inner?.kind === "data" || inner?.kind === "union" ? inner : null;
}
