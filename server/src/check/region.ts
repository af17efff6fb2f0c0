// Which exception regions are open in each block, and where an exception that a block throws goes on.
// A region ends at its `leave`; until Julia 1.10 the handler begins inside its own region and leaves it
// with a `leave` of its own, which counts regions instead of naming them.
// Source: spec ir-text.md §4 (S10–S16); Julia's `compute_trycatch`.

import { at, successorsOf } from "../ir/graph.ts";
import { blockWithLabel, lastOf, type Method, positionOf } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";

/** An open region: the position of its `enter`, and what it lies in. */
export interface Region {
  readonly enter: number;
  /** Block of the handler; 0 for a region that has none (`enter #0 with scope`). */
  readonly handler: number;
  readonly outer: Region | null;
  /** In the handler itself, where an exception goes further out. */
  readonly isHandling: boolean;
}

/** Regions at the head of each block; `null` outside of all. */
export interface Regions {
  readonly atHead: readonly (Region | null)[];
  /** Whether `leave` counts regions, as it did until 1.10. */
  readonly counts: boolean;
}

export function regionsOf(method: Method): Regions {
  const { nBlocks, statements, graph } = method;
  const counts = statements.some((one) => one.kind === "leave" && isCount(one));
  const atHead: (Region | null)[] = new Array(nBlocks + 1).fill(null);
  const seen = new Uint8Array(nBlocks + 1);
  const work: number[] = [1];
  if (nBlocks > 0) seen[1] = 1;
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    const inside = atHead[block] ?? null;
    const last = lastOf(method, block);
    const statement = statements[last - 1];
    const reach = (to: number, region: Region | null): void => {
      if (seen[to] === 1) return;
      seen[to] = 1;
      atHead[to] = region;
      work.push(to);
    };
    if (statement?.kind === "enter") {
      const handler = blockWithLabel(method, statement.blocks[0]?.label ?? 0);
      const region = { enter: last, handler, outer: inside, isHandling: false };
      reach(block + 1, region);
      if (handler > 0) reach(handler, counts ? { ...region, isHandling: true } : inside);
      continue;
    }
    const after = afterBlock(method, block, inside);
    for (const to of successorsOf(graph, block)) reach(to, after);
  }
  return { atHead, counts };
}

function isCount(leave: Statement): boolean {
  return leave.operands[0]?.kind === "number";
}

function afterBlock(method: Method, block: number, inside: Region | null): Region | null {
  let region = inside;
  const end = at(method.firstOf, block + 1);
  for (let position = at(method.firstOf, block); position < end; position++) {
    const statement = method.statements[position - 1];
    if (statement?.kind === "leave") region = leaveRegions(method, statement, region);
  }
  return region;
}

/** What is open behind a `leave`. */
export function leaveRegions(
  method: Method,
  leave: Statement,
  inside: Region | null,
): Region | null {
  let region = inside;
  if (isCount(leave)) {
    for (let n = Number(leave.operands[0]?.text); n > 0 && region !== null; n--)
      region = region.outer;
    return region;
  }
  for (const operand of leave.operands) {
    if (operand.kind !== "ssa") continue;
    const enter = positionOf(method, operand.number);
    for (let one = region; one !== null; one = one.outer)
      if (one.enter === enter) region = one.outer;
  }
  return region;
}

/** The handler that gets an exception thrown inside `region`; 0 where it leaves the method. */
export function handlerOf(region: Region | null): number {
  for (let one = region; one !== null; one = one.outer) {
    if (one.handler > 0 && !one.isHandling) return one.handler;
  }
  return 0;
}
