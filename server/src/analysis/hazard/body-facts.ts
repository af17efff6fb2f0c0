// What a finalizer's body does to the world, as far as the texts of it and of its callees show: which C
// functions it calls, which of its object's fields they get, whether they go to a pool or on a stream, and
// whether it takes a lock or may switch to another task.
// Source: spec early-plan.md §3, §9.

import type { JuliaType } from "../../syntax/type.ts";
import type { Value } from "../body.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { Registration } from "../finalizer/registration.ts";
import { keyOfInvoke, keyOfSignature } from "../summary.ts";
import { widen } from "../type-table.ts";
import { ValueTypes } from "../value-types.ts";
import { argumentsOf, argumentTypes, freeingStream, nameOfCall } from "./calls.ts";
import { type ForeignCall, foreignCallsOf } from "./foreign-calls.ts";
import { maySwitch, poolName, putting, switchingForeign, taskStream, toPool } from "./names.ts";
import { type Origin, originOf } from "./origin.ts";

/** In whose order something is freed: a stream that the object holds, or the running task's. */
export type FreeOrder = Origin | "task";

export interface BodyFacts {
  /** Key of the body; null where its function is not known. */
  readonly key: string | null;
  /** The C functions that it calls, its callees included. */
  readonly calls: readonly ForeignCall[];
  /** Names of the object's fields that it passes to C functions by itself. */
  readonly released: ReadonlySet<string>;
  /** Names of the object's fields that it gives back to a pool by itself. */
  readonly pooled: ReadonlySet<string>;
  /** Fields (1-based) that hold C functions which it calls. */
  readonly called: ReadonlySet<number>;
  /** In whose order it frees by itself; null for an order that the text does not tell. */
  readonly orders: readonly (FreeOrder | null)[];
  /** The function by which it may switch tasks; null where none is shown. */
  readonly switchedBy: string | null;
  /** Whether every run of it frees something, by a C function or a method that is known to. */
  readonly releases: boolean;
  readonly locks: boolean;
  /** Whether it asks before it releases, or marks what it released: running twice may be harmless. */
  readonly isGuarded: boolean;
}

/** The object is the second argument of a body, behind the function itself. */
const object: Value = -2;

/** So many methods are looked into at most. */
const methodLimit = 32;

const unknown: Omit<BodyFacts, "key"> = {
  calls: [],
  released: new Set(),
  pooled: new Set(),
  called: new Set(),
  orders: [],
  switchedBy: null,
  releases: false,
  locks: false,
  isGuarded: true,
};

/** What the body of a registration does. */
export function bodyFacts(environment: Environment, { bodySignature }: Registration): BodyFacts {
  const key = bodySignature === null ? null : keyOfSignature(bodySignature);
  const opened = key === null ? null : environment.open(key);
  if (key === null || opened === null) return { ...unknown, key };
  const { method, body } = opened;
  const acts = environment.acts(key);
  const isStraight = method.nBlocks === 1;
  return {
    key,
    calls: foreignCallsOf(environment, key),
    ...fieldFacts(opened, new ValueTypes(method, environment)),
    switchedBy: switchedBy(opened, environment),
    releases: isStraight && acts?.releases.holds === "yes",
    locks: acts?.locks.holds === "yes",
    isGuarded: !isStraight || body.statements.some(({ name }) => name === "setfield!"),
  };
}

/** What becomes of the fields of its object in the body's own text. */
function fieldFacts(
  opened: OpenedMethod,
  types: ValueTypes,
): Pick<BodyFacts, "released" | "pooled" | "called" | "orders"> {
  const released = new Set<string>();
  const pooled = new Set<string>();
  const called = new Set<number>();
  const orders: (FreeOrder | null)[] = [];
  const fieldOf = (value: Value): Origin | null => {
    const origin = originOf(opened, value, undefined);
    return origin?.root === object ? origin : null;
  };
  opened.body.statements.forEach((made, index) => {
    const position = index + 1;
    if (made.kind === "foreigncall") {
      for (const arg of made.args) {
        const path = fieldOf(arg)?.path ?? [];
        // What is read from a field's own object belongs to that object.
        if (path.length === 1 && path[0] !== undefined) released.add(path[0]);
      }
      const by = fieldOf(made.args[0] ?? 0);
      if (by?.path.length === 1) called.add(by.field);
    }
    for (const field of givenBack(opened, types, position)) pooled.add(field);
    const stream = freeingStream(opened, types, position);
    if (stream !== null) orders.push(orderOf(opened, stream.value));
  });
  return { released, pooled, called, orders };
}

function orderOf(opened: OpenedMethod, stream: Value): FreeOrder | null {
  const origin = originOf(opened, stream, undefined);
  if (origin === null) return null;
  if (origin.root === object && origin.path.length > 0) return origin;
  return origin.root > 0 && taskStream.test(nameOfCall(opened, origin.root)) ? "task" : null;
}

/** Names of the object's fields that the statement gives to a pool. */
function givenBack(opened: OpenedMethod, types: ValueTypes, position: number): string[] {
  const name = nameOfCall(opened, position);
  const given = argumentsOf(opened, position);
  const isCall = toPool.test(name);
  if (!isCall) {
    const pool = putting.test(name) ? given.shift() : undefined;
    if (pool === undefined) return [];
    const origin = originOf(opened, pool.value, pool.operand);
    const words = [origin?.global, ...(origin?.path ?? []), argumentTypes(opened, position)[0]];
    if (!words.some((word) => word !== undefined && poolName.test(word))) return [];
  }
  return given.flatMap(({ value, operand }) => {
    const origin = originOf(opened, value, operand);
    const field = origin?.root === object ? origin.path[0] : undefined;
    if (field === undefined || operand === undefined || poolName.test(field)) return [];
    // A function is handed other things besides the memory.
    return !isCall || isMemory(types.operand(operand)) ? [field] : [];
  });
}

const memories: ReadonlySet<string> = new Set(
  "Ptr LLVMPtr CuPtr Cstring Array Vector Matrix Memory GenericMemory MemoryRef".split(" "),
);

function isMemory(printed: JuliaType): boolean {
  const type = widen(printed);
  return type.kind === "data" && memories.has(type.name);
}

/** The function by which the body may switch tasks, itself or through callees whose text is at hand. */
function switchedBy(body: OpenedMethod, environment: Environment): string | null {
  const queue = [body];
  const seen = new Set([body.key]);
  for (let next = 0; next < Math.min(queue.length, methodLimit); next++) {
    const opened = queue[next];
    if (opened === undefined) break;
    for (const [index, statement] of opened.method.statements.entries()) {
      const isCall = statement.kind === "invoke" || statement.kind === "call";
      if (!isCall && statement.kind !== "foreigncall") continue;
      const key = statement.kind === "invoke" ? keyOfInvoke(opened.method, statement) : null;
      const callee = key === null ? null : environment.open(key);
      const name = nameOfCall(opened, index + 1);
      // A function of the user's that is only called like one of Base's says by its text what it does.
      const isBases =
        callee === null || /^(?:Base|Core)(?:\.|$)/.test(statement.callee?.module ?? "");
      const isSwitch = isCall
        ? isBases && maySwitch(name, argumentTypes(opened, index + 1))
        : switchingForeign.test(name);
      if (isSwitch) return name;
      if (callee === null || seen.has(callee.key)) continue;
      seen.add(callee.key);
      queue.push(callee);
    }
  }
  return null;
}
