// Where each policy holds one registered object, to the statement: the collector and reference counts
// while some name that reaches it is alive, Julia's placement and our plan up to their points.
// Source: spec early-plan.md §7; reference counting after A. Reinking et al., "Perceus: Garbage Free
// Reference Counting with Reuse", PLDI 2021.

import { successorsOf } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import type { Insertion } from "../finalizer/ladder.ts";
import { type Frame, mayThrow, neverComesBack } from "../plan/frame.ts";
import type { Placement, Plan } from "../plan/plan.ts";
import { isEscaped, isHandlerEdge, type TrackNode } from "../plan/track.ts";
import { escapePositions, type FollowedSite } from "./follow.ts";

/** Who lets go of the object: the collector, Julia's placement, our plan, or reference counts. */
export type Policy = "gc" | "julia" | "early" | "rc";

/** A part of the method. Positions and blocks as in ir/method.ts. */
export interface Interval {
  /** Blocks at whose start it has begun. */
  readonly entered: Uint8Array;
  /** Positions behind which it goes on. */
  readonly behind: ReadonlySet<number>;
}

/** Where a policy holds the object. */
export interface Stretch extends Interval {
  /** Blocks that are entered and left while it is held. */
  readonly through: Uint8Array;
  /** Sites that run again while it is held. */
  readonly remade: ReadonlySet<number>;
  /** Where no point of the policy follows any more: the collector decides there. */
  readonly open: Interval;
}

/**
 * What the policies make of the objects of one site; without a policy that has no point.
 *
 * @param insertion where Julia runs the finalizer; null where it keeps the registration
 */
export function stretchesOf(
  frame: Frame,
  plan: Plan,
  followed: FollowedSite,
  insertion: Insertion | null,
): Map<Policy, Stretch> {
  const { method } = frame.opened;
  const { site, need } = followed;
  const isOld = !frame.environment.profile.clearsSlots;
  const lost = new Set(escapePositions(need));
  const stretches = new Map<Policy, Stretch>([
    ["gc", isOld ? until(frame, site, lost, null) : whileRooted(method, followed, true)],
    ["rc", whileRooted(method, followed, false)],
  ]);
  if (insertion !== null) stretches.set("julia", until(frame, site, lost, pointsOf(insertion)));
  if (plan.verdict !== "none")
    stretches.set("early", until(frame, site, lost, pointsOfPlan(method, plan.placements)));
  return stretches;
}

/**
 * Where the object's finalizer may not have run yet, under Julia's placement and under the plan: up to their
 * points, and where none follows up to the return, for a collection may come late or never.
 */
export function waitsOf(
  frame: Frame,
  plan: Plan,
  { site }: FollowedSite,
  insertion: Insertion | null,
): { readonly julia: Interval; readonly early: Interval } {
  const { method } = frame.opened;
  const waits = (points: Points | null): Interval => {
    const stretch = until(frame, site, new Set(), points);
    return eitherOf(stretch, stretch.open);
  };
  return {
    julia: waits(insertion === null ? null : pointsOf(insertion)),
    early: waits(plan.verdict === "none" ? null : pointsOfPlan(method, plan.placements)),
  };
}

/** Where at least one of the two holds. */
export function unionOf(one: Stretch, other: Stretch): Stretch {
  return {
    ...eitherOf(one, other),
    through: one.through.map((held, block) => held | (other.through[block] ?? 0)),
    remade: new Set([...one.remade, ...other.remade]),
    open: eitherOf(one.open, other.open),
  };
}

export function eitherOf(one: Interval, other: Interval): Interval {
  return {
    entered: one.entered.map((held, block) => held | (other.entered[block] ?? 0)),
    behind: new Set([...one.behind, ...other.behind]),
  };
}

export function bothOf(one: Interval, other: Interval): Interval {
  return {
    entered: one.entered.map((held, block) => held & (other.entered[block] ?? 0)),
    behind: new Set([...one.behind].filter((at) => other.behind.has(at))),
  };
}

export function noInterval({ nBlocks }: Method): Interval {
  return { entered: new Uint8Array(nBlocks + 1), behind: new Set() };
}

/** Points at which a policy lets go: behind statements, on edges, at the heads of blocks. */
interface Points {
  readonly after: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
  readonly heads: ReadonlySet<number>;
}

function edgeKey(method: Method, from: number, to: number): number {
  return from * (method.nBlocks + 1) + to;
}

function pointsOf(insertion: Insertion): Points {
  const none: ReadonlySet<number> = new Set();
  return "after" in insertion
    ? { after: new Set([insertion.after]), edges: none, heads: none }
    : { after: none, edges: none, heads: new Set([insertion.block]) };
}

function pointsOfPlan(method: Method, placements: readonly Placement[]): Points {
  const after = new Set<number>();
  const edges = new Set<number>();
  const heads = new Set<number>();
  for (const { point } of placements) {
    if ("after" in point) after.add(point.after);
    else if ("block" in point) heads.add(point.block);
    else edges.add(edgeKey(method, point.edge[0], point.edge[1]));
  }
  return { after, edges, heads };
}

/**
 * From the definition forwards to the points, or to the positions at which the object is lost, which is where the object leaves the method's hands. What
 * does not lead to a point any more is not held by it. Without points up to the return, as up to Julia
 * 1.11, where the GC-frame slot keeps the object until it is used again.
 */
