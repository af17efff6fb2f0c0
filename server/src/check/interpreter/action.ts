// Statements as functions. What a statement means is here; what the meaning does to the run (uses, faults,
// effects) is the machine's.

import { type Method, positionOf } from "../../ir/method.ts";
import type { Operand, Statement } from "../../syntax/tree.ts";
import { parametersOf } from "../layout.ts";
import { plainName } from "../literal.ts";
import type { Program } from "../program.ts";
import { call, foreign } from "./call-action.ts";
import type { Action, Read } from "./code.ts";
import type { Frame } from "./frame.ts";
import { intrinsicOf } from "./intrinsics.ts";
import type { Machine } from "./machine.ts";
import { readerOf, resultKey, typeKeyOf } from "./operand.ts";
import { Thrown } from "./outcome.ts";
import { Name, nameOf, Obj, type Value } from "./value.ts";

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
        machine.note("value", "a line that cannot be read");
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
    case "invoke_modify": {
      const [, builtin, , , operator] = statement.operands;
      const change = operatorOf(plainName(operator?.text ?? ""), key);
      if (builtin?.text === "modifyfield!" && change !== null) return modifyField(reads, change);
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
    }
    default:
      return (machine, frame) => {
        for (const one of all(machine, frame)) machine.use(one);
        return key === "Nothing" ? null : machine.some(key, machine.callName(key), "local");
      };
  }
}

/** `+` or `-` of integers, for `x.f += y` on an atomic field; null for what is not known by name. */
function operatorOf(name: string, pair: string): Change | null {
  const intrinsic = name === "+" ? "add_int" : name === "-" ? "sub_int" : null;
  const act = intrinsic === null ? null : intrinsicOf(intrinsic);
  const type = parametersOf(pair)[0] ?? "Int64";
  return act === null ? null : (machine, a, b) => act([a, b], type, machine);
}

type Change = (machine: Machine, a: Value | undefined, b: Value | undefined) => Value | undefined;

function modifyField([, , object, field, , by]: readonly Read[], change: Change): Action {
  return (machine, frame) => {
    const [target, name] = [object?.(frame, machine), field?.(frame, machine)];
    if (!(target instanceof Obj) || !(name instanceof Name)) throw new Thrown(nameOf("FieldError"));
    const place = machine.placeOf(target, name.text);
    const old = machine.read(target, place, "Int64");
    const value = change(machine, old, by?.(frame, machine));
    machine.write(target, place, value);
    return machine.interpreter.tuple([old, value]);
  };
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
