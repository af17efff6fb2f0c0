// What one statement does to the flags of the followed object: which values become its names, and where it
// goes out of sight.

import { blockWithLabel, type Method, operandValue } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import type { Layouts } from "../layout.ts";
import { Aliases } from "./alias.ts";
import { isBitsKey } from "./bits.ts";
import type { CaptureTable } from "./capture.ts";
import { type Shape, Shapes } from "./shape.ts";
import { holds, may, reach, type State } from "./state.ts";

/** Facts of one method that do not change along a path. */
export class Flow {
  readonly method: Method;
  readonly aliases: Aliases;
  private readonly layouts: Layouts;
  private readonly captures: CaptureTable;
  private readonly shapes: Shapes;

  constructor(method: Method, layouts: Layouts, captures: CaptureTable) {
    this.method = method;
    this.layouts = layouts;
    this.captures = captures;
    this.aliases = new Aliases(method, layouts);
    this.shapes = new Shapes(method, layouts);
  }

  shape(statement: Statement, position: number): Shape {
    return this.shapes.of(statement, position);
  }

  index(value: number): number {
    return value > 0 ? value + this.method.nArguments : -value;
  }

  flag(state: State, value: number): number {
    return value === 0 ? 0 : state.get(this.index(value));
  }

  set(state: State, value: number, flags: number): void {
    state.set(this.index(value), flags);
  }

  /** Flags of the statement's operands together. */
  operandFlags(state: State, { operands }: Shape): number {
    let flags = 0;
    for (const value of operands) flags |= this.flag(state, value);
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

  /** The flags that the statement's value has; none where no operand has any. */
  result(state: State, shape: Shape, instanceType: string): number {
    const { sources, statement } = shape;
    if (sources.length === 1) return this.flag(state, sources[0] ?? 0);
    if (sources.length > 1) {
      let all = holds;
      let any = 0;
      for (const one of sources) {
        const flags = this.flag(state, one);
        all &= flags;
        any |= flags;
      }
      if (statement.kind === "phic") return any;
      return all === holds || any === 0 ? any : (any & reach) | may;
    }
    if (shape.contents.some((one) => this.flag(state, one) !== 0)) return reach;
    if (shape.isLoad) return this.loaded(state, shape, instanceType);
    return shape.isCall ? this.returned(state, shape, instanceType) : 0;
  }

  /** What a load gives: the field of a new immutable object exactly, of others whatever may be inside. */
  private loaded(state: State, shape: Shape, instanceType: string): number {
    const isContainer = (value: number): boolean => (this.flag(state, value) & (reach | may)) !== 0;
    if (shape.isBits || !shape.values.some(isContainer)) return 0;
    const source = shape.loads;
    if (source !== null && this.flag(state, source) !== 0) return this.flag(state, source);
    if (source === 0) return 0;
    return this.inside(shape, instanceType);
  }

  /** Some part of a container, which may be the object where its type allows that. */
  private inside({ type }: Shape, instanceType: string): number {
    if (isBitsKey(type)) return 0;
    const isOther = type !== instanceType && type !== "" && this.layouts.isKnown(type);
    return isOther ? reach : may | reach;
  }

  private returned(state: State, shape: Shape, instanceType: string): number {
    if (shape.isBits) return 0;
    let flags = 0;
    shape.values.forEach((value, index) => {
      const own = this.flag(state, value);
      if (own === 0) return;
      const { returns } = this.captures.ofCall(this.method, shape.statement, index);
      if (returns === "always") flags |= own;
      else if (returns === "may") flags |= this.inside(shape, instanceType);
    });
    return flags;
  }

  /**
   * Puts the object into containers, and says whether it got out: 0 no, 1 perhaps, 2 yes.
   *
   * @param isThrown whether the statement is left by an exception, which may hold the object
   */
  effects(state: State, shape: Shape, isThrown = false): number {
    const { store } = shape;
    if (store === null) return this.kept(state, shape, isThrown);
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

  /** Whether the call at `position`, which makes the object, keeps it: 0 no, 1 perhaps, 2 yes. */
  keptByMaker(position: number): number {
    const statement = this.method.statements[position - 1];
    if (statement?.kind !== "invoke") return 0;
    const keeps = this.captures.keepsResult(this.method, statement);
    return keeps === "never" ? 0 : keeps === "may" ? 2 : 1;
  }

  /** Whether a call keeps the object. */
  private kept(state: State, shape: Shape, isThrown: boolean): number {
    const { statement } = shape;
    const isWeak = statement.kind === "new" && shape.type === "WeakRef";
    if (shape.name === "setglobal!" || isWeak) {
      return this.operandFlags(state, shape) === 0 ? 0 : 2;
    }
    if (statement.kind === "foreigncall") return this.keptByC(state, shape);
    if (!shape.isCall) return 0;
    let kept = 0;
    shape.values.forEach((value, index) => {
      if (this.flag(state, value) === 0) return;
      const { keeps, throws } = this.captures.ofCall(this.method, statement, index);
      if (isThrown && throws === true) kept = 2;
      if (keeps !== "never") kept = Math.max(kept, keeps === "may" ? 2 : 1);
    });
    return kept;
  }

  /** C functions that memory is handed to keep nothing; others may keep what is no plain bits. */
  private keptByC(state: State, { statement: { operands }, values }: Shape): number {
    const name = operands[0]?.text ?? "";
    if (/^(?:malloc|calloc|free|mem\w+|jl_.*finalizer\w*|jl_finalize\w*)$/.test(name)) return 0;
    const count = operands[2]?.children.length ?? 0;
    if (!values.slice(5, 5 + count).some((value) => this.flag(state, value) !== 0)) return 0;
    return /weakref/.test(name) ? 2 : 1;
  }
}
