// Plans the early finalization of every registered object of a method: groups registrations that share
// objects, follows the objects along all paths, places the finalizers, and decides whether they may run
// instead of being registered (*elide*) or only before their time (*finalize*).
// Source: design §2, spec early-plan.md §1–§6.

import type { FinalizerCode, PlanCode } from "../../diagnostics/codes.ts";
import { type DominatorTree, dominates, dominatorTree } from "../../ir/dominator-tree.ts";
import { reachableFrom, successorsOf } from "../../ir/graph.ts";
import { type LoopForest, loopForest } from "../../ir/loop-forest.ts";
import { operandValue } from "../../ir/method.ts";
import { handlersByStatement } from "../../ir/region.ts";
import type { Value } from "../body.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { Registration } from "../finalizer/registration.ts";
import { finalizerField, type ObjectId } from "../heap/heap.ts";
import { heapOf, type MethodHeap } from "../heap/heap-of.ts";
import type { EscapeKind } from "../heap/solve.ts";
import { baseName, typeKey, widen } from "../type-table.ts";
import { ValueTypes } from "../value-types.ts";
import { type BodyLegality, bodyLegality } from "./body-legality.ts";
import { heldBackDepth } from "./lock-region.ts";
import { meetingAnother } from "./meet.ts";
import { keyOfPoint, type Placed, place } from "./place.ts";
import type { PlacementPoint, Plan, PlanBlocker } from "./plan.ts";
import { stepsOf } from "./steps.ts";
import { stateAfter, type Track, type TrackNode, track } from "./track.ts";

/** Everything about the method that all its plans share. */
interface Frame {
  readonly opened: OpenedMethod;
  readonly environment: Environment;
  readonly heap: MethodHeap;
  readonly types: ValueTypes;
  readonly dominators: DominatorTree;
  readonly loops: LoopForest;
  readonly handlers: Int32Array | null;
  readonly heldBack: Uint8Array | null;
  readonly endless: (position: number) => boolean;
}

/** Registrations that share objects. */
interface Group {
  readonly registrations: Registration[];
  readonly objects: Set<ObjectId>;
}

/**
 * The plans of a well-formed method, one for each group of registrations that share objects.
 *
 * @param registrations those of `findRegistrations`, in text order
 */
export function planMethod(
  opened: OpenedMethod,
  environment: Environment,
  registrations: readonly Registration[],
): Plan[] {
  if (registrations.length === 0) return [];
  const { method } = opened;
  const frame: Frame = {
    opened,
    environment,
    heap: heapOf(opened, environment),
    types: new ValueTypes(method, environment),
    dominators: dominatorTree(method.graph),
    loops: loopForest(method.graph),
    handlers: handlersByStatement(method),
    heldBack: heldBackDepth(method),
    endless: () => false,
  };
  const groups = groupsOf(frame, registrations);
  const plans = new Map<Group, Plan>();
  // What a pending finalizer reaches is freed after it: holders first.
  for (const group of inHoldingOrder(frame, groups)) {
    plans.set(group, planGroup(frame, group, groups, plans));
  }
  return groups.flatMap((group) => plans.get(group) ?? []);
}

function groupsOf(frame: Frame, registrations: readonly Registration[]): Group[] {
  const groups: Group[] = [];
  for (const registration of registrations) {
    const objects = new Set(frame.heap.heap.pointsTo(registration.object));
    const shared = groups.filter((group) => [...group.objects].some((one) => objects.has(one)));
    const group: Group = { registrations: [], objects };
    for (const other of shared) {
      group.registrations.push(...other.registrations);
      for (const one of other.objects) group.objects.add(one);
      groups.splice(groups.indexOf(other), 1);
    }
    group.registrations.push(registration);
    groups.push(group);
  }
  return groups;
}

/** What the pending finalizers of a group keep alive: everything behind its objects. */
function heldBy({ heap }: Frame, group: Group): Set<ObjectId> {
  const behind = new Set<ObjectId>();
  for (const object of group.objects) {
    for (const held of heap.heap.fieldsOf(object).values()) for (const one of held) behind.add(one);
  }
  return heap.heap.reach(behind);
}

function holds(frame: Frame, holder: Group, held: Group): boolean {
  if (holder === held) return false;
  const behind = heldBy(frame, holder);
  return [...held.objects].some((one) => one !== 0 && behind.has(one));
}

/** Groups in an order in which a group comes behind those that hold it; cycles in text order. */
function inHoldingOrder(frame: Frame, groups: readonly Group[]): Group[] {
  const ordered: Group[] = [];
  const open = new Set<Group>();
  const visit = (group: Group): void => {
    if (ordered.includes(group) || open.has(group)) return;
    open.add(group);
    for (const other of groups) if (holds(frame, other, group)) visit(other);
    open.delete(group);
    ordered.push(group);
  };
  for (const group of groups) visit(group);
  return ordered;
}

