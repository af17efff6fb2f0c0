// Julia's escape analysis of one method: flow-insensitive, backward over the statements, to a fixed
// point. It reproduces the compiler's own answers, imprecision included; what it does not know it
// takes for an escape. Every raise of a value remembers the statement that caused it, for `explain`.
// Source: Compiler/src/ssair/EscapeAnalysis.jl (`analyze_escapes`); spec escape-analysis.md §3–7.

import { type Body, type BodyStatement, globalValue, indexOfValue, type Value } from "../body.ts";
import { AliasSet } from "./alias-set.ts";
import {
  type AliasInfo,
  addLiveness,
  allFields,
  argumentEscape,
  bottom,
  calleeEscapeAt,
  type EscapeInfo,
  emptyFields,
  emptyUnindexable,
  equal,
  type FieldAccesses,
  hasAllEscape,
  isBottom,
  isThrownAnywhere,
  isTop,
  join,
  returnEscapeAt,
  thrownEscapeAt,
  top,
  withAccess,
  withoutAlias,
} from "./lattice.ts";

/** The result: one piece of information per argument and statement, and the alias classes. */
export interface EscapeState {
  readonly nArguments: number;
  readonly infos: readonly EscapeInfo[];
  readonly aliases: AliasSet;
  /** By value index: the statement at which the value first became ⊤; 0 where it is not. */
  readonly causes: Int32Array;
}

type Change =
  | {
      readonly kind: "escape";
      readonly index: number;
      readonly info: EscapeInfo;
      /** The statement to blame. */
      readonly cause: number;
    }
  | { readonly kind: "live"; readonly index: number; readonly position: number }
  | { readonly kind: "alias"; readonly index: number; readonly other: number };

/** Analyses `body`. Rounds are bounded by the lattice's height; each is linear in the statements. */
export function analyseEscapes(body: Body): EscapeState {
  return new Analysis(body).run();
}

/** What is known of `value`; null for constants and globals, which are not tracked. */
export function escapeOf(state: EscapeState, value: Value): EscapeInfo | null {
  const index = indexOfValue(state.nArguments, value);
  return index < 0 ? null : (state.infos[index] ?? null);
}

/** The statement that first let `value` escape everywhere; 0 where none did. */
export function causeOf(state: EscapeState, value: Value): number {
  const index = indexOfValue(state.nArguments, value);
  return index < 0 ? 0 : (state.causes[index] ?? 0);
}

/** Other values that may be the same object as `value`; null where there are none. */
export function aliasesOf(state: EscapeState, value: Value): readonly Value[] | null {
  const index = indexOfValue(state.nArguments, value);
  if (index < 0) return null;
  const members = state.aliases.members(index);
  if (members === null) return null;
  return members.map((one) => (one < state.nArguments ? -(one + 1) : one - state.nArguments + 1));
}

class Analysis {
  private readonly body: Body;
  private readonly n: number;
  private readonly infos: EscapeInfo[];
  private readonly aliasSet: AliasSet;
  private readonly causes: Int32Array;
  private readonly tryRegions: (readonly [number, number])[] = [];
  private changes: Change[] = [];
  /** Alias changes go first; they are collected apart and put in front, last one foremost. */
  private position = 0;

  constructor(body: Body) {
    this.body = body;
    this.n = body.nArguments;
    const size = this.n + body.statements.length;
    this.infos = new Array<EscapeInfo>(size).fill(bottom);
    this.infos.fill(argumentEscape, 0, this.n);
    this.aliasSet = new AliasSet(size);
    this.causes = new Int32Array(size);
    body.statements.forEach((statement, index) => {
      if (statement.kind === "enter" && statement.handler > 0) {
        this.tryRegions.push([index + 1, statement.handler]);
      }
    });
  }

