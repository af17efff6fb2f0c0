// Constants as they are printed in operands, as values, and values in print. What is no literal is a global of its own name.
// Source: spec ir-text.md §6.

import {
  FunctionValue,
  functionOf,
  Name,
  nameOf,
  Obj,
  Real,
  TypeValue,
  typeOf,
  type Value,
} from "./interpreter/value.ts";
import { headOf, type Layouts, typeKey } from "./layout.ts";

const integer = /^-?\d+$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;
const real = /^-?(?:\d+\.\d*(?:[ef][-+]?\d+)?|Inf(?:16|32)?|NaN(?:16|32)?)$/;
const pointer = /^(?:Ptr\{[^}]*\}\(|Ptr\{[^}]*\} @)(0x[0-9a-f]+)\)?$/;

const typeNames: ReadonlySet<string> = new Set(
  (
    "Any Nothing Bool Int Int8 Int16 Int32 Int64 Int128 UInt UInt8 UInt16 UInt32 UInt64 UInt128 " +
    "Float16 Float32 Float64 Char String Symbol Cint Cvoid Csize_t Cuint Clong Missing"
  ).split(" "),
);

/** Safe numbers stay numbers; others are bigints. */
export function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** The value of a printed constant; null where the text is none, `undefined` is `#undef`. */
export function literal(
  text: string,
  layouts: Layouts,
): { readonly value: Value | undefined } | null {
  if (text === "nothing") return { value: null };
  if (text === "true" || text === "false") return { value: text === "true" };
  if (text === "#undef") return { value: undefined };
  if (integer.test(text) || hexadecimal.test(text)) return { value: integerOf(text) };
  if (real.test(text)) return { value: new Real(realOf(text)) };
  const quote = text.charCodeAt(0);
  if (quote === 34) return { value: text.slice(1, -1) };
  if (quote === 39) return { value: nameOf(text) };
  if (quote === 58) return { value: nameOf(text.slice(1)) };
  const quoted = /^\$\(QuoteNode\((.*)\)\)$/s.exec(text)?.[1];
  if (quoted !== undefined) return literal(quoted, layouts);
  const address = pointer.exec(text)?.[1];
  if (address !== undefined) return { value: integerOf(address) };
  if (quote === 40 && text.endsWith(")")) return tuple(text.slice(1, -1), layouts);
  if (/^(?:[\w.]+\.)?var"[^"]*"\(\)$/.test(text)) return { value: functionOf(plainName(text)) };
  const key = typeKey(text);
  if (typeNames.has(key) || text.endsWith("}")) return { value: typeOf(key) };
  return null;
}

function realOf(text: string): number {
  if (text.includes("Inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text.replace("f", "e"));
}

function tuple(inner: string, layouts: Layouts): { value: Value } | null {
  const parts = splitList(inner).map((part) => literal(part, layouts));
  const fields: (Value | undefined)[] = [];
  for (const part of parts) {
    if (part === null) return null;
    fields.push(part.value);
  }
  return { value: makeTuple(fields, layouts) };
}

/** Texts between the commas of the outermost level. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let isString = false;
  for (let at = 0; at <= text.length; at++) {
    const one = text.charAt(at);
    if (one === '"' && text.charAt(at - 1) !== "\\") isString = !isString;
    if (isString) continue;
    if ("([{".includes(one) && one !== "") depth++;
    else if (")]}".includes(one) && one !== "") depth--;
    else if (at === text.length || (one === "," && depth === 0)) {
      const part = text.slice(from, at).trim();
      if (part !== "") parts.push(part);
      from = at + 1;
    }
  }
  return parts;
}

/** A tuple of values; its type says how many. */
export function makeTuple(fields: (Value | undefined)[], layouts: Layouts): Obj {
  const key = tupleKeys[fields.length] ?? `Tuple{${fields.map(() => "Any").join(", ")}}`;
  return new Obj("", layouts.of(key), "local", false, fields);
}

const tupleKeys = [0, 1, 2, 3, 4].map((n) => `Tuple{${new Array(n).fill("Any").join(", ")}}`);

/**
 * The name of a function or closure as both callers and headers spell it: without module, `(::…)`,
 * `var"…"`, parameters, and the `()` of a constant.
 */
export function plainName(text: string): string {
  // Most are plain already, and every statement of every path is asked.
  if (/^\w+!?$/.test(text)) return text;
  let name = text.replace(/^\(::(.*)\)$/s, "$1").replace(/\(\)$/, "");
  name = name.replace(/^:\((.*)\)$/s, "$1");
  const quoted = /var"((?:[^"\\]|\\.)*)"/.exec(name)?.[1];
  if (quoted !== undefined) return quoted;
  name = headOf(name);
  if (name.startsWith("typeof(")) name = name.slice(7, -1);
  const operator = /\.:\(?([^)]+)\)?$/.exec(name)?.[1];
  if (operator !== undefined) return operator;
  return name.slice(name.lastIndexOf(".", name.length - 2) + 1);
}

/** A value as Julia prints it, objects down to `depth` of them inside each other; not all can be read again. */
export function printValue(value: Value | undefined, depth = 3): string {
  if (value === undefined) return "#undef";
  if (value === null) return "nothing";
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Real) return printReal(value.value);
  if (value instanceof Name) return value.text.startsWith("'") ? value.text : `:${value.text}`;
  if (value instanceof TypeValue) return value.key;
  if (value instanceof FunctionValue) return value.name;
  if (!(value instanceof Obj)) return `${value}`;
  const { layout, fields, isLazy, origin, id } = value;
  if (origin === "global") return id;
  const isTuple = headOf(layout.key) === "Tuple";
  const inner = fields.map((one) => (depth === 0 ? "…" : printValue(one, depth - 1)));
  // Of what nobody described only the fields that were looked at are there.
  const list = isLazy || fields.length > 8 ? "…" : inner.join(", ");
  if (isTuple) return `(${list}${fields.length === 1 ? "," : ""})`;
  return `${layout.key.replace(/^#/, "")}(${list})`;
}

function printReal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "-Inf" : "Inf";
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}
