// What a method tells its callers, from its heap and its effects.

import { dominates } from "../../ir/dominator-tree.ts";
import { dominatorsOf } from "../../ir/graph-facts.ts";
import type { Value } from "../body.ts";
import { inferEffects } from "../effects/infer.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import { findRegistrations } from "../finalizer/registration.ts";
import {
  type ArgumentSummary,
  type Fate,
  type MethodSummary,
  type ResultRegistration,
  type ResultSummary,
  topSummary,
} from "../method-summary.ts";
import { fieldsRead } from "./fields-read.ts";
import { argumentObject, contentsObject, type ObjectId, outside } from "./heap.ts";
import { heapOf, isLiteral, type MethodHeap } from "./heap-of.ts";

/**
 * The summary of the method that `opened` holds. Callees' summaries come from the environment; in a
 * recursive component those are the ones of the round before, and the caller repeats until none changes.
 */
export function summariseMethod(opened: OpenedMethod, environment: Environment): MethodSummary {
  const { method, body, key } = opened;
  const signature = method.header.signature ?? key;
  // Names that nobody declares may be arguments: what happens to those is not told by the text.
  if (body.hasUndeclaredNames) return topSummary(key, signature);
  const heap = heapOf(opened, environment);
  const returns = returnsOf(heap);
  const effects = inferEffects(opened, environment);
  const throws = effects.nothrow.holds !== "yes";
  const results = resultsOf(opened, heap, returns);
  const pending = pendingBehind(heap, results);
  const reads = fieldsRead(opened, heap);
  return {
    key,
    signature,
    effects,
    arguments: Array.from({ length: body.nArguments }, (_, index) =>
      argumentOf(heap, pending, index + 1, throws, reads[index + 1] ?? null),
    ),
    result: resultOf(opened, environment, heap, returns, results, pending),
    assumed: [...heap.callees.values()].some((callee) => callee?.assumed === true),
  };
}

/** Statements that return, with the values that they return. */
function returnsOf({ body }: MethodHeap): { position: number; value: Value }[] {
  return body.statements.flatMap(({ kind, args }, index) =>
    kind === "return" ? [{ position: index + 1, value: args[0] ?? 0 }] : [],
  );
}

/** What is returned, literals left out. */
function resultsOf(
  opened: OpenedMethod,
  { heap }: MethodHeap,
  returns: readonly { position: number; value: Value }[],
): ReadonlySet<ObjectId> {
  const results = new Set<ObjectId>();
  for (const { position, value } of returns) {
    if (isLiteral(opened.method.statements[position - 1]?.operands[0])) continue;
    for (const object of heap.pointsTo(value)) results.add(object);
  }
  return results;
}

/**
 * What finalizers reach that may still be pending when the method ends, those left out that the caller is told
 * of: the ones on what is returned.
 */
function pendingBehind(
  { heap, touches }: MethodHeap,
  results: ReadonlySet<ObjectId>,
): ReadonlySet<ObjectId> {
  const holders = new Set<ObjectId>();
  for (const { kind, objects } of touches) {
    if (kind !== "registered") continue;
    for (const one of objects) if (one !== outside && !results.has(one)) holders.add(one);
  }
  return heap.reach(holders);
}

function argumentOf(
  heap: MethodHeap,
  pending: ReadonlySet<ObjectId>,
  argument: number,
  throws: boolean,
  reads: readonly string[] | null,
): ArgumentSummary {
  const self = argumentObject(argument);
  const contents = contentsObject(argument);
  const isTouched = (kind: string): boolean =>
    heap.touches.some(
      (touch) => touch.kind === kind && (touch.objects.has(self) || touch.objects.has(contents)),
    );
  return {
    self: fateOf(heap, self, throws),
    contents: fateOf(heap, contents, throws),
    mutated: isTouched("mutated"),
    filled: filledOf(heap, self, contents),
    finalized: isTouched("finalized"),
    registered: isTouched("registered") || pending.has(self) || pending.has(contents),
    ...(reads === null ? {} : { reads }),
  };
}

