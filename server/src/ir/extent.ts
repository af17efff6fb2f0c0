// How far the pieces of a method reach in its text: a statement with its number and type, a block with
// all its lines, the method from its header to the line that closes it. The tree gives the spans of
// tokens; this gives those of what an editor folds, selects and outlines. Spans nest: statement in
// block in method.

import { newGutter, readGutter } from "../syntax/gutter.ts";
import type { MethodSyntax, Statement } from "../syntax/tree.ts";
import { lineAt, lineEnd } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";

/** What of a method extents are taken from; `text` is the one that the tree was read from. */
export interface ReadText {
  readonly text: string;
  readonly syntax: MethodSyntax;
}

/** A statement from `%N` to the end of its type. */
export function statementExtent(statement: Statement): Span {
  return {
    start: statement.definition?.start ?? statement.start,
    end: Math.max(statement.end, statement.type?.end ?? 0),
  };
}

/** The last line (0-based, of the unit) that a statement takes. */
export function lastLineOf({ syntax }: ReadText, statement: Statement): number {
  const { end } = statementExtent(statement);
  return Math.max(statement.line, lineAt(syntax.lineStarts, Math.max(0, end - 1)));
}

/** A line's content without the white space around it; empty at its start where it has none. */
export function lineSpan({ text, syntax }: ReadText, line: number): Span {
  const from = syntax.lineStarts[line] ?? text.length;
  let end = lineEnd(text, syntax.lineStarts, line);
  let start = from;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  return { start, end };
}

/** Block `index` (0-based) from its head's line to the line of its last statement. */
export function blockExtent(method: ReadText, index: number): Span {
  const { blocks, statements } = method.syntax;
  const head = blocks[index];
  if (head === undefined) return { start: 0, end: 0 };
  const next = blocks[index + 1]?.first ?? statements.length;
  const last = statements[next - 1];
  const lastLine = last === undefined ? head.line : lastLineOf(method, last);
  return {
    start: lineSpan(method, head.line).start,
    end: Math.max(head.end, lineSpan(method, Math.max(head.line, lastLine)).end),
  };
}

/** Lines that belong to a header whatever names the method. */
const headerLine =
  /^(?:\s+(?:from |effects \(|stage |type )|(?:Arguments|Variables|Locals|Static Parameters)\s*$|Body::| ?CodeInfo\()/;

/** The line at which what stands above the body begins; that of the first block where nothing does. */
export function firstLineOf({ text, syntax }: ReadText): number {
  const { header, lineStarts, blocks } = syntax;
  if (header.span !== null) return lineAt(lineStarts, header.span.start);
  const body = blocks[0]?.line ?? 0;
  for (let line = 0; line < body; line++) {
    const start = lineStarts[line] ?? 0;
    if (headerLine.test(text.slice(start, lineEnd(text, lineStarts, line)))) return line;
  }
  return body;
}

/** The method from its header, or from the body where it has none, to the line that closes it. */
export function methodExtent(method: ReadText): Span {
  const { syntax } = method;
  const start = lineSpan(method, firstLineOf(method)).start;
  const last = syntax.statements[syntax.statements.length - 1];
  const bodyEnd =
    syntax.blocks.length > 0 ? blockExtent(method, syntax.blocks.length - 1).end : start;
  if (syntax.returnType !== null) {
    return { start, end: Math.max(bodyEnd, trimmedEnd(method, syntax.returnType)) };
  }
  const closing = last === undefined ? -1 : closingLine(method, lastLineOf(method, last) + 1);
  return { start, end: closing < 0 ? bodyEnd : lineSpan(method, closing).end };
}

function trimmedEnd({ text }: ReadText, { start, end }: Span): number {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) <= 32) at--;
  return at;
}

/** The line `)` behind the last statement, past the rails that close inlined frames; −1 without one. */
function closingLine({ text, syntax }: ReadText, from: number): number {
  const { lineStarts } = syntax;
  const gutter = newGutter();
  for (let line = from; line < lineStarts.length; line++) {
    const start = lineStarts[line] ?? 0;
    const end = lineEnd(text, lineStarts, line);
    if (text.slice(start, end).trim() === ")") return line;
    readGutter(text, start, end, gutter);
    if (gutter.kind !== "debug") return -1;
  }
  return -1;
}
