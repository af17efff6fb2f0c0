// Everything about a method that all its plans share, and the questions that they ask of a statement.

import { type DominatorTree, dominatorTree } from "../../ir/dominator-tree.ts";
import { reachableFrom } from "../../ir/graph.ts";
import { type LoopForest, loopForest } from "../../ir/loop-forest.ts";
import { handlersByStatement } from "../../ir/region.ts";
import { type Doing, StatementJudge } from "../effects/statement-effects.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { Registration } from "../finalizer/registration.ts";
import type { MethodHeap } from "../heap/heap-of.ts";
import { ValueTypes } from "../value-types.ts";
import { type BodyLegality, bodyLegality } from "./body-legality.ts";
import { type HeldBack, heldBackDepth } from "./lock-region.ts";

export interface Frame {
  readonly opened: OpenedMethod;
  readonly environment: Environment;
  readonly heap: MethodHeap;
  readonly types: ValueTypes;
  readonly judge: StatementJudge;
  readonly dominators: DominatorTree;
  readonly loops: LoopForest;
  /** By position: block of the handler around the statement, 0 for none; null: no regions at all. */
  readonly handlers: Int32Array | null;
  /** Where finalizers are held back; null: nowhere. */
  readonly heldBack: HeldBack | null;
  /** What a registration's body allows; judged once. */
  bodyOf(registration: Registration): BodyLegality;
}

export function frameOf(opened: OpenedMethod, environment: Environment, heap: MethodHeap): Frame {
  const { method } = opened;
  const handlers = handlersByStatement(method);
  const bodies = new Map<Registration, BodyLegality>();
  return {
    bodyOf: (registration) => {
      const known = bodies.get(registration) ?? bodyLegality(registration, environment);
      bodies.set(registration, known);
      return known;
    },
    opened,
    environment,
    heap,
    types: new ValueTypes(method, environment),
    judge: new StatementJudge(opened, environment, () => false),
    dominators: dominatorTree(method.graph),
    loops: loopForest(method.graph),
    handlers,
    heldBack: heldBackDepth(method, handlers),
  };
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
