// What one statement does to the flags of the followed object: which values become its names, and where it
// goes out of sight.

import { blockWithLabel, eachOperand, type Method, operandValue } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import type { Layouts } from "../layout.ts";
import { Aliases, builtinName, contentsOf, copySources, loadSource, storeOf } from "./alias.ts";
import { isBits, isBitsKey, typeOfStatement } from "./bits.ts";
import type { CaptureTable } from "./capture.ts";
import { holds, may, reach, type State } from "./state.ts";

/** Facts of one method that do not change along a path. */
export class Flow {
  readonly method: Method;
  readonly aliases: Aliases;
  private readonly layouts: Layouts;
  private readonly captures: CaptureTable;

  constructor(method: Method, layouts: Layouts, captures: CaptureTable) {
    this.method = method;
    this.layouts = layouts;
    this.captures = captures;
    this.aliases = new Aliases(method, layouts);
  }

  index(value: number): number {
    return value > 0 ? value + this.method.nArguments : -value;
  }

  flag(state: State, value: number): number {
    return value === 0 ? 0 : (state.flags[this.index(value)] ?? 0);
  }

  set(state: State, value: number, flags: number): void {
    state.flags[this.index(value)] = flags;
  }

  /** Flags of the statement's operands together. */
  operandFlags(state: State, statement: Statement): number {
    let flags = 0;
    eachOperand(statement, (operand) => {
      flags |= this.flag(state, operandValue(this.method, operand));
    });
    return flags;
  }

  /** φ nodes take their values at once, from the block that control comes from. */
  enter(state: State, from: number, phis: readonly number[]): void {
    const { method } = this;
    const taken = phis.map((position) => {
      const statement = method.statements[position - 1];
      const edge = statement?.blocks.findIndex(
        ({ label }) => blockWithLabel(method, label) === from,
      );
      const operand = edge === undefined ? undefined : statement?.operands[edge];
      return operand === undefined ? 0 : this.flag(state, operandValue(method, operand));
    });
    phis.forEach((position, index) => {
      this.set(state, position, taken[index] ?? 0);
    });
  }

  /** The flags that the statement's value has. */
  result(state: State, statement: Statement, instanceType: string): number {
    const { method } = this;
    const sources = copySources(method, statement).map((one) => this.flag(state, one));
    if (sources.length === 1) return sources[0] ?? 0;
    if (sources.length > 1) {
      if (statement.kind === "phic") return sources.reduce((a, b) => a | b, 0);
      const all = sources.reduce((a, b) => a & b, holds);
      const any = sources.reduce((a, b) => a | b, 0);
      return all === holds || any === 0 ? any : (any & reach) | may;
    }
    if (contentsOf(method, statement).some((one) => this.flag(state, one) !== 0)) return reach;
    const name = builtinName(statement);
    if (/^(?:getfield|memoryrefget|arrayref|swapfield!)$/.test(name)) {
      return this.loaded(state, statement, instanceType);
    }
    const isCall =
      statement.kind === "invoke" || (statement.kind === "call" && isUnknownCall(name));
    return isCall ? this.returned(state, statement, instanceType) : 0;
  }

  /** What a load gives: the field of a new immutable object exactly, of others whatever may be inside. */
  private loaded(state: State, statement: Statement, instanceType: string): number {
    const { method } = this;
    const containers = statement.operands.map((one) => this.flag(state, operandValue(method, one)));
    if (!containers.some((flags) => (flags & (reach | may)) !== 0)) return 0;
    if (isBits(method, statement)) return 0;
    const source = loadSource(method, statement, this.layouts);
    if (source !== null && this.flag(state, source) !== 0) return this.flag(state, source);
    if (source === 0) return 0;
    return this.inside(statement, instanceType);
  }

  /** Some part of a container, which may be the object where its type allows that. */
  private inside(statement: Statement, instanceType: string): number {
    const type = typeOfStatement(this.method, statement);
    if (isBitsKey(type)) return 0;
    const isOther = type !== instanceType && type !== "" && this.layouts.isKnown(type);
    return isOther ? reach : may | reach;
  }

