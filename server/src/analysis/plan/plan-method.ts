// Plans the early finalization of every registered object of a method: groups registrations that share
// objects, follows the objects along all paths, places the finalizers, and decides whether they may run
// instead of being registered (*elide*) or only before their time (*finalize*).
// Source: design §2, spec early-plan.md §1–§6.

import type { FinalizerCode, PlanCode } from "../../diagnostics/codes.ts";
import { successorsOf } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import type { Registration } from "../finalizer/registration.ts";
import type { ObjectId } from "../heap/heap.ts";
import type { EscapeKind } from "../heap/solve.ts";
import type { BodyLegality } from "./body-legality.ts";
import { heldRegion, isFinalized, whyNotElided } from "./elide.ts";
import { fieldsReadBy, followSite, isLoadOf } from "./follow.ts";
import { type Frame, isAssumed, mayThrow, neverComesBack, reachedFrom } from "./frame.ts";
import { type Group, groupsOf, Holding, isObject, joinedGroups, sitesOf } from "./group.ts";
import { isFinalizedLater, meetingAnother } from "./meet.ts";
import { keyOfPlacement, keyOfPoint, type Placed, place } from "./place.ts";
import {
  type ExtraUses,
  noExtraUses,
  type Placement,
  type PlacementPoint,
  type Plan,
  type PlanBlocker,
} from "./plan.ts";
import type { Track } from "./track.ts";

/** Registrations of one group are told apart by the bits of one number. */
const registrationLimit = 30;

/** How often a point that meets another one is moved on before the group is given up. */
const moveLimit = 64;

/**
 * The plans of a well-formed method, one for each group of registrations that share objects.
 *
 * @param registrations those of `findRegistrations`, in text order
 */
export function planMethod(frame: Frame, registrations: readonly Registration[]): Plan[] {
  if (registrations.length === 0) return [];
  const groups = groupsOf(frame.heap, registrations);
  const plans = new Planner(frame, groups).run();
  return [...new Set(groups.flatMap((group) => plans.get(group) ?? []))];
}

class Planner {
  private readonly frame: Frame;
  private readonly holding: Holding;
  private readonly plans = new Map<Group, Plan>();
  private readonly groups: readonly Group[];
  private readonly unread: readonly number[];
  private readonly misplaced: number;

  constructor(frame: Frame, groups: readonly Group[]) {
    this.frame = frame;
    this.groups = groups;
    this.unread = unreadLines(frame.opened.method);
    this.misplaced = misplacedPhi(frame.opened.method);
    this.holding = new Holding(frame.heap, groups);
  }

  /** Holders first: what a pending finalizer reaches is freed after it. */
  run(): ReadonlyMap<Group, Plan> {
    for (const group of this.holding.order()) {
      const above = this.holding.holdersOf(group).map((one) => this.plans.get(one)?.rank ?? -1);
      this.plans.set(group, { ...this.plan(group), rank: Math.max(-1, ...above) + 1 });
    }
    for (const joined of joinedGroups(this.frame.heap, this.groups)) this.planTogether(joined);
    return this.plans;
  }

  /**
   * Objects that were registered each for itself and meet in a φ: where one name for all of them finalizes
   * on more paths than each has by itself, that is the plan of all.
   */
  private planTogether(groups: readonly Group[]): void {
    const apart = groups.flatMap((group) => this.plans.get(group) ?? []);
    if (apart.every(({ everyPath }) => everyPath)) return;
    if (groups.some((group) => this.holding.holdersOf(group).length > 0)) return;
    const all: Group = {
      registrations: groups
        .flatMap(({ registrations }) => registrations)
        .sort((one, other) => one.position - other.position),
      objects: new Set(groups.flatMap(({ objects }) => [...objects])),
    };
    const plan = this.plan(all);
    if (plan.verdict === "none") return;
    const isBetter = plan.everyPath || apart.every(({ verdict }) => verdict === "none");
    if (isBetter) for (const group of groups) this.plans.set(group, plan);
  }

