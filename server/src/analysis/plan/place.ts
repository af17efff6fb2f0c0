// Finds the points at which an object can be finalized: on each path the first one at which it is
// registered and not needed any more. Where the paths through a point disagree, or a lock is held, the
// point moves on along the path, but never into a loop that the object did not die in.
// Source: design §2 (edge-precise placement), spec early-plan.md §3, §6.

import { type DominatorTree, dominates } from "../../ir/dominator-tree.ts";
import { successorsOf } from "../../ir/graph.ts";
import type { LoopForest } from "../../ir/loop-forest.ts";
import type { Method } from "../../ir/method.ts";
import type { Value } from "../body.ts";
import type { Finalized } from "./meet.ts";
import type { Placement, PlacementPoint } from "./plan.ts";
import {
  isEscaped,
  isSame,
  neededAfter,
  type ObjectState,
  stateAfter,
  type Track,
  type TrackNode,
} from "./track.ts";

export interface PlaceInput {
  readonly method: Method;
  readonly tracks: readonly Track[];
  readonly dominators: DominatorTree;
  readonly loops: LoopForest;
  /** Whether the value, wherever it is defined, is one of the plan's objects. */
  isObject(value: Value): boolean;
  /** Whether the statement never comes back. */
  isLast(position: number): boolean;
  /** Whether finalizers are held back behind the statement, or at the head of the block. */
  isHeldBack(position: number): boolean;
  isHeldBackAt(block: number): boolean;
  /** Placements that may not be made, as `keyOfPlacement` spells them. */
  readonly forbidden: ReadonlySet<string>;
  /** Edges that count as uses: `from * (nBlocks + 1) + to`. */
  readonly usedOn: ReadonlySet<number>;
}

/** A stretch of a path over which a registered object is not needed and not yet finalized. */
interface Death {
  readonly track: Track;
  readonly state: ObjectState;
  readonly block: number;
  /** Behind this statement; 0: at the head of the block; −1: on the edge from `via`. */
  readonly position: number;
  readonly via: number;
  /** Block in which the object died. */
  readonly origin: number;
}

export interface Placed {
  readonly placements: readonly Placement[];
  /** The states that are finalized at each placement. */
  readonly states: readonly (readonly Finalized[])[];
  /** Blocks from whose heads a dead object is left to the garbage collector; 0 where its name is lost. */
  readonly left: readonly { readonly block: number; readonly finalized: Finalized }[];
  /** Why points had to move on or were given up. */
  readonly isHeldBack: boolean;
  readonly disagrees: boolean;
  /** Positions that a registered object passes between its death and its placement. */
  readonly passed: ReadonlySet<number>;
}

/** A point as a word. */
export function keyOfPoint(point: PlacementPoint): string {
  if ("after" in point) return `after ${point.after}`;
  return "edge" in point ? `edge ${point.edge[0]} ${point.edge[1]}` : `block ${point.block}`;
}

/** A placement as a word. */
export function keyOfPlacement({ point, value }: Placement): string {
  return `${keyOfPoint(point)} ${value}`;
}

/** Places the finalizers of one group of objects. Each point is visited once for each track. */
export function place(input: PlaceInput): Placed {
  return new Placer(input).run();
}

class Placer {
  private readonly input: PlaceInput;
  private readonly placements = new Map<string, Placement>();
  private readonly states = new Map<string, Finalized[]>();
  private readonly passed = new Set<number>();
  /** Deaths that were settled, by site and point. */
  private readonly seen = new Map<string, ObjectState[]>();
  private readonly left: { block: number; finalized: Finalized }[] = [];
  private heldBack = false;
  private disagrees = false;

  constructor(input: PlaceInput) {
    this.input = input;
  }

  run(): Placed {
    const work: Death[] = [];
    for (const track of this.input.tracks) {
      for (const node of track.nodes) this.deathsOf(track, node, work);
    }
    for (let death = work.pop(); death !== undefined; death = work.pop()) this.settle(death, work);
    return {
      placements: [...this.placements.values()],
      states: [...this.placements.keys()].map((key) => this.states.get(key) ?? []),
      left: this.left,
      isHeldBack: this.heldBack,
      disagrees: this.disagrees,
      passed: this.passed,
    };
  }

  private deathsOf(track: Track, node: TrackNode, work: Death[]): void {
    const { block } = node;
    const isStart = node.from > 0;
    for (const { position, handler, node: caught, state } of node.thrown) {
      if (caught?.needed === true || state.escaped || !isRegistered(state)) continue;
      // Thrown while it was needed here: otherwise it has been finalized before.
      if (!neededAfter(node, position - 1)) continue;
      work.push({ track, state, block: handler, position: 0, via: -1, origin: handler });
    }
    if (!node.needed && !isStart) return;
    if (isEscaped(node)) return;
    const end = (this.input.method.firstOf[block + 1] ?? 0) - 1;
    const isNeededAtEnd = neededAfter(node, end);
    const edges = [...node.next];
    if (isNeededAtEnd || edges.some(([to]) => this.isUsedOn(block, to))) {
      const state = stateAfter(node, end);
      if (!isRegistered(state)) return;
      for (const [to, next] of edges) {
        if (next?.needed === true) continue;
        work.push({ track, state, block: to, position: -1, via: block, origin: block });
      }
      return;
    }
    const last = this.lastNeed(node);
    // In use by the call that never comes back: the exception, or the end, takes it along.
    if (node.isDeadEnd && last >= node.endsAt) return;
    const state = stateAfter(node, last);
    if (!isRegistered(state)) return;
    work.push({ track, state, block, position: last, via: 0, origin: block });
  }

