// Folding: a method, its header, its blocks, runs of lines that only say where inlined code came from,
// and constants that are printed over several lines. Lines are 0-based. At most one range begins on a
// line, the largest, as editors draw only one. Beyond a limit there are methods only: editors ask for all after
// every change, and take no more.

import { readBlocks } from "../ir/block-outline.ts";
import {
  blockExtent,
  firstLineOf,
  lastLineOf,
  lineSpan,
  methodExtent,
  type ReadText,
} from "../ir/extent.ts";
import { newGutter, readGutter } from "../syntax/gutter.ts";
import { lineAt, lineEnd, lineStartsOf } from "../text/line-index.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { rangeOfSpan } from "./cursor.ts";
import { knownExtent, type PlacedUnit, placedUnit } from "./place.ts";

export interface Fold {
  readonly kind: "method" | "header" | "block" | "debug" | "constant";
  readonly startLine: number;
  /** The last line that is folded away; greater than `startLine`. */
  readonly endLine: number;
}

/** What VS Code takes. */
export const foldLimit: number = 5000;

/**
 * What can be folded in the file, in the order of first lines.
 *
 * @param limit how many folds; methods behind the one that reaches it fold as a whole only
 */
export function foldingRanges(
  workspace: Workspace,
  path: string,
  limit: number = foldLimit,
): Fold[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const folds: Fold[] = [];
  for (const [index, unit] of document.units.entries()) {
    const facts = unit.facts();
    if (facts !== null && folds.length >= limit) {
      const { start, end } = knownExtent(document, index, unit, facts);
      if (end.line > start.line)
        folds.push({ kind: "method", startLine: start.line, endLine: end.line });
      continue;
    }
    const placed = facts === null ? null : placedUnit(document, index);
    const method = placed === null ? null : (blocksOf(unit) ?? unit.read());
    if (method !== null && placed !== null) folds.push(...foldsOf(placed, method));
  }
  return folds;
}

/**
 * The method with one statement per block, its last: all that folding asks of statements is on which
 * line a block ends, unless one takes several lines; then this is null.
 */
function blocksOf(unit: Unit): ReadText | null {
  const { text } = unit.cleaned();
  const outline = readBlocks(text, lineStartsOf(text));
  if (outline === null) return null;
  const { syntax, rows } = outline;
  const [some] = syntax.statements;
  if (some === undefined) return null;
  const statements = rows.map(({ lastLine }) => {
    const { start, end } = lineSpan({ text, syntax }, lastLine);
    return { ...some, line: lastLine, start, end };
  });
  const blocks = syntax.blocks.map((head, index) => ({ ...head, first: index }));
  return { text, syntax: { ...syntax, statements, blocks } };
}

/** Lines of the unit, before they are put into the file. */
interface Lines {
  readonly kind: Fold["kind"];
  readonly first: number;
  readonly last: number;
}

function foldsOf(placed: PlacedUnit, method: ReadText): Fold[] {
  const { lineStarts, blocks, statements } = method.syntax;
  const lineOf = (offset: number): number => lineAt(lineStarts, Math.max(0, offset));
  const found: Lines[] = [];
  const whole = methodExtent(method);
  const first = firstLineOf(method);
  found.push({ kind: "method", first, last: lineOf(whole.end - 1) });
  const headerEnd = lastHeaderLine(method, first);
  // The first line of the header stays in sight, and is where the method itself is folded.
  found.push({ kind: "header", first: first + 1, last: headerEnd });
  found.push(...debugRuns(method, headerEnd + 1));
  blocks.forEach(({ line }, index) => {
    found.push({ kind: "block", first: line, last: lineOf(blockExtent(method, index).end - 1) });
  });
  for (const statement of statements) {
    const last = lastLineOf(method, statement);
    if (last > statement.line) found.push({ kind: "constant", first: statement.line, last });
  }
  const largest = new Map<number, Lines>();
  for (const one of found) {
    if (one.last <= one.first) continue;
    const other = largest.get(one.first);
    if (other === undefined || other.last < one.last) largest.set(one.first, one);
  }
  const line = (of: number): number => {
    const start = lineStarts[of] ?? 0;
    return rangeOfSpan(placed, { start, end: start }).start.line;
  };
  return [...largest.values()]
    .sort((x, y) => x.first - y.first)
    .map((one) => ({ kind: one.kind, startLine: line(one.first), endLine: line(one.last) }));
}

/** The last line before the body that says something: before `CodeInfo(` and before any rails. */
function lastHeaderLine({ text, syntax }: ReadText, first: number): number {
  const { lineStarts, blocks, header } = syntax;
  if (header.span === null && syntax.frame !== "warntype") return first;
  const gutter = newGutter();
  let last = first;
  for (let line = first + 1; line < (blocks[0]?.line ?? 0); line++) {
    const start = lineStarts[line] ?? 0;
    const end = lineEnd(text, lineStarts, line);
    readGutter(text, start, end, gutter);
    const content = text.slice(start, end).trim();
    if (content.startsWith("CodeInfo(") || gutter.kind === "debug") break;
    if (content !== "") last = line;
  }
  return last;
}

/** Two or more lines of rails and locations on end. */
function debugRuns({ text, syntax }: ReadText, from: number): Lines[] {
  const { lineStarts, returnType } = syntax;
  const end =
    returnType === null ? lineStarts.length : lineAt(lineStarts, Math.max(0, returnType.start));
  const gutter = newGutter();
  const runs: Lines[] = [];
  let first = -1;
  const close = (line: number): void => {
    if (first >= 0 && line - first >= 2) runs.push({ kind: "debug", first, last: line - 1 });
    first = -1;
  };
  for (let line = from; line < end; line++) {
    const start = lineStarts[line] ?? 0;
    readGutter(text, start, lineEnd(text, lineStarts, line), gutter);
    if (gutter.kind !== "debug") close(line);
    else if (first < 0) first = line;
  }
  close(end);
  return runs;
}