  private plan(group: Group): Plan {
    const { frame } = this;
    const first = group.registrations[0]?.position ?? 0;
    const blame = (code: FinalizerCode | PlanCode, position = first): PlanBlocker => ({
      position,
      code,
      operand: -1,
    });
    const sites = sitesOf(frame.heap, group);
    if (sites === null) return none(group, [blame("finalizer/object-not-ssa")]);
    const refuse = (blockers: readonly PlanBlocker[]): Plan => none(group, blockers, sites);
    if (group.registrations.length > registrationLimit)
      return refuse([blame("finalizer/too-large")]);
    const bodies = group.registrations.map((one) => frame.bodyOf(one));
    const illegal = bodies.flatMap(({ blockers }) => blockers);
    if (illegal.length > 0) return refuse(illegal);
    if (this.misplaced > 0) return refuse([blame("finalizer/malformed-method", this.misplaced)]);
    const barrier = this.barrier(sites);
    if (barrier > 0) return refuse([blame("finalizer/escapes-unknown-call", barrier)]);
    const weak = this.weakReference(group);
    if (weak > 0) return refuse([blame("finalizer/weak-reference", weak)]);
    const used = this.holdsAnother(group, sites) ? null : this.usesByHolders(group);
    if (used === null) return refuse([blame("finalizer/held-by-finalizer")]);
    const fields = fieldsReadBy(bodies);
    const tracks: Track[] = [];
    for (const site of sites) {
      const isResource = (position: number): boolean => isLoadOf(frame, fields, position);
      const followed = followSite(frame, group.registrations, site, isResource, used);
      if (followed === null) return refuse([blame("finalizer/too-large")]);
      tracks.push(followed);
    }
    const placed = this.place(group, bodies, sites, tracks, used);
    if (placed === null) return refuse([blame("finalizer/paths-disagree")]);
    const escapes = escapesOf(tracks);
    if (placed.placements.length === 0) {
      if (escapes.length > 0) return refuse(escapes);
      const thrown = this.thrown(group);
      return refuse([thrown ?? blame(whyNone(tracks, placed))]);
    }
    const assumptions = bodies.flatMap((one) => one.assumptions);
    const region = heldRegion(frame, tracks, placed);
    const notElided = whyNotElided(frame, group, bodies, tracks, placed, escapes, region);
    return {
      ...none(group, [], sites),
      verdict: notElided.length === 0 ? "elide" : "finalize",
      placements: placed.placements,
      tier: assumptions.length > 0 || this.restsOnAssumption(tracks, region) ? "assumed" : "proven",
      assumptions,
      notElided,
      everyPath: escapes.length === 0 && placed.left.length === 0,
      waits: used,
    };
  }

  /**
   * A line that was not read and can be reached from a site: it may jump to where the object is used. 0
   * where there is none; the last statement of a text that ends too early is such a line too.
   */
  private barrier(sites: readonly number[]): number {
    const { method } = this.frame.opened;
    const { unread } = this;
    if (unread.length === 0) return 0;
    const blocks = sites.map((site) => method.blockOf[site] ?? 0);
    const reached = reachedFrom(this.frame, blocks);
    return unread.find((position) => reached[method.blockOf[position] ?? 0] === 1) ?? 0;
  }

  private weakReference(group: Group): number {
    const found = this.frame.heap.escapes.find(
      ({ kind, objects }) => kind === "weak" && [...group.objects].some((one) => objects.has(one)),
    );
    return found?.position ?? 0;
  }

  private thrown(group: Group): PlanBlocker | null {
    const found = this.frame.heap.escapes.find(
      ({ kind, objects }) =>
        kind === "thrown" && [...group.objects].some((one) => objects.has(one)),
    );
    if (found === undefined) return null;
    const { position, operand } = found;
    return { position, code: "finalizer/escapes-thrown", operand };
  }

  /** Whether one of the group's objects may be reached by the finalizer of another, made elsewhere or before. */
  private holdsAnother(group: Group, sites: readonly number[]): boolean {
    const { opened, loops } = this.frame;
    const isOne =
      sites.length === 1 && loops.innermost[opened.method.blockOf[sites[0] ?? 0] ?? 0] === 0;
    return !isOne && this.holding.holdsItself(group);
  }

  /** Null where a finalizer that reaches the objects is left to the garbage collector on some path. */
  private usesByHolders(group: Group): ExtraUses | null {
    const at = new Set<number>();
    const on = new Set<number>();
    const awaited = new Set<ObjectId>();
    const holders = this.holding.holdersOf(group);
    if (holders.length === 0) return noExtraUses;
    for (const holder of holders) {
      // What keeps the object is in a callee's text: to those who check a plan, it is not made here.
      if (holder.registrations.some(({ via }) => via === "callee")) return null;
      const plan = this.plans.get(holder);
      // Not planned yet: they hold each other, and neither can go first.
      if (plan === undefined || plan.verdict === "none" || !plan.everyPath) return null;
      if (this.isLostWith(holder) || this.isMadeAnew(group, holder)) return null;
      if (this.isCaughtPending(plan)) return null;
      for (const one of this.holding.reachedBy(holder)) awaited.add(one);
      for (const { point } of plan.placements) {
        if (this.isRepeated(group, point)) return null;
        if ("after" in point) at.add(point.after);
        else if ("edge" in point) on.add(this.edge(point.edge[0], point.edge[1]));
        else return null;
      }
    }
    return { at, on, awaited };
  }

