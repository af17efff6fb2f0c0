// Makes random IR methods as text: branches, loops of all kinds, handlers of all generations, φ nodes,
// containers, closures, locks, weak references, calls with and without bodies. Well formed by making:
// a value is offered only where it is defined on every path.

import type { Random } from "../random.ts";
import { Builder, type Generation, type Label, type PendingPhi, type Val } from "./builder.ts";
import { callees, types } from "./callees.ts";
import { enter, leave, lookAtException, type Region, rethrow, returnOut } from "./handlers.ts";
import { makers } from "./makers.ts";
import { addPieces } from "./statements.ts";
import { unusualBodies } from "./unusual-bodies.ts";

/** Types that φ nodes are made of. */
const merged = ["Int64", "Counted", "Bool"];

class Generator {
  private readonly builder: Builder;
  private readonly random: Random;
  /** Open `finally` regions, the inner ones last, out of which a path may return. */
  private readonly regions: Region[] = [];
  /** Pieces that may still be made. */
  private budget: number;

  constructor(builder: Builder, random: Random, budget: number) {
    this.builder = builder;
    this.random = random;
    this.budget = budget;
  }

  sequence(depth: number): void {
    const { random, builder } = this;
    for (let n = 1 + random.below(3); n > 0 && this.budget > 0; n--) {
      const count = 1 + random.below(4);
      this.budget -= count;
      addPieces(builder, random, count);
      if (depth > 0 && this.budget > 0 && !random.oneIn(4)) this.compound(depth - 1);
    }
  }

  private compound(depth: number): void {
    const { random } = this;
    switch (random.below(11)) {
      case 0:
      case 1:
      case 2:
        this.branch(depth);
        break;
      case 3:
      case 4:
        this.whileLoop(depth);
        break;
      case 5:
        this.untilLoop(depth);
        break;
      case 6:
        this.irreducible(depth);
        break;
      case 7:
        this.guarded(depth);
        break;
      case 8:
        this.cleanedUp(depth);
        break;
      case 9:
        this.lockedBranch(depth);
        break;
      default:
        this.exit(depth);
    }
  }

  private condition(): Val | string {
    return this.builder.some(this.random, "Bool");
  }

  /** Runs `act` with a scope of its own, and gives back what was visible at its end. */
  private scoped(act: () => void): Val[] {
    const { builder } = this;
    const outer = [...builder.scope];
    act();
    const inner = builder.scope;
    builder.scope = outer;
    return inner;
  }

  private branch(depth: number): void {
    const { builder, random } = this;
    const otherwise: Label = { block: null };
    const join: Label = { block: null };
    builder.end("goto ", otherwise, " if not ", this.condition());
    builder.startBlock();
    const thenScope = this.scoped(() => this.sequence(depth));
    const thenEnd = builder.end("goto ", join);
    builder.startBlock(otherwise);
    const elseScope = this.scoped(() => {
      if (!random.oneIn(3)) this.sequence(depth);
    });
    const elseEnd = builder.end("goto ", join);
    builder.startBlock(join);
    for (const type of merged) {
      if (random.oneIn(2)) continue;
      const a = this.pickFrom(thenScope, type);
      const b = this.pickFrom(elseScope, type);
      if (a === null || b === null) continue;
      builder.phi(type, [
        { from: thenEnd, value: a },
        { from: elseEnd, value: b },
      ]);
    }
  }

  /** A lock that one arm lets go before its work, the other behind it. */
  private lockedBranch(depth: number): void {
    const { builder } = this;
    const [otherwise, join]: [Label, Label] = [{ block: null }, { block: null }];
    const call = (name: string): void => {
      builder.call("invoke", "Nothing", `Main.${name}(Main.LOCK::ReentrantLock)`);
    };
    call("lock");
    builder.end("goto ", otherwise, " if not ", this.condition());
    builder.startBlock();
    call("unlock");
    this.scoped(() => this.sequence(Math.min(depth, 0)));
    builder.end("goto ", join);
    builder.startBlock(otherwise);
    this.scoped(() => this.sequence(Math.min(depth, 0)));
    call("unlock");
    builder.end("goto ", join);
    builder.startBlock(join);
  }

  private pickFrom(scope: readonly Val[], type: string): Val | null {
    const fitting = scope.filter((one) => one.type === type);
    return fitting.length === 0 ? null : this.random.pick(fitting);
  }

  /** φ nodes at a loop's head: a counter that ends the loop, and sometimes an object that is carried. */
  private loopHead(from: Builder["block"]): { counter: Val; pending: PendingPhi[] } {
    const { builder, random } = this;
    const counter = builder.phi("Int64", [{ from, value: "0" }]);
    const pending = [counter];
    const object = this.pickFrom(builder.scope, "Counted");
    if (object !== null && random.oneIn(2)) {
      pending.push(builder.phi("Counted", [{ from, value: object }]));
    }
    return { counter: counter.value, pending };
  }

