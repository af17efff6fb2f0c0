// Some value of a printed type, drawn at random: arguments, contents of globals, results of callees whose
// IR is not at hand. Integers are small, so that loops end and branches are taken both ways.

import { headOf, type Layouts, parametersOf, typeKey } from "../layout.ts";
import type { Random } from "./random.ts";
import { functionOf, nameOf, Obj, type Origin, Real, type Value } from "./value.ts";

const integers: ReadonlySet<string> = new Set(
  "Int Int8 Int16 Int32 Int64 Int128 Cint Clong Integer Signed Number Real".split(" "),
);
const unsigned: ReadonlySet<string> = new Set(
  "UInt UInt8 UInt16 UInt32 UInt64 UInt128 Csize_t Cuint Unsigned".split(" "),
);

/** @param path the name that the value gets if it is an object */
export function generate(
  type: string,
  path: string,
  origin: Origin,
  random: Random,
  layouts: Layouts,
): Value | undefined {
  const key = typeKey(type);
  if (key === "Nothing" || key === "Missing") return null;
  if (key === "Bool") return random.oneIn(2);
  if (integers.has(key) || key === "" || key === "Any") return someInteger(random);
  if (unsigned.has(key)) return random.below(9);
  if (/^(?:Float\d+|AbstractFloat)$/.test(key)) return new Real(random.below(9) / 2);
  if (key === "String") return "text";
  if (key === "Symbol") return nameOf("symbol");
  const head = headOf(key);
  if (head === "Ptr") return 0;
  if (head === "Union")
    return generate(pick(parametersOf(key), random), path, origin, random, layouts);
  if (head === "Const" || head === "PartialStruct")
    return generate("Any", path, origin, random, layouts);
  if (head.startsWith("typeof(")) return functionOf(key.slice(7, -1));
  if (head === "Tuple" && key !== "Tuple") {
    const parts = parametersOf(key);
    const fields = parts.map((part, index) =>
      generate(part, `${path}.${index + 1}`, origin, random, layouts),
    );
    return new Obj(path, layouts.of(key), origin, false, fields);
  }
  return new Obj(path, layouts.of(key), origin, true, []);
}

/** Mostly small; programs compare with larger ones now and then. */
function someInteger(random: Random): number {
  return random.oneIn(6) ? random.below(150) : random.below(9) - 1;
}

function pick(types: readonly string[], random: Random): string {
  return types[random.below(Math.max(1, types.length))] ?? "Nothing";
}
