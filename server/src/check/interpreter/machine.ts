// The state of one run, and the services that statements ask for: calls, objects and their fields,
// effects, finalizers. What an event means is decided here once, so that an original and a transformed
// program are held to the same rules.
//
// Finalizer bodies see globals as they were at the start, and their writes to them are their own: their
// effects have no order against the program (spec early-plan.md §8), so neither may depend on when.

import { fieldPlace, type Layout } from "../layout.ts";
import type { Code } from "./code.ts";
import { ForeignHeap } from "./foreign-heap.ts";
import type { Frame } from "./frame.ts";
import { generate } from "./generate.ts";
import type { Interpreter, RunOptions } from "./interpreter.ts";
import { LockTable } from "./lock.ts";
import {
  type Fault,
  type FaultKind,
  type FinalizerRun,
  Stop,
  Thrown,
  type Unknown,
} from "./outcome.ts";
import { Random, seedFor } from "./random.ts";
import { keyOf, type Registered, Registry, reaches } from "./registry.ts";
import { type Moment, Timeline } from "./timeline.ts";
import { describe, Obj, type Origin, type Value } from "./value.ts";

/** The body that is running now. */
interface Running {
  readonly key: string;
  readonly cause: FinalizerRun["cause"];
  readonly position: number;
  readonly events: string[];
  /** Its own view of global objects: object and field place → value. */
  readonly globals: Map<Obj, Map<number, Value | undefined>>;
  readonly heldBefore: ReadonlySet<string>;
  objects: number;
  calls: number;
}

export class Machine {
  readonly interpreter: Interpreter;
  readonly options: RunOptions;
  readonly registry: Registry = new Registry();
  readonly foreign: ForeignHeap = new ForeignHeap();
  readonly locks: LockTable = new LockTable();
  readonly frames: Frame[] = [];
  readonly trace: string[] = [];
  readonly runs: FinalizerRun[] = [];
  readonly faults: Fault[] = [];
  /** What opaque callees and globals keep. */
  readonly kept: Value[] = [];
  /** What the caller of the run holds: arguments, and what it got. */
  readonly borrowed: (Value | undefined)[] = [];
  /** Objects with finalizers that have not run. */
  readonly held: Timeline = new Timeline();
  readonly unknown: Map<string, Unknown> = new Map<string, Unknown>();
  readonly globals: Map<string, Value> = new Map<string, Value>();
  readonly taskStorage: Map<string, Value | undefined> = new Map<string, Value | undefined>();
  /** Spin locks whose field was cleared by inlined code. */
  readonly locksCleared: Obj[] = [];
  /** How many regions hold finalizers back. */
  inhibited = 0;
  steps = 0;
  /** Statements of the program; finalizers take no time, so that runs differ in what is held only. */
  time = 0;
  /** The frame of the method itself, which an exception may have left. */
  root: Frame | null = null;
  /** Whether the method has ended, so that what runs runs at exit. */
  hasEnded = false;
  /** Whether the program has asked a weak reference for its object. */
  asksWeak = false;
  /** How many counted points the program has passed; what happens in bodies is left out. */
  points = 0;
  /** Number of the latest finalizers that run together: by one collection, or one `finalize`. */
  batch = 0;
  /** Finalizers that a directed collector was to run and that were not next on their objects. */
  readonly refused: FinalizerRun[] = [];
  running: Running | null = null;
  /** Objects that references to may still be counted; none where nobody counts. */
  private counted: Obj[] = [];
  /** Object → finalizers that it waits for. */
  private readonly waiting = new Map<Obj, number>();
  private objects = 0;
  private calls = 0;
  /** How many of the runs that are followed are done with. */
  private followed = 0;
  private readonly chance: Random;
  private readonly seenFaults = new Set<string>();

  constructor(interpreter: Interpreter, options: RunOptions) {
    this.interpreter = interpreter;
    this.options = options;
    this.chance = new Random(options.seed ^ 0x5bd1e995);
  }

  /** Position in the root method that is being carried out. */
  get position(): number {
    return this.running !== null && this.running.cause !== "gc"
      ? this.running.position
      : (this.frames[0]?.at ?? 0);
  }

  get now(): Moment {
    return { time: this.time, position: this.hasEnded ? 0 : (this.root?.at ?? 0) };
  }

