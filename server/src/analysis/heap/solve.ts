// Fills the abstract heap of a method: goes over its statements until nothing is added any more, and
// then once more to note every way in which objects leave the method's hands. Flow-insensitive in what
// fields hold; where and when something escapes is kept by statement, for those who ask along paths.
// Source: spec escape-analysis.md §5 (what each statement does), effects.md §4 (builtins).

import { type Body, type BodyStatement, globalValue, indexOfValue, type Value } from "../body.ts";
import type { ArgumentSummary, Fate, MethodSummary } from "../method-summary.ts";
import {
  anyField,
  argumentObject,
  contentsObject,
  elementField,
  finalizerField,
  Heap,
  type ObjectId,
  outside,
} from "./heap.ts";

export type EscapeKind =
  | "return" // it is the result, or reached from it
  | "thrown" // an exception holds it
  | "global" // something global holds it
  | "argument" // the contents of an argument hold it
  | "weak" // a weak reference to it is made: a finalizer that runs early is seen by that
  | "unknown"; // something of which nothing is known may keep it

/** Objects that leave the method's hands at a statement. */
export interface EscapeEvent {
  readonly position: number;
  readonly kind: EscapeKind;
  /** The objects, those reached from them included. */
  readonly objects: ReadonlySet<ObjectId>;
  /** Of a call: index in `args` of the operand by which it happens; −1 elsewhere. */
  readonly operand: number;
  /** Of kind `argument`: the argument's object, or its contents, that hold the objects afterwards. */
  readonly holder: ObjectId;
}

/** What is done to objects at a statement without letting them escape. */
export interface TouchEvent {
  readonly position: number;
  readonly kind: "mutated" | "filled" | "finalized" | "registered";
  readonly objects: ReadonlySet<ObjectId>;
  /** Whether a callee does it, on some of its paths or all. */
  readonly isByCallee: boolean;
}

export interface HeapFacts {
  readonly heap: Heap;
  readonly escapes: readonly EscapeEvent[];
  readonly touches: readonly TouchEvent[];
}

/** What the heap needs to know beside the body. */
export interface HeapInput {
  readonly body: Body;
  /** What the callee of the statement at `position` does; null where it is not known. */
  summary(position: number): MethodSummary | null;
  /** Whether the printed type of the object loaded from at `position` is a MemoryRef. */
  loadsFromMemoryRef(position: number): boolean;
  /** Whether the statement calls `Base.finalize`, which keeps nothing. */
  isFinalize(position: number): boolean;
  /** Whether the statement calls `Base.finalizer`, which registers and gives the object back. */
  isFinalizer(position: number): boolean;
  /** Whether the value is plain bits by its printed type, raw pointers included. */
  isBits(value: Value): boolean;
  /** Whether the value is a `SimpleVector` by its printed type. */
  isVector(value: Value): boolean;
  /** Whether a field access names its field by a symbol. */
  isFieldName(position: number): boolean;
  /** Whether the statement makes a `WeakRef`. */
  isWeakReference(position: number): boolean;
  /** Whether an access to a memory reference is printed without a check of its bounds. */
  isUnchecked(position: number): boolean;
  /** Whether the value of the operand is a literal that refers to no object. */
  isLiteral(position: number, operand: number): boolean;
  /** What a foreigncall does, by the C function's name; null for the safe answer. */
  foreign(name: string): ForeignFacts | null;
}

export interface ForeignFacts {
  /** The result is a new object that nothing else holds. */
  readonly makes: boolean;
  /** Objects passed to it are kept by nobody. */
  readonly keepsNothing: boolean;
}

/** More rounds than this mean that the lattice is climbed one step at a time; it cannot go on for ever. */
const roundLimit = 10_000;

/** Makes the heap of a method. Linear in the statements for each round; rounds follow loop nesting. */
export function solveHeap(input: HeapInput): HeapFacts {
  const solver = new Solver(input);
  return solver.run();
}

class Solver {
  private readonly input: HeapInput;
  private readonly body: Body;
  private readonly heap: Heap;
  private escapes: EscapeEvent[] | null = null;
  private touches: TouchEvent[] = [];
  private position = 0;
  /** Objects that something unknown may hold and change, whenever it happens. */
  private readonly leaked = new Set<ObjectId>();

  constructor(input: HeapInput) {
    this.input = input;
    this.body = input.body;
    this.heap = new Heap(input.body.nArguments, input.body.statements.length);
    for (let k = 1; k <= this.body.nArguments; k++) {
      if (this.holds(-k)) this.heap.add(-k, [argumentObject(k)]);
    }
  }