function planGroup(
  frame: Frame,
  group: Group,
  groups: readonly Group[],
  plans: ReadonlyMap<Group, Plan>,
): Plan {
  const positions = group.registrations.map(({ position }) => position);
  const first = positions[0] ?? 0;
  const none = (blockers: readonly PlanBlocker[], sites: readonly number[] = []): Plan => ({
    verdict: "none",
    registrations: positions,
    sites,
    placements: [],
    blockers,
    tier: "proven",
    assumptions: [],
    notElided: [],
    everyPath: false,
    mayNotEnd: false,
  });
  const blame = (code: FinalizerCode | PlanCode, position = first, operand = -1): PlanBlocker => ({
    position,
    code,
    operand,
  });

  const sites = sitesOf(frame, group);
  if (sites === null) return none([blame("finalizer/object-not-ssa")]);
  const bodies = group.registrations.map((one) => bodyLegality(one, frame.environment));
  const illegal = bodies.flatMap(({ blockers }) => blockers);
  if (illegal.length > 0) return none(illegal, sites);
  const weak = frame.heap.escapes.find(
    ({ kind, objects }) => kind === "weak" && [...group.objects].some((one) => objects.has(one)),
  );
  if (weak !== undefined) return none([blame("finalizer/weak-reference", weak.position)], sites);

  const used = usesByHolders(frame, group, groups, plans);
  if (used === null) return none([blame("finalizer/held-by-finalizer")], sites);
  const tracks: Track[] = [];
  for (const site of sites) {
    const followed = follow(frame, group, bodies, site, used);
    if (followed === null) return none([blame("finalizer/too-large")], sites);
    tracks.push(followed);
  }
  const placed = placeOnce(frame, group, bodies, sites, tracks, used);
  if (placed === null) return none([blame("finalizer/paths-disagree")], sites);
  const escapes = escapesOf(tracks);
  if (placed.placements.length === 0) {
    return none(escapes.length > 0 ? escapes : [whyNone(tracks, placed, blame)], sites);
  }
  const assumptions = bodies.flatMap((one) => one.assumptions);
  const notElided = whyNotElided(frame, group, bodies, tracks, placed, escapes);
  return {
    verdict: notElided.length === 0 ? "elide" : "finalize",
    registrations: positions,
    sites,
    placements: placed.placements,
    blockers: [],
    tier: assumptions.length > 0 || restsOnAssumption(frame, tracks) ? "assumed" : "proven",
    assumptions,
    notElided,
    everyPath: escapes.length === 0 && !placed.isLeft,
    mayNotEnd: false,
  };
}

/** How often a point that meets another one is moved on before the group is given up. */
const moveLimit = 64;

/**
 * Placements of which no path passes two: a point from which another is reached moves on until it falls
 * together with that one. Null where that has no end.
 */
function placeOnce(
  frame: Frame,
  group: Group,
  bodies: readonly BodyLegality[],
  sites: readonly number[],
  tracks: readonly Track[],
  used: Used,
): Placed | null {
  const isGuarded = frame.heldBack !== null && !bodies.every((one) => one.touchesNothingElse);
  const forbidden = new Set<string>();
  for (let moves = 0; moves < moveLimit; moves++) {
    const placed = place({
      method: frame.opened.method,
      tracks,
      dominators: frame.dominators,
      loops: frame.loops,
      isObject: (value) => isObject(frame, group, sites, value),
      isLast: (position) => neverComesBack(frame, position),
      isHeldBack: (position) => isGuarded && (frame.heldBack?.[position] ?? 0) > 0,
      forbidden,
      usedOn: used.on,
    });
    const first =
      meetingAnother(frame.opened.method, sites, placed.placements) ?? sharedPoint(tracks, placed);
    if (first === null) return placed;
    forbidden.add(keyOfPoint(first));
  }
  return null;
}

/** A point at which one object would be finalized under two names; null if there is none. */
function sharedPoint(tracks: readonly Track[], placed: Placed): PlacementPoint | null {
  for (const [index, { point, value }] of placed.placements.entries()) {
    for (const other of placed.placements.slice(index + 1)) {
      if (keyOfPoint(other.point) !== keyOfPoint(point)) continue;
      const isBoth = tracks.some(({ steps }) => {
        const both = (steps.bitOf.get(value) ?? 0n) | (steps.bitOf.get(other.value) ?? 0n);
        return placed.states.some((states) => states.some(({ must }) => (must & both) === both));
      });
      if (isBoth) return point;
    }
  }
  return null;
}

