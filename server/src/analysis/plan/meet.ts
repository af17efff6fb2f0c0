// Whether a path passes two placements of one object: followed from each placement are the names that are
// the object there, through copies and φ nodes, until each of them has become another object.
// Source: design §2.2 ("never two on one path").

import { predecessorsOf, successorsOf } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import type { Placement, PlacementPoint } from "./plan.ts";
import type { ObjectState, Track } from "./track.ts";

/** The state of an object that is finalized at a placement. */
export interface Finalized {
  readonly track: Track;
  readonly state: ObjectState;
}

/**
 * The first placement from which a path leads to another of the same object, or back to itself; null if
 * there is none. No path counts that leads into a handler: what is only maybe finalized there is
 * finalized once more without harm (spec early-plan.md §6).
 *
 * @param states the states that are finalized at each placement
 */
export function meetingAnother(
  method: Method,
  placements: readonly Placement[],
  states: readonly (readonly Finalized[])[],
): Placement | null {
  const points = new Points(method, placements);
  for (const [index, { point, value }] of placements.entries()) {
    for (const { track, state } of states[index] ?? []) {
      const walk = new Names(method, track, points);
      const names = state.must | (state.may & track.steps.direct) | walk.forgotten(point);
      if (walk.shares(point, value, names) || walk.meets(point, names)) {
        return { point, value };
      }
    }
  }
  return null;
}

/**
 * Whether an object that is left at the head of `block` is finalized after all further on: it has been
 * held around a loop by then.
 */
export function isFinalizedLater(
  method: Method,
  placements: readonly Placement[],
  block: number,
  { track, state }: Finalized,
): boolean {
  return new Names(method, track, new Points(method, placements)).meetsFrom(block, state.must);
}

/** Where something is finalized, those at the heads of handlers left out. */
class Points {
  /** By position the values that are finalized behind it, by edge (`from * (nBlocks + 1) + to`) those on it. */
  readonly after = new Map<number, number[]>();
  readonly on = new Map<number, number[]>();
  /** All values that are finalized anywhere. */
  readonly values = new Set<number>();
  /** By block 1 where a path from its head may pass one of the points. */
  readonly ahead: Uint8Array;

  constructor(method: Method, placements: readonly Placement[]) {
    this.ahead = new Uint8Array(method.nBlocks + 1);
    const work: number[] = [];
    const reach = (block: number): void => {
      if (this.ahead[block] === 1) return;
      this.ahead[block] = 1;
      work.push(block);
    };
    for (const { point, value } of placements) {
      if ("block" in point) continue;
      this.values.add(value);
      if ("after" in point) {
        add(this.after, point.after, value);
        reach(method.blockOf[point.after] ?? 0);
      } else {
        add(this.on, edge(method, point.edge[0], point.edge[1]), value);
        reach(point.edge[0]);
      }
    }
    for (let block = work.pop(); block !== undefined; block = work.pop())
      for (const from of predecessorsOf(method.graph, block)) reach(from);
  }

  /** The values that are finalized at the point. */
  valuesAt(method: Method, point: PlacementPoint): readonly number[] {
    if ("block" in point) return [];
    const found =
      "after" in point
        ? this.after.get(point.after)
        : this.on.get(edge(method, point.edge[0], point.edge[1]));
    return found ?? [];
  }
}

function edge({ nBlocks }: Method, from: number, to: number): number {
  return from * (nBlocks + 1) + to;
}

function add(map: Map<number, number[]>, key: number, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

class Names {
  private readonly method: Method;
  private readonly track: Track;
  private readonly points: Points;

  constructor(method: Method, track: Track, points: Points) {
    this.method = method;
    this.track = track;
    this.points = points;
  }

  /**
   * Names at which something is finalized and that may be the object's, although its state does not tell:
   * states forget names that are dead when a block begins.
   */
  forgotten(point: PlacementPoint): bigint {
    const { method, track } = this;
    const { blockOf } = method;
    const block =
      "after" in point
        ? (blockOf[point.after] ?? 0)
        : "edge" in point
          ? point.edge[0]
          : point.block;
    let found = 0n;
    for (const value of this.points.values) {
      const bit = this.bit(value) & track.steps.direct;
      const isTold =
        value === track.site ||
        blockOf[value] === block ||
        ((track.live.in[block] ?? 0n) & bit) !== 0n;
      if (!isTold) found |= bit;
    }
    return found;
  }

  /** Whether the object is finalized at the point under a second name. */
  shares(point: PlacementPoint, value: number, names: bigint): boolean {
    const others = this.points.valuesAt(this.method, point).filter((one) => one !== value);
    return others.some((one) => (this.bit(one) & names) !== 0n);
  }

  meets(point: PlacementPoint, names: bigint): boolean {
    const { firstOf, blockOf } = this.method;
    if ("after" in point) {
      const block = blockOf[point.after] ?? 0;
      return this.search({ block, from: point.after + 1, names });
    }
    if ("block" in point) return this.meetsFrom(point.block, names);
    const [from, to] = point.edge;
    return this.search({ block: to, from: firstOf[to] ?? 0, names: this.cross(names, from, to) });
  }

  meetsFrom(block: number, names: bigint): boolean {
    return this.search({ block, from: this.method.firstOf[block] ?? 0, names });
  }

  private search(start: { block: number; from: number; names: bigint }): boolean {
    const { method } = this;
    const seen = new Map<number, Set<bigint>>();
    const work = [start];
    const enter = (from: number, to: number, named: bigint): void => {
      if (this.points.ahead[to] !== 1) return;
      const next = this.cross(named, from, to);
      if (next === 0n) return;
      const known = seen.get(to);
      if (known === undefined) seen.set(to, new Set([next]));
      else if (known.has(next)) return;
      else known.add(next);
      work.push({ block: to, from: method.firstOf[to] ?? 0, names: next });
    };
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      const left = this.passBlock(at.block, at.from, at.names);
      if (left === null) return true;
      if (left === 0n) continue;
      for (const to of successorsOf(method.graph, at.block)) {
        if (this.isFinalized(this.points.on.get(edge(method, at.block, to)), left)) return true;
        enter(at.block, to, left);
      }
    }
    return false;
  }

  /** The names behind the block; null where one of them is finalized in it. */
  private passBlock(block: number, from: number, names: bigint): bigint | null {
    const { method, track } = this;
    const end = method.firstOf[block + 1] ?? 0;
    let left = names;
    for (let position = from; position < end && left !== 0n; position++) {
      if (position === track.site) left &= ~this.bit(position);
      const step = track.steps.at.get(position);
      if (step !== undefined && step.defines !== 0n) {
        // What a call gives back, or a container, may be the object too.
        const isName = (step.from & left) !== 0n && (step.defines & track.steps.direct) !== 0n;
        left = isName ? left | step.defines : left & ~step.defines;
      }
      if (this.isFinalized(this.points.after.get(position), left)) return null;
    }
    return left;
  }

  private isFinalized(values: readonly number[] | undefined, names: bigint): boolean {
    return values?.some((value) => (this.bit(value) & names) !== 0n) === true;
  }

  private cross(names: bigint, from: number, to: number): bigint {
    let next = names;
    for (const { bit, by } of this.track.steps.joins.get(to) ?? []) {
      next = ((by.get(from) ?? 0n) & names) !== 0n ? next | bit : next & ~bit;
    }
    return next;
  }

  private bit(value: number): bigint {
    return this.track.steps.bitOf.get(value) ?? 0n;
  }
}
