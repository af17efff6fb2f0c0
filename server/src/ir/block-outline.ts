// The blocks of a method without its statements: block heads, the lines that they take, and where each
// one goes, which its last line says. A large file is outlined this way in a fraction of the time that
// reading takes. Null where only the reader can tell what a line is; then the method has to be read.

import { newGutter, readGutter } from "../syntax/gutter.ts";
import { HeaderReader } from "../syntax/header.ts";
import { skipBlanks } from "../syntax/operand.ts";
import { commentStart, isBalanced, isDigit } from "../syntax/scan.ts";
import type { BlockHead, Header, MethodSyntax, Statement } from "../syntax/tree.ts";
import { lineEnd } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";

/** One block; `next` and `target` are where it goes. */
export interface BlockRow {
  readonly head: BlockHead;
  /** 0-based line of its last statement. */
  readonly lastLine: number;
  /** Whether control can fall into the next block. */
  readonly fallsThrough: boolean;
  /** Label of the block that it jumps to; 0 where it does not jump. */
  readonly target: number;
  /** Whether `target` is an exception handler. */
  readonly isEnter: boolean;
}

export interface BlockOutline {
  /** Header, heads and return type; of the statements only the last one, and that only placed. */
  readonly syntax: MethodSyntax;
  readonly rows: readonly BlockRow[];
}

const bar = 0x2502; // │

/** Longer lines are the reader's own business. */
const lineLimit = 10_000;

/**
 * Reads the blocks of the unit's text.
 *
 * @param lineStarts of that text
 */
export function readBlocks(text: string, lineStarts: readonly number[]): BlockOutline | null {
  const gutter = newGutter();
  const blocks: BlockHead[] = [];
  const rows: BlockRow[] = [];
  let returnType: Span | null = null;
  /** The last line of a statement, or one that begins with `│` and may be one. */
  let last = -1;
  for (let line = 0; line < lineStarts.length; line++) {
    const start = lineStarts[line] ?? 0;
    if (text.charCodeAt(start) === bar && blocks.length > 0) {
      last = line;
      continue;
    }
    const stop = lineEnd(text, lineStarts, line);
    readGutter(text, start, stop, gutter);
    const { kind } = gutter;
    if (kind === "debug" || (kind !== "head" && blocks.length === 0)) continue;
    if (kind === "none") {
      const at = skipBlanks(text, start, stop);
      if (at >= stop || text.charCodeAt(at) === 35) continue;
      const closed = closing(text, start, at, stop);
      if (closed === null) return null;
      returnType = closed.type;
      break;
    }
    if (kind === "head") {
      const { label, merge, labelStart, labelEnd } = gutter;
      if (!pushRow(text, lineStarts, rows, blocks, last)) return null;
      blocks.push({ label, merge, first: 0, line, start: labelStart, end: labelEnd });
    }
    last = line;
  }
  if (!pushRow(text, lineStarts, rows, blocks, last)) return null;
  const [first] = blocks;
  if (first === undefined) return null;
  const { header, isWarntype } = readHeader(text, lineStarts, first.line);
  const syntax: MethodSyntax = {
    header,
    frame: isWarntype ? "warntype" : "codeinfo",
    statements: [lastOf(text, lineStarts, rows)],
    blocks,
    returnType,
    expectations: [],
    problems: [],
    unreadable: 0,
    hasGap: false,
    lineStarts,
  };
  return { syntax, rows };
}

/** Adds the row of the last head, which ends at `line` or before; false if it has to be read. */
function pushRow(
  text: string,
  lineStarts: readonly number[],
  rows: BlockRow[],
  blocks: readonly BlockHead[],
  line: number,
): boolean {
  const head = blocks[blocks.length - 1];
  if (head === undefined) return true;
  const gutter = newGutter();
  let lastLine = line;
  let end = 0;
  for (; lastLine >= head.line; lastLine--) {
    end = lineEnd(text, lineStarts, lastLine);
    readGutter(text, lineStarts[lastLine] ?? 0, end, gutter);
    if (gutter.kind !== "debug" && gutter.kind !== "none") break;
  }
  const { content } = gutter;
  if (content >= end || end - content > lineLimit) return false;
  // What is left open goes on on the next line, and only the reader can tell where it closes.
  if (!isBalanced(text, content, end)) return false;
  const jump = readJump(text, behindNumber(text, skipBlanks(text, content, end), end), end);
  if (jump === null) return false;
  const { fallsThrough, target, isEnter } = jump;
  rows.push({ head, lastLine, fallsThrough, target, isEnter });
  return true;
}

