// What is known of types: layouts from `type` lines, from a bundled table of Julia's own types, and
// what follows from the type's form (tuples, unions, primitives). Everything else is unknown, and
// every question has an answer that is safe for the unknown.
// Source: spec escape-analysis.md §3.2 (identity-free), effects.md §4.2 (field access).

import type { TypeLine } from "../syntax/tree.ts";
import { anyType, type JuliaType, parseType, printType } from "../syntax/type.ts";
import { bundledLayout, isBundledMutable } from "./bundled-types.ts";

/** A struct's layout. Field numbers are 1-based. */
export interface Layout {
  readonly mutable: boolean;
  readonly fields: readonly Field[];
  /** How many leading fields every constructor sets; all of them where nothing else is known. */
  readonly initialised: number;
}

export interface Field {
  readonly name: string;
  readonly type: JuliaType;
  readonly isConst: boolean;
  readonly isAtomic: boolean;
}

const primitiveBits: ReadonlyMap<string, number> = new Map([
  ["Bool", 8],
  ["Int8", 8],
  ["UInt8", 8],
  ["Int16", 16],
  ["UInt16", 16],
  ["Int32", 32],
  ["UInt32", 32],
  ["Int64", 64],
  ["UInt64", 64],
  ["Int128", 128],
  ["UInt128", 128],
  ["Float16", 16],
  ["BFloat16", 16],
  ["Float32", 32],
  ["Float64", 64],
  ["Char", 32],
]);

const floats: ReadonlySet<string> = new Set(["Float16", "BFloat16", "Float32", "Float64"]);

/** Types whose values have no identity although they are no plain bits. */
const identityFreeNames: ReadonlySet<string> = new Set([
  "String",
  "Symbol",
  "SimpleVector",
  "Module",
  "Nothing",
  "Missing",
  "typeof",
]);

const aliases: ReadonlyMap<string, string> = new Map([
  ["Int", "Int64"],
  ["UInt", "UInt64"],
  ["Cint", "Int32"],
  ["Cuint", "UInt32"],
  ["Csize_t", "UInt64"],
  ["Clong", "Int64"],
  ["Cvoid", "Nothing"],
  ["Cchar", "Int8"],
  ["Cuchar", "UInt8"],
]);

/** Finds the declared layout of a type by its key (`typeKey`); null where no line declares it. */
export type LayoutLookup = (key: string) => Layout | null;

/**
 * Layouts and answers about types. It remembers what it answered, so whoever wants to know which
 * layouts an analysis has asked for gives it a table of its own.
 */
export class TypeTable {
  private readonly declared: LayoutLookup;
  private readonly parsed: Map<string, JuliaType>;
  private readonly identityFree = new Map<string, boolean>();

  /**
   * @param declared `type` lines, of two for one type the first counts; or a function that finds layouts
   * @param parsed types that were parsed before, to be added to
   */
  constructor(
    declared: Iterable<TypeLine> | LayoutLookup,
    parsed: Map<string, JuliaType> = new Map(),
  ) {
    this.parsed = parsed;
    if (typeof declared === "function") {
      this.declared = declared;
      return;
    }
    const layouts = new Map<string, Layout>();
    for (const line of declared) {
      const key = keyOfTypeLine(line);
      if (!layouts.has(key)) layouts.set(key, layoutOfLine(line));
    }
    this.declared = (key) => layouts.get(key) ?? null;
  }

  /** The structure of a printed type; parsed once per text. */
  parse(text: string): JuliaType {
    let type = this.parsed.get(text);
    if (type === undefined) {
      type = parseType(text);
      this.parsed.set(text, type);
    }
    return type;
  }

  /** The layout of a struct type; null where it is not known or the type is no struct. */
  layout(type: JuliaType): Layout | null {
    const widened = widen(type);
    if (widened.kind === "namedtuple") return tupleLayout(widened.types, widened.names);
    if (widened.kind === "where") return this.layout(widened.body);
    if (widened.kind !== "data") return null;
    const declared = this.declared(typeKey(widened));
    if (declared !== null) return declared;
    const name = baseName(widened);
    if (name === "Tuple")
      return isVariadic(widened.parameters) ? null : tupleLayout(widened.parameters);
    if (name === "NTuple") return ntupleLayout(widened);
    return name === null ? null : bundledLayout(name, widened.parameters);
  }

  /** Whether the type is a mutable struct; null where that is not known. */
  isMutable(type: JuliaType): boolean | null {
    const widened = widen(type);
    if (widened.kind === "where") return this.isMutable(widened.body);
    if (widened.kind === "data") {
      const name = baseName(widened);
      if (name !== null && (primitiveBits.has(name) || identityFreeNames.has(name))) return false;
      if (name === "Ptr" || name === "LLVMPtr") return false;
    }
    const name = baseName(widened);
    return this.layout(widened)?.mutable ?? (name === null ? null : isBundledMutable(name));
  }

