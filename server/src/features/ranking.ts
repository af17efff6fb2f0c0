// Which callee blocks how many registrations, over all files. A registration in a loop runs often, so it
// weighs 10 for each loop around it.

import { loopDepth, loopForest } from "../ir/loop-forest.ts";
import { idOf } from "../ir/method.ts";
import type { Unit } from "../workspace/unit.ts";
import type { UnitQueryOptions, Workspace } from "../workspace/workspace.ts";
import { type Blamed, blamedBy, blockersOf } from "./assume.ts";
import { isFreed } from "./freed.ts";
import { type Location, locate, placedUnit, rangeOf } from "./place.ts";

/** Weight of one loop around a registration, and how many loops count. */
const loopWeight = 10;
const deepest = 6;

export interface BlockedRegistration {
  readonly method: string;
  readonly statement: number;
  readonly location: Location;
  /** Whether nothing else blocks it. */
  readonly alone: boolean;
}

export interface RankedCallee {
  /** As calls name it. */
  readonly callee: string;
  /** Key of the function. */
  readonly key: string;
  /** The method, where its text is at hand. */
  readonly location: Location | null;
  readonly weight: number;
  readonly blocked: readonly BlockedRegistration[];
  readonly codes: readonly string[];
}

/** A registration that nobody frees, with the functions that block it. */
interface Blame {
  readonly position: number;
  readonly depth: number;
  /** Whether a blocker is there that is no function. */
  readonly isMixed: boolean;
  readonly functions: readonly (Blamed & { readonly codes: readonly string[] })[];
}

interface Row {
  callee: string;
  method: string | null;
  weight: number;
  blocked: BlockedRegistration[];
  codes: Set<string>;
}

/** By unit, so that an edit costs what it touches. */
const blames: UnitQueryOptions<readonly Blame[]> = {
  name: "blame",
  compute: (unit, workspace) => blamesOf(unit, workspace),
};

function blamesOf(unit: Unit, workspace: Workspace): Blame[] {
  const registrations = workspace.report(unit).registrations.filter((one) => !isFreed(one));
  const opened = registrations.length === 0 ? null : workspace.openUnit(unit);
  if (opened === null) return [];
  const { graph, blockOf } = opened.method;
  const forest = loopForest(graph);
  return registrations.map((report) => {
    const { position } = report.registration;
    const found = new Map<string, Blamed & { codes: string[] }>();
    let isMixed = false;
    for (const blocker of blockersOf(report)) {
      const blamed = blamedBy(opened, report, blocker);
      if (blamed === null) {
        isMixed = true;
        continue;
      }
      const known = found.get(blamed.key);
      if (known === undefined) found.set(blamed.key, { ...blamed, codes: [blocker.code] });
      else known.codes.push(blocker.code);
    }
    const depth = Math.min(deepest, loopDepth(forest, blockOf[position] ?? 0));
    return { position, depth, isMixed, functions: [...found.values()] };
  });
}

/** Callees that block registrations which nobody frees, the weightiest first. */
export function ranking(workspace: Workspace): RankedCallee[] {
  return [...rowsOf(workspace)]
    .map(([key, { callee, method, weight, blocked, codes }]) => ({
      callee,
      key,
      location: method === null ? null : locate(workspace, method, { start: 0, end: 0 }),
      weight,
      blocked,
      codes: [...codes].sort(),
    }))
    .sort(
      (a, b) =>
        b.weight - a.weight || b.blocked.length - a.blocked.length || (a.key < b.key ? -1 : 1),
    );
}

/** @param only the key of the one function that is asked about; null for all */
function rowsOf(workspace: Workspace, only: string | null = null): Map<string, Row> {
  const rows = new Map<string, Row>();
  const query = workspace.shared(blames);
  for (const path of workspace.paths()) {
    for (const unit of workspace.speakingUnits(path)) {
      for (const blame of query.get(unit)) {
        for (const one of blame.functions) {
          if (only !== null && one.key !== only) continue;
          const row = rows.get(one.key) ?? rowOf(one.name, one.method);
          rows.set(one.key, row);
          row.weight += loopWeight ** blame.depth;
          for (const code of one.codes) row.codes.add(code);
          const blocked = place(workspace, unit, blame);
          if (blocked !== null) row.blocked.push(blocked);
        }
      }
    }
  }
  return rows;
}

function place(
  workspace: Workspace,
  unit: Unit,
  { position, functions, isMixed }: Blame,
): BlockedRegistration | null {
  const method = workspace.openUnit(unit)?.method;
  const at = workspace.placeOf(unit);
  const placed = at === null ? null : placedUnit(at.document, at.index);
  const statement = method?.statements[position - 1];
  if (method === undefined || statement === undefined || at === null || placed === null)
    return null;
  return {
    method: method.header.signature ?? "a method without a header",
    statement: idOf(method, position),
    location: { path: at.path, range: rangeOf(placed, statement) },
    alone: functions.length === 1 && !isMixed,
  };
}

function rowOf(callee: string, method: string | null): Row {
  return { callee, method, weight: 0, blocked: [], codes: new Set() };
}

/** The rows of `ranking` as data for other programs; lines are 1-based. */
export function rankingJson(ranked: readonly RankedCallee[]): unknown[] {
  return ranked.map(({ callee, weight, blocked, codes, location }) => ({
    callee,
    weight,
    registrations: blocked.length,
    alone: blocked.filter(({ alone }) => alone).length,
    codes,
    path: location?.path ?? null,
    line: location === null ? null : location.range.start.line + 1,
    blocked: blocked.map((one) => ({
      method: one.method,
      statement: one.statement,
      path: one.location.path,
      line: one.location.range.start.line + 1,
    })),
  }));
}

/** Who is blocked by the function with that key, as Markdown; empty where nobody is. */
export function blockedMarkdown(workspace: Workspace, key: string): string {
  const row = rowsOf(workspace, key).get(key);
  if (row === undefined) return "";
  const shown = row.blocked
    .slice(0, 8)
    .map((one) => `- \`${one.method}\` at \`%${one.statement}\``);
  const more = row.blocked.length - shown.length;
  return [
    `**Blocks ${row.blocked.length === 1 ? "1 registration" : `${row.blocked.length} registrations`}**`,
    "",
    ...shown,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join("\n");
}