  /**
   * Whether the point lies in a loop in which some object is not made: to wait for it would be to hold the
   * object over the loop.
   */
  private isRepeated({ objects }: Group, point: PlacementPoint): boolean {
    const { blockOf } = this.frame.opened.method;
    const blocks =
      "after" in point
        ? [blockOf[point.after] ?? 0]
        : "edge" in point
          ? [...point.edge]
          : [point.block];
    return this.isInOtherLoop(blocks, this.blocksOf(objects));
  }

  /** Whether the object is made in rounds of a loop through which one holder lives: that holds them all. */
  private isMadeAnew(held: Group, holder: Group): boolean {
    const around = this.blocksOf(holder.objects);
    return this.blocksOf(held.objects).some((block) => this.isInOtherLoop([block], around));
  }

  /** Whether a statement that never comes back takes the holder along, its finalizer still pending. */
  private isLostWith({ objects }: Group): boolean {
    const { heap, body } = this.frame.heap;
    return body.statements.some(
      ({ args }, index) =>
        args.some((arg) => [...heap.pointsTo(arg)].some((one) => objects.has(one))) &&
        neverComesBack(this.frame, index + 1),
    );
  }

  /** Whether an exception may reach a handler while the plan's finalizers are still to run. */
  private isCaughtPending({ sites, placements }: Plan): boolean {
    const { opened, handlers } = this.frame;
    if (handlers === null) return false;
    const { method } = opened;
    const ends = new Set(placements.map(({ point }) => keyOfPoint(point)));
    const seen = new Set<number>();
    const work: (readonly [number, number])[] = sites.map((site) => [
      method.blockOf[site] ?? 0,
      site,
    ]);
    for (const [block, first] of work) {
      const end = method.firstOf[block + 1] ?? 0;
      let isPending = true;
      for (let position = first; position < end && isPending; position++) {
        if ((handlers[position] ?? 0) > 0 && mayThrow(this.frame, position)) return true;
        isPending = !ends.has(keyOfPoint({ after: position }));
      }
      if (!isPending) continue;
      for (const to of successorsOf(method.graph, block)) {
        if (seen.has(to) || ends.has(keyOfPoint({ edge: [block, to] }))) continue;
        seen.add(to);
        work.push([to, method.firstOf[to] ?? 0]);
      }
    }
    return false;
  }

  /** Whether some loop contains all of `blocks` and not all of `others`. */
  private isInOtherLoop(blocks: readonly number[], others: readonly number[]): boolean {
    return this.frame.loops.loops.some(
      (loop) =>
        blocks.every((block) => loop.blocks.includes(block)) &&
        !others.every((block) => loop.blocks.includes(block)),
    );
  }

  /** The blocks in which objects are made. */
  private blocksOf(objects: ReadonlySet<ObjectId>): number[] {
    const { opened, heap } = this.frame;
    return [...objects].map((one) => opened.method.blockOf[heap.heap.objects[one]?.at ?? 0] ?? 0);
  }

  private edge(from: number, to: number): number {
    return from * (this.frame.opened.method.nBlocks + 1) + to;
  }

  /**
   * Placements of which no path passes two: a point from which another is reached moves on until it
   * falls together with that one. Null where that has no end.
   */
  private place(
    group: Group,
    bodies: readonly BodyLegality[],
    sites: readonly number[],
    tracks: readonly Track[],
    used: ExtraUses,
  ): Placed | null {
    const { frame } = this;
    const { heldBack } = frame;
    const isGuarded = heldBack !== null && !bodies.every((one) => one.touchesNothingElse);
    const forbidden = new Set<string>();
    const attempt = (): Placed =>
      place({
        method: frame.opened.method,
        tracks,
        dominators: frame.dominators,
        loops: frame.loops,
        isObject: (value) => isObject(frame, group, sites, value),
        isLast: (position) => neverComesBack(frame, position),
        isHeldBack: (position) => isGuarded && (heldBack.behind[position] ?? 0) > 0,
        isHeldBackAt: (block) => isGuarded && (heldBack.at[block] ?? 0) > 0,
        forbidden,
        usedOn: used.on,
      });
    for (let moves = 0; moves < moveLimit; moves++) {
      const placed = attempt();
      const first = this.meeting(placed);
      if (first === null)
        return this.isHeldAround(placed) ? null : this.relaxed(placed, forbidden, attempt);
      forbidden.add(keyOfPlacement(first));
    }
    return null;
  }

