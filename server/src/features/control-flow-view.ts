// A method's control flow as plain data: blocks, edges by kind, loops, and what matters for finalizers
// beside the statement, edge or block head at which it happens: registrations, Julia's placement and what
// is wrong with it, the early plan's points, and the statements to blame.
// Source: design §4 ("views").

import { intervalsOf } from "../analysis/lifetime/interval.ts";
import type { Interval } from "../analysis/lifetime/stretch.ts";
import type { ExplainedBlocker, RegistrationReport } from "../analysis/method-report.ts";
import type { PlacementPoint } from "../analysis/plan/plan.ts";
import { isHandlerEdge } from "../analysis/plan/track.ts";
import { successorsOf } from "../ir/graph.ts";
import { idOf, lastOf, type Method, statementAt } from "../ir/method.ts";
import type { Position } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import {
  isNothing,
  methodForView,
  type NothingToView,
  objectTitle,
  registrationName,
  type ViewMethod,
  viewOf,
} from "./view-method.ts";
import { doneWords, mistakeWords, objectWords, planWords, runsAt, verdictWords } from "./words.ts";

export type MarkKind = "registration" | "julia" | "mistake" | "early" | "blocker";

/** Something to be seen at one place of the method. */
export interface Mark {
  readonly kind: MarkKind;
  /** `%4` */
  readonly object: string;
  readonly words: string;
  /** At the statement, on the edge, or at the head of the block. */
  readonly at: { readonly statement: number } | { readonly block: number } | Edge;
}

interface Edge {
  readonly from: number;
  readonly to: number;
}

export interface ViewEdge extends Edge {
  /** `back` closes a loop; `handler` is taken when something throws. */
  readonly kind: "flow" | "back" | "handler";
  /** Which way of a branch it is; null where there is one way only. */
  readonly condition: "true" | "false" | null;
}

/** A registered object with the blocks of its life, for filters. */
export interface ViewObject {
  readonly object: string;
  readonly title: string;
  /** `%5: kept: …; early: …` */
  readonly words: string;
  /** In which it is needed or held, ascending; with those of its marks. */
  readonly blocks: readonly number[];
}

export interface ControlFlowView extends ViewMethod {
  readonly edges: readonly ViewEdge[];
  readonly marks: readonly Mark[];
  readonly objects: readonly ViewObject[];
}

/** The control flow of the method at a place of a file; where there is none, why. */
export function controlFlowView(
  workspace: Workspace,
  path: string,
  position: Position,
): ControlFlowView | NothingToView {
  const cursor = methodForView(workspace, path, position);
  if (isNothing(cursor)) return cursor;
  const { method, opened, placed } = cursor;
  const view = viewOf(workspace, cursor);
  const report = workspace.report(placed.unit);
  const marks = report.registrations.map((one) => marksOf(method, one, view.profile));
  const intervals = intervalsOf(opened, workspace.environmentOf(placed.unit), report);
  const objects = report.registrations.map((one, index): ViewObject => {
    const { position: at } = one.registration;
    const life = intervals.find(({ registrations }) => registrations.includes(at));
    const blocks = new Set((marks[index] ?? []).map((mark) => blockOf(method, mark)));
    const parts = life === undefined ? [] : [life.need, life.holds.julia, life.holds.early];
    for (const part of parts) for (const block of blocksOf(method, part)) blocks.add(block);
    return {
      object: objectWords(method, one),
      title: objectTitle(method, one),
      words: `${registrationName(method, one)}: ${verdictWords(method, one)}; early: ${planWords(method, one)}`,
      blocks: [...blocks].sort((a, b) => a - b),
    };
  });
  return { ...view, edges: edgesOf(method, view), marks: marks.flat(), objects };
}

function edgesOf(method: Method, { loops }: ViewMethod): ViewEdge[] {
  const edges: ViewEdge[] = [];
  const bodies = new Map(loops.map(({ header, blocks }) => [header, new Set(blocks)]));
  for (let from = 1; from <= method.nBlocks; from++) {
    const last = statementAt(method, lastOf(method, from));
    const successors = successorsOf(method.graph, from);
    for (const to of successors) {
      const isBack = bodies.get(to)?.has(from) === true;
      const isBranch = last?.kind === "gotoifnot" && successors.length > 1;
      const way = to === from + 1 ? "true" : "false";
      edges.push({
        from,
        to,
        kind: isHandlerEdge(method, from, to) ? "handler" : isBack ? "back" : "flow",
        condition: isBranch ? way : null,
      });
    }
  }
  return edges;
}

function marksOf(method: Method, report: RegistrationReport, profile: string): Mark[] {
  const { early, registration } = report;
  const object = objectWords(method, report);
  const marks: Mark[] = [];
  const add = (kind: MarkKind, at: Mark["at"], words: string): void => {
    marks.push({ kind, object, words, at });
  };
  const here = { statement: registration.position };
  const isAssumed = report.tier === "assumed" ? " (assumed)" : "";
  add("registration", here, `finalizer of ${object} ${verdictWords(method, report)}${isAssumed}`);
  const insertion = report.isStillPrinted ? null : runsAt(report);
  if (insertion !== null) {
    const at = "after" in insertion ? { statement: insertion.after } : { block: insertion.block };
    add("julia", at, `Julia ${profile} runs the finalizer of ${object} here`);
    for (const { code } of report.mistakes ?? [])
      add("mistake", at, mistakeWords(method, report, code));
  }
  const done = doneWords(report);
  const tier = early?.plan.tier === "assumed" ? " (assumed)" : "";
  for (const { point, value } of early?.plan.placements ?? []) {
    const name = value > 0 ? `%${idOf(method, value)}` : object;
    const where = "edge" in point ? "on this edge" : "here";
    add("early", placeOf(point), `${name} can be ${done} ${where}${tier}`);
  }
  const blame = (blockers: readonly ExplainedBlocker[], what: string): void => {
    for (const { position, message } of blockers)
      if (position > 0) add("blocker", { statement: position }, `${what}: ${message}`);
  };
  // Of a registration that is itself to blame the verdict says why.
  const others = report.blockers.filter(({ position }) => position !== registration.position);
  blame(others, `Julia keeps ${object}`);
  blame(early?.blockers ?? [], `no early plan for ${object}`);
  blame(early?.notElided ?? [], `${object} stays registered`);
  return marks;
}

function placeOf(point: PlacementPoint): Mark["at"] {
  if ("after" in point) return { statement: point.after };
  if ("block" in point) return { block: point.block };
  return { from: point.edge[0], to: point.edge[1] };
}

/** The block at which a mark is drawn; of an edge the one that it leaves. */
function blockOf({ blockOf: blocks }: Method, { at }: Mark): number {
  if ("statement" in at) return blocks[at.statement] ?? 0;
  return "block" in at ? at.block : at.from;
}

function blocksOf(method: Method, { entered, behind }: Interval): number[] {
  const inside = [...behind].map((at) => method.blockOf[at] ?? 0);
  return [...entered.keys()].filter((block) => entered[block] === 1).concat(inside);
}
