// Which values may be names of one object, and which may contain which: unification over copies, φ nodes
// and loads, without regard to the order of statements. Coarse on purpose, and nobody else's code.

import { type Method, operandValue } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import { fieldPlace, type Layouts, typeKey } from "../layout.ts";
import { plainName } from "../literal.ts";
import { isBits, typeOfStatement } from "./bits.ts";
import { definitionOf } from "./capture.ts";

const containers: ReadonlySet<string> = new Set(["new", "splatnew"]);

/** The name of a called builtin; empty for anything else. */
export function builtinName({ kind, callee }: Statement): string {
  return kind === "call" && callee !== null ? plainName(callee.text) : "";
}

/** Values that the statement's value may simply be. */
export function copySources(method: Method, statement: Statement): number[] {
  const value = (index: number): number => {
    const operand = statement.operands[index];
    return operand === undefined ? 0 : operandValue(method, operand);
  };
  switch (statement.kind) {
    case "phi":
    case "phic":
      return statement.operands.map((_, index) => value(index));
    case "pi":
    case "value":
    case "upsilon":
      return [value(0)];
    case "call":
      switch (builtinName(statement)) {
        case "ifelse":
          return [value(1), value(2)];
        case "typeassert":
          return [value(0)];
        case "compilerbarrier":
          return [value(1)];
        default:
          return [];
      }
    default:
      return [];
  }
}

/** Values that the statement puts into a new object. */
export function contentsOf(method: Method, statement: Statement): number[] {
  const isMade = containers.has(statement.kind);
  const name = builtinName(statement);
  const isTuple = name === "tuple" || name === "svec" || name === "memoryrefnew";
  const isToken = statement.kind === "expression" && statement.name === "gc_preserve_begin";
  if (!isMade && !isTuple && !isToken) return [];
  const operands = isMade ? statement.operands.slice(1) : statement.operands;
  return operands.map((operand) => operandValue(method, operand)).filter((one) => one !== 0);
}

/** The container and the value of a store; null for other statements. */
export function storeOf(
  method: Method,
  statement: Statement,
): { readonly container: number; readonly value: number; readonly isGlobal: boolean } | null {
  const places = {
    "setfield!": [0, 2],
    "swapfield!": [0, 2],
    "memoryrefset!": [0, 1],
    arrayset: [1, 2],
  };
  const name = builtinName(statement);
  if (!Object.hasOwn(places, name)) return null;
  const [at = 0, from = 0] = places[name as keyof typeof places];
  const [container, value] = [statement.operands[at], statement.operands[from]];
  if (container === undefined || value === undefined) return null;
  return {
    container: operandValue(method, container),
    value: operandValue(method, value),
    isGlobal: operandValue(method, container) === 0,
  };
}

/**
 * The value that a load from a new immutable object gives: 0 for a constant; null where it is not known
 * which field it is, or the object may change.
 */
export function loadSource(
  method: Method,
  statement: Statement,
  layouts: Layouts,
  depth = 4,
): number | null {
  if (builtinName(statement) !== "getfield") return null;
  const [object, field] = statement.operands;
  if (object === undefined || field === undefined) return null;
  const made = makerOf(method, operandValue(method, object), layouts, depth);
  if (made === undefined) return null;
  const isTuple = builtinName(made) === "tuple";
  if (!isTuple && made.kind !== "new") return null;
  const operands = isTuple ? made.operands : made.operands.slice(1);
  const layout = layouts.of(typeOfStatement(method, made));
  if (!isTuple && layout.mutable) return null;
  let place = -1;
  if (field.kind === "number") place = Number(field.text) - 1;
  else if (field.kind === "symbol" && operands.length === 1) place = 0;
  else if (field.kind === "symbol" && !layout.isGrowing) place = fieldPlace(layout, field.text);
  const operand = operands[place];
  return operand === undefined ? null : operandValue(method, operand);
}

/** The statement that made the object, which may have been put into others `depth` deep and taken out again. */
function makerOf(
  method: Method,
  value: number,
  layouts: Layouts,
  depth: number,
): Statement | undefined {
  const made = method.statements[definitionOf(method, value) - 1];
  if (made === undefined || depth === 0 || builtinName(made) !== "getfield") return made;
  const source = loadSource(method, made, layouts, depth - 1);
  return source === null ? undefined : makerOf(method, source, layouts, depth - 1);
}

/** Values are numbered from 1: arguments first, then SSA positions. */
export class Aliases {
  private readonly parent: Int32Array;
  private readonly contents = new Map<number, Set<number>>();
  /** By class, once all values have theirs. */
  private readonly around = new Map<number, readonly number[]>();
  private readonly local = new Map<number, boolean>();
  private readonly method: Method;