  run(): HeapFacts {
    for (let rounds = 0; rounds < roundLimit; rounds++) {
      const before = this.heap.version;
      this.round();
      if (this.heap.version === before) break;
    }
    this.escapes = [];
    this.touches = [];
    this.round();
    return { heap: this.heap, escapes: this.escapes, touches: this.touches };
  }

  private round(): void {
    this.body.statements.forEach((statement, index) => {
      this.position = index + 1;
      this.statement(statement);
    });
  }

  private holds(value: Value): boolean {
    const index = indexOfValue(this.body.nArguments, value);
    if (index < 0) return true;
    // A vector without identity still has elements that have one.
    if (this.body.identityFree[index] === 1) return this.input.isVector(value);
    return !this.input.isBits(value);
  }

  private of(value: Value | undefined): ReadonlySet<ObjectId> {
    return this.heap.pointsTo(value ?? 0);
  }

  /** The value of this statement may be any of `objects`. */
  private result(objects: Iterable<ObjectId>): void {
    if (this.holds(this.position)) this.heap.add(this.position, objects);
  }

  private escape(kind: EscapeKind, objects: Iterable<ObjectId>, operand = -1, holder = 0): void {
    const { nothrow } = this.body.statements[this.position - 1] ?? { nothrow: "no" };
    if (kind === "thrown" && nothrow === "yes") return;
    const reached = this.heap.reach(objects);
    reached.delete(outside);
    if (reached.size === 0) return;
    if (kind === "global" || kind === "unknown") this.leak(reached);
    this.escapes?.push({ position: this.position, kind, objects: reached, operand, holder });
  }

  /** Whoever holds an object may put anything into it. */
  private leak(objects: ReadonlySet<ObjectId>): void {
    for (const object of objects) {
      if (this.leaked.has(object)) continue;
      this.leaked.add(object);
      this.heap.store([object], anyField, new Set([outside]));
    }
  }

  private touch(
    kind: TouchEvent["kind"],
    objects: ReadonlySet<ObjectId>,
    isByCallee = false,
  ): void {
    const { position } = this;
    if (this.escapes !== null) this.touches.push({ position, kind, objects, isByCallee });
  }

  private store(args: readonly Value[], into: number, field: number, from: number): void {
    const target = args[into];
    const value = args[from];
    const targets = this.of(target);
    const held = this.of(value);
    this.heap.store(targets, field, held);
    this.touch("mutated", targets);
    if ([...held].some((one) => !this.isArgument(one))) this.touch("filled", targets);
    this.escapeInto(targets, held, from);
  }

  private isArgument(object: ObjectId): boolean {
    const kind = this.heap.objects[object]?.kind;
    return kind === "argument" || kind === "contents";
  }

  /** What is put into something that others hold is theirs too. */
  private escapeInto(
    targets: Iterable<ObjectId>,
    held: ReadonlySet<ObjectId>,
    operand: number,
  ): void {
    for (const object of targets) {
      if (object === outside) this.escape("global", held, operand);
      else if (this.isArgument(object)) this.escape("argument", held, operand, object);
      else if (this.leaked.has(object)) this.escape("unknown", held, operand);
    }
  }

  /** A pending finalizer holds its function, captures included, for as long as its object lives. */
  private register(args: readonly Value[], on: number, by: number): void {
    const targets = this.of(args[on]);
    const held = this.of(args[by]);
    this.heap.store(targets, finalizerField, held);
    this.touch("registered", targets);
    this.escapeInto(targets, held, by);
  }

  private statement(statement: BodyStatement): void {
    const { args } = statement;
    switch (statement.kind) {
      case "none":
      case "preserveend":
        if (statement.name === "the_exception") this.result([outside]);
        return;
      case "alias":
        args.forEach((arg, index) => {
          if (!this.isLiteral(arg, index)) this.result(this.of(arg));
        });
        return;
      case "global":
        this.result([outside]);
        return;
      case "enter":
        // A scope is kept by the task.
        for (const arg of args) this.escape("unknown", this.of(arg));
        return;
      case "return":
        for (const arg of args) this.escape("return", this.of(arg));
        return;
      case "new":
        this.make(statement);
        return;
      case "intrinsic":
        this.intrinsic(statement);
        return;
      case "builtin":
        this.builtin(statement);
        return;
      case "foreigncall":
        this.foreigncall(statement);
        return;
      case "invoke":
      case "call":
        if (this.input.isFinalize(this.position)) this.touch("finalized", this.of(args[1]));
        else if (this.input.isFinalizer(this.position)) {
          this.register(args, 2, 1);
          this.result(this.of(args[2]));
        } else this.call(args, this.input.summary(this.position));
        return;
      case "conservative":
        this.lost(args);
    }
  }

  private isLiteral(value: Value, operand: number): boolean {
    return (value === 0 || value === globalValue) && this.input.isLiteral(this.position, operand);
  }