function filledOf(
  { touches }: MethodHeap,
  self: ObjectId,
  contents: ObjectId,
): NonNullable<ArgumentSummary["filled"]> {
  const isFilled = (object: ObjectId): boolean =>
    touches.some(({ kind, objects }) => kind === "filled" && objects.has(object));
  if (isFilled(self)) return isFilled(contents) ? "both" : "self";
  return isFilled(contents) ? "behind" : "nowhere";
}

/** What becomes of `object`. */
function fateOf({ escapes }: MethodHeap, object: ObjectId, throws: boolean): Fate {
  const events = escapes.filter(({ objects }) => objects.has(object));
  const has = (kind: string): boolean => events.some((event) => event.kind === kind);
  const storedIn = new Set<number>();
  const storedBehind = new Set<number>();
  for (const { kind, holder } of events) {
    const at = Math.ceil(holder / 2);
    if (kind !== "argument") continue;
    if (holder === argumentObject(at)) storedIn.add(at);
    else storedBehind.add(at);
  }
  return {
    returned: has("return"),
    thrown: throws && has("thrown"),
    global: has("global"),
    // A weak reference outlives the call, and nobody here can say what is done with it.
    unknown: has("unknown") || has("weak"),
    storedIn: [...storedIn].sort((a, b) => a - b),
    ...(storedBehind.size > 0 ? { storedBehind: [...storedBehind].sort((a, b) => a - b) } : {}),
  };
}

function resultOf(
  opened: OpenedMethod,
  environment: Environment,
  heap: MethodHeap,
  returns: readonly { position: number; value: Value }[],
  results: ReadonlySet<ObjectId>,
  pending: ReadonlySet<ObjectId>,
): ResultSummary {
  const aliases: number[] = [];
  const holds: number[] = [];
  const reached = heap.heap.reach(results);
  for (let k = 1; k <= opened.body.nArguments; k++) {
    if (results.has(argumentObject(k))) aliases.push(k);
    else if (reached.has(argumentObject(k)) || reached.has(contentsObject(k))) holds.push(k);
  }
  const isKept = (object: ObjectId): boolean =>
    pending.has(object) ||
    heap.escapes.some(({ kind, objects }) => kind !== "return" && objects.has(object));
  const isMade = (object: ObjectId): boolean => {
    const { kind } = heap.heap.objects[object] ?? { kind: "outside" };
    return kind === "made" || kind === "result";
  };
  const fresh = [...results].every((object) => isMade(object) && !isKept(object));
  return {
    fresh,
    aliases,
    holds,
    // A new object beside one that was passed is neither of the two for sure.
    unknown:
      results.has(outside) || (!fresh && [...results].some((one) => isMade(one) || isKept(one))),
    registrations: fresh ? registrationsOf(opened, environment, heap, results, returns) : [],
  };
}

/** Registrations on the objects that are returned, in text order. */
function registrationsOf(
  opened: OpenedMethod,
  environment: Environment,
  heap: MethodHeap,
  results: ReadonlySet<ObjectId>,
  returns: readonly { position: number; value: Value }[],
): ResultRegistration[] {
  const { method } = opened;
  const found = findRegistrations(method, environment);
  if (found.length === 0) return [];
  const dominators = dominatorsOf(method.graph);
  const blockOf = (position: number): number => method.blockOf[position] ?? 0;
  return found.flatMap(({ position, object, bodySignature, via, always: isAlways }) => {
    const objects = heap.heap.pointsTo(object);
    if (![...objects].some((one) => results.has(one))) return [];
    const always =
      isAlways !== false &&
      objects.size === 1 &&
      results.size === 1 &&
      returns.every((one) => dominates(dominators, blockOf(position), blockOf(one.position)));
    return [{ bodySignature, via, always }];
  });
}
