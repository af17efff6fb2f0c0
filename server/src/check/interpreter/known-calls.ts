// Functions of Base that the interpreter knows by name, for calls whose IR is not at hand: exceptions,
// locks, finalizers, tasks, output. Source: spec early-plan.md §3 and §4; Julia's base/lock.jl, gcutils.jl.

import { getField } from "./builtins.ts";
import type { Machine } from "./machine.ts";
import { Stop, Thrown } from "./outcome.ts";
import { describe, Name, nameOf, Obj, type Value } from "./value.ts";

type Values = readonly (Value | undefined)[];

export type KnownCall = (machine: Machine, args: Values, resultKey: string) => Value | undefined;

export function isKnownName(name: string): boolean {
  return knownCallOf(name) !== null;
}

/** What a function of this name does; null for a name that says nothing. */
export function knownCallOf(name: string): KnownCall | null {
  if (Object.hasOwn(known, name)) return known[name] ?? null;
  if (/^_?throw_/.test(name)) return () => raise(nameOf(name));
  return /(?:Error|Exception)$/.test(name) ? makeException(name) : null;
}

function raise(value: Value | undefined): never {
  throw new Thrown(value);
}

function makeException(name: string): KnownCall {
  return (machine, args) =>
    new Obj("", machine.interpreter.program.layouts.of(`#${name}`), "local", false, [...args]);
}

function lockObject(args: Values): Obj {
  const lock = args.find((one) => one instanceof Obj);
  return lock instanceof Obj ? lock : raise(nameOf("MethodError"));
}

function isSpin(lock: Obj): boolean {
  return /Spin/.test(lock.layout.key) || /SPIN/i.test(lock.id);
}

/** A body that the program runs early must not enter what the program holds (spec §3). */
function checkEarly(machine: Machine, lock: Obj): void {
  const { running } = machine;
  if (running === null || !running.heldBefore.has(lock.id)) return;
  if (running.cause === "gc" || running.cause === "exit") return;
  machine.fault("lock-region", `${running.key} takes a lock that is held around it`);
}

function lock(machine: Machine, args: Values): null {
  const one = lockObject(args);
  checkEarly(machine, one);
  if (machine.locks.count(one) > 0 && isSpin(one)) {
    throw new Stop("deadlock", `${one.id} is locked again by the task that holds it`);
  }
  machine.locks.take(one);
  machine.inhibited++;
  if (isSpin(one) && one.layout.names.includes("owned")) one.fields[0] = 1;
  return null;
}

/** `lock(f, l)`: the function runs with the lock taken. */
function lockAround(
  machine: Machine,
  [body, ...rest]: Values,
  resultKey: string,
): Value | undefined {
  lock(machine, rest);
  try {
    return machine.interpreter.call(machine, body, [], [], resultKey);
  } finally {
    unlock(machine, rest);
  }
}

function unlock(machine: Machine, args: Values): null {
  if (!machine.locks.release(lockObject(args))) return raise(nameOf("unlock count"));
  enableFinalizers(machine);
  return null;
}

/** One region that holds finalizers back ends; what waited runs. */
export function enableFinalizers(machine: Machine): void {
  if (machine.inhibited > 0) machine.inhibited--;
  if (machine.inhibited === 0 && machine.running === null) machine.registry.runPending(machine);
}

/** `finalize(o)` promises to run what is registered at once; a dropped registration it does not find. */
function finalizeByHand(machine: Machine, object: Obj): void {
  const ghosts = machine.frames.flatMap((frame) => frame.ghosts);
  const missed = ghosts.find((ghost) => ghost.object === object && !ghost.hasRun);
  if (missed !== undefined) {
    const words = `finalize does not find the dropped registration of @${object.id}`;
    machine.fault("leak", words, missed.position);
  }
  const cause = machine.options.takesFinalizeForPlaced === true ? "placed" : "finalize";
  machine.finalizeObject(object, cause, machine.position);
}

function print(machine: Machine, args: Values): null {
  for (const one of args) machine.useDeeply(one);
  machine.effect(`print ${args.map((one) => describe(one)).join(" ")}`);
  return null;
}

const known: Readonly<Record<string, KnownCall>> = {
  error: (_, args) => raise(args[0]),
  rethrow: (machine, args) => raise(args[0] ?? machine.frames.at(-1)?.exceptions.at(-1)),
  throw: (_, args) => raise(args[0]),
  lock: (machine, args, key) =>
    args.length > 1 ? lockAround(machine, args, key) : lock(machine, args),
  unlock,
  trylock: (machine, args) => {
    const one = lockObject(args);
    checkEarly(machine, one);
    if (machine.locks.count(one) > 0 && isSpin(one)) return false;
    machine.locks.take(one);
    machine.inhibited++;
    return true;
  },
  islocked: (machine, args) => machine.locks.count(lockObject(args)) > 0,
  disable_finalizers: (machine) => {
    machine.inhibited++;
    return null;
  },
  enable_finalizers: (machine, [on]) => {
    if (on === false) machine.inhibited++;
    else enableFinalizers(machine);
    return null;
  },
  gc: (machine) => {
    machine.collect();
    return null;
  },
  in_finalizer: (machine) => machine.running?.cause === "gc",
  finalize: (machine, [object]) => {
    if (object instanceof Obj) finalizeByHand(machine, object);
    return null;
  },
  finalizer: (machine, [body, object]) => {
    if (!(object instanceof Obj)) return raise(nameOf("ErrorException"));
    machine.register(object, body, machine.frames.length === 1 ? machine.position : 0);
    return object;
  },
  WeakRef: (machine, [object]) => {
    const weak = machine.newObject(machine.interpreter.program.layouts.of("WeakRef"), [object]);
    machine.registry.weakReferences.push(weak);
    return weak;
  },
  current_task: (machine) => machine.global("task"),
  yield: (machine) => {
    machine.effect("yield");
    return null;
  },
  task_local_storage: (machine, [key, value]) => {
    const name = describe(key);
    if (value === undefined) return machine.taskStorage.get(name) ?? machine.global("task storage");
    if (machine.running === null) machine.taskStorage.set(name, value);
    machine.effect(`task storage ${name} ${describe(value)}`);
    return value;
  },
  println: print,
  print,
  show: print,
  getproperty: (machine, [object, name], key) => getField(machine, object, name, key),
  "setproperty!": (machine, [object, name, value]) => {
    if (!(object instanceof Obj) || !(name instanceof Name)) return raise(nameOf("FieldError"));
    machine.write(object, machine.placeOf(object, name.text), value);
    return value;
  },
  invokelatest: (machine, [callee, ...rest], key) =>
    machine.interpreter.call(
      machine,
      callee,
      rest,
      rest.map(() => ""),
      key,
    ),
  with_context: (machine, [callee], key) => machine.interpreter.call(machine, callee, [], [], key),
};