  private isUsedOn(from: number, to: number): boolean {
    return this.input.usedOn.has(from * (this.input.method.nBlocks + 1) + to);
  }

  /** The last statement of the node's block behind which the object is needed on no path. */
  private lastNeed(node: TrackNode): number {
    let last = node.from > 0 ? node.from : (this.input.method.firstOf[node.block] ?? 1) - 1;
    for (const use of node.uses) last = Math.max(last, use);
    for (const one of node.thrown)
      if (one.node?.needed === true) last = Math.max(last, one.position);
    return last;
  }

  /** Takes the first point that is allowed, or moves on. */
  private settle(death: Death, work: Death[]): void {
    const key = `${death.track.site} ${death.block} ${death.position} ${death.via}`;
    const seen = this.seen.get(key) ?? [];
    if (seen.some((one) => isSame(one, death.state))) return;
    if (seen.push(death.state) === 1) this.seen.set(key, seen);
    const point = this.pointOf(death);
    if (point !== null) {
      const value = this.operandAt(death, point);
      if (value !== null) {
        this.take(point, value, death);
        return;
      }
    }
    this.moveOn(death, work);
  }

  private take(point: PlacementPoint, value: Value, { track, state }: Death): void {
    const key = keyOfPlacement({ point, value });
    const known = this.states.get(key);
    if (known !== undefined) {
      known.push({ track, state });
      return;
    }
    this.placements.set(key, { point, value });
    this.states.set(key, [{ track, state }]);
  }

  /** The point that a death stands for; null where nothing can stand there. */
  private pointOf({ block, position, via }: Death): PlacementPoint | null {
    const { method } = this.input;
    if (position < 0) return this.isSplittable(via, block) ? { edge: [via, block] } : null;
    const first = method.firstOf[block] ?? 0;
    const last = (method.firstOf[block + 1] ?? 0) - 1;
    if (position === 0 || position < first) {
      return via < 0 || method.handlers.has(block) ? { block } : null;
    }
    const statement = method.statements[position - 1];
    if (position === last && isTerminator(statement?.kind ?? "")) return null;
    if (this.input.isLast(position)) return null;
    const next = method.statements[position]?.kind;
    const isJoin = position < last && (next === "phi" || next === "phic");
    return isJoin ? null : { after: position };
  }

  /** The way from `enter` to its handler is none that code could stand on. */
  private isSplittable(from: number, to: number): boolean {
    const { method } = this.input;
    const last = method.statements[(method.firstOf[from + 1] ?? 0) - 2];
    return !(last?.kind === "enter" && method.handlers.has(to) && to !== from + 1);
  }

  /** A value that is the object at the point, on which all paths through it agree; null if none. */
  private operandAt(death: Death, point: PlacementPoint): Value | null {
    if (this.isHeld(death)) {
      this.heldBack = true;
      return null;
    }
    const { holders } = death.track.steps;
    for (let i = 0; i < holders.length; i++) {
      const value = holders[i] ?? 0;
      if ((death.state.must & (1n << BigInt(i))) === 0n) continue;
      if (!this.input.isObject(value) || !this.reaches(value, point)) continue;
      if (!this.isFollowed(death.track, value, point)) continue;
      if (this.input.forbidden.has(keyOfPlacement({ point, value }))) continue;
      if (this.agree(value, point)) return value;
      this.disagrees = true;
    }
    return null;
  }

  /**
   * Whether all states of the block tell whether they are `value`. They forget names that are dead when
   * the block begins, but never that of the statement that makes the object.
   */
  private isFollowed(track: Track, value: Value, point: PlacementPoint): boolean {
    if (value === track.site) return true;
    const { blockOf } = this.input.method;
    const block =
      "after" in point
        ? (blockOf[point.after] ?? 0)
        : "edge" in point
          ? point.edge[0]
          : point.block;
    if (value > 0 && blockOf[value] === block) return true;
    return ((track.live.in[block] ?? 0n) & (track.steps.bitOf.get(value) ?? 0n)) !== 0n;
  }

  private isHeld({ block, position, via }: Death): boolean {
    const { method } = this.input;
    if (position > 0) return this.input.isHeldBack(position);
    if (position < 0) {
      // The region ends on the edge where either of its ends is free.
      const isHeldBefore = this.input.isHeldBack((method.firstOf[via + 1] ?? 1) - 1);
      return isHeldBefore && this.input.isHeldBackAt(block);
    }
    return this.input.isHeldBackAt(block);
  }