  private lost(args: readonly Value[]): void {
    args.forEach((arg, index) => {
      this.escape("unknown", this.of(arg), index);
    });
    this.result([outside]);
  }

  private make({ args, name }: BodyStatement): void {
    const stored = args.slice(1);
    if (!this.holds(this.position)) return;
    const object = this.heap.made(this.position);
    this.result([object]);
    if (this.input.isWeakReference(this.position)) {
      for (const arg of stored) this.escape("weak", this.of(arg));
    }
    if (name === "splatnew") {
      this.heap.store([object], anyField, this.heap.load(this.of(stored[0]), anyField));
      return;
    }
    // `%new` prints its type as the first operand, a call its callee apart.
    const shift = name === "tuple" || name === "svec" ? 0 : 1;
    stored.forEach((value, index) => {
      if (this.isLiteral(value, index + shift)) return;
      this.heap.store([object], index + 1, this.of(value));
    });
  }

  private intrinsic({ args, name }: BodyStatement): void {
    // Raw memory is not followed: what goes there is lost, what comes from there is anybody's.
    const operands = args.slice(1);
    if (name === "llvmcall" || name.startsWith("atomic_pointer") || name === "pointerset") {
      for (const arg of operands) this.escape("unknown", this.of(arg));
    }
    this.result([outside]);
  }

  private builtin(statement: BodyStatement): void {
    const { args, name } = statement;
    if (statement.nothrow !== "yes") this.throwsOperands(statement);
    switch (name) {
      case "tuple":
      case "svec":
        this.make(statement);
        return;
      case "getfield":
        this.result(
          this.input.loadsFromMemoryRef(this.position)
            ? this.of(args[1])
            : this.heap.load(this.of(args[1]), statement.field),
        );
        return;
      case "setfield!":
        this.store(args, 1, statement.field, 3);
        this.result(this.of(args[3]));
        return;
      case "memorynew":
        this.result([this.heap.made(this.position)]);
        return;
      case "memoryrefnew":
      case "memoryref":
        this.result(this.of(args[1]));
        return;
      case "memoryrefget":
      case "_svec_ref":
        this.result(this.heap.load(this.of(args[1]), anyField));
        return;
      case "memoryrefset!":
        this.store(args, 1, elementField, 2);
        this.result(this.of(args[2]));
        return;
      case "arrayref":
      case "const_arrayref":
        this.result(this.heap.load(this.of(args[2]), anyField));
        return;
      case "arrayset":
        this.store(args, 2, elementField, 3);
        this.result(this.of(args[2]));
        return;
      case "ifelse":
        this.result(this.of(args[2]));
        this.result(this.of(args[3]));
        return;
      case "typeassert":
        this.result(this.of(args[1]));
        return;
      case "compilerbarrier":
        this.result(this.of(args[2]));
        return;
      case "finalizer":
        this.register(args, 2, 1);
        return;
      case "throw":
        this.escape("thrown", this.of(args[1]), 1);
        return;
      case "setglobal!":
        this.escape("global", this.of(args[3]), 3);
        return;
      case "getglobal":
      case "current_scope":
        this.result([outside]);
        return;
      default:
        if (harmless.has(name)) this.result([outside]);
        else this.lost(args);
    }
  }

  /** The exceptions of builtins that hold an operand: BoundsError, TypeError and their like. */
  private throwsOperands({ args, name, field }: BodyStatement): void {
    if (name === "throw" || name === "throw_methoderror") {
      for (const arg of args.slice(1)) this.escape("thrown", this.of(arg), 1);
      return;
    }
    // An undefined field is an UndefRefError, which holds nothing; an index out of range holds the object.
    if (name === "getfield" && (field > 0 || this.input.isFieldName(this.position))) return;
    if (name === "isdefined" || name === "finalizer" || name === "getglobal") return;
    // A TypeError holds the value; an error about the field holds names only.
    if (name === "setfield!" && this.input.isFieldName(this.position)) {
      this.escape("thrown", this.of(args[3]), 3);
      return;
    }
    // With a constant `false` for the bounds check there is no BoundsError to hold the reference.
    if (name.startsWith("memoryref") && this.input.isUnchecked(this.position)) {
      if (name === "memoryrefset!") this.escape("thrown", this.of(args[2]), 2);
      return;
    }
    for (const arg of args.slice(1)) this.escape("thrown", this.of(arg), 1);
  }

