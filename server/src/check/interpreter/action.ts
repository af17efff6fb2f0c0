// Statements as functions. What a statement means is here; what the meaning does to the run (uses, faults,
// effects) is the machine's.

import { type Method, positionOf } from "../../ir/method.ts";
import type { Operand, Statement } from "../../syntax/tree.ts";
import { typeKey } from "../layout.ts";
import { plainName } from "../literal.ts";
import type { Program } from "../program.ts";
import { builtinOf } from "./builtins.ts";
import type { Action, Read } from "./code.ts";
import { foreignCallOf, foreignName } from "./foreign-calls.ts";
import type { Frame } from "./frame.ts";
import { intrinsicOf } from "./intrinsics.ts";
import type { Machine } from "./machine.ts";
import { readerOf, textOf, typeKeyOf } from "./operand.ts";
import { Thrown } from "./outcome.ts";
import { FunctionValue, nameOf, Obj, type Value } from "./value.ts";

/**
 * The function of a statement that is no φ node and no terminator.
 *
 * @param isWatched whether the statement's value gets a finalizer in a callee
 */
export function actionOf(
  method: Method,
  statement: Statement,
  position: number,
  isWatched: boolean,
  program: Program,
): Action {
  const act = meaningOf(method, statement, position, program);
  if (!isWatched) return act;
  return (machine, frame) => {
    const value = act(machine, frame);
    machine.watch(frame, value);
    return value;
  };
}

const nothing: Action = () => null;

function meaningOf(
  method: Method,
  statement: Statement,
  position: number,
  program: Program,
): Action {
  const read = (operand: Operand): Read => readerOf(method, operand, program);
  const [first] = statement.operands;
  switch (statement.kind) {
    case "pi":
    case "value":
      return first === undefined ? nothing : copy(read(first), first);
    case "upsilon": {
      const value = first === undefined ? () => undefined : read(first);
      return (machine, frame) => {
        frame.upsilons.set(position, machine.steps);
        return value(frame, machine);
      };
    }
    case "phic":
      return phic(statement.operands.map(({ number }) => positionOf(method, number)));
    case "leave":
      return leave(method, statement);
    case "new":
      return make(method, statement, program);
    case "splatnew":
      return makeSplat(method, statement, program);
    case "foreigncall":
      return foreign(method, statement, program);
    case "call":
    case "invoke":
      return call(method, statement, position, program);
    case "expression":
      return expression(method, statement, program);
    case "opaque":
      return (machine) => {
        machine.effect(`unreadable ${position}`);
        return undefined;
      };
    default:
      return nothing;
  }
}

/** A global may be undefined; all else is a copy. */
function copy(read: Read, _operand: Operand): Action {
  return (machine, frame) => read(frame, machine);
}

function phic(positions: readonly number[]): Action {
  return (_, frame) => {
    let latest = 0;
    let time = -1;
    for (const position of positions) {
      const when = frame.upsilons.get(position) ?? -1;
      if (when > time) [latest, time] = [position, when];
    }
    return frame.values[latest];
  };
}

function leave(method: Method, statement: Statement): Action {
  const { count, enters } = leaveTargets(method, statement);
  return (_, frame) => {
    if (count > 0) frame.regions.splice(Math.max(0, frame.regions.length - count));
    for (const enter of enters) {
      const place = frame.regions.findLastIndex((one) => one.enter === enter);
      if (place >= 0) frame.regions.splice(place);
    }
    return null;
  };
}

