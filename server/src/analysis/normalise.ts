// What Julia's SROA pass does to a method before it looks at finalizers: loads from immutable
// objects and tuples become the stored value, immutable objects among the roots of a foreigncall
// become their components, and unused statements go. Statement numbers stay as they are; nodes that
// the pass would insert stand behind the last one.
// Source: Compiler/src/ssair/passes.jl (`sroa_pass!`); spec finalizer-inlining.md §3 and §8.

import { type Body, type BodyStatement, indexOfValue, shape, type Value } from "./body.ts";

/** A method after normalisation. */
export interface Normalised {
  readonly body: Body;
  /** By statement position: 1 where the statement was removed. */
  readonly removed: Uint8Array;
  /** By statement position: how often its value is used as an operand. */
  readonly useCounts: Int32Array;
}

/** Normalises `body`; the result shares the statements that did not change. */
export function normalise(body: Body): Normalised {
  return new Normaliser(body).run();
}

/** The shape bits of a value, 0 for constants and globals. */
export function shapeOf(body: Body, value: Value): number {
  const index = indexOfValue(body.nArguments, value);
  return index < 0 ? 0 : (body.shapes[index] ?? 0);
}

/**
 * Follows π nodes and copies from `value` to where it was made, calling `through` for every SSA value
 * that it passes. The result is an SSA value, an argument, or 0 for anything else (`simple_walk`).
 */
export function walkToDefinition(
  statements: readonly BodyStatement[],
  value: Value,
  through: (position: number) => void,
): Value {
  let at = value;
  for (let steps = 0; at > 0 && steps <= statements.length; steps++) {
    const statement = statements[at - 1];
    const isTransparent =
      statement?.kind === "alias" && (statement.name === "pi" || statement.name === "copy");
    if (!isTransparent) return at;
    through(at);
    at = statement.args[0] ?? 0;
  }
  return at;
}

class Normaliser {
  private readonly body: Body;
  private readonly statements: BodyStatement[];
  private readonly identityFree: number[] = [];
  private readonly shapes: number[] = [];
  private readonly liftedPhis = new Map<string, Value>();

  constructor(body: Body) {
    this.body = body;
    this.statements = [...body.statements];
  }

  run(): Normalised {
    const n = this.statements.length;
    for (let position = 1; position <= n; position++) {
      const statement = this.statements[position - 1];
      if (statement === undefined) continue;
      if (statement.kind === "builtin" && statement.name === "getfield")
        this.forward(statement, position);
      else if (statement.kind === "foreigncall") this.replaceRoots(statement, position);
    }
    const body: Body = {
      nArguments: this.body.nArguments,
      statements: this.statements,
      hasUndeclaredNames: this.body.hasUndeclaredNames,
      finalizerEscapes: this.body.finalizerEscapes,
      identityFree: Uint8Array.from([...this.body.identityFree, ...this.identityFree]),
      shapes: Uint8Array.from([...this.body.shapes, ...this.shapes]),
    };
    return { body, ...removeUnused(this.statements) };
  }

  /** `getfield(immutable, constant)` becomes a copy of the stored value. */
  private forward(statement: BodyStatement, position: number): void {
    const object = statement.args[1] ?? 0;
    const bits = shapeOf(this.body, object);
    if (statement.field === 0 || (bits & shape.data) === 0 || (bits & shape.mutable) !== 0) return;
    if ((bits & shape.atomic) !== 0) return;
    const value = this.lift(object, statement.field, position, new Map());
    if (value === null) return;
    const isConstant = value <= 0 && indexOfValue(this.body.nArguments, value) < 0;
    this.statements[position - 1] = {
      ...statement,
      kind: isConstant ? "none" : "alias",
      name: "copy",
      args: [value],
      nothrow: "yes",
      removable: true,
    };
  }

  /**
   * The value that field `field` of `object` holds; null where some path to it does not show the
   * store. φ nodes are lifted: a new φ over the fields of the merged objects.
   */
  private lift(object: Value, field: number, load: number, open: Map<Value, Value>): Value | null {
    const definition = walkToDefinition(this.statements, object, () => {});
    if (definition <= 0) return null;
    const known = open.get(definition);
    if (known !== undefined) return known;
    const made = this.statements[definition - 1];
    if (made === undefined) return null;
    if (isStore(made, this.body, definition)) {
      const stored = made.args[field];
      return stored === undefined ? null : stored;
    }
    if (made.kind !== "alias" || made.name !== "phi") return null;
    return this.liftPhi(made, definition, field, load, open);
  }

