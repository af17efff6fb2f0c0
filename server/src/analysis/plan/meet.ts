// Whether a path passes two placements of one object.
// Source: design §2.2 ("never two on one path").

import { successorsOf } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import { keyOfPoint } from "./place.ts";
import type { Placement, PlacementPoint } from "./plan.ts";

/**
 * The first placement from which a path leads to another, or back to itself, before the object is made
 * anew; null if there is none. Handlers are left out: what is only maybe finalized there is finalized
 * once more without harm (spec early-plan.md §6).
 *
 * @param sites positions of the statements that make the object
 */
export function meetingAnother(
  method: Method,
  sites: readonly number[],
  placements: readonly Placement[],
): PlacementPoint | null {
  const points = placements.map(({ point }) => point).filter((point) => !("block" in point));
  const placed = new Set(points.map(keyOfPoint));
  const made = new Set(sites);
  for (const point of points) {
    if ("block" in point) continue;
    const isMet =
      "after" in point
        ? meets(method, made, placed, method.blockOf[point.after] ?? 0, point.after + 1)
        : meets(method, made, placed, point.edge[1], method.firstOf[point.edge[1]] ?? 0);
    if (isMet) return point;
  }
  return null;
}

function meets(
  method: Method,
  made: ReadonlySet<number>,
  placed: ReadonlySet<string>,
  block: number,
  from: number,
): boolean {
  const seen = new Set<number>();
  const work: (readonly [number, number])[] = [[block, from]];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [at, start] = next;
    const end = method.firstOf[at + 1] ?? 0;
    let position = start;
    for (; position < end && !made.has(position); position++) {
      if (placed.has(`after ${position}`)) return true;
    }
    if (position < end) continue;
    for (const to of successorsOf(method.graph, at)) {
      if (placed.has(`edge ${at} ${to}`)) return true;
      if (seen.has(to)) continue;
      seen.add(to);
      work.push([to, method.firstOf[to] ?? 0]);
    }
  }
  return false;
}
