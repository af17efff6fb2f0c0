// Follows one registered object along all paths twice: once through everything that is the object or
// reaches it (*need*), and once through what was loaded from the fields that its finalizer reads as well
// (*resource need*). Both are the walk that the planner makes, asked for other ends.
// Source: spec early-plan.md §7.

import type { Registration } from "../finalizer/registration.ts";
import { fieldsReadBy, followSite, isLoadOf } from "../plan/follow.ts";
import type { Frame } from "../plan/frame.ts";
import { noExtraUses, type Plan } from "../plan/plan.ts";
import { isEscaped, neededAfter, type Track, type TrackNode } from "../plan/track.ts";

/** One place at which registered objects are made, with the two walks. */
export interface FollowedSite {
  readonly site: number;
  readonly need: Track;
  readonly resource: Track;
  /** Resource need, and the wait for pending finalizers of others that reach the object under the plan. */
  readonly awaited: Track;
}

/** The registered objects of one plan. */
export interface FollowedObject {
  readonly plan: Plan;
  readonly registrations: readonly Registration[];
  /** Names of the fields that the finalizers read; null: any. */
  readonly reads: ReadonlySet<string> | null;
  /** Empty where the object is not made in this method, or has too many states. */
  readonly sites: readonly FollowedSite[];
}

/** Follows the objects of one plan. */
export function followObject(
  frame: Frame,
  plan: Plan,
  found: readonly Registration[],
): FollowedObject {
  const registrations = found.filter(({ position }) => plan.registrations.includes(position));
  const reads = fieldsReadBy(registrations.map((one) => frame.bodyOf(one)));
  const sites: FollowedSite[] = [];
  for (const site of plan.sites) {
    const isResource = (position: number): boolean => isLoadOf(frame, reads, position);
    const need = followSite(frame, registrations, site, () => false, noExtraUses);
    const resource = followSite(frame, registrations, site, isResource, noExtraUses);
    const awaited =
      plan.waits === noExtraUses
        ? resource
        : followSite(frame, registrations, site, isResource, plan.waits);
    if (need !== null && resource !== null && awaited !== null)
      sites.push({ site, need, resource, awaited });
  }
  return { plan, registrations, reads, sites: sites.length < plan.sites.length ? [] : sites };
}

/** Whether `position` lies in the stretch of the node's block in which the object is followed. */
export function covers(node: TrackNode, position: number): boolean {
  return position > node.from && (node.endsAt === 0 || position <= node.endsAt);
}

/** Whether some path needs the object behind the statement. */
export function isNeededAfter(followed: Track, block: number, position: number): boolean {
  return (followed.byBlock.get(block) ?? []).some(
    (node) => node.from <= position && neededAfter(node, position),
  );
}

/** Positions after which, on some path, no further use follows; ascending. */
export function lastUses(followed: Track): number[] {
  const last = new Set<number>();
  for (const node of followed.nodes) {
    for (const use of node.uses) {
      if (!isEscaped(node) && !neededAfter(node, use)) last.add(use);
    }
    const end = Math.max(0, ...node.uses);
    if (end === 0 || isEscaped(node)) continue;
    // On one way out it is needed, on another not.
    const isSplit = [...node.next.values()].some((next) => next?.needed !== true);
    if (node.next.size > 1 && isSplit) last.add(end);
  }
  return [...last].sort((a, b) => a - b);
}

/** Where the object leaves the method's hands, ascending. */
export function escapePositions(followed: Track): number[] {
  const found = new Set<number>();
  for (const { escapes } of followed.nodes) for (const one of escapes) found.add(one.position);
  return [...found].sort((a, b) => a - b);
}