function resultKey(method: Method, { type }: Statement): string {
  if (type === null) return "Any";
  const text = textOf(method, type);
  const constant = /^Core\.Const\((.*)\)$/s.exec(text)?.[1];
  if (constant === "nothing") return "Nothing";
  if (constant === "true" || constant === "false") return "Bool";
  const partial = /^Core\.PartialStruct\((.*?), (?:Any\[|Union\{Nothing, Bool\}\[)/.exec(text)?.[1];
  return typeKey(partial ?? text);
}

function make(method: Method, statement: Statement, program: Program): Action {
  const [type, ...rest] = statement.operands;
  const key = type === undefined ? "Any" : typeKeyOf(method, type);
  const shown = resultKey(method, statement);
  const layout = program.layouts.of(shown.startsWith(key) ? shown : key);
  const reads = rest.map((operand) => readerOf(method, operand, program));
  if (reads.length === 0 && key.includes("#")) {
    const closure = plainName(key);
    return (machine) => machine.interpreter.functionNamed(closure);
  }
  if (layout.key === "WeakRef") {
    return (machine, frame) => {
      const weak = machine.newObject(
        layout,
        reads.map((one) => one(frame, machine)),
      );
      machine.registry.weakReferences.push(weak);
      return weak;
    };
  }
  if (!layout.mutable) {
    return (machine, frame) =>
      new Obj(
        "",
        layout,
        "local",
        false,
        reads.map((one) => one(frame, machine)),
      );
  }
  return (machine, frame) =>
    machine.newObject(
      layout,
      reads.map((one) => one(frame, machine)),
    );
}

function makeSplat(method: Method, statement: Statement, program: Program): Action {
  const [type, tuple] = statement.operands;
  const layout = program.layouts.of(type === undefined ? "Any" : typeKeyOf(method, type));
  const read = tuple === undefined ? () => null : readerOf(method, tuple, program);
  return (machine, frame) => {
    const value = read(frame, machine);
    const fields = value instanceof Obj ? [...value.fields] : [];
    return layout.mutable
      ? machine.newObject(layout, fields)
      : new Obj("", layout, "local", false, fields);
  };
}

function foreign(method: Method, statement: Statement, program: Program): Action {
  const [name, , types, , , ...rest] = statement.operands;
  const count = types?.children.length ?? rest.length;
  const reads = rest.slice(0, count).map((operand) => readerOf(method, operand, program));
  const key = resultKey(method, statement);
  const nameRead = name === undefined ? () => undefined : readerOf(method, name, program);
  const fixed = name?.kind === "symbol" ? foreignCallOf(name.text) : null;
  return (machine, frame) => {
    const args = reads.map((one) => one(frame, machine));
    const act = fixed ?? foreignCallOf(foreignName(nameRead(frame, machine)));
    return act(machine, args, key);
  };
}

function call(method: Method, statement: Statement, position: number, program: Program): Action {
  const { callee, operands, kind } = statement;
  if (callee === null) return nothing;
  const key = resultKey(method, statement);
  const reads = operands.map((operand) => readerOf(method, operand, program));
  const name = plainName(callee.kind === "global" || callee.kind === "name" ? callee.text : "");
  if (kind === "call") {
    if (name === "finalizer" && callee.module !== "Base") return registration(reads, position);
    const simple = simpleCall(name, reads, key);
    if (simple !== null) return simple;
    if (name === "_apply_iterate") return splat(reads, key);
  }
  const types = operands.map(({ annotation }) =>
    annotation === null ? "" : typeKey(textOf(method, annotation)),
  );
  const isNothrow = statement.facts?.get("n") === "+";
  const read = readerOf(method, callee, program);
  return (machine, frame) => {
    const args = reads.map((one) => one(frame, machine));
    const value = read(frame, machine);
    if (frame.code.bodies.size > 0 && args.length === 1 && isBody(frame, value)) {
      return runWritten(machine, value, args[0], position);
    }
    return machine.interpreter.call(machine, value, args, types, key, isNothrow);
  };
}

function simpleCall(name: string, reads: readonly Read[], key: string): Action | null {
  const intrinsic = intrinsicOf(name);
  if (intrinsic !== null) {
    const [a, b] = reads;
    if (reads.length === 2 && a !== undefined && b !== undefined) {
      return (machine, frame) => intrinsic([a(frame, machine), b(frame, machine)], key, machine);
    }
    return (machine, frame) =>
      intrinsic(
        reads.map((one) => one(frame, machine)),
        key,
        machine,
      );
  }
  const builtin = builtinOf(name);
  if (builtin === null) return null;
  return (machine, frame) =>
    builtin(
      machine,
      reads.map((one) => one(frame, machine)),
      key,
    );
}

/** `Core.finalizer(f, o, …)`; a dropped one leaves a ghost, by which placements are held to account. */
function registration([bodyRead, objectRead]: readonly Read[], position: number): Action {
  return (machine, frame) => {
    const object = objectRead?.(frame, machine);
    const body = bodyRead?.(frame, machine);
    if (!(object instanceof Obj)) throw new Thrown(nameOf("ErrorException"));
    if (frame.code.dropped.has(position)) {
      machine.use(object);
      frame.ghosts.push({ object, body, position, hasRun: false });
    } else machine.register(object, body, machine.frames.length === 1 ? position : 0);
    if (frame.code.hasPlacements) machine.watch(frame, object);
    return null;
  };
}

function isBody(frame: Frame, callee: Value | undefined): boolean {
  const name = callee instanceof FunctionValue ? callee.name : "";
  const closure = callee instanceof Obj ? plainName(callee.layout.key) : name;
  return frame.code.bodies.has(closure);
}

/** A body that a plan wrote into the method in place of its registration. */
function runWritten(
  machine: Machine,
  body: Value | undefined,
  object: Value | undefined,
  position: number,
): null {
  if (!(object instanceof Obj)) {
    machine.fault("never-allocated", "a body is called on no object", position);
    return null;
  }
  machine.checkOrder(object, position);
  if (machine.runBody(object, body, "placed", position)) {
    machine.fault("body-throws", `the body on @${object.id} throws`, position);
  }
  return null;
}

/** `_apply_iterate(iterate, f, containers…)`, for tuples. */
function splat(reads: readonly Read[], key: string): Action {
  return (machine, frame) => {
    const [, callee, ...containers] = reads.map((one) => one(frame, machine));
    const args = containers.flatMap((one): (Value | undefined)[] =>
      one instanceof Obj ? [...one.fields] : [one],
    );
    return machine.interpreter.call(
      machine,
      callee,
      args,
      args.map(() => ""),
      key,
    );
  };
}

function expression(method: Method, statement: Statement, program: Program): Action {
  const reads = statement.operands.map((operand) => readerOf(method, operand, program));
  const all = (machine: Machine, frame: Frame): (Value | undefined)[] =>
    reads.map((one) => one(frame, machine));
  const key = resultKey(method, statement);
  switch (statement.name) {
    case "boundscheck":
      return () => true;
    case "the_exception":
      return (_, frame) => frame.exceptions.at(-1);
    case "pop_exception":
      return (_, frame) => {
        frame.exceptions.pop();
        return null;
      };
    case "gc_preserve_begin":
      return (machine, frame) => machine.interpreter.tuple(all(machine, frame));
    case "gc_preserve_end":
      return (machine, frame) => {
        for (const token of all(machine, frame)) {
          if (token instanceof Obj) for (const one of token.fields) machine.use(one);
        }
        return null;
      };
    case "throw_undef_if_not":
      return (machine, frame) => {
        if (all(machine, frame)[1] === false) throw new Thrown(nameOf("UndefVarError"));
        return null;
      };
    case "isdefined":
      return () => true;
    case "static_parameter":
      return (machine) => machine.some(key, `static parameter ${key}`, "local");
    case "invoke_modify":
      return (machine, frame) => {
        const values = all(machine, frame);
        machine.effect(
          `modify ${statement.operands
            .slice(2)
            .map((one) => one.text)
            .join(" ")}`,
        );
        for (const one of values) machine.use(one);
        return machine.interpreter.tuple([null, null]);
      };
    default:
      return (machine, frame) => {
        for (const one of all(machine, frame)) machine.use(one);
        return key === "Nothing" ? null : machine.some(key, machine.callName(key), "local");
      };
  }
}

/** Positions of `enter` that a `leave` names; the number that it counts, where it counts. */
function leaveTargets(
  method: Method,
  statement: Statement,
): { readonly count: number; readonly enters: readonly number[] } {
  const [first] = statement.operands;
  if (first?.kind === "number") return { count: Number(first.text), enters: [] };
  const enters = statement.operands
    .filter(({ kind }) => kind === "ssa")
    .map(({ number }) => positionOf(method, number));
  return { count: 0, enters };
}
