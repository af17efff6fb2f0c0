// Calls as functions: builtins and intrinsics at once, registrations, C functions, and everything else by
// looking for its method.

import type { Method } from "../../ir/method.ts";
import type { Statement } from "../../syntax/tree.ts";
import { typeKey } from "../layout.ts";
import { plainName } from "../literal.ts";
import type { Program } from "../program.ts";
import { builtinOf } from "./builtins.ts";
import type { Action, Read } from "./code.ts";
import { foreignCallOf, foreignName } from "./foreign-calls.ts";
import type { Frame } from "./frame.ts";
import { intrinsicOf } from "./intrinsics.ts";
import type { Machine } from "./machine.ts";
import { readerOf, resultKey, textOf } from "./operand.ts";
import { Thrown } from "./outcome.ts";
import { FunctionValue, nameOf, Obj, type Value } from "./value.ts";

export function foreign(method: Method, statement: Statement, program: Program): Action {
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

export function call(
  method: Method,
  statement: Statement,
  position: number,
  program: Program,
): Action {
  const { callee, operands, kind } = statement;
  if (callee === null) return () => null;
  const key = resultKey(method, statement);
  const reads = operands.map((operand) => readerOf(method, operand, program));
  const name = plainName(callee.kind === "global" || callee.kind === "name" ? callee.text : "");
  if (name === "finalizer" && reads.length >= 2) {
    // `Base.finalizer` gives the object back, the builtin nothing.
    const act = registration(reads, position);
    const isBuiltin = kind === "call" && callee.module !== "Base";
    if (isBuiltin) return act;
    return (machine, frame) => {
      act(machine, frame);
      return reads[1]?.(frame, machine);
    };
  }
  if (kind === "call") {
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
      machine.hold(object);
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
  machine.batch++;
  machine.checkOrder(object, position);
  machine.checkAlone(object, position);
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