/** The statements that make the group's objects; null where some object is not made here. */
function sitesOf({ heap }: Frame, group: Group): number[] | null {
  const sites: number[] = [];
  for (const object of group.objects) {
    const made = heap.heap.objects[object];
    if (made?.kind !== "made" && made?.kind !== "result") return null;
    sites.push(made.at);
  }
  return sites.length === 0 ? null : sites.sort((a, b) => a - b);
}

interface Used {
  readonly at: ReadonlySet<number>;
  readonly on: ReadonlySet<number>;
}

/**
 * The points at which finalizers run that reach this group's objects: uses of those. Null where such a
 * finalizer is left to the garbage collector on some path.
 */
function usesByHolders(
  frame: Frame,
  group: Group,
  groups: readonly Group[],
  plans: ReadonlyMap<Group, Plan>,
): Used | null {
  const at = new Set<number>();
  const on = new Set<number>();
  for (const other of groups) {
    if (!holds(frame, other, group)) continue;
    const plan = plans.get(other);
    // Not planned yet: they hold each other, and neither can go first.
    if (plan === undefined || plan.verdict === "none" || !plan.everyPath) return null;
    for (const { point } of plan.placements) {
      if ("after" in point) at.add(point.after);
      else if ("block" in point) return null;
      else on.add(point.edge[0] * (frame.opened.method.nBlocks + 1) + point.edge[1]);
    }
  }
  return { at, on };
}

function follow(
  frame: Frame,
  group: Group,
  bodies: readonly BodyLegality[],
  site: number,
  used: Used,
): Track | null {
  const { opened, heap, types, handlers } = frame;
  const { method } = opened;
  const object = heap.heap.objectMadeAt(site);
  const reads = bodies.some((one) => one.reads === null)
    ? null
    : new Set(bodies.flatMap((one) => [...(one.reads ?? [])]));
  const steps = stepsOf({
    method,
    heap,
    object,
    site,
    registrations: group.registrations,
    isResource: (position) => {
      if (reads === null) return true;
      const name = method.statements[position - 1]?.operands[1];
      return name === undefined || reads.has(name.text);
    },
    isPointer: (position) => {
      const name = baseName(widen(types.ssa(position)));
      return name === "Ptr" || name === "LLVMPtr" || name === "CuPtr" || name === "Cstring";
    },
  });
  let registeredAtSite = 0;
  group.registrations.forEach(({ via, position }, index) => {
    if (via === "callee" && position === site) registeredAtSite |= 1 << index;
  });
  return track({
    method,
    steps,
    site,
    registeredAtSite,
    handlers,
    mayThrow: (position) => mayThrow(frame, position),
    isLast: (position) => neverComesBack(frame, position),
    usedAt: used.at,
    usedOn: used.on,
  });
}

/**
 * Whether `value` is one of the group's objects wherever it is defined: it can be nothing else, and its
 * printed type, which excludes literals, is that of the objects.
 */
function isObject(
  { heap, types }: Frame,
  group: Group,
  sites: readonly number[],
  value: Value,
): boolean {
  const objects = heap.heap.pointsTo(value);
  if (objects.size === 0 || ![...objects].every((one) => group.objects.has(one))) return false;
  if (sites.includes(value)) return true;
  if (value <= 0) return false;
  const key = typeKey(widen(types.ssa(value)));
  return sites.every((site) => typeKey(widen(types.ssa(site))) === key);
}

function neverComesBack({ types }: Frame, position: number): boolean {
  const type = types.ssa(position);
  return type.kind === "union" && type.members.length === 0;
}

/** Whether the statement may throw, as far as this analysis proves; not as Julia's flags have it. */
function mayThrow({ heap }: Frame, position: number): boolean {
  const statement = heap.body.statements[position - 1];
  if (statement === undefined || statement.nothrow === "yes") return false;
  // Julia sets no flag on these, although they cannot throw.
  if (statement.name === "leave" || statement.name === "loopinfo") return false;
  const callee = heap.callees.get(position);
  return callee?.effects.nothrow.holds !== "yes";
}

/** Whether the task can be switched, or never come back, at the statement. */
function mayLeaveTask({ heap }: Frame, position: number): boolean {
  const statement = heap.body.statements[position - 1];
  if (statement === undefined) return false;
  if (statement.kind === "invoke" || statement.kind === "call") {
    return heap.callees.get(position)?.effects.notaskstate.holds !== "yes";
  }
  if (statement.kind === "foreigncall") return !statement.notaskstate;
  return statement.kind === "conservative";
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
      if (node.escape === null) continue;
      const { position, kind, operand } = node.escape;
      found.set(position, { position, code: codeOfEscape[kind], operand });
    }
  }
  return [...found.values()].sort((a, b) => a.position - b.position);
}

