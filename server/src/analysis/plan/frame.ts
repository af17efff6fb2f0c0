// Everything about a method that all its plans share, and the questions that they ask of a statement.

import type { DominatorTree } from "../../ir/dominator-tree.ts";
import { reachableFrom } from "../../ir/graph.ts";
import { dominatorsOf, loopsOf } from "../../ir/graph-facts.ts";
import type { LoopForest } from "../../ir/loop-forest.ts";
import { type Method, type Uses, usesOfMethod } from "../../ir/method.ts";
import { handlersByStatement } from "../../ir/region.ts";
import { type Doing, type Doings, StatementJudge } from "../effects/statement-effects.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { Registration } from "../finalizer/registration.ts";
import type { MethodHeap } from "../heap/heap-of.ts";
import type { EscapeEvent, TouchEvent } from "../heap/solve.ts";
import { ValueTypes } from "../value-types.ts";
import { type BodyLegality, bodyLegality } from "./body-legality.ts";
import { HeapIndex } from "./heap-index.ts";
import { type HeldBack, heldBackDepth } from "./lock-region.ts";
import type { PlanBlocker } from "./plan.ts";

export interface Frame {
  readonly opened: OpenedMethod;
  readonly environment: Environment;
  readonly heap: MethodHeap;
  readonly types: ValueTypes;
  /** What each statement does; judged once. */
  readonly judge: { judge(position: number): Doings };
  readonly dominators: DominatorTree;
  readonly loops: LoopForest;
  /** By position: block of the handler around the statement, 0 for none; null: no regions at all. */
  readonly handlers: Int32Array | null;
  /** Handler → the blocks that it catches exceptions of. */
  readonly caughtBy: ReadonlyMap<number, ReadonlySet<number>>;
  /** Users of every SSA value. */
  readonly uses: Uses;
  /** What the heap tells of statements, by position. */
  readonly events: HeapEvents;
  readonly index: HeapIndex;
  /** Where finalizers are held back; null: nowhere. */
  readonly heldBack: HeldBack | null;
  /** What a registration's body allows; each body is judged once. */
  bodyOf(registration: Registration): BodyLegality;
}

/** Escapes and touches of objects, each by the position of its statement. */
export interface HeapEvents {
  readonly escapes: ReadonlyMap<number, readonly EscapeEvent[]>;
  readonly finalized: ReadonlyMap<number, readonly TouchEvent[]>;
}

function eventsOf({ escapes, touches }: MethodHeap): HeapEvents {
  return {
    escapes: byPosition(escapes),
    finalized: byPosition(touches.filter(({ kind }) => kind === "finalized")),
  };
}

function byPosition<T extends { position: number }>(events: readonly T[]): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const event of events) {
    const known = found.get(event.position);
    if (known === undefined) found.set(event.position, [event]);
    else known.push(event);
  }
  return found;
}

export function frameOf(opened: OpenedMethod, environment: Environment, heap: MethodHeap): Frame {
  const { method } = opened;
  const handlers = handlersByStatement(method);
  const bodies = new Map<string, BodyLegality>();
  const types = new ValueTypes(method, environment);
  const judge = new StatementJudge(opened, environment, () => false, types);
  const doings: Doings[] = [];
  return {
    bodyOf: (registration) => {
      const { position, bodySignature, extra } = registration;
      const key = `${extra} ${bodySignature}`;
      const known = bodies.get(key) ?? bodyLegality(registration, environment);
      bodies.set(key, known);
      const here = (one: PlanBlocker): PlanBlocker => ({ ...one, position });
      const { blockers, notElided } = known;
      return { ...known, blockers: blockers.map(here), notElided: notElided.map(here) };
    },
    opened,
    environment,
    heap,
    types,
    judge: {
      judge: (position) => {
        doings[position] ??= judge.judge(position);
        return doings[position];
      },
    },
    uses: usesOfMethod(method),
    events: eventsOf(heap),
    index: new HeapIndex(heap, method),
    dominators: dominatorsOf(method.graph),
    loops: loopsOf(method.graph),
    handlers,
    caughtBy: caughtBy(method, handlers),
    heldBack: heldBackDepth(method, handlers),
  };
}

function caughtBy({ blockOf }: Method, handlers: Int32Array | null): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  handlers?.forEach((handler, position) => {
    if (handler === 0) return;
    const known = found.get(handler);
    const block = blockOf[position] ?? 0;
    if (known === undefined) found.set(handler, new Set([block]));
    else known.add(block);
  });
  return found;
}

/** Whether the statement is printed with type `Union{}`: it throws, or never returns. */
export function neverComesBack({ types }: Frame, position: number): boolean {
  const type = types.ssa(position);
  return type.kind === "union" && type.members.length === 0;
}

/**
 * Whether the statement may throw, as far as the text or the user says; not as Julia's flags have it. What
 * only a bundled table says is no proof.
 */
export function mayThrow(frame: Frame, position: number): boolean {
  return !isSaid(frame.judge.judge(position).nothrow);
}

/** Whether the task can be switched, or never come back, at the statement. */
export function mayLeaveTask({ heap, judge }: Frame, position: number): boolean {
  const kind = heap.body.statements[position - 1]?.kind;
  const isCall = kind === "invoke" || kind === "call" || kind === "foreigncall";
  return (isCall || kind === "conservative") && !isSaid(judge.judge(position).notaskstate);
}

/** Whether what is known of the statement rests on an assumption of the user's. */
export function isAssumed({ judge }: Frame, position: number): boolean {
  const { nothrow, notaskstate } = judge.judge(position);
  return nothrow.origin === "assumed" || notaskstate.origin === "assumed";
}

function isSaid({ holds, origin }: Doing): boolean {
  return holds === "yes" && origin !== "bundled";
}

/**
 * `reachableFrom`, exceptions included: of a block that is left, the handlers of its statements are reached
 * too, though the graph leads to them from their `enter` only.
 */
export function reachedFrom(
  { opened: { method }, handlers }: Frame,
  start: readonly number[],
  stopAt?: number,
): Uint8Array {
  const starts = [...start];
  for (;;) {
    const reached = reachableFrom(method.graph, starts, stopAt);
    const count = starts.length;
    handlers?.forEach((handler, position) => {
      const block = method.blockOf[position] ?? 0;
      if (handler === 0 || block === stopAt || reached[block] !== 1) return;
      if (reached[handler] !== 1 && !starts.includes(handler)) starts.push(handler);
    });
    if (starts.length === count) return reached;
  }
}

/** Whether a loop that does not contain the statement at `definition` may run before `use`, or around it. */
export function isBehindLoop(frame: Frame, definition: number, use: number): boolean {
  const { opened, loops } = frame;
  const { blockOf } = opened.method;
  const made = blockOf[definition] ?? 0;
  const used = blockOf[use] ?? 0;
  if (made === used) return false;
  const reached = reachedFrom(frame, [made]);
  return loops.loops.some(
    ({ header, blocks }) =>
      reached[header] === 1 &&
      !blocks.includes(made) &&
      reachedFrom(frame, [header], made)[used] === 1,
  );
}