  private liftPhi(
    phi: BodyStatement,
    definition: number,
    field: number,
    load: number,
    open: Map<Value, Value>,
  ): Value | null {
    const key = `${definition}.${field}`;
    const lifted = this.liftedPhis.get(key);
    if (lifted !== undefined) return lifted;
    const before = this.statements.length;
    const position = before + 1;
    this.statements.push(phi);
    this.identityFree.push(this.body.identityFree[this.body.nArguments + load - 1] ?? 0);
    this.shapes.push(this.body.shapes[this.body.nArguments + load - 1] ?? 0);
    open.set(definition, position);
    const args: Value[] = [];
    for (const arg of phi.args) {
      const value = this.lift(arg, field, load, open);
      if (value === null) {
        // Undo: some merged object hides its field.
        this.statements.length = before;
        this.identityFree.length = before - this.body.statements.length;
        this.shapes.length = before - this.body.statements.length;
        open.delete(definition);
        for (const [other, made] of this.liftedPhis)
          if (made > before) this.liftedPhis.delete(other);
        return null;
      }
      args.push(value);
    }
    this.statements[before] = { ...phi, args };
    this.liftedPhis.set(key, position);
    return position;
  }

  /** Roots of a foreigncall that are immutable objects are replaced by what they hold. */
  private replaceRoots(statement: BodyStatement, position: number): void {
    const first = 5 + statement.declaredAny.length;
    const roots = statement.args.slice(first);
    const next: Value[] = [];
    let changed = false;
    for (const root of roots) {
      const definition = root > 0 ? walkToDefinition(this.statements, root, () => {}) : 0;
      const made = definition > 0 ? this.statements[definition - 1] : undefined;
      if (made === undefined || !isStore(made, this.body, definition)) {
        next.push(root);
        continue;
      }
      changed = true;
      for (const held of made.args.slice(1)) {
        const index = indexOfValue(this.body.nArguments, held);
        if (index >= 0 && this.body.identityFree[index] !== 1) next.push(held);
      }
    }
    if (!changed) return;
    this.statements[position - 1] = {
      ...statement,
      args: [...statement.args.slice(0, first), ...next],
    };
  }
}

/** A `tuple` call or the `%new` of an immutable struct: its operands are its fields. */
function isStore(made: BodyStatement, body: Body, position: Value): boolean {
  if (made.kind === "builtin") return made.name === "tuple";
  if (made.kind !== "new" || made.name === "splatnew") return false;
  const bits = shapeOf(body, position);
  return (bits & shape.data) !== 0 && (bits & shape.layout) !== 0 && (bits & shape.mutable) === 0;
}

/** Removes unused removable statements until none is left (`simple_dce!`). */
function removeUnused(statements: BodyStatement[]): { removed: Uint8Array; useCounts: Int32Array } {
  const removed = new Uint8Array(statements.length + 1);
  const useCounts = new Int32Array(statements.length + 1);
  for (const statement of statements) {
    for (const arg of statement.args) if (arg > 0) useCounts[arg] = (useCounts[arg] ?? 0) + 1;
  }
  const work: number[] = [];
  statements.forEach((statement, index) => {
    if (statement.removable && useCounts[index + 1] === 0) work.push(index + 1);
  });
  for (let position = work.pop(); position !== undefined; position = work.pop()) {
    const statement = statements[position - 1];
    if (statement === undefined || removed[position] === 1) continue;
    removed[position] = 1;
    statements[position - 1] = { ...statement, kind: "none", name: "removed", args: [] };
    for (const arg of statement.args) {
      if (arg <= 0) continue;
      const count = (useCounts[arg] ?? 0) - 1;
      useCounts[arg] = count;
      if (count === 0 && statements[arg - 1]?.removable === true) work.push(arg);
    }
  }
  return { removed, useCounts };
}