  run(): EscapeState {
    const { statements } = this.body;
    for (let changed = true; changed; ) {
      changed = false;
      for (let position = statements.length; position >= 1; position--) {
        const statement = statements[position - 1];
        if (statement === undefined) continue;
        this.position = position;
        this.transfer(statement, position);
        if (this.changes.length > 0 && this.apply()) changed = true;
      }
      if (this.tryRegions.length > 0) this.escapeExceptions();
    }
    return { nArguments: this.n, infos: this.infos, aliases: this.aliasSet, causes: this.causes };
  }

  private apply(): boolean {
    let changed = false;
    const { changes } = this;
    this.changes = [];
    for (const change of changes) {
      if (change.kind === "escape") {
        if (this.raise(change.index, change.info, change.cause)) changed = true;
        const members = this.aliasSet.members(change.index);
        if (members !== null)
          for (const one of members) if (this.raise(one, change.info, change.cause)) changed = true;
      } else if (change.kind === "live") {
        const info = this.infos[change.index] ?? bottom;
        const next = addLiveness(info, change.position);
        if (next !== null) {
          this.infos[change.index] = next;
          changed = true;
        }
      } else if (this.aliasSet.unite(change.index, change.other)) changed = true;
    }
    return changed;
  }

  private raise(index: number, by: EscapeInfo, cause: number): boolean {
    const old = this.infos[index] ?? bottom;
    const next = join(old, by);
    if (next === old || equal(old, next)) return false;
    this.infos[index] = next;
    if (this.causes[index] === 0 && hasAllEscape(next)) this.causes[index] = cause;
    return true;
  }

  /** Every value that a handler may see as an exception escapes. Applied with the next statement. */
  private escapeExceptions(): void {
    const isCaught = (position: number): boolean =>
      this.tryRegions.some(([from, to]) => position >= from && position <= to);
    this.infos.forEach((info, index) => {
      if (isTop(info) || info.thrown.size === 0 || this.body.identityFree[index] === 1) return;
      const caught = [...info.thrown].find(isCaught) ?? 0;
      if (caught === 0 && !isThrownAnywhere(info)) return;
      this.changes.push({ kind: "escape", index, info: top, cause: Math.max(caught, 0) });
    });
  }

  // Verbs of spec §3.2.

  private info(value: Value): EscapeInfo {
    return this.infos[indexOfValue(this.n, value)] ?? bottom;
  }

  private escape(value: Value, info: EscapeInfo): void {
    if (isBottom(info)) return;
    const index = indexOfValue(this.n, value);
    if (index < 0 || this.body.identityFree[index] === 1) return;
    this.changes.push({ kind: "escape", index, info, cause: this.position });
  }

  private live(value: Value, position: number): void {
    const index = indexOfValue(this.n, value);
    if (index < 0 || this.body.identityFree[index] === 1) return;
    this.changes.push({ kind: "live", index, position });
  }

  private alias(x: Value, y: Value): void {
    if (x === globalValue) {
      this.escape(y, top);
      return;
    }
    if (y === globalValue) {
      this.escape(x, top);
      return;
    }
    const index = indexOfValue(this.n, x);
    const other = indexOfValue(this.n, y);
    if (index < 0 || other < 0) return;
    if (!this.aliasSet.isAliased(index, other))
      this.changes.unshift({ kind: "alias", index, other });
    const info = join(this.infos[index] ?? bottom, this.infos[other] ?? bottom);
    if (!isBottom(info)) this.changes.push({ kind: "escape", index, info, cause: this.position });
  }

  private thrown(args: readonly Value[], position: number): void {
    const info = thrownEscapeAt(position);
    for (const arg of args) this.escape(arg, info);
  }

  private liveAll(args: readonly Value[], position: number): void {
    for (const arg of args) this.live(arg, position);
  }

  private fallback(args: readonly Value[], position: number): void {
    for (const arg of args) {
      this.escape(arg, thrownEscapeAt(position));
      this.live(arg, position);
    }
  }

  private conservative(args: readonly Value[], position: number): void {
    for (const arg of args) this.escape(arg, top);
    this.escape(position, top);
  }

