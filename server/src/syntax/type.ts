// Parses a printed Julia type, or a lattice element such as `Core.Const(1)`, into a structure, so that
// no later room compares or cuts type strings. Anything that is not of a known form is `unknown`
// with its text; nothing throws. Types nested deeper than `depthLimit` become `unknown`.
// Source: spec ir-text.md §6.1 (type text) and §6.2 (lattice elements).

import { readPath, skipBlanks, skipOperator } from "./operand.ts";
import { isDigit, skipBrackets, skipCharacter, skipString, skipToSeparator } from "./scan.ts";

export type JuliaType =
  | {
      readonly kind: "data";
      /** Module path as printed, `Main` left out; empty where none is printed. */
      readonly module: string;
      readonly name: string;
      readonly parameters: readonly JuliaType[];
      /** False for a bare name such as `Ref`, true for `Ref{}` and `Ref{Int64}`. */
      readonly applied: boolean;
    }
  | { readonly kind: "union"; readonly members: readonly JuliaType[] }
  | {
      readonly kind: "where";
      readonly body: JuliaType;
      readonly variables: readonly TypeVariable[];
    }
  /** `<:T`, `>:T` or `S<:T` among type parameters; the name is empty for the first two. */
  | {
      readonly kind: "bound";
      readonly name: string;
      readonly relation: "<:" | ">:";
      readonly type: JuliaType;
    }
  /** A parameter that is no type: `2`, `:a`, `(1, 2)`. */
  | { readonly kind: "value"; readonly text: string }
  /** `@NamedTuple{a::T}` as names and types. */
  | {
      readonly kind: "namedtuple";
      readonly names: readonly string[];
      readonly types: readonly JuliaType[];
    }
  /** `Core.Const(v)`: the constant's text. */
  | { readonly kind: "const"; readonly text: string }
  /** `Core.PartialStruct(T, …)` and other refinements, widened to their type. */
  | { readonly kind: "partial"; readonly type: JuliaType }
  | { readonly kind: "unknown"; readonly text: string };

export interface TypeVariable {
  readonly name: string;
  readonly lower: JuliaType | null;
  readonly upper: JuliaType | null;
}

const depthLimit = 40;

/** Parses the whole of `text`; what does not fit is `unknown`. */
export function parseType(printed: string): JuliaType {
  // A terminal may have broken the line in the middle of a name.
  const text = printed.includes("\n") ? printed.replace(/[\r\n]+/g, "") : printed;
  const end = text.trimEnd().length;
  const from = skipBlanks(text, 0, end);
  const read = readType(text, from, end, 0);
  if (read !== null && read.end === end) return read.type;
  return { kind: "unknown", text: text.trim() };
}

interface Read {
  readonly type: JuliaType;
  readonly end: number;
}

function readType(text: string, at: number, end: number, depth: number): Read | null {
  if (depth > depthLimit || at >= end) return null;
  let read = readBody(text, at, end, depth);
  while (read !== null && text.startsWith(" where ", read.end)) {
    const clause = readWhere(text, read.end + 7, end, depth);
    if (clause === null) return null;
    read = {
      type: { kind: "where", body: read.type, variables: clause.variables },
      end: clause.end,
    };
  }
  return read;
}

function readWhere(
  text: string,
  at: number,
  end: number,
  depth: number,
): { variables: TypeVariable[]; end: number } | null {
  if (text.charCodeAt(at) !== 123) {
    const one = readVariable(text, at, end, depth);
    return one === null ? null : { variables: [one.variable], end: one.end };
  }
  const close = skipBrackets(text, at, end);
  if (close < 0) return null;
  const variables: TypeVariable[] = [];
  let i = skipBlanks(text, at + 1, close - 1);
  while (i < close - 1) {
    const one = readVariable(text, i, close - 1, depth);
    if (one === null) return null;
    variables.push(one.variable);
    i = skipBlanks(text, one.end, close - 1);
    if (i < close - 1 && text.charCodeAt(i) !== 44) return null;
    i = skipBlanks(text, i + 1, close - 1);
  }
  return { variables, end: close };
}

/** `T`, `T<:A`, `T>:A`, `A<:T<:B`. */
function readVariable(
  text: string,
  at: number,
  end: number,
  depth: number,
): { variable: TypeVariable; end: number } | null {
  const first = readBody(text, at, end, depth + 1);
  if (first === null) return null;
  const name = (type: JuliaType): string => (type.kind === "data" ? type.name : "");
  const relation = text.slice(first.end, first.end + 2);
  if (relation !== "<:" && relation !== ">:") {
    return { variable: { name: name(first.type), lower: null, upper: null }, end: first.end };
  }
  const second = readBody(text, first.end + 2, end, depth + 1);
  if (second === null) return null;
  if (relation === "<:" && text.startsWith("<:", second.end)) {
    const third = readBody(text, second.end + 2, end, depth + 1);
    if (third === null) return null;
    return {
      variable: { name: name(second.type), lower: first.type, upper: third.type },
      end: third.end,
    };
  }
  const [lower, upper] = relation === "<:" ? [null, second.type] : [second.type, null];
  return { variable: { name: name(first.type), lower, upper }, end: second.end };
}

