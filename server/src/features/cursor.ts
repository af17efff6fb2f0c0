// What stands under the cursor: the unit and its method, the offset in the text that was read, and the
// statement there. All features that answer for one place of a file start here.

import type { OpenedMethod } from "../analysis/environment.ts";
import { lastLineOf, statementExtent } from "../ir/extent.ts";
import type { Method } from "../ir/method.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import type { Position, Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Document } from "../workspace/document.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { offsetOf, type PlacedUnit, placedUnit, rangeOf } from "./place.ts";

export interface Cursor {
  readonly path: string;
  readonly document: Document;
  /** Index of the unit in the document. */
  readonly index: number;
  readonly placed: PlacedUnit;
  readonly opened: OpenedMethod;
  readonly method: Method;
  /** Offset in the method's text. */
  readonly offset: number;
}

/** The cursor in the method that its unit holds; null in prose and where there is no such file. */
export function cursorAt(workspace: Workspace, path: string, position: Position): Cursor | null {
  const document = workspace.document(path);
  if (document === null || position.line < 0 || position.character < 0) return null;
  const index = document.unitAt(position.line);
  const placed = placedUnit(document, index);
  const opened = placed === null ? null : workspace.openUnit(placed.unit);
  if (placed === null || opened === null) return null;
  const offset = offsetOf(placed, clamped(placed, position));
  return offset === null
    ? null
    : { path, document, index, placed, opened, method: opened.method, offset };
}

/** A character behind the line's end means its end. */
function clamped({ unit, lineStarts, startLine }: PlacedUnit, position: Position): Position {
  const line = position.line - startLine;
  const start = lineStarts[line];
  if (start === undefined) return position;
  let end = lineStarts[line + 1] ?? unit.text.length;
  while (end > start && isLineBreak(unit.text.charCodeAt(end - 1))) end--;
  return { line: position.line, character: Math.min(position.character, end - start) };
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

/** The range of a span; an empty one stays empty wherever marks were taken out beside it. */
export function rangeOfSpan(placed: PlacedUnit, { start, end }: Span): Range {
  if (end > start) return rangeOf(placed, { start, end });
  const at = rangeOf(placed, { start, end: start + 1 }).start;
  return { start: at, end: at };
}

/** Whether the cursor touches the span: an editor counts the place right behind a word as the word. */
export function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The 1-based position of the statement on whose lines the offset stands; 0 where there is none. */
export function statementAt(method: Method, offset: number): number {
  const { statements, syntax } = method;
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = statements[middle]?.line ?? 0;
    if ((syntax.lineStarts[line] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const statement = statements[low - 1];
  if (statement === undefined) return 0;
  const next = syntax.lineStarts[lastLineOf(method, statement) + 1];
  return next === undefined || offset < next ? low : 0;
}

/** The operands around the offset, from the statement's own to the innermost. */
export function operandsAt(statement: Statement, offset: number): Operand[] {
  const path: Operand[] = [];
  const { callee, operands, slot } = statement;
  let level: readonly Operand[] = [
    ...(slot === null ? [] : [slot]),
    ...(callee === null ? [] : [callee]),
    ...operands,
  ];
  for (;;) {
    const found =
      level.find(({ start, end }) => start <= offset && offset < end) ??
      level.find((one) => touches(one, offset));
    if (found === undefined) return path;
    path.push(found);
    level = found.children;
  }
}

/** Whether the offset is within the statement, from its number to its type. */
export function isInStatement(statement: Statement, offset: number): boolean {
  return touches(statementExtent(statement), offset);
}