  private transfer(statement: BodyStatement, position: number): void {
    const { args } = statement;
    switch (statement.kind) {
      case "none":
      case "enter":
        return;
      case "alias":
        for (const arg of args) this.alias(position, arg);
        return;
      case "global":
        this.escape(position, top);
        return;
      case "return":
        for (const arg of args) this.escape(arg, returnEscapeAt(position));
        return;
      case "preserveend":
        this.liveAll(this.body.statements[(args[0] ?? 0) - 1]?.args ?? [], position);
        return;
      case "conservative":
      case "call":
        this.conservative(args, position);
        return;
      case "intrinsic":
        this.afterCall(statement, position);
        return;
      case "builtin":
        this.builtin(statement, position);
        return;
      case "new":
        this.storeFields(statement, position);
        if (statement.nothrow !== "yes") this.thrown(args, position);
        return;
      case "foreigncall":
        this.foreigncall(statement, position);
        return;
      case "invoke":
        this.invoke(statement, position);
        return;
    }
  }

  /** What a call does to its arguments when nothing more is known: live, and thrown if it may throw. */
  private afterCall(statement: BodyStatement, position: number): void {
    const args = statement.args.slice(1);
    if (statement.nothrow === "yes") this.liveAll(args, position);
    else this.fallback(args, position);
  }

  private builtin(statement: BodyStatement, position: number): void {
    const { args, name } = statement;
    switch (name) {
      case "isa":
      case "typeof":
      case "sizeof":
      case "===":
      case "donotdelete":
      case "isdefined":
      case "throw":
      case "throw_methoderror":
        break;
      case "ifelse":
        if (args.length === 4) {
          const [, , chosen = 0, other = 0] = args;
          if (statement.condition !== false) this.alias(chosen, position);
          if (statement.condition !== true) this.alias(other, position);
        }
        break;
      case "typeassert":
        if (args.length === 3) this.alias(position, args[1] ?? 0);
        break;
      case "tuple":
        this.storeFields(statement, position);
        if (statement.nothrow !== "yes") this.thrown(args, position);
        break;
      case "getfield":
        this.getfield(statement, position);
        break;
      case "setfield!":
        this.setfield(statement, position);
        return;
      case "finalizer":
        if (this.body.finalizerEscapes) {
          this.conservative(args, position);
          return;
        }
        if (args.length >= 3) this.live(args[2] ?? 0, position);
        break;
      case "arrayref":
        // ≤ 1.10: the element of an array of which nothing is known is the array itself, of any type.
        this.conservative(args, position);
        this.alias(args[2] ?? 0, position);
        return;
      default:
        this.conservative(args, position);
        return;
    }
    this.afterCall(statement, position);
  }

  /** `%new` and `tuple`: the stored values flow to the loads seen so far. */
  private storeFields(statement: BodyStatement, position: number): void {
    const stored = statement.args.slice(1);
    const info = this.info(position);
    let { alias } = info;
    if (alias === "all") {
      for (const arg of stored) {
        this.escape(arg, info);
        this.live(arg, position);
      }
      return;
    }
    if (alias === "none") {
      alias = statement.fieldCount < 0 ? emptyUnindexable() : emptyFields(statement.fieldCount);
    }
    let next: AliasInfo & object = alias;
    const contents = withoutAlias(info);
    stored.forEach((arg, index) => {
      const field = accesses(next, index);
      if (field === null) return;
      this.aliasLoads(arg, field);
      next = withAccess(next, index, "def", position);
      this.escape(arg, contents);
      this.live(arg, position);
    });
    this.escape(position, { ...info, alias: next });
  }

  private aliasLoads(value: Value, field: FieldAccesses): void {
    for (const load of field.uses) this.alias(value, load);
  }

