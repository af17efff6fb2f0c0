// The lifetimes of a method's registered objects as plain data: for each object where it is needed and where
// each policy holds it, as segments of blocks, with the points at which a policy lets go and the loops over
// which it holds for nothing.
// Source: design §2.3 and §4 ("views"), spec early-plan.md §7.

import { intervalsOf, type ObjectIntervals } from "../analysis/lifetime/interval.ts";
import type { Interval, Policy } from "../analysis/lifetime/stretch.ts";
import { lastOf, type Method } from "../ir/method.ts";
import type { Position } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Cursor } from "./cursor.ts";
import { extensionWords, holdWords, needWords, resourceWords } from "./lifetime-words.ts";
import { nothingIn } from "./nothing-here.ts";
import {
  isNothing,
  methodForView,
  type NothingToView,
  objectTitle,
  type ViewMethod,
  viewOf,
} from "./view-method.ts";
import { objectWords, placeWords, planWords, pointWords, verdictWords } from "./words.ts";

/** A stretch of one block. */
export interface Segment {
  readonly block: number;
  /** Position of the statement behind which it begins, 0 for the block's head. */
  readonly from: number;
  /** Position of the statement with which it ends, 0 for the block's end. */
  readonly to: number;
}

export type LaneKind = "need" | "resource" | Policy;

export interface Lane {
  readonly kind: LaneKind;
  readonly segments: readonly Segment[];
  /** How long, as a sentence without its end. */
  readonly words: string;
  /** Headers of loops over which it holds the object without need, with why, as such sentences. */
  readonly extended: readonly { readonly block: number; readonly words: string }[];
}

/** A place in the lanes at which something happens. */
export interface LanePoint {
  readonly kind: "made" | "registered" | "julia" | "early" | "leaves";
  /** Behind the statement, at the head of the block, or on the edge. */
  readonly at:
    | { readonly statement: number }
    | { readonly block: number }
    | { readonly from: number; readonly to: number };
  readonly words: string;
}

export interface ObjectLanes {
  readonly object: string;
  readonly title: string;
  readonly verdict: string;
  readonly early: string;
  /** Need, resource need, then the policies; empty where the object is not made in this method. */
  readonly lanes: readonly Lane[];
  readonly points: readonly LanePoint[];
}

export interface LifetimeView extends ViewMethod {
  readonly objects: readonly ObjectLanes[];
}

const holders: readonly Policy[] = ["gc", "julia", "early", "rc"];

/** The lifetimes in the method at a place of a file; where there are none, why. */
export function lifetimeView(
  workspace: Workspace,
  path: string,
  position: Position,
): LifetimeView | NothingToView {
  const cursor = methodForView(workspace, path, position);
  if (isNothing(cursor)) return cursor;
  const objects = objectsOf(workspace, cursor);
  if (isNothing(objects)) return objects;
  const { method } = cursor;
  return {
    ...viewOf(workspace, cursor),
    objects: objects.map((one) => lanesOf(method, one)),
  };
}

/** The registered objects of a method with their intervals, at least one; where there are none, why. */
export function objectsOf(
  workspace: Workspace,
  { placed: { unit }, opened }: Cursor,
): ObjectIntervals[] | NothingToView {
  const reason = nothingIn(workspace, unit);
  if (reason !== null) return { nothing: reason.label, next: reason.advice };
  const objects = intervalsOf(opened, workspace.environmentOf(unit), workspace.report(unit));
  return objects.length > 0
    ? objects
    : {
        nothing: "this text is malformed, so nothing is decided in it",
        next: "Mend what the Problems panel shows for this method.",
      };
}

function lanesOf(method: Method, one: ObjectIntervals): ObjectLanes {
  const { report, need, resource, holds, sites } = one;
  const { lifetime } = report;
  const lane = (kind: LaneKind, interval: Interval, words: string): Lane => ({
    kind,
    segments: segmentsOf(method, interval),
    words,
    extended: lifetime.extended
      .filter(({ policy }) => policy === kind)
      .map((extension) => ({
        block: extension.header,
        words: extensionWords(method, extension),
      })),
  });
  return {
    object: objectWords(method, report),
    title: objectTitle(method, report),
    verdict: verdictWords(method, report),
    early: planWords(method, report),
    lanes:
      sites.length === 0
        ? []
        : [
            lane("need", need, `needed ${needWords(method, lifetime)}`),
            lane("resource", resource, `in use ${resourceWords(method, lifetime)}`),
            ...holders.map((policy) =>
              lane(policy, holds[policy], `held ${holdWords(lifetime, policy)}`),
            ),
          ],
    points: pointsOf(method, one),
  };
}

/** The runs of an interval, block by block. */
export function segmentsOf(method: Method, { entered, behind }: Interval): Segment[] {
  const segments: Segment[] = [];
  for (let block = 1; block <= method.nBlocks; block++) {
    let from = entered[block] === 1 ? 0 : -1;
    const last = lastOf(method, block);
    for (let at = method.firstOf[block] ?? 0; at <= last; at++) {
      if (behind.has(at)) {
        if (from < 0) from = at;
      } else if (from >= 0) {
        segments.push({ block, from, to: at });
        from = -1;
      }
    }
    if (from >= 0) segments.push({ block, from, to: 0 });
  }
  return segments;
}

function pointsOf(method: Method, { report, registrations, sites }: ObjectIntervals): LanePoint[] {
  const object = objectWords(method, report);
  const points: LanePoint[] = [];
  for (const statement of sites)
    points.push({ kind: "made", at: { statement }, words: `${object} is made here` });
  for (const statement of registrations)
    points.push({ kind: "registered", at: { statement }, words: "its finalizer is registered" });
  for (const statement of report.lifetime.escapes)
    points.push({ kind: "leaves", at: { statement }, words: "it leaves the method's hands" });
  const insertion = report.isStillPrinted ? null : (report.insertion ?? report.finalized);
  if (insertion !== null) {
    points.push({
      kind: "julia",
      at: "after" in insertion ? { statement: insertion.after } : { block: insertion.block },
      words: `Julia runs the finalizer ${placeWords(method, report)}`,
    });
  }
  for (const { point } of report.early?.plan.placements ?? []) {
    points.push({
      kind: "early",
      at:
        "after" in point
          ? { statement: point.after }
          : "block" in point
            ? { block: point.block }
            : { from: point.edge[0], to: point.edge[1] },
      words: `the early plan runs the finalizer ${pointWords(method, point)}`,
    });
  }
  return points;
}