  private foreigncall({ args, declaredAny, name }: BodyStatement): void {
    const facts = this.input.foreign(name);
    const passed = args.slice(5, 5 + declaredAny.length);
    if (name === "jl_gc_add_ptr_finalizer" || name === "jl_gc_add_finalizer_th") {
      this.register(args, 6, 7);
      return;
    }
    if (name === "jl_finalize_th") {
      this.touch("finalized", this.of(args[6]));
      return;
    }
    if (facts?.keepsNothing !== true) {
      const isWeak = name === "jl_gc_new_weakref_th" || name === "jl_gc_new_weakref";
      passed.forEach((arg, index) => {
        this.escape(isWeak ? "weak" : "unknown", this.of(arg), 5 + index);
      });
    }
    this.result([facts?.makes === true ? this.heap.made(this.position) : outside]);
  }

  private call(args: readonly Value[], summary: MethodSummary | null): void {
    if (summary === null) {
      this.lost(args);
      return;
    }
    const told = (index: number): ArgumentSummary | undefined =>
      summary.arguments[Math.min(index, summary.arguments.length - 1)];
    args.forEach((arg, index) => {
      const argument = told(index);
      if (argument === undefined || arg === globalValue || arg === 0) return;
      const self = this.of(arg);
      if (self.size === 0) return;
      const contents = this.heap.contents(self);
      this.suffer(argument.self, self, args, index);
      this.suffer(argument.contents, contents, args, index);
      const both = new Set([...self, ...contents]);
      if (argument.mutated) this.touch("mutated", both, true);
      const filled = argument.filled ?? (argument.mutated ? "both" : "nowhere");
      if (filled === "self" || filled === "both") this.fill(self);
      if (filled === "behind" || filled === "both") this.fill(contents);
      if (argument.finalized) this.touch("finalized", both, true);
      if (argument.registered) {
        this.touch("registered", both, true);
        // Nobody here can tell when what is registered there has run, and until then it reaches all of this.
        this.escape("unknown", both, index);
      }
    });
    this.take(args, summary);
  }

  /** What a callee does to `objects`, passed as operand `index`. */
  private suffer(
    fate: Fate,
    objects: ReadonlySet<ObjectId>,
    args: readonly Value[],
    index: number,
  ): void {
    if (objects.size === 0) return;
    if (fate.unknown) this.escape("unknown", objects, index);
    if (fate.global) this.escape("global", objects, index);
    if (fate.thrown) this.escape("thrown", objects, index);
    for (const number of fate.storedIn) {
      const into = this.of(args[number - 1]);
      this.heap.store(into, anyField, objects);
      this.escapeInto(into, objects, index);
    }
    for (const number of fate.storedBehind ?? []) {
      const into = this.heap.contents(this.of(args[number - 1]));
      this.heap.store(into, anyField, objects);
      this.escapeInto(into, objects, index);
    }
  }

  /** A callee may have put something of its own, or of anybody's, into the fields of `objects`. */
  private fill(objects: ReadonlySet<ObjectId>): void {
    this.touch("filled", objects, true);
    this.heap.store(objects, anyField, new Set([outside]));
  }

  /** The result of a call with a summary. */
  private take(args: readonly Value[], summary: MethodSummary): void {
    if (!this.holds(this.position)) return;
    const { result } = summary;
    const passed = (number: number): ReadonlySet<ObjectId> =>
      number <= args.length ? this.of(args[number - 1]) : new Set();
    if (result.fresh) {
      const made = this.heap.made(this.position, "result");
      this.result([made]);
      this.heap.store([made], anyField, new Set([outside]));
      for (const number of result.holds) {
        this.heap.store([made], anyField, this.heap.reach(passed(number)));
      }
      return;
    }
    if (result.unknown) this.result([outside]);
    args.forEach((arg, index) => {
      const argument = summary.arguments[Math.min(index, summary.arguments.length - 1)];
      if (argument?.self.returned) this.result(this.of(arg));
      if (argument?.contents.returned) {
        this.result(this.heap.contents(this.of(arg)));
      }
      // Something that is not new may hold what was passed, too.
      if (result.unknown && (argument?.self.returned || argument?.contents.returned)) {
        this.escape("unknown", this.of(arg), index);
      }
    });
    for (const number of result.aliases) this.result(passed(number));
  }
}

/** Builtins that keep nothing of their operands; their results are bits, types or symbols. */
const harmless: ReadonlySet<string> = new Set([
  "===",
  "isa",
  "typeof",
  "nfields",
  "sizeof",
  "<:",
  "fieldtype",
  "apply_type",
  "isdefined",
  "donotdelete",
  "applicable",
  "memoryrefoffset",
  "memoryref_isassigned",
  "arraysize",
  "arraylen",
  "get_binding_type",
  "isdefinedglobal",
  "_typevar",
]);

/** Objects of an argument, for those who summarise. */
export function objectsOfArgument(argument: number): readonly [ObjectId, ObjectId] {
  return [argumentObject(argument), contentsObject(argument)];
}
