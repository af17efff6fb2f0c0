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
  readonly title: string;
  /** 0-based line that the lens is about: a method's first registration; null for a block. */
  readonly line: number | null;
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
  const report = workspace.report(placed.unit);
  const { registrations, elided, couldBe } = tallyOf(report);
  const held = report.registrations.filter((one) => extendedBy(one, "julia").length > 0).length;
  const parts = [`${elided} of ${registrations} finalized early`];
  if (couldBe > 0) parts.push(`${couldBe} more could be`);
  if (held > 0) parts.push(`${held} held across a loop`);
  parts.push(`profile ${workspace.profile.name}`);
  const assumptions = countAssumptions(workspace);
  if (assumptions > 0) parts.push(`assumptions ${assumptions}`);
  const head = method.header.span ?? method.syntax.blocks[0] ?? { start: 0, end: 0 };
  const first = method.statements[(report.registrations[0]?.registration.position ?? 0) - 1];
  return {
    range: rangeOf(placed, head),
    title: parts.join(" · "),
    line: rangeOf(placed, first ?? head).start.line,
  };
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
    return { range: rangeOf(placed, head), title: `${before} · ${after}${loop}`, line: null };
  });
}
