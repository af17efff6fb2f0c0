// What a value is while the interpreter runs. Integers and pointers are numbers, or bigints where a
// number cannot hold them; their width is the statement's business. `null` is Julia's `nothing` and
// `undefined` a field or value that was never set.

import type { Layout } from "../layout.ts";

export type Value =
  | number
  | bigint
  | boolean
  | string
  | null
  | Real
  | Name
  | TypeValue
  | FunctionValue
  | Obj;

/** A floating-point number; kept apart from integers, which `===` does not confuse with it. */
export class Real {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A symbol. */
export class Name {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A type as a value. */
export class TypeValue {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
}

/** A function, or a closure that captures nothing. */
export class FunctionValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function interned<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = make(text);
      known.set(text, value);
    }
    return value;
  };
}

export const nameOf: (text: string) => Name = interned((text) => new Name(text));
export const typeOf: (key: string) => TypeValue = interned((key) => new TypeValue(key));
export const functionOf: (name: string) => FunctionValue = interned(
  (name) => new FunctionValue(name),
);

/** Where an object comes from, which decides who may see that it changes. */
export type Origin = "local" | "argument" | "global";

/** A struct, tuple, array or box; also what nobody described, whose fields appear when asked for. */
export class Obj {
  /** The same in two runs of one program on the same inputs. */
  readonly id: string;
  readonly layout: Layout;
  readonly origin: Origin;
  /** Whether fields that are not set get a value when they are read. */
  readonly isLazy: boolean;
  readonly fields: (Value | undefined)[];
  /** Elements of an array's memory, by 1-based index. */
  elements: Map<number, Value> | null = null;
  /** Number of the collection that reached it last. */
  mark = 0;
  /** How often a finalizer of it has run. */
  finalizations = 0;
  /** Whether a plan ran one, not the collector and not the program's own `finalize`. */
  isEarly = false;
  /** Whether the program itself has called `finalize` on it. */
  isExplicit = false;
  /** Whether a callee of its own finalizer has kept it. */
  isRevived = false;
  /** Whether a finalizer of it is running now. */
  isRunning = false;

  constructor(
    id: string,
    layout: Layout,
    origin: Origin,
    isLazy: boolean,
    fields: (Value | undefined)[],
  ) {
    this.id = id;
    this.layout = layout;
    this.origin = origin;
    this.isLazy = isLazy;
    this.fields = fields;
  }
}

/** What an object refers to and keeps; a weak reference keeps nothing. */
export function contentsOf({ layout, fields, elements }: Obj): readonly (Value | undefined)[] {
  if (layout.key === "WeakRef") return [];
  return elements === null ? fields : [...fields, ...elements.values()];
}

/** Julia's `===`: identity for mutable objects, content for all others. */
export function isEgal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Real && b instanceof Real) return Object.is(a.value, b.value);
  if (!(a instanceof Obj && b instanceof Obj)) return false;
  if (a.layout.mutable || b.layout.mutable || !isSameKind(a.layout.key, b.layout.key)) return false;
  if (a.fields.length !== b.fields.length) return false;
  return a.fields.every((field, index) => isEgal(field, b.fields[index]));
}

/** Tuples of different printed element types may be equal. */
function isSameKind(a: string, b: string): boolean {
  return a === b || (a.startsWith("Tuple") && b.startsWith("Tuple"));
}

/** A value in words that are equal in two runs; objects by identity, immutable ones by content. */
export function describe(value: Value | undefined, depth = 3): string {
  if (value === undefined) return "#undef";
  if (value === null) return "nothing";
  if (value instanceof Real) return `${value.value}f`;
  if (value instanceof Name) return `:${value.text}`;
  if (value instanceof TypeValue) return value.key;
  if (value instanceof FunctionValue) return value.name;
  if (!(value instanceof Obj))
    return typeof value === "string" ? JSON.stringify(value) : `${value}`;
  if (value.layout.mutable || depth === 0) return `@${value.id}`;
  return `${value.layout.key}(${value.fields.map((field) => describe(field, depth - 1)).join(",")})`;
}

/** A value with the contents of what it leads to, for results. */
export function describeDeep(value: Value | undefined, depth = 4): string {
  if (!(value instanceof Obj) || depth === 0) return describe(value, 1);
  const fields = value.fields.map((field) => describeDeep(field, depth - 1));
  return `${value.layout.mutable ? `@${value.id}` : ""}${value.layout.key}(${fields.join(",")})`;
}
