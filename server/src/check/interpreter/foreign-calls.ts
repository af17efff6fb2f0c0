// C functions: memory on the tracked heap, and the entry points of Julia's runtime that registrations,
// locks and weak references compile to. Others are opaque: an effect with the arguments' words.
// Source: spec ir-text.md §4.1, early-plan.md §4.

import { enableFinalizers } from "./known-calls.ts";
import type { Machine } from "./machine.ts";
import { Thrown } from "./outcome.ts";
import { describe, Name, nameOf, Obj, type Value } from "./value.ts";

type Values = readonly (Value | undefined)[];

export type ForeignCall = (machine: Machine, args: Values, resultKey: string) => Value | undefined;

/** What the C function does; functions that nobody knows are opaque. */
export function foreignCallOf(name: string): ForeignCall {
  const found = Object.hasOwn(calls, name) ? calls[name] : undefined;
  return found ?? ((machine, args, key) => opaque(machine, name, args, key));
}

function opaque(machine: Machine, name: string, args: Values, key: string): Value | undefined {
  for (const one of args) machine.useDeeply(one);
  for (const one of args) if (typeof one === "number") checkAddress(machine, one);
  const call = machine.callName(`ccall ${name}`);
  machine.effect(`ccall ${name}(${args.map((one) => describe(one)).join(",")})`);
  machine.note("foreign", name);
  return machine.draw(key, call, "local");
}

function bytes(value: Value | undefined): number {
  return typeof value === "number" && value > 0 ? value : 0;
}

function allocate(machine: Machine, size: number): number {
  return machine.foreign.allocate(size, machine.now, machine.running !== null);
}

function checkAddress(machine: Machine, address: Value | undefined): void {
  if (typeof address !== "number") return;
  const block = machine.foreign.blockAt(address);
  if (block === null || !block.isFree) return;
  machine.fault("use-after-free", `C memory ${block.address} is used after it was freed`);
}

function free(machine: Machine, [address]: Values): null {
  if (typeof address !== "number") return null;
  const isFirst = machine.foreign.free(address, machine.now);
  if (!isFirst) machine.fault("double-free", `C memory ${address} is freed twice`);
  return null;
}

/** The object and function among the arguments of a registering entry point. */
function register(machine: Machine, args: Values): null {
  const place = args.findIndex((one) => one instanceof Obj && one.id !== "task");
  const object = args[place];
  if (!(object instanceof Obj)) throw new Thrown(nameOf("ErrorException"));
  const position = machine.frames.length === 1 ? machine.position : 0;
  machine.register(object, args[place + 1], position);
  return null;
}

const calls: Readonly<Record<string, ForeignCall>> = {
  malloc: (machine, [size]) => allocate(machine, bytes(size)),
  calloc: (machine, [count, size]) => allocate(machine, bytes(count) * bytes(size)),
  realloc: (machine, [address, size]) => {
    free(machine, [address]);
    return allocate(machine, bytes(size));
  },
  free,
  memset: (machine, [address]) => {
    checkAddress(machine, address);
    return address;
  },
  memcpy: (machine, [to, from]) => {
    checkAddress(machine, to);
    checkAddress(machine, from);
    return to;
  },
  memmove: (machine, [to, from]) => {
    checkAddress(machine, to);
    checkAddress(machine, from);
    return to;
  },
  jl_gc_add_ptr_finalizer: register,
  jl_gc_add_finalizer_th: register,
  jl_gc_add_finalizer: register,
  jl_finalize_th: (machine, args) => {
    const object = args.find((one) => one instanceof Obj && one.id !== "task");
    if (object instanceof Obj) machine.finalizeObject(object, "finalize", machine.position);
    return null;
  },
  jl_finalize: (machine, [object]) => {
    if (object instanceof Obj) machine.finalizeObject(object, "finalize", machine.position);
    return null;
  },
  jl_gc_new_weakref_th: (machine, args) => {
    const object = args.at(-1);
    const weak = machine.newObject(machine.interpreter.program.layouts.of("WeakRef"), [object]);
    machine.registry.weakReferences.push(weak);
    return weak;
  },
  jl_gc_disable_finalizers_internal: (machine) => {
    machine.inhibited++;
    return null;
  },
  jl_gc_enable_finalizers_internal: (machine) => {
    releaseInlined(machine);
    enableFinalizers(machine);
    return null;
  },
  jl_gc_run_pending_finalizers: (machine) => {
    if (machine.running === null) machine.registry.runPending(machine);
    return null;
  },
  jl_gc_collect: (machine) => {
    machine.collect();
    return null;
  },
  jl_cpu_wake: () => null,
  jl_get_current_task: (machine) => machine.global("task"),
  jl_get_ptls_states: () => 0,
  jl_object_id: (machine, [object]) => machine.draw("UInt64", `id ${describe(object)}`, "local"),
  jl_value_ptr: (machine, [object]) => {
    machine.use(object);
    return machine.draw("UInt64", `address ${describe(object)}`, "local");
  },
  jl_alloc_array_1d: (machine, [type], key) => {
    const layout = machine.interpreter.program.layouts.of(describe(type) || key);
    return machine.newObject(layout, []);
  },
};

/** `unlock` of a spin lock is inlined: the swap has cleared its field, the table must follow. */
function releaseInlined(machine: Machine): void {
  for (const lock of machine.locksCleared.splice(0)) machine.locks.release(lock);
}

/** The name of a C function from its operand's value. */
export function foreignName(value: Value | undefined): string {
  if (value instanceof Name) return value.text;
  if (value instanceof Obj) return foreignName(value.fields[0]);
  return typeof value === "string" ? value : "?";
}