  /** What a point met may have moved on itself by now: the point is free again. */
  private relaxed(placed: Placed, forbidden: Set<string>, attempt: () => Placed): Placed {
    let best = placed;
    for (const key of [...forbidden]) {
      forbidden.delete(key);
      const other = attempt();
      const isGood =
        this.meeting(other) === null &&
        other.left.length <= best.left.length &&
        !this.isHeldAround(other);
      if (isGood) best = other;
      else forbidden.add(key);
    }
    return best;
  }

  private meeting({ placements, states }: Placed): Placement | null {
    return meetingAnother(this.frame.opened.method, placements, states);
  }

  /** Whether an object that is left to the collector on the way around a loop is finalized behind it. */
  private isHeldAround({ left, placements }: Placed): boolean {
    return left.some(
      ({ block, finalized }) =>
        block > 0 && isFinalizedLater(this.frame.opened.method, placements, block, finalized),
    );
  }

  /** Whether what is known of some statement on the objects' paths is an assumption of the user's. */
  private restsOnAssumption(tracks: readonly Track[], region: readonly number[]): boolean {
    const { callees } = this.frame.heap;
    return (
      region.some((position) => isAssumed(this.frame, position)) ||
      tracks.some(({ nodes }) =>
        nodes.some((node) => node.uses.some((position) => callees.get(position)?.assumed === true)),
      )
    );
  }
}

/** Positions of lines that were not read, and of the end where the text ends too early. */
function unreadLines({ statements, nStatements, syntax }: Method): number[] {
  const unread = statements.flatMap(({ kind }, index) => (kind === "opaque" ? [index + 1] : []));
  const isTruncated = syntax.problems.some(({ code }) => code === "syntax/truncated-method");
  return isTruncated ? [...unread, nStatements] : unread;
}

/**
 * The first φ that does not stand at the start of its block, behind others and `nothing`; 0 where there is
 * none. Julia makes such text itself, so that alone does not keep it from being judged, but it is no graph.
 */
function misplacedPhi({ statements, nBlocks, firstOf }: Method): number {
  for (let block = 1; block <= nBlocks; block++) {
    let isHead = true;
    for (let at = firstOf[block] ?? 0; at < (firstOf[block + 1] ?? 0); at++) {
      const statement = statements[at - 1];
      if (statement?.kind === "phi" && !isHead) return at;
      const isPassive = statement?.kind === "value" && statement.operands[0]?.text === "nothing";
      if (statement?.kind !== "phi" && !isPassive) isHead = false;
    }
  }
  return 0;
}

function none(
  { registrations }: Group,
  blockers: readonly PlanBlocker[],
  sites: readonly number[] = [],
): Plan {
  return {
    verdict: "none",
    registrations: registrations.map(({ position }) => position),
    sites,
    placements: [],
    blockers,
    tier: "proven",
    assumptions: [],
    notElided: [],
    everyPath: false,
    rank: 0,
    waits: noExtraUses,
  };
}

const codeOfEscape: Readonly<Record<EscapeKind, FinalizerCode | PlanCode>> = {
  return: "finalizer/escapes-return",
  thrown: "finalizer/escapes-thrown",
  global: "finalizer/escapes-unknown-call",
  unknown: "finalizer/escapes-unknown-call",
  argument: "finalizer/escapes-argument",
  weak: "finalizer/weak-reference",
};

/** Where the objects leave the method's hands on some path, each place once, in text order. */
function escapesOf(tracks: readonly Track[]): PlanBlocker[] {
  const found = new Map<number, PlanBlocker>();
  for (const { nodes } of tracks) {
    for (const node of nodes) {
      for (const { position, kind, operand } of node.escapes) {
        if (!found.has(position))
          found.set(position, { position, code: codeOfEscape[kind], operand });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.position - b.position);
}

function whyNone(tracks: readonly Track[], placed: Placed): PlanCode {
  if (placed.isHeldBack) return "finalizer/lock-held";
  if (placed.disagrees) return "finalizer/paths-disagree";
  return isFinalized(tracks) ? "finalizer/explicitly-finalized" : "finalizer/never-dead";
}
