// Julia's builtins: fields, types, memory, tuples. Registrations and calls of functions are elsewhere.
// Source: Julia's src/builtins.c; spec effects.md §4.

import { headOf, typeKey } from "../layout.ts";
import type { Machine } from "./machine.ts";
import { Thrown } from "./outcome.ts";
import { isType } from "./type-test.ts";
import { isEgal, Name, nameOf, Obj, TypeValue, typeOf, type Value } from "./value.ts";

type Values = readonly (Value | undefined)[];

export type Builtin = (machine: Machine, args: Values, resultKey: string) => Value | undefined;

/** The builtin of a name; null where there is none. */
export function builtinOf(name: string): Builtin | null {
  return Object.hasOwn(builtins, name) ? (builtins[name] ?? null) : null;
}

function throwNamed(name: string): never {
  throw new Thrown(nameOf(name));
}

function fieldOf(value: Value | undefined): string | number {
  if (value instanceof Name) return value.text;
  return typeof value === "number" ? value : 0;
}

/** `getfield(o, f)`; what has no fields of ours is taken to be something of the result's type. */
export function getField(
  machine: Machine,
  object: Value | undefined,
  field: Value | undefined,
  key: string,
): Value | undefined {
  if (!(object instanceof Obj)) {
    if (object === undefined || object === null) return throwNamed("FieldError");
    return machine.some(key, machine.callName("getfield"), "local");
  }
  const place = machine.placeOf(object, fieldOf(field));
  if (place < 0 || (place >= object.fields.length && !object.isLazy && !object.layout.isGrowing)) {
    machine.use(object);
    const isDeclared = place >= 0 && place < object.layout.names.length;
    return throwNamed(isDeclared ? "UndefRefError" : "BoundsError");
  }
  const value = machine.read(object, place, key);
  if (value === undefined) return throwNamed("UndefRefError");
  return value;
}

function setField(
  machine: Machine,
  object: Value | undefined,
  field: Value | undefined,
  value: Value | undefined,
): Value | undefined {
  if (!(object instanceof Obj)) return throwNamed("FieldError");
  const place = machine.placeOf(object, fieldOf(field));
  if (place < 0) return throwNamed("FieldError");
  machine.write(object, place, value);
  return value;
}

/** The memory that a reference points into, and its 1-based index there. */
function memoryOf(machine: Machine, reference: Value | undefined): { memory: Obj; index: number } {
  if (!(reference instanceof Obj)) return throwNamed("BoundsError");
  if (headOf(reference.layout.key) === "Memory") return { memory: reference, index: 1 };
  const memory = machine.read(reference, 1, "Memory{Any}");
  const offset = machine.read(reference, 0, "Int64");
  if (!(memory instanceof Obj)) return throwNamed("BoundsError");
  return { memory, index: typeof offset === "number" && offset > 0 ? offset : 1 };
}

function readElement(machine: Machine, memory: Obj, index: number, key: string): Value | undefined {
  machine.use(memory);
  const known = memory.elements?.get(index);
  if (known !== undefined) return known;
  if (!memory.isLazy) return key === "Int64" ? 0 : throwNamed("UndefRefError");
  const made = machine.some(key, `${memory.id}[${index}]`, memory.origin);
  if (made === undefined) return undefined;
  memory.elements ??= new Map();
  memory.elements.set(index, made);
  return made;
}

function writeElement(
  machine: Machine,
  memory: Obj,
  index: number,
  value: Value | undefined,
): void {
  machine.use(memory);
  memory.elements ??= new Map();
  if (value !== undefined) memory.elements.set(index, value);
  if (memory.origin !== "local") machine.effect(`store ${memory.id}[${index}]`);
}

function arrayIndex(args: Values, from: number): number {
  const index = args[from];
  return typeof index === "number" ? index : 1;
}

function replace(machine: Machine, [object, field, next]: Values, key: string): Value | undefined {
  const old = getField(machine, object, field, key);
  setField(machine, object, field, next);
  return old;
}

