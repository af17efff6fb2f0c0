// Code lenses: above each method that registers finalizers what becomes of them, and above each block,
// for those who ask for it, its neighbours and loop depth.

import { extendedBy } from "../analysis/method-report.ts";
import { predecessorsOf, successorsOf } from "../ir/graph.ts";
import { loopDepth, loopForest } from "../ir/loop-forest.ts";
import { labelOf, type Method } from "../ir/method.ts";
import type { Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { tallyOf } from "./freed.ts";
import { type PlacedUnit, placedUnit, rangeOf } from "./place.ts";
import { countAssumptions } from "./status.ts";

export interface LensOptions {
  /** A lens above every block. */
  readonly blocks: boolean;
}

export interface Lens {
  readonly range: Range;
  /** Null where `resolveLens` is to be asked, since it takes the method's report. */
  readonly title: string | null;
}

/** What a method's lens says once somebody sees it. */
export interface ResolvedLens {
  readonly title: string;
  /** 0-based line of the method's first registration. */
  readonly line: number;
}

/**
 * The lenses of a file, in text order of its methods. Nothing is analysed for them: an editor asks for all of
 * a file after every change, and shows a few.
 */
export function codeLenses(workspace: Workspace, path: string, options: LensOptions): Lens[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const lenses: Lens[] = [];
  document.units.forEach((unit, index) => {
    const facts = unit.facts();
    if (facts === null) return;
    if (workspace.mayRegister(unit)) {
      const head = { line: document.startOf(index) + facts.headLine, character: 0 };
      lenses.push({ range: { start: head, end: head }, title: null });
    }
    const placed = options.blocks ? placedUnit(document, index) : null;
    const method = placed === null ? null : unit.read();
    if (placed !== null && method !== null) lenses.push(...blockLenses(placed, method));
  });
  return lenses;
}

/** What the lens at that line (0-based) says of its method; null where none registers anything. */
export function resolveLens(workspace: Workspace, path: string, line: number): ResolvedLens | null {
  const document = workspace.document(path);
  const placed = document === null ? null : placedUnit(document, document.unitAt(line));
  const report = placed === null ? null : workspace.report(placed.unit);
  const [first] = report?.registrations ?? [];
  const method = first === undefined ? null : placed?.unit.read();
  const statement = method?.statements[(first?.registration.position ?? 0) - 1];
  if (placed === null || report === null || statement === undefined) return null;
  const { registrations, elided, couldBe } = tallyOf(report);
  const held = report.registrations.filter((one) => extendedBy(one, "julia").length > 0).length;
  const parts = [`${elided} of ${registrations} finalized early`];
  if (couldBe > 0) parts.push(`${couldBe} more could be`);
  if (held > 0) parts.push(`${held} held across a loop`);
  parts.push(`profile ${workspace.profile.name}`);
  const assumptions = countAssumptions(workspace);
  if (assumptions > 0) parts.push(`assumptions ${assumptions}`);
  return { title: parts.join(" · "), line: rangeOf(placed, statement).start.line };
}

function blockLenses(placed: PlacedUnit, method: Method): Lens[] {
  const { graph } = method;
  const forest = loopForest(graph);
  const labels = (blocks: Int32Array): string =>
    blocks.length === 0 ? "none" : [...blocks].map((one) => `#${labelOf(method, one)}`).join(", ");
  return method.syntax.blocks.map((head, index) => {
    const block = index + 1;
    const depth = loopDepth(forest, block);
    const before = `from ${labels(predecessorsOf(graph, block))}`;
    const after = `to ${labels(successorsOf(graph, block))}`;
    const loop = depth === 0 ? "" : ` · loop depth ${depth}`;
    return { range: rangeOf(placed, head), title: `${before} · ${after}${loop}` };
  });
}