  /** Values for the way back to the head. */
  private closeLoop(
    pending: readonly PendingPhi[],
    back: Builder["block"],
    next: Val,
    scope: readonly Val[],
  ): void {
    const [counter, ...others] = pending;
    counter?.edges.push({ from: back, value: next });
    for (const one of others) {
      one.edges.push({ from: back, value: this.pickFrom(scope, one.value.type) ?? one.value });
    }
  }

  private step(counter: Val): Val {
    return this.builder.call("intrinsic", "Int64", "Base.add_int(", counter, ", 1)");
  }

  /** Tested at the top; without an end one time in ten. */
  private whileLoop(depth: number): void {
    const { builder, random } = this;
    const head: Label = { block: null };
    const exit: Label = { block: null };
    const before = builder.end("goto ", head);
    builder.startBlock(head);
    const { counter, pending } = this.loopHead(before);
    const limit = random.oneIn(3) ? "_3" : `${1 + random.below(4)}`;
    const isEndless = random.oneIn(10);
    const test = builder.call("intrinsic", "Bool", "Base.slt_int(", counter, `, ${limit})`);
    builder.end("goto ", exit, " if not ", isEndless ? "true" : test);
    builder.startBlock();
    let next = counter;
    const scope = this.scoped(() => {
      this.sequence(depth);
      next = this.step(counter);
    });
    this.closeLoop(pending, builder.end("goto ", head), next, scope);
    builder.startBlock(exit);
  }

  /** Tested at the bottom, with a way out in the middle. */
  private untilLoop(depth: number): void {
    const { builder, random } = this;
    const head: Label = { block: null };
    const exit: Label = { block: null };
    const before = builder.end("goto ", head);
    builder.startBlock(head);
    const { counter, pending } = this.loopHead(before);
    let next = counter;
    const kept = [...builder.scope];
    this.sequence(depth);
    if (random.oneIn(2)) {
      builder.end("goto ", exit, " if not ", this.condition());
      builder.startBlock();
      this.sequence(depth);
    }
    next = this.step(counter);
    const test = builder.call(
      "intrinsic",
      "Bool",
      "Base.slt_int(",
      next,
      `, ${1 + random.below(3)})`,
    );
    builder.end("goto ", exit, " if not ", test);
    builder.startBlock();
    this.closeLoop(pending, builder.end("goto ", head), next, builder.scope);
    builder.scope = kept;
    builder.startBlock(exit);
  }

  /** Two blocks that jump to each other and are both entered from outside. */
  private irreducible(depth: number): void {
    const { builder } = this;
    const [left, right, exit]: [Label, Label, Label] = [
      { block: null },
      { block: null },
      { block: null },
    ];
    const before = builder.end("goto ", right, " if not ", this.condition());
    const kept = [...builder.scope];
    builder.startBlock(left);
    const a = builder.phi("Int64", [{ from: before, value: "0" }]);
    this.sequence(Math.min(depth, 0));
    const aNext = this.step(a.value);
    const aTest = builder.call("intrinsic", "Bool", "Base.slt_int(", aNext, ", 5)");
    builder.end("goto ", exit, " if not ", aTest);
    builder.startBlock();
    const aEnd = builder.end("goto ", right);
    builder.scope = [...kept];
    builder.startBlock(right);
    const b = builder.phi("Int64", [
      { from: before, value: "1" },
      { from: aEnd, value: aNext },
    ]);
    this.sequence(Math.min(depth, 0));
    const bNext = this.step(b.value);
    const bTest = builder.call("intrinsic", "Bool", "Base.slt_int(", bNext, ", 6)");
    builder.end("goto ", exit, " if not ", bTest);
    builder.startBlock();
    a.edges.push({ from: builder.end("goto ", left), value: bNext });
    builder.scope = kept;
    builder.startBlock(exit);
  }

  /** A `try` with its handler; an object may come to the handler through ϒ and φᶜ nodes. */
  private guarded(depth: number): void {
    const { builder, random } = this;
    const [handler, join]: [Label, Label] = [{ block: null }, { block: null }];
    const isOld = builder.generation === "1.10";
    const carried = this.pickFrom(builder.scope, "Counted");
    const slots: Val[] = [];
    if (carried !== null) slots.push(builder.add("Counted", "ϒ (", carried, ")"));
    const enter = isOld
      ? builder.add(null, "$(Expr(:enter, ", handler, "))")
      : builder.add(null, "enter ", handler);
    builder.block.isEnded = true;
    builder.startBlock();
    const bodyScope = this.scoped(() => {
      this.sequence(depth);
      const other = this.pickFrom(builder.scope, "Counted");
      if (carried !== null && other !== null && random.oneIn(2)) {
        slots.push(builder.add("Counted", "ϒ (", other, ")"));
        addPieces(builder, random, 1 + random.below(2));
      }
    });
    if (isOld) builder.end("$(Expr(:leave, 1))");
    else builder.end("$(Expr(:leave, :(", enter, ")))");
    builder.startBlock();
    const tryEnd = builder.end("goto ", join);
    builder.startBlock(handler);
    const handlerScope = this.scoped(() => {
      if (slots.length > 0) this.readSlots(slots);
      if (isOld) {
        builder.end("$(Expr(:leave, 1))");
        builder.startBlock();
      }
      this.sequence(Math.min(depth, 1));
    });
    builder.add("Any", "$(Expr(:pop_exception, :(", enter, ")))");
    const catchEnd = builder.end("goto ", join);
    builder.startBlock(join);
    const a = this.pickFrom(bodyScope, "Counted");
    const b = this.pickFrom(handlerScope, "Counted");
    if (a === null || b === null || random.oneIn(3)) return;
    builder.phi("Counted", [
      { from: tryEnd, value: a },
      { from: catchEnd, value: b },
    ]);
  }