function until(
  frame: Frame,
  site: number,
  lost: ReadonlySet<number>,
  points: Points | null,
): Stretch {
  const { opened, handlers } = frame;
  const { method } = opened;
  const through = new Uint8Array(method.nBlocks + 1);
  const entered = new Uint8Array(method.nBlocks + 1);
  const behind = new Set<number>();
  const remade = new Set<number>();
  const before: number[][] = Array.from({ length: method.nBlocks + 1 }, () => []);
  const ending: number[] = [];
  const work: (readonly [number, number])[] = [[method.blockOf[site] ?? 0, site]];
  const goOn = (block: number, to: number): void => {
    if (points?.edges.has(edgeKey(method, block, to)) || points?.heads.has(to)) {
      ending.push(block);
      return;
    }
    before[to]?.push(block);
    if (entered[to] === 1) return;
    entered[to] = 1;
    work.push([to, 0]);
  };
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [block, from] = next;
    const end = method.firstOf[block + 1] ?? 0;
    let isHeld = true;
    for (let at = from === 0 ? (method.firstOf[block] ?? 0) : from; at < end && isHeld; at++) {
      const handler = at === site ? 0 : (handlers?.[at] ?? 0);
      if (handler > 0 && !lost.has(at) && mayThrow(frame, at)) goOn(block, handler);
      if (from === 0 && at === site) {
        remade.add(site);
        isHeld = false;
      } else if (points?.after.has(at) === true) {
        ending.push(block);
        isHeld = false;
      } else if (lost.has(at) || neverComesBack(frame, at)) isHeld = false;
      else behind.add(at);
    }
    if (!isHeld) continue;
    if (from === 0) through[block] = 1;
    for (const to of successorsOf(method.graph, block))
      if (!isHandlerEdge(method, block, to)) goOn(block, to);
  }
  const open = noInterval(method);
  if (points === null) return { entered, through, behind, remade, open };
  const leads = new Uint8Array(method.nBlocks + 1);
  for (let block = ending.pop(); block !== undefined; block = ending.pop()) {
    if (leads[block] === 1) continue;
    leads[block] = 1;
    ending.push(...(before[block] ?? []));
  }
  const isLeading = (at: number): boolean => leads[method.blockOf[at] ?? 0] === 1;
  return {
    through: through.map((held, block) => held & (leads[block] ?? 0)),
    entered: entered.map((held, block) => held & (leads[block] ?? 0)),
    behind: new Set([...behind].filter(isLeading)),
    remade,
    open: {
      entered: entered.map((held, block) => held & (1 - (leads[block] ?? 0))),
      behind: new Set([...behind].filter((at) => !isLeading(at))),
    },
  };
}

/**
 * While some name that reaches the object is alive; with `slots` also while an ϒ slot holds it, which
 * is until the method returns or the slot is written again (before JuliaLang/julia#62519).
 */
function whileRooted(method: Method, { site, need }: FollowedSite, slots: boolean): Stretch {
  const { steps, live } = need;
  const { entered, behind, ...others } = emptyStretch(method);
  const rootsAt = (block: number): bigint => {
    const alive = live.in[block] ?? 0n;
    return steps.reaching & (slots ? alive | steps.slots : alive & ~steps.slots);
  };
  const isRooted = ({ block, entry }: TrackNode): boolean => (entry.may & rootsAt(block)) !== 0n;
  for (const node of need.nodes) {
    const { block, from, endsAt, uses } = node;
    if (node.entry.escaped) continue;
    if (from === 0 && (isRooted(node) || uses.length > 0)) entered[block] = 1;
    const isLeft =
      endsAt === 0 && [...node.next.values()].some((next) => next !== null && isRooted(next));
    const stop = Math.min(
      isLeft ? (method.firstOf[block + 1] ?? 0) : Math.max(0, ...uses),
      ...node.escapes.map(({ position }) => position),
    );
    for (let at = from || (method.firstOf[block] ?? 0); at < stop; at++) behind.add(at);
    if (!isRooted(node) || from > 0 || isEscaped(node)) continue;
    const isRemade = node.changes.some(({ position }) => position === site) || endsAt === site;
    if (isRemade) {
      const first = node.changes.find(({ position }) => position === site);
      if (first !== undefined || uses.some((use) => use >= site)) others.remade.add(site);
      continue;
    }
    if (endsAt === 0 && leaves(node, rootsAt(block))) others.through[block] = 1;
  }
  return { entered, behind, ...others };
}

function emptyStretch(method: Method): Stretch & {
  readonly behind: Set<number>;
  readonly remade: Set<number>;
} {
  const open = noInterval(method);
  const blocks = (): Uint8Array => new Uint8Array(method.nBlocks + 1);
  return { entered: blocks(), through: blocks(), behind: new Set(), remade: new Set(), open };
}

/** Whether the object is still held on a way out of the node's block. */
function leaves(node: TrackNode, roots: bigint): boolean {
  const last = node.changes.at(-1)?.state ?? node.entry;
  return (last.may & roots) !== 0n && [...node.next.values()].some((next) => next !== null);
}

/** Whether an ϒ slot ever holds the object. */
export function hasSlot({ need }: FollowedSite): boolean {
  return (
    need.steps.slots !== 0n && need.nodes.some(({ entry }) => (entry.may & need.steps.slots) !== 0n)
  );
}
