// What a method holds, as plain data: behind each statement, in the order of the text and without running
// anything, how many objects are there whose finalizers may not have run yet, now and with early frees; and
// the curves of a simulated run.
// Source: design §4 ("views"), docs/simulate.md.

import type { ObjectIntervals } from "../analysis/lifetime/interval.ts";
import type { Interval } from "../analysis/lifetime/stretch.ts";
import type { Position } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Cursor } from "./cursor.ts";
import { objectsOf } from "./lifetime-view.ts";
import { type RunRequest, simulateMethod } from "./simulate.ts";
import { isFailure } from "./simulation-arguments.ts";
import { type Drawing, drawingOf } from "./simulation-drawing.ts";
import { simulationLines, simulationTable } from "./simulation-words.ts";
import {
  isNothing,
  methodForView,
  type NothingToView,
  objectTitle,
  type ViewMethod,
  viewOf,
} from "./view-method.ts";

/** How many objects there are behind a statement, on some path; one for each statement that makes one. */
export interface Pressure {
  readonly position: number;
  /** Whose finalizers may not have run yet: one that Julia keeps waits for a collection, and it may be long. */
  readonly now: number;
  /** The same with the early plan carried out. */
  readonly early: number;
  /** That are needed. */
  readonly needed: number;
}

export interface SimulatedRun {
  readonly drawing: Drawing;
  /** Heads, then a row for each policy. */
  readonly table: readonly (readonly string[])[];
  /** What it rests on, and what went wrong. */
  readonly notes: readonly { readonly kind: "note" | "fault"; readonly text: string }[];
}

export interface MemoryView extends ViewMethod {
  /** The counted objects, as titles. Those that are made elsewhere are not counted. */
  readonly objects: readonly string[];
  readonly uncounted: readonly string[];
  /** For every statement, in the order of the text. */
  readonly pressure: readonly Pressure[];
  readonly run: SimulatedRun | { readonly failure: string };
}

/** Enough for what a page of IR does; a run that goes on is given up, and every answer comes soon. */
const steps = 10_000;

/**
 * What the method at a place of a file holds; where there is none, or nothing with a finalizer, why.
 *
 * @param inputs arguments as one list in Julia's form, null to draw them; the seed, null for the first
 *   that tells something
 */
export function memoryView(
  workspace: Workspace,
  path: string,
  position: Position,
  inputs: { readonly args: string | null; readonly seed: number | null },
): MemoryView | NothingToView {
  const cursor = methodForView(workspace, path, position);
  if (isNothing(cursor)) return cursor;
  const objects = objectsOf(workspace, cursor);
  if (isNothing(objects)) return objects;
  const { method } = cursor;
  const counted = objects.filter(({ sites }) => sites.length > 0);
  const titles = (some: readonly ObjectIntervals[]): string[] =>
    some.map(({ report }) => objectTitle(method, report));
  return {
    ...viewOf(workspace, cursor),
    objects: titles(counted),
    uncounted: titles(objects.filter(({ sites }) => sites.length === 0)),
    pressure: method.statements.map((_, index) => pressureAt(index + 1, counted)),
    run: simulated(workspace, cursor, {
      args: inputs.args === null ? null : [inputs.args],
      seed: inputs.seed,
      steps,
    }),
  };
}

function pressureAt(position: number, objects: readonly ObjectIntervals[]): Pressure {
  const count = (part: (one: ObjectIntervals) => Interval): number =>
    objects.filter((one) => part(one).behind.has(position)).length;
  return {
    position,
    now: count(({ waits }) => waits.julia),
    early: count(({ waits }) => waits.early),
    needed: count(({ need }) => need),
  };
}

function simulated(
  workspace: Workspace,
  { path, document, index, placed: { unit } }: Cursor,
  request: RunRequest,
): MemoryView["run"] {
  const made = simulateMethod(workspace, { path, document, index, unit }, request);
  if (isFailure(made)) return made;
  const notes = simulationLines(made).flatMap(({ kind, text }) =>
    (kind === "note" || kind === "fault") && text !== "" ? [{ kind, text: text.trim() }] : [],
  );
  return { drawing: drawingOf(made), table: simulationTable(made), notes };
}
