// What each statement does to one tracked object, in terms of the values that hold it: a small list of
// steps, so that the walk over paths looks at nothing else. A *holder* is a value that may be the object,
// or through which it is reached: a container, a preserve token, or something loaded from a field that
// the finalizer reads (the resource), which must not be used after it.
// Source: spec early-plan.md §2 and §7, escape-analysis.md §5.

import { eachOperand, type Method, operandValue, type Uses } from "../../ir/method.ts";
import type { BodyStatement, Value } from "../body.ts";
import type { ObjectId } from "../heap/heap.ts";
import type { MethodHeap } from "../heap/heap-of.ts";
import type { EscapeEvent } from "../heap/solve.ts";
import type { HeapEvents } from "./frame.ts";
import type { HeapIndex } from "./heap-index.ts";
import { usersOfValue } from "./users.ts";

/** One statement's effect on who holds the object. Masks have a bit for each holder. */
export interface Step {
  readonly position: number;
  /** Holders among which a use is one of the object. */
  readonly uses: bigint;
  /** Bit of the value that the statement defines; 0 where that never holds. */
  readonly defines: bigint;
  /** If one of these holds, the defined value may hold. */
  readonly from: bigint;
  /** If one of these is the object, the defined value is the object. */
  readonly same: bigint;
  /** If one of these holds, everything that can reach the object may hold afterwards. */
  readonly spreads: bigint;
  /** If one of these holds, a pending finalizer of another object may reach the object afterwards. */
  readonly captures: bigint;
  /** Escapes, with the holders by which they happen. */
  readonly escapes: readonly { readonly event: EscapeEvent; readonly by: bigint }[];
  /** Holders on which `finalize` may be called here. */
  readonly finalizes: bigint;
  /** Those on which it is called for sure: not by a callee, which may have paths on which it is not. */
  readonly runs: bigint;
  /** Registrations made here: index in the plan's list, and the holder on which it is made. */
  readonly registers: readonly { readonly index: number; readonly on: bigint }[];
}

/** A φ or φᶜ that may hold the object. */
export interface Join {
  readonly block: number;
  readonly bit: bigint;
  /** Predecessor block → bit of the operand; 0 where that never holds. Empty for a φᶜ. */
  readonly by: ReadonlyMap<number, bigint>;
  /** φᶜ: bits of its ϒ nodes. */
  readonly slots: bigint;
}

export interface Steps {
  readonly holders: readonly Value[];
  readonly bitOf: ReadonlyMap<Value, bigint>;
  /** Bits of the values that may be the object itself. */
  readonly direct: bigint;
  /** Bits of all holders through which the object can be reached, resources left out. */
  readonly reaching: bigint;
  /** Bits of ϒ nodes, which live until a handler reads them. */
  readonly slots: bigint;
  /** Bits of what was put into the object as it was made, and is released with it. */
  readonly initial: bigint;
  /** By statement position. */
  readonly at: ReadonlyMap<number, Step>;
  readonly joins: ReadonlyMap<number, readonly Join[]>;
}

export interface StepInput {
  readonly method: Method;
  readonly heap: MethodHeap;
  readonly uses: Uses;
  readonly events: HeapEvents;
  readonly index: HeapIndex;
  readonly object: ObjectId;
  /** Position of the statement that makes the object. */
  readonly site: number;
  readonly registrations: readonly { readonly position: number; readonly object: Value }[];
  /** What the pending finalizers of other objects reach, those objects included. */
  readonly awaited: ReadonlySet<ObjectId>;
  /** Whether the value loaded at `position` belongs to the resource that the finalizer releases. */
  isResource(position: number): boolean;
  /** Whether the value at `position` is the object wherever it is defined: there is one only. */
  isSame(position: number): boolean;
  /** Values that are put into the object as it is made, and belong to the resource. */
  readonly stored: readonly Value[];
  /** Whether what is made of the value leads on to the resource: a raw pointer, or what may hold one. */
  leadsOn(value: Value): boolean;
  /** Whether a loop that does not contain the definition of the value may run before the use. */
  isBehindLoop(definition: number, use: number): boolean;
}

