// The blocks of a method without its statements: header, block heads, and the last statement of each
// block, from which the graph follows. A large file is outlined this way in a fraction of the time that
// reading takes. Null where only the reader can tell what a line is; then the method has to be read.

import { newGutter, readGutter } from "../syntax/gutter.ts";
import { HeaderReader } from "../syntax/header.ts";
import { skipBlanks } from "../syntax/operand.ts";
import { commentStart } from "../syntax/scan.ts";
import { readStatement } from "../syntax/statement.ts";
import type { BlockHead, Frame, Statement } from "../syntax/tree.ts";
import { lineEnd, lineStartsOf } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import { lower, type Method } from "./method.ts";

/** Longer lines are the reader's own business. */
const lineLimit = 10_000;

/**
 * Reads the blocks of the unit's text.
 *
 * @returns a method of which `statements` holds one statement per block, its last; its `graph`, heads,
 *   header and spans are those of the whole method
 */
export function readBlocks(text: string): Method | null {
  const lineStarts = lineStartsOf(text);
  const header = new HeaderReader();
  const gutter = newGutter();
  const blocks: BlockHead[] = [];
  const statements: Statement[] = [];
  let returnType: Span | null = null;
  let frame: Frame = "ircode";
  let open: { line: number; content: number; end: number } | null = null;

  const close = (): boolean => {
    if (open === null) return true;
    const { content, end, line } = open;
    const statement = readStatement(text, content, end, statements.length + 1, line);
    if (statement === null) return false;
    statements.push(statement);
    return true;
  };

  for (let line = 0; line < lineStarts.length; line++) {
    const start = lineStarts[line] ?? 0;
    const end = lineEnd(text, lineStarts, line);
    readGutter(text, start, end, gutter);
    const { kind, label, merge, labelStart, labelEnd, content } = gutter;
    if (blocks.length === 0 && kind !== "head") {
      const at = skipBlanks(text, start, end);
      if (text.startsWith("CodeInfo(", at)) frame = "codeinfo";
      else if (at < end && !text.startsWith("# ", at)) {
        header.line(text, start, commentStart(text, start, end));
      }
      continue;
    }
    if (kind === "debug") continue;
    if (kind === "none") {
      const at = skipBlanks(text, start, end);
      if (at >= end || text.charCodeAt(at) === 35) continue;
      const closed = closing(text, start, at, end);
      if (closed === null) return null;
      returnType = closed.type;
      break;
    }
    if (kind === "head") {
      if (!close()) return null;
      const first = statements.length;
      blocks.push({ label, merge, first, line, start: labelStart, end: labelEnd });
    }
    if (end - content > lineLimit) return null;
    open = { line, content, end };
  }
  if (blocks.length === 0 || !close()) return null;
  if (header.isWarntype) frame = "warntype";
  const syntax = {
    header: header.finish(),
    frame,
    statements,
    blocks,
    returnType,
    expectations: [],
    problems: header.problems,
    unreadable: 0,
    lineStarts,
  };
  return lower(syntax, text);
}

/** `)`, `) => T` or `=> T` at `at`; null for a line that is none of them. */
function closing(
  text: string,
  start: number,
  at: number,
  end: number,
): { type: Span | null } | null {
  let from = at;
  if (text.charCodeAt(at) === 41 && at - start <= 1) {
    from = skipBlanks(text, at + 1, end);
    if (from >= end) return { type: null };
  }
  return text.startsWith("=> ", from) ? { type: { start: from + 3, end } } : null;
}
