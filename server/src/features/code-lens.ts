// Code lenses: above each method that registers finalizers what becomes of them, and above each block,
// for those who ask for it, its neighbours and loop depth.

import { extendedBy } from "../analysis/method-report.ts";
import { predecessorsOf, successorsOf } from "../ir/graph.ts";
import { loopDepth, loopForest } from "../ir/loop-forest.ts";
import { labelOf, type Method } from "../ir/method.ts";
import type { Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type PlacedUnit, placedUnit, rangeOf } from "./place.ts";

export interface LensOptions {
  /** A lens above every block. */
  readonly blocks: boolean;
}

export interface Lens {
  readonly range: Range;
  readonly title: string;
}

/** The lenses of a file, in text order of its methods. */
export function codeLenses(workspace: Workspace, path: string, options: LensOptions): Lens[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const lenses: Lens[] = [];
  document.units.forEach((unit, index) => {
    const { registrations } = workspace.report(unit);
    if (unit.facts() === null || (registrations.length === 0 && !options.blocks)) return;
    const placed = placedUnit(document, index);
    const method = workspace.openUnit(unit)?.method;
    if (placed === null || method === undefined) return;
    if (registrations.length > 0) lenses.push(methodLens(workspace, placed, method));
    if (options.blocks) lenses.push(...blockLenses(placed, method));
  });
  return lenses;
}

function methodLens(workspace: Workspace, placed: PlacedUnit, method: Method): Lens {
  const { registrations } = workspace.report(placed.unit);
  const elided = registrations.filter((one) => one.elided && !one.isStillPrinted).length;
  const held = registrations.filter((one) => extendedBy(one, "julia").length > 0).length;
  const could = registrations.filter(
    (one) => !one.elided && (one.early?.plan.verdict ?? "none") !== "none",
  ).length;
  const parts = [`${elided} of ${registrations.length} finalized early`];
  if (could > 0) parts.push(`${could} more could be`);
  if (held > 0) parts.push(`${held} held across a loop`);
  parts.push(`profile ${workspace.profile.name}`);
  const head = method.header.span ?? method.syntax.blocks[0] ?? { start: 0, end: 0 };
  return { range: rangeOf(placed, head), title: parts.join(" · ") };
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
