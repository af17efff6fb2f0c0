// Which values of a method may still be used, at each statement: what a garbage collector must keep.
// Values are numbers from 0: an SSA position n is n + nArguments, argument k is k. In an exception
// region everything that its handler needs stays live, ϒ values included.

import { at, successorsOf } from "../ir/graph.ts";
import { blockWithLabel, eachOperand, lastOf, type Method, operandValue } from "../ir/method.ts";
import type { Placement } from "../ir/placed.ts";
import { handlerOf, type Region, regionsOf } from "./region.ts";

/** Extra uses, such as placements: they count as the statement's own. */
export type ExtraUses = ReadonlyMap<number, readonly number[]>;

export class Liveness {
  readonly method: Method;
  readonly regionAtHead: readonly (Region | null)[];
  private readonly words: number;
  private readonly liveOut: Uint32Array[] = [];
  private readonly liveIn: Uint32Array[] = [];
  private readonly usesAt: (readonly number[])[] = [];
  private readonly before = new Map<number, Uint32Array>();
  private readonly lists = new Map<number, Int32Array>();

  /** @param extra values used right behind a statement, or at the head of block b as −b */
  constructor(method: Method, extra: ExtraUses) {
    this.method = method;
    this.regionAtHead = regionsOf(method).atHead;
    this.words = (method.nStatements + method.nArguments + 32) >>> 5;
    method.statements.forEach((statement, index) => {
      const uses: number[] = [];
      if (statement.kind !== "phi") {
        eachOperand(statement, (operand) => {
          const value = operandValue(method, operand);
          if (value !== 0) uses.push(this.indexOf(value));
        });
      }
      for (const value of extra.get(index + 1) ?? []) uses.push(this.indexOf(value));
      this.usesAt[index + 1] = uses;
    });
    this.solve(extra);
  }

  indexOf(value: number): number {
    return value > 0 ? value + this.method.nArguments : -value;
  }

  /** The values live before the statement, its operands included: SSA positions, arguments as −k. */
  liveBefore(position: number): Int32Array {
    let list = this.lists.get(position);
    if (list === undefined) {
      list = this.list(this.setBefore(position));
      this.lists.set(position, list);
    }
    return list;
  }

  /** Whether the value with that index is live before the statement. */
  isLiveBefore(position: number, index: number): boolean {
    return (((this.setBefore(position)[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  private setBefore(position: number): Uint32Array {
    let set = this.before.get(position);
    if (set === undefined) {
      set = this.compute(position);
      this.before.set(position, set);
    }
    return set;
  }

  /** The values live on entry to a block; φ nodes of the block are defined there and not counted. */
  liveAtHead(block: number): Int32Array {
    return this.list(this.liveIn[block] ?? new Uint32Array(this.words));
  }

  private list(set: Uint32Array): Int32Array {
    const values: number[] = [];
    const { nArguments } = this.method;
    for (let word = 0; word < set.length; word++) {
      for (let bits = set[word] ?? 0; bits !== 0; bits &= bits - 1) {
        const index = word * 32 + (31 - Math.clz32(bits & -bits));
        values.push(index > nArguments ? index - nArguments : -index);
      }
    }
    return Int32Array.from(values);
  }

  private solve(extra: ExtraUses): void {
    const { method, words } = this;
    const { nBlocks, graph } = method;
    for (let block = 0; block <= nBlocks; block++) {
      this.liveOut.push(new Uint32Array(words));
      this.liveIn.push(new Uint32Array(words));
    }
    const phiUses = this.phiUses();
    for (let changed = true; changed; ) {
      changed = false;
      for (let block = nBlocks; block >= 1; block--) {
        const out = this.liveOut[block] as Uint32Array;
        for (const to of successorsOf(graph, block)) union(out, this.liveIn[to] as Uint32Array);
        for (const index of phiUses[block] ?? []) setBit(out, index);
        const live = out.slice();
        const kept = this.keptInside(block);
        if (kept !== null) union(live, kept);
        for (
          let position = lastOf(method, block);
          position >= at(method.firstOf, block);
          position--
        )
          this.step(live, position, kept);
        for (const value of extra.get(-block) ?? []) setBit(live, this.indexOf(value));
        if (union(this.liveIn[block] as Uint32Array, live)) changed = true;
      }
    }
  }

  /** What the handler of the block's region needs. */
  private keptInside(block: number): Uint32Array | null {
    const handler = handlerOf(this.regionAtHead[block] ?? null);
    return handler === 0 ? null : (this.liveIn[handler] ?? null);
  }

  private step(live: Uint32Array, position: number, kept: Uint32Array | null): void {
    const index = this.indexOf(position);
    live[index >>> 5] = (live[index >>> 5] ?? 0) & ~(1 << (index & 31));
    for (const use of this.usesAt[position] ?? []) setBit(live, use);
    if (kept !== null) union(live, kept);
  }

  private compute(position: number): Uint32Array {
    const block = this.method.blockOf[position] ?? 0;
    const live = (this.liveOut[block] ?? new Uint32Array(this.words)).slice();
    const kept = this.keptInside(block);
    if (kept !== null) union(live, kept);
    for (let p = lastOf(this.method, block); p >= position; p--) this.step(live, p, kept);
    return live;
  }

  /** Block → values that φ nodes of its successors take from it. */
  private phiUses(): number[][] {
    const { method } = this;
    const uses: number[][] = [];
    for (const statement of method.statements) {
      if (statement.kind !== "phi") continue;
      statement.operands.forEach((operand, edge) => {
        const value = operandValue(method, operand);
        const from = blockWithLabel(method, statement.blocks[edge]?.label ?? 0);
        const list = uses[from] ?? [];
        if (value !== 0) list.push(this.indexOf(value));
        uses[from] = list;
      });
    }
    return uses;
  }
}

function setBit(set: Uint32Array, index: number): void {
  set[index >>> 5] = (set[index >>> 5] ?? 0) | (1 << (index & 31));
}

function union(into: Uint32Array, from: Uint32Array): boolean {
  let changed = false;
  for (let word = 0; word < into.length; word++) {
    const joined = ((into[word] ?? 0) | (from[word] ?? 0)) >>> 0;
    if (joined !== into[word]) changed = true;
    into[word] = joined;
  }
  return changed;
}

/** Placements are uses: behind their statement, at the head of their block, at the end of their edge. */
export function usesOfPlacements(
  method: Method,
  placements: readonly Placement[],
): Map<number, number[]> {
  const uses = new Map<number, number[]>();
  for (const { point, value } of placements) {
    let place = 0;
    if ("after" in point) place = point.after;
    else if ("block" in point) {
      place = point.beforePhi === true ? -point.block : firstBehindPhis(method, point.block);
    } else place = lastOf(method, point.edge[0]);
    const list = uses.get(place);
    if (list === undefined) uses.set(place, [value]);
    else list.push(value);
  }
  return uses;
}

/** The first statement of a block that is no φ or φᶜ; its last one where it has no other. */
function firstBehindPhis(method: Method, block: number): number {
  const last = lastOf(method, block);
  let position = at(method.firstOf, block);
  while (position < last && /^phic?$/.test(method.statements[position - 1]?.kind ?? "")) position++;
  return position;
}
