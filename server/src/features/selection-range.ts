// Selection ranges: from the token under the cursor through the operands around it to the statement,
// without and with its number and type, the line, the block, the method and the file.

import { blockExtent, lineSpan, methodExtent, statementExtent } from "../ir/extent.ts";
import type { Method } from "../ir/method.ts";
import { findOccurrences } from "../ir/occurrence.ts";
import { lineAt, type Position, type Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Document } from "../workspace/document.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Cursor, cursorAt, operandsAt, rangeOfSpan, statementAt, touches } from "./cursor.ts";
import { trimmed } from "./method-index.ts";

/** The ranges around a position, innermost first, each within the next; the last is the file. */
export function selectionRanges(
  workspace: Workspace,
  path: string,
  position: Position,
): readonly Range[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const file = fileRange(document);
  const cursor = cursorAt(workspace, path, position);
  // In the middle of an escape sequence the cursor stands in front of the token that follows it.
  const inner = cursor === null ? [] : nested(cursor).filter((range) => holds(range, position));
  return inner.some((range) => isSame(range, file)) ? inner : [...inner, file];
}

function fileRange(document: Document): Range {
  const last = document.units.length - 1;
  const text = document.units[last]?.text ?? "";
  const startOfLine = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1;
  const line = document.startOf(last) + (document.units[last]?.lineCount ?? 0);
  return {
    start: { line: 0, character: 0 },
    end: { line, character: text.length - startOfLine },
  };
}

/** The ranges within the method, each larger than the one before it. */
function nested({ method, placed, offset }: Cursor): Range[] {
  const spans = spansAround(method, offset)
    .filter((span) => span.end > span.start && touches(span, offset))
    .sort((x, y) => x.end - x.start - (y.end - y.start));
  const ranges: Range[] = [];
  let last: Span | null = null;
  for (const span of spans) {
    const isWider: boolean =
      last === null ||
      (span.start <= last.start &&
        span.end >= last.end &&
        span.end - span.start > last.end - last.start);
    if (!isWider) continue;
    last = span;
    ranges.push(rangeOfSpan(placed, span));
  }
  return ranges;
}

function spansAround(method: Method, offset: number): Span[] {
  const { syntax, text } = method;
  const line = lineAt(syntax.lineStarts, offset);
  const spans: Span[] = [lineSpan(method, line), methodExtent(method)];
  const block = blockAt(method, line);
  if (block >= 0) spans.push(blockExtent(method, block));
  const { start, end } = lineSpan(method, line);
  spans.push(wordAt(text, offset, start, end));
  for (const one of findOccurrences(method)) if (touches(one, offset)) spans.push(one);
  if (syntax.header.span !== null) spans.push(trimmed(text, syntax.header.span));
  if (syntax.returnType !== null) spans.push(syntax.returnType);
  const statement = method.statements[statementAt(method, offset) - 1];
  if (statement === undefined) return spans;
  spans.push({ start: statement.start, end: statement.end }, statementExtent(statement));
  if (statement.type !== null) {
    spans.push(statement.type, { start: statement.start, end: statement.type.end });
  }
  for (const operand of operandsAt(statement, offset)) spans.push(operand);
  const { callee, operands } = statement;
  for (const operand of [...(callee === null ? [] : [callee]), ...operands]) {
    const { annotation } = operand;
    if (annotation === null) continue;
    spans.push(annotation, { start: operand.start, end: annotation.end });
  }
  return spans;
}

/** The letters and digits around the offset. */
function wordAt(text: string, offset: number, from: number, to: number): Span {
  const isPart = (at: number): boolean => /[\p{L}\p{N}_!%#]/u.test(text.charAt(at));
  let start = offset;
  while (start > from && isPart(start - 1)) start--;
  let end = offset;
  while (end < to && isPart(end)) end++;
  return { start, end };
}

/** Index of the block on whose lines the line stands; −1 outside the body. */
function blockAt({ syntax }: Method, line: number): number {
  const { blocks } = syntax;
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.line ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function holds({ start, end }: Range, { line, character }: Position): boolean {
  const isAfterStart = line > start.line || (line === start.line && character >= start.character);
  const isBeforeEnd = line < end.line || (line === end.line && character <= end.character);
  return isAfterStart && isBeforeEnd;
}

function isSame(one: Range, other: Range): boolean {
  return (
    one.start.line === other.start.line &&
    one.start.character === other.start.character &&
    one.end.line === other.end.line &&
    one.end.character === other.end.character
  );
}
