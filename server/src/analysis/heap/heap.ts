// The abstract heap of one method: every value that can hold a reference stands for a set of abstract
// objects, and every abstract object for what its fields may hold. Objects are told apart by where they
// are made; each argument is one object and everything behind its fields a second; all that the method
// cannot name is `outside`. Sets only say *may*. Containers, tuples, closures, Memory and arrays are
// objects like any other, so that what is put into a local container does not escape by it.
// Source: L. O. Andersen, "Program Analysis and Specialization for the C Programming Language", 1994
// (inclusion constraints); the shape of objects after JuliaLang/julia#56849 and spec
// escape-analysis.md §9.2.

import { globalValue, type Value } from "../body.ts";

/** Number of an abstract object. */
export type ObjectId = number;

/** Everything that the method cannot name. */
export const outside: ObjectId = 0;

/** Field numbers are 1-based as in Julia; these stand for what has no number. */
export const anyField = 0;
export const elementField = -1;
/** What a registered finalizer holds: its function, with the captures. */
export const finalizerField = -2;

export interface HeapObject {
  readonly kind:
    | "outside"
    | "argument" // what argument `at` is
    | "contents" // everything that is reached through the fields of argument `at`
    | "made" // made by statement `at`
    | "result"; // made by the callee of statement `at`, which keeps nothing of it
  /** Argument number or statement position; 0 for `outside`. */
  readonly at: number;
}

/** The numbers of an argument's two objects. */
export function argumentObject(argument: number): ObjectId {
  return 2 * argument - 1;
}

export function contentsObject(argument: number): ObjectId {
  return 2 * argument;
}

const nothing: ReadonlySet<ObjectId> = new Set();
const onlyOutside: ReadonlySet<ObjectId> = new Set([outside]);

/** The heap while it is being made; `freeze` nothing: the solver stops when nothing is added any more. */
export class Heap {
  readonly objects: HeapObject[];
  private readonly nArguments: number;
  private readonly values: (Set<ObjectId> | undefined)[];
  private readonly fields: Map<number, Set<ObjectId>>[];
  private readonly madeAt = new Map<number, ObjectId>();
  /** Counts additions; the solver is done when a round leaves it unchanged. */
  version = 0;

  constructor(nArguments: number, nStatements: number) {
    this.nArguments = nArguments;
    this.objects = [{ kind: "outside", at: 0 }];
    for (let at = 1; at <= nArguments; at++) {
      this.objects.push({ kind: "argument", at }, { kind: "contents", at });
    }
    this.values = new Array(nArguments + nStatements + 1);
    this.fields = this.objects.map(() => new Map());
  }

  /** The object that statement `position` makes; made when first asked for. */
  made(position: number, kind: "made" | "result" = "made"): ObjectId {
    const known = this.madeAt.get(position);
    if (known !== undefined) return known;
    const id = this.objects.length;
    this.objects.push({ kind, at: position });
    this.fields.push(new Map());
    this.madeAt.set(position, id);
    this.version++;
    return id;
  }

  /** The object made at `position`; −1 where it makes none. */
  objectMadeAt(position: number): ObjectId {
    return this.madeAt.get(position) ?? -1;
  }

  /** What `value` may be. Constants and globals are `outside`; plain bits are nothing. */
  pointsTo(value: Value): ReadonlySet<ObjectId> {
    if (value === 0 || value === globalValue) return onlyOutside;
    return this.values[this.index(value)] ?? nothing;
  }

  /** Adds to what the value of a statement or argument may be. */
  add(value: Value, objects: Iterable<ObjectId>): void {
    const index = this.index(value);
    let set = this.values[index];
    for (const object of objects) {
      if (set?.has(object)) continue;
      set ??= new Set();
      set.add(object);
      this.version++;
    }
    if (set !== undefined) this.values[index] = set;
  }

  /** What field `field` of any of `objects` may hold; `anyField` asks for all fields. */
  load(objects: Iterable<ObjectId>, field: number): Set<ObjectId> {
    const found = new Set<ObjectId>();
    for (const object of objects) {
      const kind = this.objects[object]?.kind;
      if (kind === "outside") found.add(outside);
      if (kind === "argument") found.add(object + 1);
      if (kind === "contents") found.add(object);
      for (const [name, held] of this.fields[object] ?? []) {
        const isWanted =
          name === field || name === anyField || (field === anyField && name !== finalizerField);
        if (isWanted) for (const one of held) found.add(one);
      }
    }
    return found;
  }

  /** Adds to what field `field` of each of `objects` may hold. `outside` remembers nothing. */
  store(objects: Iterable<ObjectId>, field: number, held: ReadonlySet<ObjectId>): void {
    for (const object of objects) {
      if (object === outside) continue;
      const fields = this.fields[object];
      let set = fields?.get(field);
      for (const one of held) {
        if (set?.has(one)) continue;
        set ??= new Set();
        set.add(one);
        this.version++;
      }
      if (set !== undefined) fields?.set(field, set);
    }
  }

  /** What `object` holds, field by field. */
  fieldsOf(object: ObjectId): ReadonlyMap<number, ReadonlySet<ObjectId>> {
    return this.fields[object] ?? new Map();
  }

  /** `objects` and everything that is reached through their fields, finalizers included. */
  reach(objects: Iterable<ObjectId>): Set<ObjectId> {
    const reached = new Set<ObjectId>(objects);
    for (const object of reached) {
      if (this.objects[object]?.kind === "argument") reached.add(object + 1);
      for (const held of this.fields[object]?.values() ?? []) {
        for (const one of held) reached.add(one);
      }
    }
    return reached;
  }

  /** Everything that code can reach from `objects` through their fields, those left out. */
  contents(objects: Iterable<ObjectId>): Set<ObjectId> {
    const found = this.load(objects, anyField);
    for (const object of found) {
      for (const one of this.load([object], anyField)) found.add(one);
    }
    return found;
  }

  private index(value: Value): number {
    return value > 0 ? this.nArguments + value : -value;
  }
}