/** The last statement, of which only the place is told. Every field by name: a spread costs more. */
function lastOf(text: string, lineStarts: readonly number[], rows: readonly BlockRow[]): Statement {
  const line = rows[rows.length - 1]?.lastLine ?? 0;
  return {
    id: 1,
    definition: null,
    kind: "value",
    label: "",
    name: "",
    callee: null,
    operands: [],
    blocks: [],
    slot: null,
    start: lineStarts[line] ?? 0,
    end: lineEnd(text, lineStarts, line),
    type: null,
    facts: null,
    line,
  };
}

/** Behind `%4 = `; `at` where there is none. */
function behindNumber(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) !== 37 || !isDigit(text.charCodeAt(at + 1))) return at;
  let i = at + 1;
  while (i < end && isDigit(text.charCodeAt(i))) i++;
  i = skipBlanks(text, i, end);
  return text.startsWith("= ", i) ? skipBlanks(text, i + 1, end) : at;
}

type Jump = Pick<BlockRow, "fallsThrough" | "target" | "isEnter">;

const falls: Jump = { fallsThrough: true, target: 0, isEnter: false };
const stops: Jump = { fallsThrough: false, target: 0, isEnter: false };

/** Where the statement leads; null for what begins like a jump and is none that is usual. */
function readJump(text: string, at: number, end: number): Jump | null {
  switch (text.charCodeAt(at)) {
    case 36: // $
      if (text.startsWith("$(Expr(:enter, #", at)) return enters(text, at + 15);
      return text.startsWith("$(Expr(:unreachable", at) ? null : falls;
    case 101: // e
      return text.startsWith("enter #", at) ? enters(text, at + 6) : falls;
    case 103: {
      // g
      if (!text.startsWith("goto #", at)) return falls;
      const target = labelAt(text, at + 5);
      const after = skipBlanks(text, target.end, commentStart(text, at, end));
      if (target.label === 0) return null;
      if (after >= commentStart(text, at, end)) {
        return { fallsThrough: false, target: target.label, isEnter: false };
      }
      return text.startsWith("if not ", after)
        ? { fallsThrough: true, target: target.label, isEnter: false }
        : null;
    }
    case 114: // r
      if (!text.startsWith("return", at)) return falls;
      return at + 6 >= end || text.charCodeAt(at + 6) === 32 ? stops : null;
    case 117: // u
      if (!text.startsWith("unreachable", at)) return falls;
      return at + 11 >= end ? stops : null;
    default:
      return falls;
  }
}

function enters(text: string, at: number): Jump {
  return { fallsThrough: true, target: labelAt(text, at).label, isEnter: true };
}

/** `#12` at `at`. */
function labelAt(text: string, at: number): { label: number; end: number } {
  let i = at + 1;
  while (isDigit(text.charCodeAt(i))) i++;
  return { label: Number(text.slice(at + 1, i)) || 0, end: i };
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

const signs = /^(?:Arguments|Variables|Locals|Static Parameters)\b|^ *julia> /;

/** The header; all of it only where it has more than the line that names the method. */
function readHeader(
  text: string,
  lineStarts: readonly number[],
  body: number,
): { header: Header; isWarntype: boolean } {
  let span: Span | null = null;
  for (let line = 0; line < body; line++) {
    const start = lineStarts[line] ?? 0;
    const end = lineEnd(text, lineStarts, line);
    const at = skipBlanks(text, start, end);
    if (text.startsWith("MethodInstance for ", at)) {
      span = { start: at, end: commentStart(text, start, end) };
    } else if (signs.test(text.slice(start, Math.min(end, start + 40)))) {
      return wholeHeader(text, lineStarts, body);
    }
  }
  return { header: unnamed(span), isWarntype: false };
}

function wholeHeader(
  text: string,
  lineStarts: readonly number[],
  body: number,
): { header: Header; isWarntype: boolean } {
  const reader = new HeaderReader();
  for (let line = 0; line < body; line++) {
    const start = lineStarts[line] ?? 0;
    const end = lineEnd(text, lineStarts, line);
    const at = skipBlanks(text, start, end);
    const isOther = text.startsWith("CodeInfo(", at) || text.startsWith("# ", at);
    if (at < end && !isOther) reader.line(text, start, commentStart(text, start, end));
  }
  return { header: reader.finish(), isWarntype: reader.isWarntype };
}

function unnamed(span: Span | null): Header {
  return {
    span,
    signature: null,
    name: null,
    argumentTypes: [],
    from: null,
    effects: null,
    stage: null,
    types: [],
    slots: [],
    staticParameters: [],
  };
}