function readBody(text: string, at: number, end: number, depth: number): Read | null {
  const code = text.charCodeAt(at);
  if (code === 40) {
    const close = skipBrackets(text, at, end);
    if (close < 0) return null;
    // `(Array{T, N} where N)` in brackets is a type, `(1, 2)` a value.
    const inner = readType(text, at + 1, close - 1, depth + 1);
    if (inner !== null && inner.end === close - 1 && inner.type.kind !== "value") {
      return { type: inner.type, end: close };
    }
    return { type: { kind: "value", text: text.slice(at, close) }, end: close };
  }
  if (code === 60 || code === 62) {
    const relation = text.slice(at, at + 2);
    if (relation !== "<:" && relation !== ">:") return null;
    const of = readType(text, at + 2, end, depth + 1);
    return of === null
      ? null
      : { type: { kind: "bound", name: "", relation, type: of.type }, end: of.end };
  }
  if (isDigit(code) || code === 45 || code === 58 || code === 34 || code === 39 || code === 36) {
    return readValue(text, at, end);
  }
  if (code === 64) return readMacroType(text, at, end, depth);
  if (code === 35) {
    return text.startsWith("#undef", at)
      ? { type: { kind: "unknown", text: "#undef" }, end: at + 6 }
      : null;
  }
  return readNamed(text, at, end, depth);
}

function readValue(text: string, at: number, end: number): Read | null {
  const code = text.charCodeAt(at);
  let stop = -1;
  if (code === 34) stop = skipString(text, at, end);
  else if (code === 39) stop = skipCharacter(text, at, end);
  if (stop < 0) stop = skipToSeparator(text, at, end);
  if (stop <= at) return null;
  return { type: { kind: "value", text: text.slice(at, stop).trim() }, end: stop };
}

/** `@NamedTuple{a::T, b}`. */
function readMacroType(text: string, at: number, end: number, depth: number): Read | null {
  if (!text.startsWith("@NamedTuple{", at)) return null;
  const close = skipBrackets(text, at + 11, end);
  if (close < 0) return null;
  const names: string[] = [];
  const types: JuliaType[] = [];
  let i = skipBlanks(text, at + 12, close - 1);
  while (i < close - 1) {
    const name = readPath(text, i, close - 1);
    let stop = name === null || name.end === i ? skipOperator(text, i, close - 1) : name.end;
    names.push(text.slice(i, stop));
    if (text.startsWith("::", stop)) {
      const type = readType(text, stop + 2, close - 1, depth + 1);
      if (type === null) return null;
      types.push(type.type);
      stop = type.end;
    } else types.push(anyType);
    i = skipBlanks(text, stop, close - 1);
    if (i < close - 1 && text.charCodeAt(i) !== 44) return null;
    i = skipBlanks(text, i + 1, close - 1);
  }
  return { type: { kind: "namedtuple", names, types }, end: close };
}

function named(name: string): JuliaType {
  return { kind: "data", module: "", name, parameters: [], applied: false };
}

/** Julia's `Any`. */
export const anyType: JuliaType = named("Any");

function readNamed(text: string, at: number, end: number, depth: number): Read | null {
  let i = at;
  let nameStart = at;
  // The path, component by component: `readPath` would take type parameters along.
  for (;;) {
    const part = pathPart(text, i, end);
    if (part < 0 || part === i) return null;
    nameStart = i;
    i = part;
    if (text.charCodeAt(i) !== 46 || i + 1 >= end) break;
    i++;
  }
  const module = nameStart > at ? text.slice(at, nameStart - 1) : "";
  let name = text.slice(nameStart, i);
  if (name.startsWith(":(") && name.endsWith(")")) name = name.slice(2, -1);
  if (text.charCodeAt(i) === 40) return readApplied(text, at, i, end, depth, module, name);
  const bare = module === "Main" ? "" : module.startsWith("Main.") ? module.slice(5) : module;
  if (text.charCodeAt(i) !== 123) {
    // An alias such as `Int` stays as printed; the type table resolves it.
    return { type: { kind: "data", module: bare, name, parameters: [], applied: false }, end: i };
  }
  const close = skipBrackets(text, i, end);
  if (close < 0) return null;
  if (text.charCodeAt(close) === 40) {
    // An instance of a parametric type as a value: `Core.AddrSpace{Core}(0x00)`.
    const end = skipBrackets(text, close, text.length);
    return end < 0 ? null : { type: { kind: "value", text: text.slice(at, end) }, end };
  }
  const parameters = readParameters(text, i + 1, close - 1, depth + 1);
  if (parameters === null) return null;
  if (name === "Union" && (bare === "" || bare === "Core")) {
    return { type: { kind: "union", members: parameters }, end: close };
  }
  return { type: { kind: "data", module: bare, name, parameters, applied: true }, end: close };
}

