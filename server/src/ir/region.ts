// The regions of exception handlers: which handler catches what a statement throws, and which `enter` a
// `leave` belongs to. Each block is visited once, with the regions that are open on the first path to
// it; a method in which paths disagree is damaged. Since 1.11 a `leave` names its `enter`
// (`$(Expr(:leave, :(%3)))`) and a handler starts outside of its region; before, `$(Expr(:leave, 2))`
// counts the innermost regions, and a handler starts inside and leaves it with its first statement.
// Source: Julia's `compute_trycatch` (Compiler/src/ssair/…, 1.10 and 1.12); spec ir-text.md §4, S10–S16.

import { successorsOf } from "./graph.ts";
import { blockWithLabel, type Method, positionOf } from "./method.ts";

interface Region {
  /** Position of the `enter`. */
  readonly enter: number;
  /** Block of the handler; 0 where the region has a scope only. */
  readonly handler: number;
  readonly outer: Region | null;
}

/**
 * By statement position: the block at which the innermost handler around the statement starts, 0 where
 * an exception leaves the method. Null where the method has no region at all.
 */
export function handlersByStatement(method: Method): Int32Array | null {
  if (!method.statements.some(({ kind }) => kind === "enter")) return null;
  const handlers = new Int32Array(method.nStatements + 1);
  walkRegions(method, (at, region) => {
    handlers[at] = handlerOf(region);
  });
  return handlers;
}

/** Positions of the `enter` statements that the `leave` at `position` ends, innermost first. */
export function entersOf(method: Method, position: number): number[] {
  const statement = method.statements[position - 1];
  if (statement?.kind !== "leave") return [];
  const named = statement.operands.filter(({ kind }) => kind === "ssa");
  if (named.length > 0) {
    return named.map(({ number }) => positionOf(method, number)).filter((one) => one > 0);
  }
  const enters: number[] = [];
  walkRegions(method, (at, open) => {
    if (at !== position) return;
    const left = after(method, at, open);
    for (let region = open; region !== null && region !== left; region = region.outer) {
      enters.push(region.enter);
    }
  });
  return enters;
}

/** Tells every statement that control reaches, with the regions that are open right before it. */
function walkRegions(method: Method, visit: (at: number, region: Region | null) => void): void {
  const seen = new Uint8Array(method.nBlocks + 1);
  const work: { block: number; region: Region | null }[] = [{ block: 1, region: null }];
  seen[1] = 1;
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { block } = next;
    let { region } = next;
    const end = method.firstOf[block + 1] ?? 0;
    for (let at = method.firstOf[block] ?? 0; at < end; at++) {
      visit(at, region);
      region = after(method, at, region);
    }
    for (const successor of successorsOf(method.graph, block)) {
      if (seen[successor] === 1) continue;
      seen[successor] = 1;
      work.push({ block: successor, region: entering(method, block, successor, region) });
    }
  }
}

function handlerOf(region: Region | null): number {
  let at = region;
  while (at !== null && at.handler === 0) at = at.outer;
  return at?.handler ?? 0;
}

/** The regions that are open behind the statement. */
function after(method: Method, position: number, region: Region | null): Region | null {
  const statement = method.statements[position - 1];
  if (statement?.kind === "enter") {
    const label = statement.blocks[0]?.label ?? 0;
    return { enter: position, handler: blockWithLabel(method, label), outer: region };
  }
  if (statement?.kind !== "leave") return region;
  let left = region;
  const [first] = statement.operands;
  if (first?.kind === "number") {
    for (let n = Number(first.text) || 0; n > 0 && left !== null; n--) left = left.outer;
    return left;
  }
  for (const operand of statement.operands) {
    if (operand.kind !== "ssa") continue;
    const enter = positionOf(method, operand.number);
    if (left?.enter === enter) left = left.outer;
  }
  return left;
}

/** The regions that are open at the start of `to`, reached from the end of `from`. */
function entering(method: Method, from: number, to: number, region: Region | null): Region | null {
  const last = method.statements[(method.firstOf[from + 1] ?? 0) - 2];
  if (last?.kind !== "enter" || region?.handler !== to) return region;
  const isOld = method.text.startsWith("$(", last.start);
  return isOld ? region : region.outer;
}