  private getfield(statement: BodyStatement, position: number): void {
    if (statement.args.length < 3) return;
    if (statement.maybeModule) this.escape(position, top);
    const object = statement.args[1] ?? 0;
    if (indexOfValue(this.n, object) < 0) {
      this.escape(position, top);
      return;
    }
    const info = this.info(object);
    if (info.alias === "all") {
      this.alias(object, position);
      return;
    }
    const alias = fieldsFor(info.alias, statement);
    this.escape(object, {
      ...info,
      alias: withAccess(alias, statement.field - 1, "use", position),
    });
  }

  private setfield(statement: BodyStatement, position: number): void {
    const [, object = 0, , value = 0] = statement.args;
    if (statement.args.length < 4) {
      this.fallback(statement.args.slice(1), position);
      return;
    }
    if (indexOfValue(this.n, object) < 0) this.escape(value, top);
    else {
      const info = this.info(object);
      if (info.alias === "all") this.alias(value, object);
      else {
        const alias = fieldsFor(info.alias, statement);
        const field = accesses(alias, statement.field - 1);
        if (field !== null) this.aliasLoads(value, field);
        this.escape(object, {
          ...info,
          alias: withAccess(alias, statement.field - 1, "def", position),
        });
        this.escape(value, withoutAlias(info));
      }
      this.escape(value, this.info(position));
    }
    const args = statement.args.slice(1);
    if (!statement.fieldStoreNothrow) this.thrown(args, position);
    this.liveAll(args, position);
  }

  private foreigncall(statement: BodyStatement, position: number): void {
    const { args, declaredAny } = statement;
    if (args.length < 6) {
      this.conservative(args, position);
      return;
    }
    const thrown = statement.nothrow === "yes" ? bottom : thrownEscapeAt(position);
    const [name = 0] = args;
    this.escape(name, thrown);
    this.live(name, position);
    declaredAny.forEach((isAny, index) => {
      const arg = args[5 + index] ?? 0;
      this.escape(arg, isAny ? top : thrown);
      this.live(arg, position);
    });
    for (const root of args.slice(5 + declaredAny.length)) this.live(root, position);
  }

  private invoke(statement: BodyStatement, position: number): void {
    const { args } = statement;
    this.liveAll(args, position);
    const answer = statement.callee?.escapes ?? "opaque";
    if (answer === "opaque") {
      this.conservative(args, position);
      return;
    }
    if (answer === "simple") {
      for (const arg of args) {
        const index = indexOfValue(this.n, arg);
        if (index >= 0 && this.body.identityFree[index] !== 1) this.alias(position, arg);
      }
      return;
    }
    const info = this.info(position);
    args.forEach((arg, index) => {
      const told = answer.arguments[Math.min(index, answer.arguments.length - 1)];
      if (told === undefined) {
        this.escape(arg, top);
        return;
      }
      this.escape(arg, told.all ? top : calleeEscapeAt(position, told.thrown));
      if (told.return) this.alias(position, arg);
    });
    for (const [a, b] of answer.aliases) this.alias(args[a - 1] ?? 0, args[b - 1] ?? 0);
    this.escape(position, { ...info, alias: "all" });
  }
}

/** The accesses of field `index` (0-based); null beyond the last field. */
function accesses(alias: AliasInfo & object, index: number): FieldAccesses | null {
  return alias.kind === "unindexable" ? alias.field : (alias.fields[index] ?? null);
}

/** Alias information in the form that an access of one constant field, or of any field, needs. */
function fieldsFor(alias: Exclude<AliasInfo, "all">, statement: BodyStatement): AliasInfo & object {
  const isIndexable = statement.fieldCount >= 0 && statement.field > 0;
  if (alias === "none") return isIndexable ? emptyFields(statement.fieldCount) : emptyUnindexable();
  if (alias.kind === "unindexable") return alias;
  if (!isIndexable) return { kind: "unindexable", field: allFields(alias) };
  const missing = statement.fieldCount - alias.fields.length;
  if (missing <= 0) return alias;
  const more = emptyFields(missing);
  return {
    kind: "fields",
    fields: more.kind === "fields" ? [...alias.fields, ...more.fields] : alias.fields,
  };
}