  /** Remembers that the run rests on something that the text does not tell. */
  note(kind: Unknown["kind"], name: string, act: string | null = null): void {
    const key = `${kind} ${name}`;
    const known = this.unknown.get(key) ?? { kind, name, count: 0, acts: new Set<string>() };
    this.unknown.set(key, known);
    if (act === null) known.count++;
    else known.acts.add(act);
  }

  step(): void {
    if (++this.steps > this.options.fuel) throw new Stop("fuel", "");
  }

  fault(kind: FaultKind, words: string, position: number = this.position): void {
    const key = `${kind} ${position}`;
    if (this.seenFaults.has(key)) return;
    this.seenFaults.add(key);
    this.faults.push({ kind, position, words });
  }

  /** Something that others can see. */
  effect(words: string): void {
    (this.running?.events ?? this.trace).push(words);
  }

  /** A name for the next call of an opaque callee, the same in two runs on the same inputs. */
  callName(name: string): string {
    const { running } = this;
    return running === null
      ? `${name}/${this.calls++}`
      : `${running.key}/${name}/${running.calls++}`;
  }

  newObject(layout: Layout, fields: (Value | undefined)[]): Obj {
    const made = new Obj(this.newId(), layout, "local", false, fields);
    if (this.options.gc === "counting") this.counted.push(made);
    return made;
  }

  newId(): string {
    const { running } = this;
    return running === null ? `${this.objects++}` : `${running.key}/${running.objects++}`;
  }

  /** Some value of a printed type, because the text does not tell which. */
  some(type: string, path: string, origin: Origin): Value | undefined {
    this.note("value", path.replace(/\/\d+$/, ""));
    return this.draw(type, path, origin);
  }

  /** The same for arguments and results of calls, of which the caller tells. */
  draw(type: string, path: string, origin: Origin): Value | undefined {
    const random = new Random(seedFor(this.options.seed, path));
    const made = generate(type, path, origin, random, this.interpreter.program.layouts);
    const isCounted = this.options.gc === "counting" && origin === "local";
    if (isCounted && made instanceof Obj) this.counted.push(made);
    return made;
  }

  global(path: string): Value {
    let value = this.globals.get(path);
    if (value === undefined) {
      if (!path.startsWith("task")) this.note("value", path);
      const layout = this.interpreter.program.layouts.of(`global ${path}`);
      value = new Obj(path, layout, "global", true, []);
      this.globals.set(path, value);
    }
    return value;
  }

  /** The value of a field, by its 0-based place; `type` is what a field nobody set is made of. */
  read(object: Obj, place: number, type: string): Value | undefined {
    this.use(object);
    if (object.layout.key === "WeakRef") return this.readWeak(object);
    const declared = object.layout.types[place] ?? "";
    const wanted = declared === "" || declared === "Any" ? type : declared;
    const { running } = this;
    const own = running !== null && this.hasView(object) ? this.viewOf(running, object) : null;
    const value = own === null ? object.fields[place] : own.get(place);
    if (value !== undefined || !object.isLazy) return value;
    const path = `${object.id}.${object.layout.names[place] ?? place}`;
    const made = this.some(wanted, path, object.origin);
    if (own === null) object.fields[place] = made;
    else own.set(place, made);
    return made;
  }

  /** Whether finalizers have a view of the object that is their own. */
  private hasView({ origin }: Obj): boolean {
    return origin === "global" && this.options.sharesGlobals !== true;
  }

  private viewOf(running: Running, object: Obj): Map<number, Value | undefined> {
    let view = running.globals.get(object);
    if (view === undefined) {
      view = new Map();
      running.globals.set(object, view);
    }
    return view;
  }

  private readWeak(object: Obj): Value | undefined {
    if (this.running === null) this.asksWeak = true;
    const target = object.fields[0] ?? null;
    if (target instanceof Obj && target.finalizations > 0 && !target.isRunning) {
      this.fault("weak-reference", `a weak reference gives out the finalized object @${target.id}`);
    }
    return target;
  }