function pathPart(text: string, at: number, end: number): number {
  if (text.startsWith('var"', at)) return skipString(text, at + 3, end);
  if (text.startsWith(":(", at)) return skipBrackets(text, at + 1, end);
  let i = at;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (code === 46 || code === 123 || code === 125 || code === 40 || code === 41) break;
    if (code === 44 || code <= 32 || code === 58 || code === 60 || code === 62 || code === 34)
      break;
    i++;
  }
  return i;
}

function readParameters(text: string, at: number, end: number, depth: number): JuliaType[] | null {
  const parameters: JuliaType[] = [];
  let i = skipBlanks(text, at, end);
  while (i < end) {
    const one = readType(text, i, end, depth);
    const stop = skipToSeparator(text, i, end);
    const bound = one === null || one.end === stop ? null : readNamedBound(text, one, stop, depth);
    if (bound !== null) parameters.push(bound);
    else if (one !== null && one.end === stop) parameters.push(one.type);
    else parameters.push({ kind: "unknown", text: text.slice(i, stop) });
    if (stop < end && text.charCodeAt(stop) !== 44) return null;
    i = skipBlanks(text, stop + 1, end);
  }
  return parameters;
}

/** `S<:T` as a parameter, where `S` has been read. */
function readNamedBound(text: string, name: Read, end: number, depth: number): JuliaType | null {
  const relation = text.slice(name.end, name.end + 2);
  if (name.type.kind !== "data" || (relation !== "<:" && relation !== ">:")) return null;
  const of = readType(text, name.end + 2, end, depth + 1);
  if (of === null || of.end !== end) return null;
  return { kind: "bound", name: name.type.name, relation, type: of.type };
}

/** `typeof(f)`, `Core.Const(v)`, `Core.PartialStruct(T, …)`, an instance as a parameter. */
function readApplied(
  text: string,
  at: number,
  open: number,
  end: number,
  depth: number,
  module: string,
  name: string,
): Read | null {
  const close = skipBrackets(text, open, end);
  if (close < 0) return null;
  if (name === "typeof") {
    const of: JuliaType = { kind: "value", text: text.slice(open + 1, close - 1) };
    return {
      type: { kind: "data", module: "", name: "typeof", parameters: [of], applied: true },
      end: close,
    };
  }
  const isLattice = module === "Core" || module === "Compiler" || module === "Core.Compiler";
  if (isLattice && name === "Const") {
    let content = text.slice(open + 1, close - 1);
    // ≤ 1.5 prints a second argument: `Core.Compiler.Const(v, false)`.
    if (module === "Core.Compiler") content = content.replace(/, (?:true|false)$/, "");
    return { type: { kind: "const", text: content }, end: close };
  }
  if (isLattice) {
    const inner = readType(text, open + 1, close - 1, depth + 1);
    const type = inner?.type ?? { kind: "unknown" as const, text: text.slice(at, close) };
    return { type: { kind: "partial", type }, end: close };
  }
  return { type: { kind: "value", text: text.slice(at, close) }, end: close };
}

/**
 * One spelling for each type: what `parseType` read, printed with `Main.` left out and uniform
 * separators. Equal types of one release print equally.
 */
export function printType(type: JuliaType): string {
  switch (type.kind) {
    case "data": {
      const path = type.module === "" ? type.name : `${type.module}.${type.name}`;
      if (type.name === "typeof") return `typeof(${type.parameters.map(printType).join(", ")})`;
      return type.applied ? `${path}{${type.parameters.map(printType).join(", ")}}` : path;
    }
    case "union":
      return `Union{${type.members.map(printType).join(", ")}}`;
    case "where":
      return `${printType(type.body)} where ${printVariables(type.variables)}`;
    case "bound":
      return type.name + type.relation + printType(type.type);
    case "namedtuple": {
      const fields = type.names.map((name, i) => {
        const of = type.types[i] ?? anyType;
        return of.kind === "data" && of.name === "Any" ? name : `${name}::${printType(of)}`;
      });
      return `@NamedTuple{${fields.join(", ")}}`;
    }
    case "const":
      return `Core.Const(${type.text})`;
    case "partial":
      return `Core.PartialStruct(${printType(type.type)})`;
    case "value":
    case "unknown":
      return type.text;
  }
}

function printVariables(variables: readonly TypeVariable[]): string {
  const printed = variables.map(({ name, lower, upper }) => {
    if (lower !== null && upper !== null)
      return `${printType(lower)}<:${name}<:${printType(upper)}`;
    if (upper !== null) return `${name}<:${printType(upper)}`;
    return lower === null ? name : `${name}>:${printType(lower)}`;
  });
  return printed.length === 1 ? (printed[0] ?? "") : `{${printed.join(", ")}}`;
}