  /**
   * Whether values of the type are told apart only by their content, so that they cannot escape.
   * False where that is not known.
   */
  isIdentityFree(type: JuliaType): boolean {
    const widened = widen(type);
    if (widened.kind === "union") {
      // `Union{}` counts as having identity, like everything that the compiler cannot place.
      return widened.members.length > 0 && widened.members.every((one) => this.isIdentityFree(one));
    }
    if (widened.kind !== "data" && widened.kind !== "namedtuple") return false;
    const key = printType(widened);
    const known = this.identityFree.get(key);
    if (known !== undefined) return known;
    // A recursive type must not recurse here; assume nothing while it is being asked.
    this.identityFree.set(key, false);
    const answer = this.computeIdentityFree(widened);
    this.identityFree.set(key, answer);
    return answer;
  }

  private computeIdentityFree(type: JuliaType): boolean {
    if (type.kind === "data") {
      const name = baseName(type);
      if (name !== null && primitiveBits.has(name)) return true;
      if (name !== null && identityFreeNames.has(name)) return true;
    }
    const layout = this.layout(type);
    if (layout === null || layout.mutable) return false;
    return layout.fields.every((field) => this.isIdentityFree(field.type));
  }

  /** `isbitstype`: one concrete type of plain bits; a union is none. */
  isBitsType(type: JuliaType): boolean {
    const widened = widen(type);
    return widened.kind !== "union" && widened.kind !== "where" && this.isBits(widened);
  }

  /** Whether every value of the type is plain bits (isbits), or a union of such types. */
  isBits(type: JuliaType): boolean {
    const widened = widen(type);
    if (widened.kind === "union") return widened.members.every((one) => this.isBits(one));
    if (widened.kind === "data") {
      const name = baseName(widened);
      if (name !== null && primitiveBits.has(name)) return true;
      if (name === "Ptr") return true;
      if (name === "Nothing" || name === "Missing" || name === "typeof") return true;
      if (name !== null && identityFreeNames.has(name)) return false;
    }
    const layout = this.layout(widened);
    if (layout === null || layout.mutable) return false;
    return layout.fields.every((field) => this.isBits(field.type));
  }

  /**
   * The 1-based number of a field named by a symbol (`x`) or an integer (`1`); 0 where there is no
   * such field or the layout is unknown.
   */
  fieldIndex(type: JuliaType, field: string): number {
    const layout = this.layout(type);
    if (layout === null) return 0;
    if (/^\d+$/.test(field)) {
      const index = Number(field);
      return index >= 1 && index <= layout.fields.length ? index : 0;
    }
    return layout.fields.findIndex((one) => one.name === field) + 1;
  }
}

/** The key of the type that a line declares. */
export function keyOfTypeLine(line: TypeLine): string {
  return typeKey(parseType(line.name));
}

/** The layout that a `type` line declares. */
export function layoutOfLine(line: TypeLine): Layout {
  const fields = line.fields.map((field) => ({ ...field, type: parseType(field.type) }));
  return { mutable: line.mutable, fields, initialised: initialisedOf(line) };
}

/**
 * A `type` line does not say which fields a constructor may leave unset. Julia's own types are in the
 * bundled table; immutable structs are taken to be complete; of a mutable one nothing is promised, so
 * that only fields of plain bits, and fields that a visible `%new` sets, count as set.
 */
function initialisedOf(line: TypeLine): number {
  const type = parseType(line.name);
  const name = baseName(type);
  const parameters = type.kind === "data" ? type.parameters : [];
  const bundled = name === null ? null : bundledLayout(name, parameters);
  if (bundled !== null) return Math.min(line.fields.length, bundled.initialised);
  return line.mutable ? 0 : line.fields.length;
}

function tupleLayout(types: readonly JuliaType[], names?: readonly string[]): Layout {
  const fields = types.map((type, index) => ({
    name: names?.[index] ?? `${index + 1}`,
    type,
    isConst: true,
    isAtomic: false,
  }));
  return { mutable: false, fields, initialised: fields.length };
}

function ntupleLayout(type: JuliaType): Layout | null {
  if (type.kind !== "data") return null;
  const [count, element] = type.parameters;
  if (count?.kind !== "value" || element === undefined) return null;
  const n = Number(count.text);
  if (!Number.isInteger(n) || n < 0 || n > 1000) return null;
  return tupleLayout(new Array<JuliaType>(n).fill(element));
}

