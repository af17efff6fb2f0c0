// Why a registration must stay although its finalizer can run early: everything that the first column of
// the legality table asks for, checked along the paths that the object takes.
// Source: spec early-plan.md §1.

import { dominates } from "../../ir/dominator-tree.ts";
import { reachableFrom, successorsOf } from "../../ir/graph.ts";
import type { BodyLegality } from "./body-legality.ts";
import { type Frame, mayLeaveTask, mayThrow } from "./frame.ts";
import type { Group } from "./group.ts";
import type { Placed } from "./place.ts";
import type { PlacementPoint, PlanBlocker } from "./plan.ts";
import type { Track, TrackNode } from "./track.ts";

/**
 * Everything that keeps the registrations from being dropped, each cause once; empty: they may be.
 *
 * @param region what `heldRegion` gives
 */
export function whyNotElided(
  frame: Frame,
  group: Group,
  bodies: readonly BodyLegality[],
  tracks: readonly Track[],
  placed: Placed,
  escapes: readonly PlanBlocker[],
  region: readonly number[],
): PlanBlocker[] {
  const first = group.registrations[0]?.position ?? 0;
  const blame = (code: PlanBlocker["code"], position = first): PlanBlocker => ({
    position,
    code,
    operand: -1,
  });
  const found: PlanBlocker[] = bodies.flatMap((one) => [...one.notElided]);
  found.push(...escapes);
  for (const { via, position, gates } of group.registrations) {
    if (via !== "call" || gates.includes("finalizer/not-core-call"))
      found.push(blame("finalizer/not-core-call", position));
  }
  if (placed.left.length > 0) found.push(blame("finalizer/paths-disagree"));
  if (!isRegisteredOnce(frame, group, tracks, placed)) {
    found.push(blame("finalizer/conditional-registration"));
  }
  if (isFinalized(tracks)) found.push(blame("finalizer/explicitly-finalized"));
  for (const position of region) {
    if (mayThrow(frame, position) || mayLeaveTask(frame, position)) {
      found.push(blame("finalizer/region-may-throw", position));
    }
  }
  return found;
}

/** Whether `finalize` may be called on some object. */
export function isFinalized(tracks: readonly Track[]): boolean {
  return tracks.some(({ nodes }) =>
    nodes.some((node) => node.changes.some(({ state }) => state.finalized)),
  );
}

/** Whether all registrations have been made, and made once, at every placement. */
function isRegisteredOnce(
  frame: Frame,
  group: Group,
  tracks: readonly Track[],
  placed: Placed,
): boolean {
  const all = (1 << group.registrations.length) - 1;
  return (
    placed.states.every((states) =>
      states.every(({ state }) => state.registered === all && state.maybe === all),
    ) &&
    group.registrations.every(
      ({ position }) =>
        registersOnce(frame, tracks, position) &&
        placed.placements.every(({ point }) => comesBefore(frame, position, point)),
    )
  );
}

/** Whether the registration cannot run twice for one object. */
function registersOnce(
  { opened: { method }, loops }: Frame,
  tracks: readonly Track[],
  position: number,
): boolean {
  const block = method.blockOf[position] ?? 0;
  const isInLoop = (loops.innermost[block] ?? 0) > 0;
  return tracks.every(({ site }) => {
    const made = method.blockOf[site] ?? 0;
    if (made === block) return site <= position;
    if (!isInLoop) return true;
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
  return "edge" in point && dominates(dominators, block, point.edge[0]);
}

/** Positions that a registered object passes before its finalizer runs, ascending. */
export function heldRegion(frame: Frame, tracks: readonly Track[], placed: Placed): number[] {
  const { method } = frame.opened;
  const held = new Set<number>(placed.passed);
  for (const { nodes } of tracks) {
    for (const node of nodes) {
      if (!node.needed) continue;
      const first = node.from > 0 ? node.from + 1 : (method.firstOf[node.block] ?? 0);
      const last = lastHeld(node, (method.firstOf[node.block + 1] ?? 0) - 1);
      let state = node.entry;
      let next = 0;
      for (let position = first; position <= last; position++) {
        for (let change = node.changes[next]; change !== undefined; change = node.changes[++next]) {
          if (change.position >= position) break;
          state = change.state;
        }
        if (state.maybe !== 0) held.add(position);
      }
    }
  }
  return [...held].sort((a, b) => a - b);
}

function lastHeld(node: TrackNode, end: number): number {
  const goesOn = [...node.next.values()].some((next) => next?.needed === true);
  if (goesOn) return end;
  const thrown = node.thrown.filter((one) => one.node?.needed === true);
  return Math.max(0, ...node.uses, ...thrown.map((one) => one.position));
}
