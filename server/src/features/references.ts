// Find references: all uses of a value, block, argument or slot within its method; for a method,
// under the cursor by its header or by a call, all `invoke`s of it in the workspace.

import { findOccurrences, isSameEntity, occurrenceAt } from "../ir/occurrence.ts";
import type { Position } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type CallSite, invokesOf } from "./call-sites.ts";
import { type Cursor, cursorAt, rangeOfSpan } from "./cursor.ts";
import { calledAt } from "./definition.ts";
import { headerTargets } from "./method-index.ts";
import { type Location, placedUnit } from "./place.ts";

export interface ReferenceOptions {
  /** Whether the definition itself is among the answers. */
  readonly definition: boolean;
}

/** All references to what is under the cursor, in file order; empty where nothing is. */
export function references(
  workspace: Workspace,
  path: string,
  position: Position,
  options: ReferenceOptions,
): Location[] {
  const cursor = cursorAt(workspace, path, position);
  if (cursor === null) return [];
  const occurrence = occurrenceAt(cursor.method, cursor.offset);
  if (occurrence === null) return ofMethod(workspace, cursor, options);
  return findOccurrences(cursor.method)
    .filter(
      ({ entity, role }) =>
        isSameEntity(entity, occurrence.entity) && (options.definition || role !== "definition"),
    )
    .map((span) => ({ path, range: rangeOfSpan(cursor.placed, span) }));
}

function ofMethod(workspace: Workspace, cursor: Cursor, options: ReferenceOptions): Location[] {
  const called = calledAt(workspace, cursor);
  if (called === null) return [];
  const keys = new Set(called.key === null ? [] : [called.key]);
  for (const { unit } of called.methods) {
    const key = unit.facts()?.key;
    if (key) keys.add(key);
  }
  const headers = options.definition ? headerTargets(called.methods) : [];
  const sites = [...keys].flatMap((key) => invokesOf(workspace, key));
  return [...headers.map(({ path, selection }) => ({ path, range: selection })), ...located(sites)];
}

/** The places of the operands; sites of one unit stand together. */
export function located(sites: readonly CallSite[]): Location[] {
  const locations: Location[] = [];
  let last: CallSite | null = null;
  let placed: ReturnType<typeof placedUnit> = null;
  for (const site of sites) {
    const { document, index, path, unit } = site.place;
    if (last === null || last.place.unit !== unit) placed = placedUnit(document, index);
    last = site;
    if (placed !== null) locations.push({ path, range: rangeOfSpan(placed, site.operand) });
  }
  return locations;
}
