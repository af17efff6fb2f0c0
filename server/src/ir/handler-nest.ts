// Which `enter` a `leave` belongs to. Since 1.11 the text says so (`$(Expr(:leave, :(%3)))`); before,
// `$(Expr(:leave, 2))` counts the innermost regions, and a handler begins inside the region that it
// handles, with a `leave` of its own. Each block is visited once, with the regions that are open on the
// first path to it; a method in which paths disagree is damaged.
// Source: Julia 1.10 Compiler `compute_trycatch`; spec ir-text.md §4, S10–S16.

import { successorsOf } from "./graph.ts";
import { type Method, positionOf } from "./method.ts";

interface Region {
  /** Position of the `enter`. */
  readonly enter: number;
  readonly outer: Region | null;
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
  let region = regionsBefore(method, position);
  for (let n = leaveCount(method, position); n > 0 && region !== null; n--) {
    enters.push(region.enter);
    region = region.outer;
  }
  return enters;
}

/** The `1` of `$(Expr(:leave, 1))`; 0 for another statement. */
function leaveCount({ statements }: Method, position: number): number {
  const statement = statements[position - 1];
  const [count] = statement?.kind === "leave" ? statement.operands : [];
  return count?.kind === "number" ? Number(count.text) || 0 : 0;
}

/** The regions that are open right before the statement. */
function regionsBefore(method: Method, position: number): Region | null {
  const target = method.blockOf[position] ?? 0;
  const seen = new Uint8Array(method.nBlocks + 1);
  const work: { block: number; region: Region | null }[] = [{ block: 1, region: null }];
  seen[1] = 1;
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { block } = next;
    let { region } = next;
    const end = method.firstOf[block + 1] ?? 0;
    for (let at = method.firstOf[block] ?? 0; at < end; at++) {
      if (block === target && at === position) return region;
      if (method.statements[at - 1]?.kind === "enter") region = { enter: at, outer: region };
      for (let n = leaveCount(method, at); n > 0 && region !== null; n--) region = region.outer;
    }
    for (const successor of successorsOf(method.graph, block)) {
      if (seen[successor] === 1) continue;
      seen[successor] = 1;
      work.push({ block: successor, region });
    }
  }
  return null;
}