/** The steps of all statements that matter to the object. Linear in the uses of what holds it. */
export function stepsOf(input: StepInput): Steps {
  return new Maker(input).run();
}

const passing: ReadonlySet<string> = new Set(["bitcast", "add_ptr", "sub_ptr"]);
const arithmetic: ReadonlySet<string> = new Set(["add_int", "sub_int"]);

class Maker {
  private readonly input: StepInput;
  private readonly holders: Value[] = [];
  private readonly bitOf = new Map<Value, bigint>();
  private direct = 0n;
  private resources = 0n;
  private tokens = 0n;
  private slots = 0n;
  private initial = 0n;
  /** Pointers as numbers, on their way to be pointers again. */
  private readonly addresses = new Set<Value>();

  constructor(input: StepInput) {
    this.input = input;
  }

  run(): Steps {
    this.findHolders();
    this.findResources();
    const at = new Map<number, Step>();
    const joins = new Map<number, Join[]>();
    const { escapes } = this.input.events;
    const { statements } = this.input.heap.body;
    for (const position of this.concerned()) {
      const statement = statements[position - 1];
      if (statement === undefined) continue;
      if (statement.name === "phi" || statement.name === "phic") {
        this.join(statement, position, joins);
        continue;
      }
      const step = this.step(statement, position, escapes.get(position));
      if (step !== null) at.set(position, step);
    }
    const all = (1n << BigInt(this.holders.length)) - 1n;
    return {
      holders: this.holders,
      bitOf: this.bitOf,
      direct: this.direct,
      reaching: all & ~this.resources & ~this.tokens,
      slots: this.slots,
      initial: this.initial,
      at,
      joins,
    };
  }

  /** Positions at which a holder is made or used, or something happens, in text order. */
  private concerned(): number[] {
    const { method, uses, events, registrations, object } = this.input;
    const found = new Set<number>(registrations.map(({ position }) => position));
    for (const value of this.holders) {
      if (value > 0) found.add(value);
      for (const position of usersOfValue(method, uses, value)) found.add(position);
    }
    for (const [position, list] of events.escapes)
      if (list.some(({ objects }) => objects.has(object))) found.add(position);
    return [...found].sort((a, b) => a - b);
  }

  private hold(value: Value): bigint {
    let bit = this.bitOf.get(value);
    if (bit === undefined) {
      bit = 1n << BigInt(this.holders.length);
      this.holders.push(value);
      this.bitOf.set(value, bit);
    }
    return bit;
  }

  private bit(value: Value | undefined): bigint {
    return value === undefined ? 0n : (this.bitOf.get(value) ?? 0n);
  }

  private bits(values: readonly Value[]): bigint {
    return values.reduce((mask, value) => mask | this.bit(value), 0n);
  }

  private findHolders(): void {
    const { heap, index, object, site } = this.input;
    this.direct |= this.hold(site);
    for (const value of index.valuesOf([object, ...index.reaching(object)])) {
      const made = this.hold(value);
      if (heap.heap.pointsTo(value).has(object)) this.direct |= made;
      if (heap.body.statements[value - 1]?.name === "upsilon") this.slots |= made;
    }
    for (const position of index.preserves) {
      const isHeld = this.bits(heap.body.statements[position - 1]?.args ?? []) !== 0n;
      if (isHeld) this.tokens |= this.hold(position);
    }
  }

  /** Loads from fields that the finalizer reads; pointers are followed further, plain numbers are not. */
  private findResources(): void {
    const { method, uses, stored } = this.input;
    for (const value of stored) {
      if (!this.bitOf.has(value)) this.initial |= this.hold(value);
    }
    this.resources |= this.initial;
    const leading = this.direct | this.resources;
    const work = this.holders.filter((value) => (this.bit(value) & leading) !== 0n);
    for (let value = work.pop(); value !== undefined; value = work.pop()) {
      for (const position of usersOfValue(method, uses, value)) {
        if (this.bitOf.has(position) || !this.isOfResource(position)) continue;
        this.resources |= this.hold(position);
        work.push(position);
      }
    }
  }

