// Runs methods. One interpreter holds the code of a program; every run has a machine of its own, and two
// runs with equal options on equal programs are equal.
//
// A callee whose IR is not at hand is opaque: whether it throws, looks at its arguments, keeps one or gives
// one back is drawn from the seed, by its name and the number of such calls before it, so an original and
// a transformed program meet the same callee.
// Source: spec early-plan.md §8; design §5.

import { type Method, positionOf } from "../../ir/method.ts";
import type { PlacedMethod } from "../../ir/placed.ts";
import type { Operand } from "../../syntax/tree.ts";
import { headOf } from "../layout.ts";
import { makeTuple, plainName } from "../literal.ts";
import type { Program } from "../program.ts";
import { builtinOf } from "./builtins.ts";
import type { Code } from "./code.ts";
import { compile } from "./compile.ts";
import { dictionaryCallOf } from "./dictionary.ts";
import { evaluate } from "./evaluate.ts";
import { Frame } from "./frame.ts";
import { knownCallOf } from "./known-calls.ts";
import { Machine } from "./machine.ts";
import { anything, callOpaque, type OpaqueFactsOf } from "./opaque-call.ts";
import { type Ending, type FinalizerRun, type Outcome, Stop, Thrown } from "./outcome.ts";
import { checkGhosts } from "./placing.ts";
import { seedFor } from "./random.ts";
import { reaches } from "./registry.ts";
import {
  describe,
  describeDeep,
  FunctionValue,
  functionOf,
  Name,
  Obj,
  Real,
  TypeValue,
  type Value,
} from "./value.ts";

export interface RunOptions {
  readonly seed: number;
  /**
   * When the collector runs: never, at every safepoint, at random ones, or, directed, where the run was
   * that `follows` comes from. `counting` is no collector: an object's finalizers run as soon as no
   * reference to it is left (`counting.ts`).
   */
  readonly gc: "never" | "always" | "random" | "directed" | "counting";
  /** What a directed collector runs: each of these at the same point as there, and nothing else. */
  readonly follows?: readonly FinalizerRun[];
  /** Statements after which the run is given up. */
  readonly fuel: number;
  readonly watchesLifetimes: boolean;
  /**
   * Whether calls of `finalize` are a plan's, in IR into which one was written. False where they are known to
   * be the program's own: when it calls them is its affair.
   */
  readonly takesFinalizeForPlaced?: boolean;
  /** Whether finalizers and program see each other's writes to globals, as those of one real run do. */
  readonly sharesGlobals?: boolean;
}

export const defaultRun: RunOptions = { seed: 1, gc: "never", fuel: 5000, watchesLifetimes: false };

/** Stands for an argument that is drawn from the seed although others are given. */
export const toBeDrawn: unique symbol = Symbol("to be drawn");

/** Frames deeper than this overflow Julia's stack as well, sooner or later. */
const depthLimit = 200;

export class Interpreter {
  readonly program: Program;
  private readonly opaqueFacts: OpaqueFactsOf;
  private readonly codes = new Map<Method, Code>();

  constructor(program: Program, opaqueFacts: OpaqueFactsOf = () => anything) {
    this.program = program;
    this.opaqueFacts = opaqueFacts;
  }

  /** The code of a method with its placements, to be run more than once. */
  prepare(placed: PlacedMethod): Code {
    return compile(placed, this.program);
  }

  /**
   * The code of a method whose registrations were replaced by calls of the original's bodies, and of that
   * original, to be held against each other.
   */
  prepareTransformed(transformed: Method, original: Method): { transformed: Code; original: Code } {
    const bodies = bodiesOf(original);
    const own = new Set([...bodies, "finalizer", "finalize"]);
    const prepare = (method: Method, written: ReadonlySet<string>): Code =>
      compile({ method, placements: [], dropped: [] }, this.program, written, own);
    return { transformed: prepare(transformed, bodies), original: prepare(original, new Set()) };
  }

  /** Has calls of a method run what `placed` makes of it. */
  placeCallee(method: Method, placed: PlacedMethod): void {
    this.codes.set(method, compile(placed, this.program));
  }

  codeFor(name: string, types: readonly string[]): Code | null {
    const method = this.program.resolve(name, types);
    if (method === null) return null;
    let code = this.codes.get(method);
    if (code === undefined) {
      code = compile({ method, placements: [], dropped: [] }, this.program);
      this.codes.set(method, code);
    }
    return code;
  }

  /** Runs a method on arguments drawn from the seed, or on those given (the function left out). */
  run(
    code: Code,
    options: RunOptions,
    given: readonly (Value | typeof toBeDrawn)[] | null = null,
  ): Outcome {
    const machine = new Machine(this, options);
    const types = code.method.header.argumentTypes;
    const drawn = types.map((type, index) => machine.draw(type, `_${index + 2}`, "argument"));
    const args = given?.map((one, index) => (one === toBeDrawn ? drawn[index] : one)) ?? drawn;
    machine.borrowed.push(...args);
    let ending: Ending;
    let result: Value | undefined;
    try {
      result = this.invoke(machine, code, [functionOf(code.name), ...args]);
      ending = { kind: "returned", value: describeDeep(result) };
    } catch (error) {
      ending = endingOf(error);
      if (error instanceof Thrown) result = error.value;
    }
    const { foreign, held, time } = machine;
    machine.borrowed.push(result);
    if (ending.kind !== "fuel") machine.countReferences();
    foreign.usage.close();
    held.close();
    machine.hasEnded = true;
    try {
      if (ending.kind !== "fuel") {
        machine.follow(machine.points);
        atExit(machine);
      }
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      ending = { kind: error.kind, value: error.words };
    }
    const { trace, runs, faults, asksWeak, refused, steps, unknown } = machine;
    return {
      ending,
      trace,
      runs,
      faults,
      asksWeak,
      refused,
      steps,
      time,
      memory: foreign.usage,
      held,
      unknown: [...unknown.values()],
      arguments: args,
      result,
    };
  }

