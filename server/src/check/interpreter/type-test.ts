// `isa` on values whose printed types are known. Integers do not carry their width, so every integer
// belongs to every integer type; what is not known belongs to no type but its own and `Any`.

import { headOf, parametersOf, typeKey } from "../layout.ts";
import { FunctionValue, Name, Obj, Real, TypeValue, type Value } from "./value.ts";

const integers = /^(?:U?Int\d*|C(?:int|uint|long|size_t)|Integer|Signed|Unsigned|Real|Number)$/;
const reals = /^(?:Float\d+|AbstractFloat|Real|Number)$/;

/** Whether the value belongs to the type. */
export function isType(value: Value | undefined, type: string): boolean {
  const key = typeKey(type);
  if (key === "Any") return true;
  const head = headOf(key);
  if (head === "Union") return parametersOf(key).some((one) => isType(value, one));
  if (value === null) return key === "Nothing";
  if (typeof value === "boolean") return key === "Bool" || key === "Integer" || key === "Number";
  if (typeof value === "number" || typeof value === "bigint") {
    return integers.test(key) || head === "Ptr";
  }
  if (value instanceof Real) return reals.test(key);
  if (typeof value === "string") return key === "String" || key === "AbstractString";
  if (value instanceof Name) return key === "Symbol" || key === "Char";
  if (value instanceof TypeValue) return head === "Type" || key === "DataType";
  if (value instanceof FunctionValue) return key === "Function" || key === `typeof(${value.name})`;
  if (!(value instanceof Obj)) return false;
  const own = value.layout.key;
  if (own === key || (head === key && headOf(own) === head)) return true;
  return head === "Tuple" && headOf(own) === "Tuple" && isTuple(value, parametersOf(key));
}

function isTuple(value: Obj, parts: readonly string[]): boolean {
  return (
    parts.length === value.fields.length &&
    parts.every((part, index) => isType(value.fields[index], part))
  );
}