  /** Whether the value at `position` belongs to the resource, as far as what it is made of is known to. */
  private isOfResource(position: number): boolean {
    const statement = this.input.heap.body.statements[position - 1];
    if (statement === undefined) return false;
    const { kind, name, args } = statement;
    const reads = this.bits(args);
    if (name === "getfield" && kind === "builtin") {
      const from = this.bit(args[1]);
      const isLoad = (from & this.direct) !== 0n && this.input.isResource(position);
      return isLoad || (from & this.resources) !== 0n;
    }
    if ((reads & this.direct) !== 0n && this.isRead(statement, position)) return true;
    if ((reads & this.resources) === 0n) return false;
    const followed = args.filter(
      (arg) => (this.bit(arg) & this.resources) !== 0n && this.isFollowed(arg),
    );
    if (followed.length === 0) return false;
    const isMoved = kind === "intrinsic" && (arithmetic.has(name) || passing.has(name));
    const isCopied = kind === "alias" && followed.some((arg) => this.addresses.has(arg));
    if (isMoved || isCopied) this.addresses.add(position);
    return isMoved || kind === "alias" || name === "tuple" || kind === "new";
  }

  /** Whether a callee that is handed the object may give back what it has read from it. */
  private isRead({ kind }: BodyStatement, position: number): boolean {
    const isCall = kind === "invoke" || kind === "call" || kind === "foreigncall";
    return isCall && this.input.isResource(position) && this.input.leadsOn(position);
  }

  private isFollowed(value: Value): boolean {
    const made = this.input.heap.body.statements[value - 1];
    const isMade = made?.kind === "new" || made?.name === "tuple";
    return isMade || this.addresses.has(value) || this.input.leadsOn(value);
  }

  private join(statement: BodyStatement, position: number, joins: Map<number, Join[]>): void {
    const bit = this.bit(position);
    if (bit === 0n) return;
    const { method } = this.input;
    const printed = method.statements[position - 1];
    const block = method.blockOf[position] ?? 0;
    const by = new Map<number, bigint>();
    let slots = 0n;
    if (statement.name === "phic") slots = this.bits(statement.args);
    else {
      printed?.blocks.forEach(({ label }, edge) => {
        const from = method.labels === null ? label : (method.labels.get(label) ?? 0);
        by.set(from, this.bit(statement.args[edge]));
      });
    }
    const known = joins.get(block);
    const join = { block, bit, by, slots };
    if (known === undefined) joins.set(block, [join]);
    else known.push(join);
  }

  private step(
    statement: BodyStatement,
    position: number,
    escapes: readonly EscapeEvent[] = [],
  ): Step | null {
    const { object, events } = this.input;
    const args = this.argsOf(statement, position);
    const reads = this.bits(args);
    const defines = this.bit(position);
    const registers = this.input.registrations.flatMap((one, index) =>
      one.position === position ? [{ index, on: this.bit(one.object) }] : [],
    );
    const leaving = escapes
      .filter((event) => event.objects.has(object))
      .map((event) => ({ event, by: this.escapeBy(event, statement, reads) }));
    if (reads === 0n && defines === 0n && registers.length === 0 && leaving.length === 0) {
      return null;
    }
    const from = reads & ~this.notFollowed(args);
    const spreads = this.spreadsOf(statement, position);
    const finalized = events.finalized.get(position)?.filter(({ objects }) => objects.has(object));
    const finalizes = finalized !== undefined && finalized.length > 0 ? reads : 0n;
    const runs = finalized?.every(({ isByCallee }) => !isByCallee) === true ? finalizes : 0n;
    return {
      position,
      uses: this.usesOf(statement, args) & ~this.heldTooLong(args, position),
      defines,
      from,
      same: this.input.isSame(position) ? this.bit(this.input.site) : this.sameOf(statement),
      spreads,
      captures: this.capturesOf(statement, position, from, spreads),
      escapes: leaving,
      finalizes,
      runs,
      registers,
    };
  }

  /** Operands of the body statement, and those that only the printed statement shows. */
  private argsOf(statement: BodyStatement, position: number): readonly Value[] {
    if (statement.kind !== "none" || statement.args.length > 0) return statement.args;
    const printed = this.input.method.statements[position - 1];
    if (printed === undefined) return [];
    const values: Value[] = [];
    eachOperand(printed, (operand) => {
      values.push(operandValue(this.input.method, operand));
    });
    return values;
  }