function whyNone(
  tracks: readonly Track[],
  placed: Placed,
  blame: (code: PlanCode) => PlanBlocker,
): PlanBlocker {
  if (placed.isHeldBack) return blame("finalizer/lock-held");
  if (placed.disagrees) return blame("finalizer/paths-disagree");
  const isFinalized = tracks.some(({ nodes }) =>
    nodes.some((node) => node.changes.some(({ state }) => state.finalized)),
  );
  return blame(isFinalized ? "finalizer/explicitly-finalized" : "finalizer/never-dead");
}

/** Everything that keeps the registrations from being dropped, each cause once. */
function whyNotElided(
  frame: Frame,
  group: Group,
  bodies: readonly BodyLegality[],
  tracks: readonly Track[],
  placed: Placed,
  escapes: readonly PlanBlocker[],
): PlanBlocker[] {
  const { method } = frame.opened;
  const found: PlanBlocker[] = bodies.flatMap((one) => [...one.notElided]);
  found.push(...escapes);
  for (const { via, position } of group.registrations) {
    if (via !== "call") found.push({ position, code: "finalizer/not-core-call", operand: -1 });
  }
  const all = (1 << group.registrations.length) - 1;
  const isPartial = placed.states.some((states) =>
    states.some(({ registered, maybe }) => registered !== all || maybe !== all),
  );
  const first = group.registrations[0]?.position ?? 0;
  if (placed.isLeft) found.push({ position: first, code: "finalizer/paths-disagree", operand: -1 });
  if (
    isPartial ||
    group.registrations.some((one) => !registersOnce(frame, tracks, one.position)) ||
    placed.placements.some(({ point }) =>
      group.registrations.some((one) => !comesBefore(frame, one.position, point)),
    )
  ) {
    found.push({ position: first, code: "finalizer/conditional-registration", operand: -1 });
  }
  const finalized = tracks.some(({ nodes }) =>
    nodes.some((node) => node.changes.some(({ state }) => state.finalized)),
  );
  if (finalized) {
    found.push({ position: first, code: "finalizer/explicitly-finalized", operand: -1 });
  }
  for (const position of heldRegion(frame, tracks, placed)) {
    if (mayThrow(frame, position) || mayLeaveTask(frame, position)) {
      found.push({ position, code: "finalizer/region-may-throw", operand: -1 });
    }
  }
  void method;
  return found;
}

/** Whether the registration cannot run twice for one object. */
function registersOnce(
  { opened: { method } }: Frame,
  tracks: readonly Track[],
  position: number,
): boolean {
  const block = method.blockOf[position] ?? 0;
  return tracks.every(({ site }) => {
    const made = method.blockOf[site] ?? 0;
    if (made === block) return site <= position;
    const reached = reachableFrom(method.graph, successorsOf(method.graph, block), made);
    return reached[block] !== 1;
  });
}

/** Whether every path to the point passes the statement. */
function comesBefore(
  { opened: { method }, dominators }: Frame,
  position: number,
  point: PlacementPoint,
): boolean {
  const block = method.blockOf[position] ?? 0;
  if ("after" in point) {
    const at = method.blockOf[point.after] ?? 0;
    return at === block ? position <= point.after : dominates(dominators, block, at);
  }
  if ("edge" in point) return dominates(dominators, block, point.edge[0]);
  return false;
}

/** Positions that a registered object passes before its finalizer runs. */
function heldRegion(frame: Frame, tracks: readonly Track[], placed: Placed): Set<number> {
  const { method } = frame.opened;
  const held = new Set<number>(placed.passed);
  for (const { nodes } of tracks) {
    for (const node of nodes) {
      if (!node.needed) continue;
      const first = node.from > 0 ? node.from + 1 : (method.firstOf[node.block] ?? 0);
      const end = (method.firstOf[node.block + 1] ?? 0) - 1;
      const last = lastHeld(node, end);
      for (let position = first; position <= last; position++) {
        if (stateAfter(node, position - 1).maybe !== 0) held.add(position);
      }
    }
  }
  return held;
}

function lastHeld(node: TrackNode, end: number): number {
  if (node.endsAt > 0) return node.endsAt;
  const goesOn = [...node.next.values()].some((next) => next?.needed === true);
  if (goesOn) return end;
  const thrown = node.thrown.filter((one) => one.node?.needed === true);
  return Math.max(0, ...node.uses, ...thrown.map((one) => one.position));
}

/** Whether some callee on the objects' paths is known by an assumption only. */
function restsOnAssumption({ heap }: Frame, tracks: readonly Track[]): boolean {
  return tracks.some(({ nodes }) =>
    nodes.some((node) =>
      node.uses.some((position) => heap.callees.get(position)?.assumed === true),
    ),
  );
}

void finalizerField;
void operandValue;

export type { Value };