  private returned(state: State, statement: Statement, instanceType: string): number {
    const { method } = this;
    if (isBits(method, statement)) return 0;
    let flags = 0;
    statement.operands.forEach((operand, index) => {
      const own = this.flag(state, operandValue(method, operand));
      if (own === 0) return;
      const { returns } = this.captures.ofCall(method, statement, index);
      if (returns === "always") flags |= own;
      else if (returns === "may") flags |= this.inside(statement, instanceType);
    });
    return flags;
  }

  /**
   * Puts the object into containers, and says whether it got out: 0 no, 1 perhaps, 2 yes.
   *
   * @param isThrown whether the statement is left by an exception, which may hold the object
   */
  effects(state: State, statement: Statement, isThrown = false): number {
    const { method } = this;
    const store = storeOf(method, statement);
    if (store !== null) {
      if (this.flag(state, store.value) === 0) return 0;
      // What is stored in itself is kept by nobody else.
      if (store.value === store.container) return 0;
      if (store.isGlobal || !this.aliases.isLocal(store.container)) return 2;
      for (const one of this.aliases.aroundOf(store.container)) {
        const own = this.flag(state, one);
        if ((own & holds) === 0) this.set(state, one, own | reach);
      }
      return 0;
    }
    return this.kept(state, statement, isThrown);
  }

  /** Whether the call at `position`, which makes the object, keeps it: 0 no, 1 perhaps, 2 yes. */
  keptByMaker(position: number): number {
    const statement = this.method.statements[position - 1];
    if (statement?.kind !== "invoke") return 0;
    const keeps = this.captures.keepsResult(this.method, statement);
    return keeps === "never" ? 0 : keeps === "may" ? 2 : 1;
  }

  /** Whether a call keeps the object. */
  private kept(state: State, statement: Statement, isThrown: boolean): number {
    const { method } = this;
    const name = builtinName(statement);
    if (name === "setglobal!") return this.operandFlags(state, statement) === 0 ? 0 : 2;
    if (statement.kind === "new" && typeOfStatement(method, statement) === "WeakRef") {
      return this.operandFlags(state, statement) === 0 ? 0 : 2;
    }
    if (statement.kind === "foreigncall") return this.keptByC(state, statement);
    if (statement.kind !== "invoke" && !(statement.kind === "call" && isUnknownCall(name)))
      return 0;
    let kept = 0;
    statement.operands.forEach((operand, index) => {
      if (this.flag(state, operandValue(method, operand)) === 0) return;
      const { keeps, throws } = this.captures.ofCall(method, statement, index);
      if (isThrown && throws === true) kept = 2;
      if (keeps !== "never") kept = Math.max(kept, keeps === "may" ? 2 : 1);
    });
    return kept;
  }

  /** C functions that memory is handed to keep nothing; others may keep what is no plain bits. */
  private keptByC(state: State, { operands }: Statement): number {
    const name = operands[0]?.text ?? "";
    if (/^(?:malloc|calloc|free|mem\w+|jl_.*finalizer\w*|jl_finalize\w*)$/.test(name)) return 0;
    const count = operands[2]?.children.length ?? 0;
    const args = operands.slice(5, 5 + count);
    const isGiven = args.some((one) => this.flag(state, operandValue(this.method, one)) !== 0);
    if (!isGiven) return 0;
    return /weakref/.test(name) ? 2 : 1;
  }
}

/** Whether a call is of no builtin whose meaning is known. */
export function isUnknownCall(name: string): boolean {
  return !(
    known.has(name) ||
    /_(?:int|float|llvm|ptr|sint|uint)(?:_fast)?$|^bitcast$|^[su]itofp$|^pointer/.test(name)
  );
}

const known: ReadonlySet<string> = new Set(
  (
    "getfield setfield! swapfield! isdefined === isa typeof ifelse typeassert tuple svec throw " +
    "donotdelete compilerbarrier sizeof nfields finalizer finalize memorynew memoryrefnew " +
    "memoryrefget memoryrefset! memoryrefoffset arrayref arrayset arraysize arraylen setglobal! " +
    "getglobal apply_type <:"
  ).split(" "),
);