  constructor(method: Method, layouts: Layouts) {
    this.method = method;
    this.parent = new Int32Array(method.nArguments + method.nStatements + 1).map((_, i) => i);
    const loads: (readonly [position: number, container: number])[] = [];
    method.statements.forEach((statement, index) => {
      const position = index + 1;
      for (const source of copySources(method, statement)) this.unite(position, source);
      for (const inside of contentsOf(method, statement)) this.contain(position, inside);
      const store = storeOf(method, statement);
      if (store !== null && !store.isGlobal) this.contain(store.container, store.value);
      if (/^(?:getfield|memoryrefget|arrayref|swapfield!)$/.test(builtinName(statement))) {
        const source = loadSource(method, statement, layouts);
        const object = statement.operands.find((one) => operandValue(method, one) !== 0);
        if (source !== null) this.unite(position, source);
        // Plain bits are nobody's other name, whatever they were stored beside.
        else if (object !== undefined && !isBits(method, statement))
          loads.push([position, operandValue(method, object)]);
      }
    });
    for (let changed = true; changed; ) {
      changed = false;
      for (const [position, container] of loads) {
        for (const inside of this.insideOf(container)) {
          if (this.find(inside) === this.classOf(position)) continue;
          this.join(inside, this.classOf(position));
          changed = true;
        }
      }
    }
  }

  /** The number of a value: SSA position or −k. */
  private index(value: number): number {
    return value > 0 ? value + this.method.nArguments : -value;
  }

  private find(one: number): number {
    let at = one;
    while (this.parent[at] !== at) at = this.parent[at] ?? 0;
    return at;
  }

  classOf(value: number): number {
    return this.find(this.index(value));
  }

  private unite(a: number, b: number): void {
    if (a !== 0 && b !== 0) this.join(this.index(a), this.index(b));
  }

  private join(a: number, b: number): void {
    const [from, to] = [this.find(a), this.find(b)];
    if (from === to) return;
    this.parent[from] = to;
    const moved = this.contents.get(from);
    if (moved === undefined) return;
    const into = this.contents.get(to) ?? new Set<number>();
    for (const one of moved) into.add(one);
    this.contents.set(to, into);
  }

  private contain(container: number, inside: number): void {
    if (container === 0 || inside === 0) return;
    const of = this.classOf(container);
    const set = this.contents.get(of) ?? new Set<number>();
    set.add(this.classOf(inside));
    this.contents.set(of, set);
  }

  private insideOf(container: number): Set<number> {
    return new Set(
      [...(this.contents.get(this.classOf(container)) ?? [])].map((one) => this.find(one)),
    );
  }

  /** All values that may be the container, or contain it, at any depth. */
  aroundOf(container: number): readonly number[] {
    const own = this.classOf(container);
    const known = this.around.get(own) ?? this.findAround(own);
    this.around.set(own, known);
    return known;
  }

  private findAround(own: number): number[] {
    const classes = new Set([own]);
    for (let size = 0; size !== classes.size; ) {
      size = classes.size;
      for (const [of, inside] of this.contents) {
        if ([...inside].some((one) => classes.has(this.find(one)))) classes.add(this.find(of));
      }
    }
    const { nArguments, nStatements } = this.method;
    const found: number[] = [];
    for (let k = 1; k <= nArguments; k++) if (classes.has(this.classOf(-k))) found.push(-k);
    for (let p = 1; p <= nStatements; p++) if (classes.has(this.classOf(p))) found.push(p);
    return found;
  }

  /** Whether every object that the value may be was made in the method. */
  isLocal(value: number): boolean {
    const own = this.classOf(value);
    const known = this.local.get(own) ?? this.findLocal(own);
    this.local.set(own, known);
    return known;
  }

  private findLocal(own: number): boolean {
    const { method } = this;
    for (let k = 1; k <= method.nArguments; k++) if (this.classOf(-k) === own) return false;
    return method.statements.every((statement, index) => {
      if (this.classOf(index + 1) !== own) return true;
      const isCopy = copySources(method, statement).length > 0 && !hasGlobal(method, statement);
      const isMade = containers.has(statement.kind) || builtinName(statement) === "tuple";
      const isLoad = /^(?:getfield|setfield!|memoryrefnew|memorynew)$/.test(builtinName(statement));
      return isCopy || isMade || isLoad || statement.type === null;
    });
  }
}

/** Whether a copy may be of a global. */
function hasGlobal(_method: Method, { operands, kind }: Statement): boolean {
  if (kind === "call") return false;
  return operands.some((one) => one.kind === "global" && one.text !== "nothing");
}

/** A type's key, for comparison with an instance's. */
export function keyOfType(text: string): string {
  return typeKey(text);
}