  write(object: Obj, place: number, value: Value | undefined): void {
    this.use(object);
    const { running } = this;
    if (running !== null && this.hasView(object)) this.viewOf(running, object).set(place, value);
    else object.fields[place] = value;
    if (value === 0 && object.layout.names[place] === "owned" && this.locks.count(object) > 0) {
      this.locksCleared.push(object);
    }
    if (object.origin !== "local") {
      const name = object.layout.names[place] ?? `${place}`;
      this.effect(`store ${object.id}.${name} ${describe(value)}`);
    }
  }

  /** The 0-based place of a field by name or 1-based number. */
  placeOf(object: Obj, field: string | number): number {
    return typeof field === "number" ? field - 1 : fieldPlace(object.layout, field);
  }

  /** Says that the program uses an object: its contents, or that somebody may look at them. */
  use(value: Value | undefined): void {
    if (!(value instanceof Obj) || value.finalizations === 0 || value.isRunning) return;
    if (value.isEarly) {
      const words = `@${value.id} (${value.layout.key}) is used behind its finalizer`;
      this.fault("use-after-finalize", words);
    } else if (this.running === null && this.frames.length > 0 && !isOwnAffair(value)) {
      // The order in which a collector finalizes objects that die together is nobody's fault.
      this.fault(
        "use-after-collect",
        `@${value.id} (${value.layout.key}) was reachable and is gone`,
      );
    }
  }

  /** A callee keeps these; an object that its finalizer brings back to life so is the program's own affair. */
  keep(objects: readonly Obj[]): void {
    this.kept.push(...objects);
    if (this.running === null) return;
    for (const one of objects) one.isRevived = true;
  }

  /** The same for what an opaque callee may reach through immutable containers. */
  useDeeply(value: Value | undefined, depth = 3): void {
    this.use(value);
    if (!(value instanceof Obj) || value.layout.mutable || depth === 0) return;
    for (const field of value.fields) this.useDeeply(field, depth - 1);
  }

  register(object: Obj, body: Value | undefined, position: number): void {
    this.use(object);
    const batch = this.running === null ? 0 : this.batch;
    const one: Registered = { object, body, position, batch };
    this.registry.add(one);
    this.hold(object);
  }

  /** The object waits for one more finalizer. */
  hold(object: Obj): void {
    const before = this.waiting.get(object) ?? 0;
    this.waiting.set(object, before + 1);
    if (before === 0) this.held.rise(1, this.now);
  }

  private letGo(object: Obj): void {
    const before = this.waiting.get(object) ?? 0;
    if (before === 0) return;
    this.waiting.set(object, before - 1);
    if (before === 1) this.held.fall(1, this.now);
  }

  /** `finalize(o)`: all registrations, last first, at once; exceptions are printed and swallowed. */
  finalizeObject(object: Obj, cause: "finalize" | "placed", position: number): void {
    if (this.running === null) this.batch++;
    const taken = this.registry.take(object);
    if (taken.length > 0) {
      const isOwn = cause === "finalize" && this.options.takesFinalizeForPlaced === false;
      if (!isOwn) this.checkOrder(object, position);
      if (cause === "placed") this.checkAlone(object, position);
    }
    for (const one of taken) this.runBody(object, one.body, cause, position, one.position);
  }

  /** A finalizer that has not run is a use of all that it reaches (spec early-plan.md §2). */
  checkOrder(object: Obj, position: number): void {
    const other = this.registry.reachedFrom(object) ?? this.ghostReaching(object);
    if (other === null) return;
    this.fault(
      "pending-order",
      `the pending finalizer of @${other.id} reaches @${object.id}`,
      position,
    );
  }

  /** What a plan finalizes nobody else may find: no global, no caller, no callee that kept something. */
  checkAlone(object: Obj, position: number): void {
    const others = [this.kept, this.globals.values(), this.taskStorage.values()];
    const holds = (value: Value | undefined): boolean => reaches(value, object);
    if (![...others, this.frames[0]?.arguments ?? []].some((all) => [...all].some(holds))) return;
    const words = `@${object.id} (${object.layout.key}) is finalized while others reach it`;
    this.fault("still-reachable", words, position);
  }

  private ghostReaching(object: Obj): Obj | null {
    for (const frame of this.frames) {
      for (const ghost of frame.ghosts) {
        if (ghost.hasRun || ghost.object === object) continue;
        if (this.interpreter.reaches(ghost.object, ghost.body, object)) return ghost.object;
      }
    }
    return null;
  }