function isVariadic(parameters: readonly JuliaType[]): boolean {
  const last = parameters[parameters.length - 1];
  return last?.kind === "data" && last.name === "Vararg";
}

/** Widens a lattice element to its type: `Core.Const(1)` to `Int64`. */
export function widen(type: JuliaType): JuliaType {
  if (type.kind === "partial") return widen(type.type);
  if (type.kind === "const") return typeOfLiteral(type.text);
  return type;
}

/** The type of a printed literal; `unknown` where it does not show. */
export function typeOfLiteral(text: string): JuliaType {
  const named = (name: string): JuliaType => ({
    kind: "data",
    module: "",
    name,
    parameters: [],
    applied: false,
  });
  if (text === "true" || text === "false") return named("Bool");
  if (text === "nothing") return named("Nothing");
  if (text === "missing") return named("Missing");
  if (/^-?\d+$/.test(text)) return named("Int64");
  if (/^0x[0-9a-f]+$/.test(text)) return named(`UInt${Math.max(8, (text.length - 2) * 4)}`);
  if (/^-?(?:\d+\.\d*(?:e[-+]?\d+)?|Inf|NaN)$/.test(text)) return named("Float64");
  if (/^-?(?:\d+\.\d*f[-+]?\d+|Inf32|NaN32)$/.test(text)) return named("Float32");
  if (text.startsWith('"')) return named("String");
  if (text.startsWith("'")) return named("Char");
  if (/^:[\p{L}_]/u.test(text)) return named("Symbol");
  return { kind: "unknown", text };
}

/** The name of a type of Core or Base without its module; null for types of other modules. */
export function baseName(type: JuliaType): string | null {
  if (type.kind !== "data") return null;
  const { module, name } = type;
  if (module === "" || module === "Core" || module === "Base") return aliases.get(name) ?? name;
  return null;
}

/** A key under which equal types of a workspace fall together. */
export function typeKey(type: JuliaType): string {
  return printType(type).replace(/\b(?:Core|Base)\./g, "");
}

/** Size in bits of a primitive type of Core; 0 for other types. `Ptr{T}` has 64. */
export function bitsOf(type: JuliaType): number {
  const name = baseName(widen(type));
  if (name === "Ptr") return 64;
  return name === null ? 0 : (primitiveBits.get(name) ?? 0);
}

/** Whether the type is one of the core float types. */
export function isFloat(type: JuliaType): boolean {
  const name = baseName(widen(type));
  return name !== null && floats.has(name);
}

/** Whether both types are known and are the same. */
export function sameType(a: JuliaType, b: JuliaType): boolean {
  const left = widen(a);
  const right = widen(b);
  if (left.kind === "unknown" || right.kind === "unknown") return false;
  return aliasKey(left) === aliasKey(right);
}

function aliasKey(type: JuliaType): string {
  const name = type.kind === "data" && type.parameters.length === 0 ? baseName(type) : null;
  return name ?? typeKey(type);
}

/** Whether `a` is certainly a subtype of `b`; false also means "not known". */
export function isSubtype(a: JuliaType, b: JuliaType): boolean {
  const left = widen(a);
  const right = widen(b);
  if (baseName(right) === "Any" && right.kind === "data") return true;
  if (sameType(left, right)) return true;
  if (left.kind === "union") return left.members.every((one) => isSubtype(one, right));
  if (right.kind === "union") return right.members.some((one) => isSubtype(left, one));
  const sub = baseName(left);
  const sup = baseName(right);
  if (sub === null || sup === null || left.kind !== "data" || right.kind !== "data") return false;
  if (right.parameters.length > 0) return false;
  // `Vector{Int64} <: Vector`, and the few abstract types that constants are checked against.
  if (left.parameters.length > 0 && sub === sup) return true;
  return (abstractMembers.get(sup) ?? []).includes(sub);
}

const abstractMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ["Type", ["DataType", "Union", "UnionAll", "Type"]],
  ["Function", ["typeof"]],
  ["AbstractString", ["String"]],
  [
    "Integer",
    [
      "Bool",
      "Int8",
      "Int16",
      "Int32",
      "Int64",
      "Int128",
      "UInt8",
      "UInt16",
      "UInt32",
      "UInt64",
      "UInt128",
    ],
  ],
  ["Signed", ["Int8", "Int16", "Int32", "Int64", "Int128"]],
  ["Unsigned", ["UInt8", "UInt16", "UInt32", "UInt64", "UInt128"]],
  ["AbstractFloat", ["Float16", "Float32", "Float64"]],
]);

/** `Any`, for values without a printed type. */
export { anyType };
