// Where finalizers are held back: between `lock` and `unlock`, and between `GC.disable_finalizers` and
// `GC.enable_finalizers`. What holds a lock on one path holds it, as far as placements go.
// Source: spec early-plan.md §3; Julia's base/lock.jl and gcutils.jl (what is left of them when inlined).

import { successorsOf } from "../../ir/graph.ts";
import { orderOf } from "../../ir/graph-facts.ts";
import { blockWithLabel, lastOf, type Method, operandValue } from "../../ir/method.ts";
import type { Operand, Statement } from "../../syntax/tree.ts";
import { foreignName } from "../effects/foreigncall.ts";

const opening: ReadonlySet<string> = new Set([
  "lock",
  "slowlock",
  "trylock",
  "_trylock",
  "disable_finalizers",
  "jl_gc_disable_finalizers_internal",
]);
const closing: ReadonlySet<string> = new Set(["unlock", "jl_gc_enable_finalizers_internal"]);

/**
 * Functions that answer `false` where the lock was not taken, or where an inlined `unlock` has nothing more to
 * do: it is taken further out, as it was before. Behind `true` an `unlock` enables finalizers.
 */
const answering: ReadonlySet<string> = new Set(["trylock", "_trylock", "_unlock"]);

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
  return regionDepth(
    method,
    handlers,
    (position) => changeOf(method, position),
    (block) => endsWithAnswer(method, block),
  );
}

function changeOf(method: Method, position: number): number {
  const statement = method.statements[position - 1];
  const name = statement === undefined ? "" : calledName(statement);
  if (name === "enable_finalizers") return asSwitched(statement?.operands[0]);
  if (name === "jl_gc_enable_finalizers") return asSwitched(statement?.operands[6]);
  // `lock(f, l)` lets go of the lock itself.
  if (name === "lock" && (statement?.operands.length ?? 0) > 1) return 0;
  return opening.has(name) ? 1 : closing.has(name) ? -1 : 0;
}

/** The function that a call runs, or the C function; inner functions of Base by the name in `var"#name#…"`. */
function calledName({ kind, operands, callee }: Statement): string {
  if (kind === "foreigncall") return foreignName(operands[0]);
  if (kind !== "invoke" && kind !== "call") return "";
  const text = callee?.text ?? "";
  return /^(?:Base\.)?var"#(\w+)#/.exec(text)?.[1] ?? text;
}

/** `GC.enable_finalizers(on)`: without an argument it is on; what is no literal may be off. */
function asSwitched(on: Operand | undefined): number {
  return on === undefined || /^(?:true|1)$/.test(on.text) ? -1 : 1;
}

/** Whether the block ends with the question what such a function has answered. */
function endsWithAnswer(method: Method, block: number): boolean {
  const branch = method.statements[lastOf(method, block) - 1];
  const [said] = branch?.kind === "gotoifnot" ? branch.operands : [];
  if (said === undefined) return false;
  const made = method.statements[operandValue(method, said) - 1];
  // Whoever holds the lock already goes on without trying.
  const asked = made?.kind === "phi" ? made.operands.filter(({ text }) => text !== "true") : [said];
  return asked.length > 0 && asked.every((one) => isAnswer(method, one));
}

function isAnswer(method: Method, operand: Operand): boolean {
  const made = method.statements[operandValue(method, operand) - 1];
  return made !== undefined && answering.has(calledName(made));
}

/**
 * How many regions of one kind may be open; null where the method opens none.
 *
 * @param changeAt of a statement's position: 1 where it opens a region, −1 where it closes one, else 0
 * @param failsAt whether the jump at the end of a block is taken only where one region less is open
 */
export function regionDepth(
  method: Method,
  handlers: Int32Array | null,
  changeAt: (position: number) => number,
  failsAt: (block: number) => boolean = () => false,
): HeldBack | null {
  const change = new Int8Array(method.nStatements + 1);
  for (let position = 1; position <= method.nStatements; position++) {
    change[position] = changeAt(position);
  }
  if (!change.includes(1)) return null;
  const depth = new Uint8Array(method.nStatements + 1);
  const entry = new Uint8Array(method.nBlocks + 1);
  const order = orderOf(method.graph);
  const raise = (block: number, to: number): boolean => {
    if (block === 0 || (entry[block] ?? 0) >= to) return false;
    entry[block] = to;
    return true;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order) {
      let open = entry[block] ?? 0;
      const end = method.firstOf[block + 1] ?? 0;
      for (let position = method.firstOf[block] ?? 0; position < end; position++) {
        // An exception may come before the lock is let go.
        if (raise(handlers?.[position] ?? 0, open)) changed = true;
        open = Math.min(depthLimit, Math.max(0, open + (change[position] ?? 0)));
        depth[position] = open;
      }
      const failed = failsAt(block) ? jumpTarget(method, block) : 0;
      for (const next of successorsOf(method.graph, block)) {
        const isFailed = next === failed && next !== block + 1;
        if (raise(next, isFailed ? Math.max(0, open - 1) : open)) changed = true;
      }
    }
  }
  return { behind: depth, at: entry };
}

function jumpTarget(method: Method, block: number): number {
  const label = method.statements[lastOf(method, block) - 1]?.blocks[0]?.label;
  return label === undefined ? 0 : blockWithLabel(method, label);
}
