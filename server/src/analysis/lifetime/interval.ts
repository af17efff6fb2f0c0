// Where each registered object of a method is needed, and where each policy holds it, to the statement:
// what pictures are drawn from. Reports keep the few words that follow from it only, so it is worked out
// again when somebody looks.
// Source: spec early-plan.md §7.

import type { Method } from "../../ir/method.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import { findRegistrations } from "../finalizer/registration.ts";
import { heapOf } from "../heap/heap-of.ts";
import type { MethodReport, RegistrationReport } from "../method-report.ts";
import { frameOf } from "../plan/frame.ts";
import { neededAfter, type Track } from "../plan/track.ts";
import { followObject } from "./follow.ts";
import {
  bothOf,
  eitherOf,
  type Interval,
  noInterval,
  type Policy,
  type Stretch,
  stretchesOf,
  unionOf,
  waitsOf,
} from "./stretch.ts";

/** One object, or the objects that one plan serves. */
export interface ObjectIntervals {
  /** The first of its registrations. */
  readonly report: RegistrationReport;
  /** Positions of all its registrations. */
  readonly registrations: readonly number[];
  /** Positions of the statements that make it; empty where it is not made here: then nothing is known. */
  readonly sites: readonly number[];
  readonly need: Interval;
  /** The same with what was read from it for the finalizer's sake. */
  readonly resource: Interval;
  readonly holds: Readonly<Record<Policy, Interval>>;
  /** Where its finalizers may not have run yet. */
  readonly waits: { readonly julia: Interval; readonly early: Interval };
}

/**
 * The intervals of the objects that `report` is about, in text order. They end where the object leaves
 * the method's hands: nobody sees all uses behind that.
 */
export function intervalsOf(
  opened: OpenedMethod,
  environment: Environment,
  { registrations }: MethodReport,
): ObjectIntervals[] {
  const { method } = opened;
  // A malformed method has no plans, and nothing is decided in it.
  if (!registrations.some(({ early }) => early !== null)) return [];
  const frame = frameOf(opened, environment, heapOf(opened, environment));
  const found = findRegistrations(method, environment);
  const seen = new Set<number>();
  const objects: ObjectIntervals[] = [];
  for (const report of registrations) {
    const plan = report.early?.plan;
    if (plan === undefined || seen.has(report.registration.position)) continue;
    for (const one of plan.registrations) seen.add(one);
    const { sites } = followObject(frame, plan, found);
    const insertion = report.insertion ?? report.finalized;
    const stretches = new Map<Policy, Stretch>();
    for (const site of sites) {
      for (const [policy, stretch] of stretchesOf(frame, plan, site, insertion)) {
        const known = stretches.get(policy);
        stretches.set(policy, known === undefined ? stretch : unionOf(known, stretch));
      }
    }
    const none = noInterval(method);
    const gc = stretches.get("gc") ?? none;
    const holdOf = (policy: Policy): Interval => {
      const stretch = stretches.get(policy);
      return stretch === undefined ? gc : eitherOf(stretch, bothOf(stretch.open, gc));
    };
    const joined = (tracks: readonly Track[]): Interval =>
      tracks.map((one) => needOf(method, one)).reduce(eitherOf, none);
    const waits = sites.map((site) => waitsOf(frame, plan, site, insertion));
    objects.push({
      report,
      registrations: plan.registrations,
      sites: sites.map(({ site }) => site),
      need: joined(sites.map(({ need }) => need)),
      resource: joined(sites.map(({ resource }) => resource)),
      holds: { gc, julia: holdOf("julia"), early: holdOf("early"), rc: holdOf("rc") },
      waits: {
        julia: waits.map(({ julia }) => julia).reduce(eitherOf, none),
        early: waits.map(({ early }) => early).reduce(eitherOf, none),
      },
    });
  }
  return objects;
}

function needOf(method: Method, { nodes }: Track): Interval {
  const entered = new Uint8Array(method.nBlocks + 1);
  const behind = new Set<number>();
  for (const node of nodes) {
    if (node.entry.escaped || !node.needed) continue;
    if (node.from === 0) entered[node.block] = 1;
    const stop = Math.min(
      method.firstOf[node.block + 1] ?? 0,
      ...node.escapes.map(({ position }) => position),
    );
    for (let at = node.from || (method.firstOf[node.block] ?? 0); at < stop; at++)
      if (neededAfter(node, at)) behind.add(at);
  }
  return { entered, behind };
}