  /** Calls a method; argument 1 of `args` is the function itself. */
  invoke(machine: Machine, code: Code, args: readonly (Value | undefined)[]): Value | undefined {
    if (machine.frames.length > depthLimit) throw new Stop("fuel", "the stack is full");
    const { vararg } = code;
    const fixed = vararg === 0 ? args : args.slice(0, vararg - 1);
    const rest = vararg === 0 ? [] : [this.tuple(args.slice(vararg - 1))];
    const frame = new Frame(code, [undefined, ...fixed, ...rest]);
    machine.frames.push(frame);
    machine.root ??= frame;
    try {
      const value = evaluate(machine, frame);
      if (frame.ghosts.length > 0) checkGhosts(machine, frame);
      return value;
    } catch (error) {
      if (error instanceof Thrown && frame.ghosts.length > 0) checkGhosts(machine, frame);
      throw error;
    } finally {
      machine.frames.pop();
    }
  }

  /** Calls whatever a value stands for. */
  call(
    machine: Machine,
    callee: Value | undefined,
    args: readonly (Value | undefined)[],
    types: readonly string[],
    key: string,
    isNothrow = false,
  ): Value | undefined {
    machine.step();
    const name = calleeName(callee);
    // A plan's own `finalize` looks at nothing, and in a handler the object may be finalized already.
    const isPlaced = name === "finalize" && machine.options.takesFinalizeForPlaced === true;
    if (!isPlaced) for (const one of args) machine.use(one);
    const shown = types.map((type, index) => (type === "" ? typeShown(args[index]) : type));
    const code = this.codeFor(name, shown);
    if (code !== null) return this.invoke(machine, code, [callee, ...args]);
    const builtin = builtinOf(name);
    if (builtin !== null && knownCallOf(name) === null) return builtin(machine, args, key);
    const known = knownCallOf(name) ?? dictionaryCallOf(name, args);
    if (known !== null) {
      machine.note("known", name);
      return known(machine, args, key);
    }
    return callOpaque(machine, this.opaqueFacts(name, shown), name, args, key, isNothrow);
  }

  functionNamed(name: string): Value {
    return functionOf(name);
  }

  tuple(fields: (Value | undefined)[]): Obj {
    return makeTuple(fields, this.program.layouts);
  }

  reaches(from: Value | undefined, also: Value | undefined, to: Obj): boolean {
    return reaches(from, to) || reaches(also, to);
  }

  /** The address of a C global: never freed memory of its own. */
  symbolAddress(name: Value | undefined): Value {
    return seedFor(7, describe(name)) % 4096;
  }

  load(
    machine: Machine,
    pointer: Value | undefined,
    index: number,
    key: string,
  ): Value | undefined {
    const block = typeof pointer === "number" ? machine.foreign.blockAt(pointer) : null;
    if (block === null)
      return key === "Int32" ? 0 : machine.some(key, `load ${describe(pointer)}`, "local");
    if (block.isFree)
      machine.fault("use-after-free", `C memory ${block.address} is read after it was freed`);
    const offset = Number(pointer) - block.address + (index - 1) * 8;
    return block.content.get(offset) ?? (headOf(key).startsWith("Float") ? new Real(0) : 0);
  }

  store(
    machine: Machine,
    pointer: Value | undefined,
    index: number,
    value: Value | undefined,
  ): Value | undefined {
    const block = typeof pointer === "number" ? machine.foreign.blockAt(pointer) : null;
    if (block === null || value === undefined) return pointer;
    if (block.isFree)
      machine.fault("use-after-free", `C memory ${block.address} is written after it was freed`);
    block.content.set(Number(pointer) - block.address + (index - 1) * 8, value);
    return pointer;
  }
}

function typeShown(value: Value | undefined): string {
  return value instanceof Obj ? value.layout.key : "";
}

function calleeName(callee: Value | undefined): string {
  if (callee instanceof FunctionValue) return callee.name;
  if (callee instanceof TypeValue) return plainName(callee.key);
  if (callee instanceof Obj) {
    return callee.layout.key.startsWith("global ")
      ? plainName(callee.id)
      : plainName(callee.layout.key);
  }
  return callee instanceof Name ? callee.text : "?";
}

function endingOf(error: unknown): Ending {
  if (error instanceof Thrown) return { kind: "thrown", value: describeDeep(error.value) };
  if (error instanceof Stop) return { kind: error.kind, value: error.words };
  throw error;
}

/** What is still registered runs when the process ends. */
function atExit(machine: Machine): void {
  machine.inhibited = 0;
  for (const one of machine.registry.takeAll()) {
    machine.runBody(one.object, one.body, "exit", one.position);
  }
}

/** Names of the functions that a method registers. */
function bodiesOf(method: Method): Set<string> {
  const names = method.statements
    .filter(({ kind, callee }) => kind === "call" && callee?.text === "finalizer")
    .map(({ operands: [body] }) => body)
    .map((body) => bodyNameOf(method, body));
  return new Set(names.filter((name) => name !== ""));
}

/** The name of a body: a function, a constant closure, or a closure that was made here. */
function bodyNameOf(method: Method, body: Operand | undefined): string {
  if (body?.kind === "ssa") {
    const made = method.statements[positionOf(method, body.number) - 1]?.operands[0];
    return made === undefined ? "" : plainName(method.text.slice(made.start, made.end));
  }
  return body === undefined ? "" : plainName(method.text.slice(body.start, body.end));
}
