// Where finalizers are held back: between `lock` and `unlock`, and between `GC.disable_finalizers` and
// `GC.enable_finalizers`. What holds a lock on one path holds it, as far as placements go.
// Source: spec early-plan.md §3.

import { reversePostorder, successorsOf } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import { foreignName } from "../effects/foreigncall.ts";

const locking =
  /^(?:lock|slowlock|trylock|_trylock|disable_finalizers|jl_gc_disable_finalizers_internal)$/;
const unlocking =
  /^(?:unlock|_unlock|enable_finalizers|jl_gc_enable_finalizers_internal|jl_gc_enable_finalizers)$/;

/** Deeper nests count as this deep. */
const depthLimit = 8;

/** How many regions, such as those that hold finalizers back, may be open. */
export interface HeldBack {
  /** Behind each statement, by position. */
  readonly behind: Uint8Array;
  /** At the head of each block. */
  readonly at: Uint8Array;
}

/** Where finalizers are held back; null where the method opens no such region. */
export function heldBackDepth(method: Method, handlers: Int32Array | null): HeldBack | null {
  return regionDepth(method, handlers, (position) => {
    const statement = method.statements[position - 1];
    const name =
      statement?.kind === "foreigncall"
        ? foreignName(statement.operands[0])
        : statement?.kind === "invoke" || statement?.kind === "call"
          ? (statement.callee?.text ?? "")
          : "";
    return locking.test(name) ? 1 : unlocking.test(name) ? -1 : 0;
  });
}

/**
 * How many regions of one kind may be open; null where the method opens none.
 *
 * @param changeAt of a statement's position: 1 where it opens a region, −1 where it closes one, else 0
 */
export function regionDepth(
  method: Method,
  handlers: Int32Array | null,
  changeAt: (position: number) => number,
): HeldBack | null {
  const change = new Int8Array(method.nStatements + 1);
  for (let position = 1; position <= method.nStatements; position++) {
    change[position] = changeAt(position);
  }
  if (!change.includes(1)) return null;
  const depth = new Uint8Array(method.nStatements + 1);
  const entry = new Uint8Array(method.nBlocks + 1);
  const order = reversePostorder(method.graph);
  const raise = (block: number, to: number): boolean => {
    if (block === 0 || (entry[block] ?? 0) >= to) return false;
    entry[block] = to;
    return true;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order) {
      let at = entry[block] ?? 0;
      const end = method.firstOf[block + 1] ?? 0;
      for (let position = method.firstOf[block] ?? 0; position < end; position++) {
        // An exception may come before the lock is let go.
        if (raise(handlers?.[position] ?? 0, at)) changed = true;
        at = Math.min(depthLimit, Math.max(0, at + (change[position] ?? 0)));
        depth[position] = at;
      }
      for (const next of successorsOf(method.graph, block)) {
        if (raise(next, at)) changed = true;
      }
    }
  }
  return { behind: depth, at: entry };
}