  private reaches(value: Value, point: PlacementPoint): boolean {
    if (value <= 0) return true;
    const { method, dominators } = this.input;
    const definedIn = method.blockOf[value] ?? 0;
    if ("after" in point) {
      const block = method.blockOf[point.after] ?? 0;
      return definedIn === block ? value <= point.after : dominates(dominators, definedIn, block);
    }
    if ("block" in point) {
      const isPhi = method.statements[value - 1]?.kind === "phic";
      if (definedIn === point.block) return isPhi;
      return dominates(dominators, definedIn, point.block);
    }
    const [from, to] = point.edge;
    // A φ of the target is defined behind the edge.
    return definedIn !== to || from === to
      ? dominates(dominators, definedIn, from) && definedIn !== to
      : false;
  }

  /** Whether no path through the point needs an object that `value` may be there. */
  private agree(value: Value, point: PlacementPoint): boolean {
    for (const track of this.input.tracks) {
      const bit = track.steps.bitOf.get(value);
      if (bit === undefined) continue;
      if (!this.trackAgrees(track, bit, point)) return false;
    }
    return true;
  }

  private trackAgrees(track: Track, bit: bigint, point: PlacementPoint): boolean {
    if ("edge" in point) {
      const [from, to] = point.edge;
      const end = (this.input.method.firstOf[from + 1] ?? 0) - 1;
      return (track.byBlock.get(from) ?? []).every((node) => {
        if (node.endsAt > 0) return true;
        if (!holds(stateAfter(node, end), bit)) return true;
        return !isEscaped(node) && node.next.get(to)?.needed !== true;
      });
    }
    const block = "block" in point ? point.block : (this.input.method.blockOf[point.after] ?? 0);
    const position = "block" in point ? (this.input.method.firstOf[block] ?? 1) - 1 : point.after;
    return (track.byBlock.get(block) ?? []).every((node) => {
      if (node.from > position) return true;
      if (node.endsAt > 0 && node.endsAt <= position) return true;
      if (!holds(stateAfter(node, position), bit)) return true;
      return "block" in point ? !node.needed : !neededAfter(node, position);
    });
  }

  private moveOn(death: Death, work: Death[]): void {
    const { method } = this.input;
    const { block } = death;
    const first = method.firstOf[block] ?? 0;
    const last = (method.firstOf[block + 1] ?? 0) - 1;
    if (death.position < 0 && this.comesAround(death.track, death.via, block)) {
      this.leave(death, block);
      return;
    }
    if (death.position > 0 && this.input.isLast(death.position)) return;
    if (death.position < last) {
      if (this.leavesLoops(death)) {
        this.leave(death, block);
        return;
      }
      const position = death.position <= 0 ? this.behindJoins(first) : death.position + 1;
      if (position === death.track.site) {
        // Its name is another object's from here on.
        this.leave(death, 0);
        return;
      }
      if (position >= first) this.passed.add(position);
      work.push({ ...death, position, via: 0 });
      return;
    }
    const successors = successorsOf(method.graph, block);
    const kind = method.statements[last - 1]?.kind;
    if (successors.length === 0 && kind === "return") this.leave(death, block);
    for (const to of successors) {
      if (!this.isSplittable(block, to)) continue;
      if (this.comesAround(death.track, block, to)) {
        this.leave(death, to);
        continue;
      }
      work.push({ ...death, block: to, position: -1, via: block });
    }
  }

  private leave({ track, state }: Death, block: number): void {
    this.left.push({ block, finalized: { track, state } });
  }

  /** Whether the edge leads around a loop in which the object is not made: it would be held over that. */
  private comesAround({ site }: Track, from: number, to: number): boolean {
    const { loops, method } = this.input;
    const made = method.blockOf[site] ?? 0;
    for (let at = loops.innermost[from] ?? 0; at > 0; ) {
      const loop = loops.loops[at - 1];
      if (loop === undefined) return false;
      if (loop.entries.includes(to) && !contains(loop.blocks, made)) return true;
      at = loop.parent;
    }
    return false;
  }

  /** The last φ of the block that starts at `first`, or the place before its first statement. */
  private behindJoins(first: number): number {
    const { statements } = this.input.method;
    let position = first;
    while (statements[position]?.kind === "phi" || statements[position]?.kind === "phic")
      position++;
    return position;
  }

  /** Whether the point has moved into a loop that does not contain the place where the object died. */
  private leavesLoops({ block, origin }: Death): boolean {
    const { loops } = this.input;
    let at = loops.innermost[block] ?? 0;
    while (at > 0) {
      const loop = loops.loops[at - 1];
      if (loop === undefined) return false;
      if (!contains(loop.blocks, origin)) return true;
      at = loop.parent;
    }
    return false;
  }
}

function contains(blocks: Int32Array, block: number): boolean {
  return blocks.includes(block);
}

function holds({ must, may }: ObjectState, bit: bigint): boolean {
  return ((must | may) & bit) !== 0n;
}

function isRegistered({ registered, maybe }: ObjectState): boolean {
  return registered !== 0 || maybe !== 0;
}

function isTerminator(kind: string): boolean {
  return (
    kind === "goto" ||
    kind === "gotoifnot" ||
    kind === "return" ||
    kind === "unreachable" ||
    kind === "enter"
  );
}
