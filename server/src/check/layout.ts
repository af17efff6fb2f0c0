// Field names and mutability of types, as the interpreter and the validator need them: from `type`
// lines, for a few types of Julia's own, and made up as fields are met where nobody says.
// A made-up layout is the same for every program that shares the table, so runs can be compared.

import { type JuliaType, parseType } from "../syntax/type.ts";

/** The fields of one type; a growing one takes every name that is asked for. */
export interface Layout {
  readonly key: string;
  readonly mutable: boolean;
  readonly names: string[];
  /** Printed type of each field; empty where it is not known. */
  readonly types: string[];
  readonly isGrowing: boolean;
}

/** What a `type` line says. */
export interface LayoutLine {
  readonly name: string;
  readonly mutable: boolean;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

type Row = readonly [mutable: boolean, fields: string];

/** `name::T` of types that occur in what `code_typed` prints; T as a digit is the type's parameter. */
const bundled: Readonly<Record<string, Row>> = {
  RefValue: [true, "x::1"],
  Box: [true, "contents::Any"],
  Vector: [true, "ref::MemoryRef{1} size::Tuple{Int64}"],
  Memory: [true, "length::Int64 ptr::Ptr{Nothing}"],
  MemoryRef: [false, "ptr_or_offset::Int64 mem::Memory{1}"],
  UnitRange: [false, "start::1 stop::1"],
  OneTo: [false, "stop::1"],
  StepRange: [false, "start::1 step::2 stop::1"],
  Some: [false, "value::1"],
  Pair: [false, "first::1 second::2"],
  SpinLock: [true, "owned::Int64"],
  WeakRef: [true, "value::Any"],
};

/** A printed type without `Main.`, `Core.` and `Base.`, so that equal types have equal keys. */
export function typeKey(text: string): string {
  return text.replace(/\b(?:Main|Core|Base|Threads)\./g, "").replace(/^:\((.*)\)$/, "$1");
}

/** The name before a type's parameters. */
export function headOf(key: string): string {
  const brace = key.indexOf("{");
  return brace < 0 ? key : key.slice(0, brace);
}

/** Printed parameters of an applied type, `Int64` of `Vector{Int64}`. */
export function parametersOf(key: string): string[] {
  const brace = key.indexOf("{");
  if (brace < 0) return [];
  const parts: string[] = [];
  let depth = 0;
  let from = brace + 1;
  for (let at = brace + 1; at < key.length; at++) {
    const code = key.charAt(at);
    if (code === "{" || code === "(") depth++;
    else if ((code === "," && depth === 0) || (code === "}" && depth === 0)) {
      const part = key.slice(from, at).trim();
      if (part !== "") parts.push(part);
      from = at + 1;
    } else if (code === "}" || code === ")") depth--;
  }
  return parts;
}

export class Layouts {
  private readonly known = new Map<string, Layout>();
  private readonly mutableHints = new Set<string>();

  /** Adds a `type` line; of two for one type the first counts. */
  declare(line: LayoutLine): void {
    const key = typeKey(line.name);
    if (this.known.get(key)?.isGrowing === false) return;
    this.known.set(key, {
      key,
      mutable: line.mutable,
      names: line.fields.map(({ name }) => name),
      types: line.fields.map(({ type }) => typeKey(type)),
      isGrowing: false,
    });
  }

  /** Says that a type must be mutable: a field is set, or a finalizer is attached. */
  hintMutable(key: string): void {
    this.mutableHints.add(key);
  }

  /** Whether the fields of the type are declared or bundled. */
  isKnown(key: string): boolean {
    return !this.of(key).isGrowing;
  }

  of(key: string): Layout {
    let layout = this.known.get(key);
    if (layout === undefined) {
      layout = this.make(key);
      this.known.set(key, layout);
    }
    return layout;
  }

  private make(key: string): Layout {
    const head = headOf(key);
    if (head === "Tuple") {
      const types = parametersOf(key);
      return fixed(key, false, numbered(types.length), types);
    }
    const row = Object.hasOwn(bundled, head) ? bundled[head] : undefined;
    if (row !== undefined) {
      const parameters = parametersOf(key);
      const fields = row[1].split(" ").map((field) => field.split("::"));
      const types = fields.map(([, type = ""]) =>
        type.replace(/\b[12]\b/, (digit) => parameters[Number(digit) - 1] ?? "Any"),
      );
      return fixed(
        key,
        row[0],
        fields.map(([name = ""]) => name),
        types,
      );
    }
    const named = namedTupleFields(parseType(key));
    if (named !== null)
      return fixed(
        key,
        false,
        named,
        named.map(() => ""),
      );
    const isClosure = key.includes("#");
    const mutable = this.mutableHints.has(key) || !isClosure;
    return { key, mutable, names: [], types: [], isGrowing: true };
  }
}

function namedTupleFields(type: JuliaType): string[] | null {
  return type.kind === "namedtuple" ? [...type.names] : null;
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index + 1}`);
}

function fixed(key: string, mutable: boolean, names: string[], types: string[]): Layout {
  return { key, mutable, names, types, isGrowing: false };
}

/** The 0-based place of a field; a growing layout makes one, others answer −1. */
export function fieldPlace(layout: Layout, name: string): number {
  const place = layout.names.indexOf(name);
  if (place >= 0 || !layout.isGrowing) return place;
  layout.names.push(name);
  layout.types.push("");
  return layout.names.length - 1;
}