  private escapeBy(event: EscapeEvent, statement: BodyStatement, reads: bigint): bigint {
    if (event.operand < 0) return reads & ~this.resources;
    return this.bit(statement.args[event.operand]);
  }

  /** Which operands' holding makes the statement a use: not passing on, nor reading another field. */
  private usesOf(statement: BodyStatement, args: readonly Value[]): bigint {
    const { kind, name } = statement;
    if (kind === "alias" || kind === "new") return 0n;
    if (kind === "return") return this.bits(args) & ~this.resources;
    if (kind === "builtin") {
      if (name === "tuple" || name === "svec" || name === "ifelse") return 0n;
      // What is stored is passed on; who looks into the container later, looks.
      if (name === "setfield!" || name === "memoryrefset!") {
        return (this.bit(args[1]) & this.direct) | (this.bits(args) & this.resources);
      }
      if (name === "finalizer") return this.bit(statement.args[2]);
      const isAccess =
        name === "getfield" ||
        name.startsWith("memoryref") ||
        name === "arrayref" ||
        name === "arrayset";
      if (isAccess) return this.bits(args) & (this.direct | this.resources);
    }
    return this.bits(args);
  }

  /** Plain numbers that were read from the object: what is made of them has nothing to do with it. */
  private notFollowed(args: readonly Value[]): bigint {
    if (this.resources === 0n) return 0n;
    const numbers = args.filter((arg) => !this.isFollowed(arg));
    return this.bits(numbers) & this.resources;
  }

  /**
   * Plain numbers that were read from the object and are used in or behind a later loop: nothing is held
   * over a loop for those. A pointer that is used there must be good there.
   */
  private heldTooLong(args: readonly Value[], position: number): bigint {
    let mask = 0n;
    if (this.resources === 0n) return mask;
    for (const arg of args) {
      const bit = this.bit(arg) & this.resources;
      if (bit === 0n || this.isFollowed(arg)) continue;
      if (this.input.isBehindLoop(arg, position)) mask |= bit;
    }
    return mask;
  }

  private sameOf({ kind, name, args }: BodyStatement): bigint {
    if (kind === "alias" && (name === "pi" || name === "copy" || name === "upsilon")) {
      return this.bit(args[0]);
    }
    return kind === "builtin" && name === "typeassert" ? this.bit(args[1]) : 0n;
  }

  /** Holders that get into something which a pending finalizer of another object reaches. */
  private capturesOf(
    { kind, name, args }: BodyStatement,
    position: number,
    from: bigint,
    spreads: bigint,
  ): bigint {
    const isAwaited = (value: Value | undefined): boolean =>
      [...this.input.heap.heap.pointsTo(value ?? 0)].some((one) => this.input.awaited.has(one));
    if (this.input.awaited.size === 0) return 0n;
    const isInside = (this.bit(position) & this.direct) === 0n && isAwaited(position);
    const isStore = kind === "builtin" && name === "setfield!";
    return (isInside ? from : 0n) | (!isStore || isAwaited(args[1]) ? spreads : 0n);
  }

  /** Stores put the object where other names may reach it. */
  private spreadsOf(statement: BodyStatement, position: number): bigint {
    const { kind, name, args } = statement;
    if (kind === "builtin" && name === "setfield!") return this.bit(args[3]);
    // What the finalizer's function closes over is behind the object that it is registered on.
    if (kind === "builtin" && name === "finalizer") return this.bit(args[1]);
    if (kind === "builtin" && (name === "memoryrefset!" || name === "arrayset")) {
      return this.bits(args.slice(2));
    }
    if (kind !== "invoke" && kind !== "call" && kind !== "conservative") return 0n;
    const summary = this.input.heap.callees.get(position) ?? null;
    if (summary === null) return this.bits(args);
    const stores = summary.arguments.some(
      ({ self, contents }) =>
        self.storedIn.length > 0 ||
        contents.storedIn.length > 0 ||
        (self.storedBehind?.length ?? 0) > 0 ||
        (contents.storedBehind?.length ?? 0) > 0,
    );
    return stores ? this.bits(args) : 0n;
  }
}