  /** Runs a finalizer's body; true if it threw. */
  runBody(
    object: Obj,
    body: Value | undefined,
    cause: FinalizerRun["cause"],
    position: number,
    registration: number = position,
  ): boolean {
    const key = keyOf(object, body);
    const { points: point, batch } = this;
    const outer = this.running;
    const events: string[] = [];
    const heldBefore = outer?.heldBefore ?? this.locks.held();
    const globals = new Map<Obj, Map<number, Value | undefined>>();
    this.running = { key, cause, position, events, globals, heldBefore, objects: 0, calls: 0 };
    const wasRunning = object.isRunning;
    object.isRunning = true;
    let hasThrown = false;
    try {
      this.interpreter.call(this, body, [object], [object.layout.key], "Any");
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      hasThrown = true;
      events.push(`throws ${describe(error.value)}`);
    } finally {
      object.isRunning = wasRunning;
      object.finalizations++;
      if (cause === "placed") object.isEarly = true;
      else if (cause === "finalize") object.isExplicit = true;
      this.running = outer;
      this.letGo(object);
      const effects = events.join("; ");
      const one = {
        key,
        object: object.id,
        registration,
        time: this.steps,
        point,
        batch,
        cause,
        effects,
      };
      this.runs.push(one);
    }
    return hasThrown;
  }

  /** Everything that frames, globals and others keep. */
  eachRoot(mark: (value: Value | undefined) => void): void {
    for (const frame of this.frames) {
      const live = frame.code.liveness().liveBefore(frame.at);
      for (const value of live) mark(value > 0 ? frame.values[value] : frame.arguments[-value]);
      for (const one of frame.exceptions) mark(one);
    }
    for (const one of this.kept) mark(one);
    if (this.options.gc === "counting") for (const one of this.borrowed) mark(one);
    for (const one of this.globals.values()) mark(one);
    for (const one of this.taskStorage.values()) mark(one);
  }

  /** A point at which a collector may run; `isCounted`: both programs that are compared have it. */
  pointBefore(isCounted: boolean): void {
    if (this.running !== null) return;
    const { gc } = this.options;
    if (gc === "directed") {
      // What stands before a statement that only one program has may need it, as a body its registration.
      if (isCounted) this.follow(this.points);
    } else if ((gc === "always" || gc === "random") && !this.registry.isEmpty) {
      if (gc === "always" || this.chance.oneIn(4)) this.registry.collect(this);
    }
    if (isCounted) this.points++;
  }

  /** A collection that the program asks for; a directed collector has its own list. */
  collect(): void {
    if (this.running === null && this.options.gc !== "directed") this.registry.collect(this);
  }

  /** Runs what the run that is followed had run when it had passed so many points. */
  follow(points: number): void {
    const { follows = [] } = this.options;
    for (let next = follows[this.followed]; next !== undefined; next = follows[++this.followed]) {
      if (next.point > points) return;
      if (!this.registry.runLast(this, next)) this.refused.push(next);
    }
  }

  /** Under reference counting: runs the finalizers of objects to which no reference is left. */
  countReferences(): void {
    if (this.options.gc !== "counting" || this.running !== null) return;
    this.counted = this.registry.release(this, this.counted);
  }

  /** Watches how long an object is held (spec early-plan.md §7). */
  watch(frame: Frame, object: Value | undefined): void {
    if (!this.options.watchesLifetimes || !(object instanceof Obj)) return;
    if (frame.watched.some((one) => one.object === object)) return;
    frame.watched.push({ object, deadSince: -1, wasHeld: false });
  }

  /** A choice without a branch did not take the object: no path tells, so a plan cannot know. */
  passOver(value: Value | undefined): void {
    for (const frame of this.frames) {
      for (const one of frame.watched) if (one.object === value) one.wasHeld = true;
    }
  }

  codeOf(name: string, types: readonly string[]): Code | null {
    return this.interpreter.codeFor(name, types);
  }
}

/** Whether the program itself sees to it that an object is used behind its finalizer. */
function isOwnAffair({ isExplicit, isRevived }: Obj): boolean {
  return isExplicit || isRevived;
}
