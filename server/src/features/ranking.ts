// Which callee blocks how many registrations, over all files. A registration in a loop runs often, so it
// weighs 10 for each loop around it.

import { loopDepth, loopForest } from "../ir/loop-forest.ts";
import { idOf } from "../ir/method.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { blamedBy, blockersOf } from "./assume.ts";
import { isFreed } from "./freed.ts";
import { eachMethod } from "./method-index.ts";
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

interface Row {
  callee: string;
  method: string | null;
  weight: number;
  blocked: BlockedRegistration[];
  codes: Set<string>;
}

/** Callees that block registrations which nobody frees, the weightiest first. */
export function ranking(workspace: Workspace): RankedCallee[] {
  const rows = new Map<string, Row>();
  for (const { unit, path, document, index } of eachMethod(workspace)) {
    const { registrations } = workspace.report(unit);
    if (registrations.every(isFreed)) continue;
    const opened = workspace.openUnit(unit);
    const placed = placedUnit(document, index);
    if (opened === null || placed === null) continue;
    const { method } = opened;
    const forest = loopForest(method.graph);
    for (const report of registrations) {
      const { position } = report.registration;
      const statement = method.statements[position - 1];
      if (isFreed(report) || statement === undefined) continue;
      const depth = Math.min(deepest, loopDepth(forest, method.blockOf[position] ?? 0));
      const own = new Map<string, Row>();
      let isMixed = false;
      for (const blocker of blockersOf(report)) {
        const blamed = blamedBy(opened, report, blocker);
        if (blamed === null) {
          isMixed = true;
          continue;
        }
        const { name, key } = blamed;
        const row = rows.get(key) ?? rowOf(name, blamed.method);
        row.codes.add(blocker.code);
        rows.set(key, row);
        own.set(key, row);
      }
      for (const row of own.values()) {
        row.weight += loopWeight ** depth;
        row.blocked.push({
          method: method.header.signature ?? "a method without a header",
          statement: idOf(method, position),
          location: { path, range: rangeOf(placed, statement) },
          alone: own.size === 1 && !isMixed,
        });
      }
    }
  }
  return [...rows]
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
  const row = ranking(workspace).find((one) => one.key === key);
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