  /** `try … finally`: the same pieces behind the body and in the handler, which throws on. */
  private cleanedUp(depth: number): void {
    const { builder, random } = this;
    const object = this.pickFrom(builder.scope, "Counted");
    const slot = object === null ? null : builder.add("Counted", "ϒ (", object, ")");
    const region = enter(builder);
    this.regions.push(region);
    const outer = [...builder.scope];
    this.sequence(depth);
    if (random.oneIn(2)) returnOut(builder, random, this.regions, this.condition());
    if (random.oneIn(2)) this.sequence(Math.min(depth, 1));
    this.regions.pop();
    builder.scope = outer;
    leave(builder, [region]);
    const use = (one: Val): Val =>
      builder.call("invoke", "Nothing", "Main.use_quiet(", one, "::Any)");
    if (object !== null) use(object);
    const join: Label = { block: null };
    builder.end("goto ", join);
    builder.startBlock(region.handler);
    this.scoped(() => {
      if (slot !== null) this.readSlots([slot]);
      const caught = slot === null ? null : (builder.scope.at(-1) ?? null);
      if (builder.generation === "1.10") leave(builder, [region]);
      if (random.oneIn(2)) lookAtException(builder);
      if (caught !== null) use(caught);
      if (random.oneIn(3)) addPieces(builder, random, 1);
      rethrow(builder);
    });
    builder.startBlock(join);
  }

  private readSlots(slots: readonly Val[]): void {
    const parts = slots.flatMap((one, index) => (index === 0 ? [one] : [", ", one]));
    this.builder.scope.push(this.builder.add("Counted", "φᶜ (", ...parts, ")"));
  }

  /** A path that leaves: by `return`, by an error, or by throwing an object. */
  private exit(depth: number): void {
    const { builder, random } = this;
    const behind: Label = { block: null };
    builder.end("goto ", behind, " if not ", this.condition());
    builder.startBlock();
    this.scoped(() => {
      if (depth > 0) addPieces(builder, random, random.below(3));
      this.leave();
    });
    builder.startBlock(behind);
  }

  private leave(): void {
    const { builder, random } = this;
    const object = this.pickFrom(builder.scope, "Counted");
    if (random.oneIn(2)) {
      builder.end(
        "return ",
        random.oneIn(3) && object !== null ? object : builder.some(random, "Int64"),
      );
      return;
    }
    if (object !== null && random.oneIn(3))
      builder.call("builtin", "Union{}", "Core.throw(", object, ")");
    else builder.call("invoke", "Union{}", 'Main.error("bad"::String)');
    builder.end("unreachable");
  }

  /** One piece of program after another, until all that may be made is made. */
  fill(depth: number): void {
    while (this.budget > 0) {
      const outer = [...this.builder.scope];
      this.sequence(depth);
      // Old objects end here, or all would be alive to the end.
      this.builder.scope = outer;
    }
  }

  finish(): void {
    const { builder, random } = this;
    const object = this.pickFrom(builder.scope, "Counted");
    builder.end(
      "return ",
      object !== null && random.oneIn(8) ? object : builder.some(random, "Int64"),
    );
  }
}

/**
 * A random method `fuzzed(::Int64, ::Int64, ::Bool)`, without its callees: pieces that nest, up to `size`
 * of them; where `isLong`, `size` of them one after another.
 */
export function generateMethod(random: Random, size = 24, isLong = false): string {
  const generations: readonly Generation[] = ["1.10", "1.11", "1.13", "1.13"];
  const builder = new Builder(random.pick(generations));
  builder.scope.push(
    { type: "Int64", name: "_2" },
    { type: "Int64", name: "_3" },
    { type: "Bool", name: "_4" },
  );
  const generator = new Generator(builder, random, size);
  if (isLong) generator.fill(3);
  else generator.sequence(3);
  generator.finish();
  return `MethodInstance for fuzzed(::Int64, ::Int64, ::Bool)
  from fuzzed(x::Int64, n::Int64, c::Bool) @ Main fuzz.jl:1
${types}
CodeInfo(
${builder.text()}
) => Any
`;
}

/** A random method with all that it calls. */
export function generate(random: Random, size = 24): string {
  return `${generateMethod(random, size)}\n${[callees, makers, unusualBodies].join("\n")}`;
}
