// Everything about a method that all its plans share, and the questions that they ask of a statement.

import { type DominatorTree, dominatorTree } from "../../ir/dominator-tree.ts";
import { type LoopForest, loopForest } from "../../ir/loop-forest.ts";
import { handlersByStatement } from "../../ir/region.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { MethodHeap } from "../heap/heap-of.ts";
import { ValueTypes } from "../value-types.ts";
import { heldBackDepth } from "./lock-region.ts";

export interface Frame {
  readonly opened: OpenedMethod;
  readonly environment: Environment;
  readonly heap: MethodHeap;
  readonly types: ValueTypes;
  readonly dominators: DominatorTree;
  readonly loops: LoopForest;
  /** By position: block of the handler around the statement, 0 for none; null: no regions at all. */
  readonly handlers: Int32Array | null;
  /** By position: how many regions hold finalizers back behind the statement; null: none do. */
  readonly heldBack: Uint8Array | null;
}

export function frameOf(opened: OpenedMethod, environment: Environment, heap: MethodHeap): Frame {
  const { method } = opened;
  return {
    opened,
    environment,
    heap,
    types: new ValueTypes(method, environment),
    dominators: dominatorTree(method.graph),
    loops: loopForest(method.graph),
    handlers: handlersByStatement(method),
    heldBack: heldBackDepth(method),
  };
}

/** Whether the statement is printed with type `Union{}`: it throws, or never returns. */
export function neverComesBack({ types }: Frame, position: number): boolean {
  const type = types.ssa(position);
  return type.kind === "union" && type.members.length === 0;
}

/** Whether the statement may throw, as far as this analysis proves; not as Julia's flags have it. */
export function mayThrow({ heap }: Frame, position: number): boolean {
  const statement = heap.body.statements[position - 1];
  if (statement === undefined || statement.nothrow === "yes") return false;
  // Julia sets no flag on these, although they cannot throw.
  if (statement.name === "leave" || statement.name === "loopinfo") return false;
  const callee = heap.callees.get(position);
  return callee?.effects.nothrow.holds !== "yes";
}

/** Whether the task can be switched, or never come back, at the statement. */
export function mayLeaveTask({ heap }: Frame, position: number): boolean {
  const statement = heap.body.statements[position - 1];
  if (statement === undefined) return false;
  if (statement.kind === "invoke" || statement.kind === "call") {
    return heap.callees.get(position)?.effects.notaskstate.holds !== "yes";
  }
  if (statement.kind === "foreigncall") return !statement.notaskstate;
  return statement.kind === "conservative";
}
