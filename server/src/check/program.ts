// The methods that a run may call, and the layouts of their types. Made from methods or from the text of
// a file; a callee is found by its name, the number of its arguments and the argument types that the call
// prints.

import { lower, type Method } from "../ir/method.ts";
import { readMethod } from "../syntax/read-method.ts";
import { unitEnd } from "../syntax/segment.ts";
import type { Operand } from "../syntax/tree.ts";
import { type LayoutLine, Layouts, typeKey } from "./layout.ts";
import { plainName } from "./literal.ts";

/** Finds the IR that a call runs; null for a callee whose text is not at hand. */
export type Resolver = (name: string, argumentTypes: readonly string[]) => Method | null;

/** What is known of a method whose text is not at hand: what its own text said when it was. */
export interface Testimony {
  /** The name under which calls find the method. */
  readonly name: string;
  readonly argumentTypes: readonly string[];
  readonly throws: Throwing;
  /** What it does with each argument, the function itself being the first. */
  readonly captures: readonly Capture[];
  /** Whether it may take a lock. */
  readonly locks: boolean;
  /** The `type` lines of its text and of those that it calls. */
  readonly types: readonly LayoutLine[];
}

/** `perhaps`: the text does not tell. `may`: it does, and it can. */
export type Throwing = "never" | "perhaps" | "may" | "always";

/** What a callee does with an argument. */
export interface Capture {
  /** `perhaps` where the text does not tell. */
  readonly keeps: "never" | "perhaps" | "may";
  readonly returns: "never" | "may" | "always";
  /** Whether an exception that leaves it may hold the argument; absent: no. */
  readonly throws?: boolean;
}

export class Program {
  readonly methods: readonly Method[];
  readonly layouts: Layouts;
  private readonly byName = new Map<string, Method[]>();
  private readonly testimonies: readonly Testimony[];

  /** @param testimonies of callees whose texts are left out */
  constructor(
    methods: readonly Method[],
    layouts: Layouts = new Layouts(),
    testimonies: readonly Testimony[] = [],
  ) {
    this.methods = methods;
    this.testimonies = testimonies;
    this.layouts = layouts;
    for (const method of methods) {
      for (const line of method.header.types) layouts.declare(line);
      const name = nameOfMethod(method);
      if (name === null) continue;
      const list = this.byName.get(name) ?? [];
      list.push(method);
      this.byName.set(name, list);
    }
    for (const { types } of testimonies) for (const line of types) layouts.declare(line);
    for (const method of methods) hintMutable(method, layouts);
  }

  /** Whether some method has the name. */
  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** The same program with a method instead of those of its signature. */
  with(method: Method): Program {
    const { signature } = method.header;
    const others = this.methods.filter((one) => one.header.signature !== signature);
    return new Program([method, ...others], this.layouts);
  }

  /**
   * The method that `name(arguments…)` calls, the function itself not counted; null where none fits: the
   * method that is called may be one whose text is not at hand.
   *
   * @param types printed types of the arguments; empty texts where the call prints none
   */
  readonly resolve: Resolver = (name, types) => {
    const all = this.byName.get(name);
    if (all === undefined) return null;
    return closest(all, ({ header }) => header.argumentTypes, types);
  };

  /** What is known of the method that `resolve` does not find. */
  witness(name: string, types: readonly string[]): Testimony | null {
    const named = this.testimonies.filter((one) => one.name === name);
    return closest(named, ({ argumentTypes }) => argumentTypes, types);
  }
}

/** Of several that a call may run, the one whose argument types agree best; null where none fits. */
function closest<T>(
  all: readonly T[],
  typesOf: (one: T) => readonly string[],
  given: readonly string[],
): T | null {
  const fitting = all.filter((one) => mayTake(typesOf(one), given));
  if (fitting.length <= 1) return fitting[0] ?? null;
  const agreement = (one: T): number =>
    typesOf(one).filter((type, i) => typeKey(type) === typeKey(given[i] ?? "")).length;
  return fitting.reduce((best, one) => (agreement(one) > agreement(best) ? one : best));
}

/** Whether a method with these argument types may be what a call with the other ones runs. */
function mayTake(wanted: readonly string[], given: readonly string[]): boolean {
  if (wanted.length !== given.length) return false;
  return wanted.every((type, index) => {
    const [key, other] = [typeKey(type), typeKey(given[index] ?? "")];
    return other === "" || key === other || key === "Any";
  });
}

/** The name of what a call calls; of a closure that is a value, that of its type. */
export function nameOfCallee(method: Method, callee: Operand | null): string {
  if (callee === null) return "";
  const made = callee.kind === "ssa" ? method.statements[callee.number - 1] : undefined;
  const span = made?.type ?? callee;
  return plainName(method.text.slice(span.start, span.end));
}

/** The name under which calls find the method; null where its header is missing. */
export function nameOfMethod(method: Method): string | null {
  const { name } = method.header;
  return name === null ? null : plainName(name);
}

/** The number of the argument that takes all further ones as a tuple, `ys...`; 0 where none does. */
export function varargOf({ header }: Method): number {
  const [call = ""] = (header.from ?? "").split(" @ ");
  return /\.\.\.\)(?: where .*)?$/.test(call.trim()) ? header.slots.length : 0;
}

/** Reads all methods of a text in canonical form. */
export function readProgram(text: string, layouts: Layouts = new Layouts()): Program {
  const methods: Method[] = [];
  for (let from = 0; from < text.length; ) {
    const end = unitEnd(text, from, false);
    const unit = text.slice(from, end);
    const syntax = readMethod(unit);
    if (syntax !== null) methods.push(lower(syntax, unit));
    from = Math.max(end, from + 1);
  }
  return new Program(methods, layouts);
}

/** A type whose objects get finalizers or stores is mutable, whoever does not say so. */
function hintMutable(method: Method, layouts: Layouts): void {
  for (const { kind, callee, operands } of method.statements) {
    if (kind !== "call" || callee === null) continue;
    const place = callee.text === "finalizer" ? 1 : callee.text === "setfield!" ? 0 : -1;
    const operand = place < 0 ? undefined : operands[place];
    const made = operand?.kind === "ssa" ? method.statements[operand.number - 1] : undefined;
    if (made?.type != null) {
      layouts.hintMutable(typeKey(method.text.slice(made.type.start, made.type.end)));
    }
  }
}