const builtins: Readonly<Record<string, Builtin>> = {
  getfield: (machine, [object, field], key) => getField(machine, object, field, key),
  "setfield!": (machine, [object, field, value]) => setField(machine, object, field, value),
  "swapfield!": replace,
  "replacefield!": (machine, [object, field, expected, next], key) => {
    const old = getField(machine, object, field, key);
    const isEqual = isEgal(old, expected);
    if (isEqual) setField(machine, object, field, next);
    return machine.interpreter.tuple([old, isEqual]);
  },
  "setfieldonce!": (machine, [object, field, value]) => {
    setField(machine, object, field, value);
    return true;
  },
  isdefined: (machine, [object, field]) => {
    if (!(object instanceof Obj)) return true;
    const place = machine.placeOf(object, fieldOf(field));
    return object.isLazy || (place >= 0 && object.fields[place] !== undefined);
  },
  nfields: (_, [object]) => (object instanceof Obj ? object.fields.length : 0),
  "===": (_, [a, b]) => isEgal(a, b),
  isa: (_, [value, type]) => type instanceof TypeValue && isType(value, type.key),
  typeassert: (_, [value, type]) =>
    !(type instanceof TypeValue) || isType(value, type.key) ? value : throwNamed("TypeError"),
  typeof: (_, [value]) => typeOf(value instanceof Obj ? value.layout.key : typeof value),
  "<:": (_, [a, b]) => a === b || (b instanceof TypeValue && b.key === "Any"),
  ifelse: (machine, [condition, a, b]) => {
    machine.passOver(condition === true ? b : a);
    return condition === true ? a : b;
  },
  tuple: (machine, args) => machine.interpreter.tuple([...args]),
  svec: (machine, args) => machine.interpreter.tuple([...args]),
  apply_type: (_, [type]) => type,
  throw: (machine, [value]) => {
    machine.use(value);
    throw new Thrown(value);
  },
  donotdelete: (machine, args) => {
    for (const value of args) machine.use(value);
    return null;
  },
  compilerbarrier: (_, [, value]) => value,
  sizeof: (_, [value]) => (typeof value === "string" ? value.length : 8),
  memorynew: (machine, [type, length]) => {
    const key = type instanceof TypeValue ? type.key : "Memory{Any}";
    return machine.newObject(machine.interpreter.program.layouts.of(typeKey(key)), [length, 0]);
  },
  memoryrefnew: (machine, [base, index]) => {
    const { memory, index: start } = memoryOf(machine, base);
    const offset = start + (typeof index === "number" ? index - 1 : 0);
    const key = memory.layout.key.replace(/^Memory/, "MemoryRef");
    return new Obj("", machine.interpreter.program.layouts.of(key), "local", false, [
      offset,
      memory,
    ]);
  },
  memoryrefoffset: (machine, [reference]) => memoryOf(machine, reference).index,
  memoryrefget: (machine, [reference], key) => {
    const { memory, index } = memoryOf(machine, reference);
    return readElement(machine, memory, index, key);
  },
  "memoryrefset!": (machine, [reference, value]) => {
    const { memory, index } = memoryOf(machine, reference);
    writeElement(machine, memory, index, value);
    return value;
  },
  memoryref_isassigned: (machine, [reference]) => {
    const { memory, index } = memoryOf(machine, reference);
    return memory.isLazy || memory.elements?.has(index) === true;
  },
  arrayref: (machine, args, key) =>
    args[1] instanceof Obj
      ? readElement(machine, args[1], arrayIndex(args, 2), key)
      : throwNamed("BoundsError"),
  arrayset: (machine, args) => {
    if (!(args[1] instanceof Obj)) return throwNamed("BoundsError");
    writeElement(machine, args[1], arrayIndex(args, 3), args[2]);
    return args[1];
  },
  arraysize: (machine, [array]) =>
    array instanceof Obj ? machine.some("Int64", `${array.id} size`, "local") : 0,
  arraylen: (machine, [array]) =>
    array instanceof Obj ? machine.some("Int64", `${array.id} size`, "local") : 0,
  getglobal: (machine, [, name]) =>
    machine.global(name instanceof Name ? `Main.${name.text}` : "Main.?"),
  "setglobal!": (machine, [, name, value]) => {
    const path = name instanceof Name ? `Main.${name.text}` : "Main.?";
    if (machine.running === null && value !== undefined) machine.globals.set(path, value);
    machine.effect(`global ${path}`);
    return value;
  },
};
