// Types whose values cannot be or hold an object: plain bits. Source: spec escape-analysis.md §3.2.

import type { Method } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import { headOf, parametersOf, typeKey } from "../layout.ts";

const bits =
  /^(?:Bool|Nothing|Missing|Char|U?Int\d*|Float\d+|C(?:int|uint|long|size_t)|Symbol|String)$/;

/** Whether the type is plain bits, or a union or tuple of such. */
export function isBitsKey(key: string): boolean {
  if (bits.test(key)) return true;
  const head = headOf(key);
  if (head === "Ptr") return true;
  const isOfMany = head === "Union" || head === "Tuple" || head === "UnitRange" || head === "OneTo";
  return isOfMany && key.includes("{") && parametersOf(key).every(isBitsKey);
}

/** The printed type of a statement, empty without one; a constant's is `Nothing`, `Bool` or empty. */
export function typeOfStatement(method: Method, { type }: Statement): string {
  if (type === null) return "";
  const text = method.text.slice(type.start, type.end);
  const constant = /^Core\.Const\((.*)\)$/s.exec(text)?.[1];
  if (constant === undefined) {
    return typeKey(/^Core\.PartialStruct\((.*?), (?:Any|Union)/.exec(text)?.[1] ?? text);
  }
  if (/^-?\d/.test(constant)) return "Int64";
  if (constant === "nothing") return "Nothing";
  return constant === "true" || constant === "false" ? "Bool" : "";
}

export function isBits(method: Method, statement: Statement): boolean {
  return isBitsKey(typeOfStatement(method, statement));
}
