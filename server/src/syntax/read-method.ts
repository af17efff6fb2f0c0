// Reads one unit of text into a method's tree. It never throws: a line of the body that cannot be
// read becomes an opaque statement, with a problem on exactly that line; prose around the method is
// passed over. Source: spec ir-text.md §2, §3, §12, §14; numbering rule of contract.md.

import { lineAt, lineEnd, lineStartsOf } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import { type Gutter, newGutter, readGutter } from "./gutter.ts";
import { HeaderReader } from "./header.ts";
import { skipBlanks } from "./operand.ts";
import { commentStart, isBalanced, nextHash, skipToLineEnd } from "./scan.ts";
import { opaqueStatement, readStatement } from "./statement.ts";
import type { BlockHead, Expectation, Frame, MethodSyntax, Problem, Statement } from "./tree.ts";
import { parseType } from "./type.ts";

/** A line longer than this is kept as an opaque statement without being looked at. */
const lineLimit = 1_000_000;

/** A line that says that others are left out: `⋮`, `...`, `[…]`. */
const gapLine = /^ *[[(]?(?:⋮|…|⋯|\.{3,})[\])]?\s*$/;

/** A statement that runs over more lines than this is taken as damaged. */
const continuationLimit = 200;

/**
 * Reads the unit's text.
 *
 * @returns the method; null where the unit holds no body (prose, a lone header)
 */
export function readMethod(text: string): MethodSyntax | null {
  return new MethodReader(text).read();
}

class MethodReader {
  private readonly text: string;
  private readonly lineStarts: number[];
  private readonly gutter: Gutter = newGutter();
  private readonly header = new HeaderReader();
  private readonly statements: Statement[] = [];
  private readonly blocks: BlockHead[] = [];
  private readonly problems: Problem[] = [];
  private readonly expectations: Expectation[] = [];
  /** Numbers of all statements; kept only once one of them did not exceed those before it. */
  private seen: Set<number> | null = null;
  private lastId = 0;
  private largestId = 0;
  private frame: Frame = "ircode";
  private returnType: Span | null = null;
  /** Where the next `# expect:` and the next `#` that may start a comment stand. */
  private nextExpectation: number;
  private nextHash = 0;
  private unreadable = 0;
  private hasGap = false;
  /** Number of the gap while no number behind it is known; -1 otherwise. */
  private gapId = -1;
  /** Lines that are no lines of a body, held back until more of the body follows. */
  private pending: number[] = [];
  private closed = false;
  /** Where the statement read last starts, and the last line that it takes. */
  private content = 0;
  private lastLine = -1;
  /** How wide the terminal was that broke the lines (0: none did); null until somebody asks. */
  private width: number | null = null;

  constructor(text: string) {
    this.text = text;
    this.lineStarts = lineStartsOf(text);
    this.nextExpectation = findExpectation(text, 0);
  }

  read(): MethodSyntax | null {
    const { lineStarts } = this;
    let inBody = false;
    for (let line = 0; line < lineStarts.length && !this.closed; line++) {
      const start = lineStarts[line] ?? 0;
      const end = lineEnd(this.text, lineStarts, line);
      this.expectation(start, end, line);
      readGutter(this.text, start, end, this.gutter);
      const { kind } = this.gutter;
      if (!inBody && kind !== "head") {
        this.beforeBody(start, end);
        continue;
      }
      inBody = true;
      if (kind === "debug") continue;
      if (kind === "none") this.betweenStatements(start, this.commentStart(start, end), line);
      else line = this.statementLine(end, line);
    }
    if (!inBody) return null;
    if (this.header.isWarntype) this.frame = "warntype";
    this.checkEnd();
    return {
      header: this.header.finish(),
      frame: this.frame,
      statements: this.statements,
      blocks: this.blocks,
      returnType: this.returnType,
      expectations: this.expectations,
      problems: [...this.header.problems, ...this.problems],
      unreadable: this.unreadable,
      hasGap: this.hasGap,
      lineStarts,
    };
  }

  private beforeBody(start: number, end: number): void {
    const at = skipBlanks(this.text, start, end);
    if (this.text.startsWith("CodeInfo(", at)) this.frame = "codeinfo";
    else if (at < end && !this.text.startsWith("# ", at)) {
      this.header.line(this.text, start, this.commentStart(start, end));
    }
  }

  private expectation(start: number, end: number, line: number): void {
    if (this.nextExpectation >= end) return;
    const from = findExpectation(this.text, this.commentStart(start, end));
    this.nextExpectation = findExpectation(this.text, end);
    if (from >= end) return;
    this.expectations.push({ start: from, end, line, text: this.text.slice(from + 9, end).trim() });
  }

  /** `commentStart`, for ranges that come in order: a line without a `#` is not looked at. */
  private commentStart(start: number, end: number): number {
    if (this.nextHash < start) this.nextHash = nextHash(this.text, start);
    return this.nextHash < end ? commentStart(this.text, start, end) : end;
  }

  /** A line inside the body that has no gutter. */
  private betweenStatements(start: number, end: number, line: number): void {
    const at = skipBlanks(this.text, start, end);
    if (at >= end || this.text.charCodeAt(at) === 35) return;
    const code = this.text.charCodeAt(at);
    if (code === 41 && at - start <= 1) {
      const after = skipBlanks(this.text, at + 1, end);
      if (after >= end || this.text.startsWith("=> ", after)) {
        if (after < end) this.returnType = { start: after + 3, end };
        this.closed = true;
        return;
      }
    }
    if (this.text.startsWith("=> ", at)) {
      this.returnType = { start: at + 3, end };
      this.closed = true;
      return;
    }
    if (this.pending.length === 0 && this.goesOn(line)) return;
    this.pending.push(line);
  }

  /** Joins the line to the statement before it where that was broken in its type; false where not. */
  private goesOn(line: number): boolean {
    const last = this.statements[this.statements.length - 1];
    if (last === undefined || last.type === null || this.lastLine !== line - 1) return false;
    if (!this.isFull(line - 1)) return false;
    const end = lineEnd(this.text, this.lineStarts, line);
    const whole = readStatement(this.text, this.content, end, last.id, last.line);
    // What makes no type of it is a line of its own.
    if (whole?.type == null || !isType(this.text, whole.type)) return false;
    this.statements[this.statements.length - 1] = whole;
    this.lastLine = line;
    return true;
  }

  /** Reads the statement of a line with a gutter; returns the last line that it took. */
  private statementLine(end: number, line: number): number {
    const { kind, label, merge, labelStart, labelEnd, content } = this.gutter;
    for (const lost of this.pending) this.opaqueLine(lost);
    this.pending = [];
    if (kind === "head") {
      const first = this.statements.length;
      this.blocks.push({ label, merge, first, line, start: labelStart, end: labelEnd });
    }
    if (end - content > lineLimit) {
      this.opaque(content, end, line, "syntax/too-long");
      return line;
    }
    let last = line;
    let stop = end;
    const comment = this.commentStart(content, end);
    // Some of the marks of a gap would do as names.
    const isGap = isGapLine(this.text, content, end);
    let statement = isGap
      ? null
      : readStatement(this.text, content, stop, this.lastId + 1, line, comment);
    if (statement === null) {
      last = this.continuation(content, end, line);
      if (last > line) {
        stop = lineEnd(this.text, this.lineStarts, last);
        statement = readStatement(this.text, content, stop, this.lastId + 1, line);
        if (statement === null) last = line;
      }
    }
    if (statement === null) this.opaque(content, end, line);
    else this.add(statement);
    this.content = content;
    this.lastLine = last;
    return last;
  }

  /** The last line of a statement whose brackets are left open on its first line. */
  private continuation(content: number, end: number, line: number): number {
    if (isBalanced(this.text, content, end) && !this.isFull(line)) return line;
    const gutter = newGutter();
    const limit = Math.min(this.lineStarts.length, line + continuationLimit);
    let last = line;
    for (let next = line + 1; next < limit; next++) {
      const start = this.lineStarts[next] ?? 0;
      readGutter(this.text, start, lineEnd(this.text, this.lineStarts, next), gutter);
      if (gutter.kind !== "none") break;
      last = next;
    }
    if (last === line) return line;
    const stop = lineEnd(this.text, this.lineStarts, last);
    const close = skipToLineEnd(this.text, content, stop);
    if (!isBalanced(this.text, content, close)) return line;
    return this.wrappedTo(lineAt(this.lineStarts, close), last);
  }

  /** Whether a terminal broke the line: it is as long as the text is wide. */
  private isFull(line: number): boolean {
    this.width ??= widthOf(this.text, this.lineStarts, this.blocks[0]?.line ?? line);
    const next = this.lineStarts[line + 1] ?? 0;
    if (this.text.charCodeAt(next - 1) !== 10) return false;
    return lengthOf(this.text, this.lineStarts, line) === this.width;
  }

  /** The last line, up to `limit`, that goes on where a line as long as the text is wide was broken. */
  private wrappedTo(line: number, limit: number): number {
    let last = line;
    while (last < limit && this.isFull(last)) last++;
    return last;
  }

  private add(statement: Statement): void {
    const { id, definition } = statement;
    if (definition !== null && id <= this.largestId && this.hasNumber(id)) {
      this.problem("syntax/duplicate-number", definition, `\`%${id}\` is defined twice`);
    } else if (definition !== null && id !== this.lastId + 1 && !this.isBehindGap(id)) {
      this.problem(
        "syntax/number-mismatch",
        definition,
        `\`%${id}\` stands where \`%${this.lastId + 1}\` is expected`,
      );
    }
    this.seen?.add(id);
    this.lastId = id;
    this.largestId = Math.max(this.largestId, id);
    this.statements.push(statement);
  }

  /** Whether lines left out before the statement may have taken the numbers up to its own. */
  private isBehindGap(id: number): boolean {
    if (this.gapId < 0 || id <= this.gapId) return false;
    this.gapId = -1;
    return true;
  }

  private hasNumber(id: number): boolean {
    this.seen ??= new Set(this.statements.map((statement) => statement.id));
    return this.seen.has(id);
  }

  private opaqueLine(line: number): void {
    const start = this.lineStarts[line] ?? 0;
    const end = lineEnd(this.text, this.lineStarts, line);
    this.opaque(skipBlanks(this.text, start, end), end, line);
  }

  private opaque(
    start: number,
    end: number,
    line: number,
    code: Problem["code"] = "syntax/unreadable-statement",
  ): void {
    this.unreadable++;
    const isGap = isGapLine(this.text, start, end);
    let detail = isGap ? "lines are left out here" : "this line is not a statement";
    if (code === "syntax/too-long") detail = "this line is too long to be read";
    this.problem(code, { start, end: Math.min(end, start + 200) }, detail);
    this.add(opaqueStatement(this.text, start, end, this.lastId + 1, line));
    if (isGap) this.gapId = this.lastId;
    this.hasGap ||= isGap;
  }

  private problem(code: Problem["code"], span: Span, detail: string): void {
    this.problems.push({ code, start: span.start, end: span.end, detail });
  }

  private checkEnd(): void {
    const last = this.statements[this.statements.length - 1];
    if (last === undefined) return;
    const ends = last.kind === "return" || last.kind === "unreachable" || last.kind === "goto";
    if (!ends && last.kind !== "dead" && last.kind !== "opaque") {
      this.problem("syntax/truncated-method", last, "the method ends without a terminator");
    }
  }
}

function isType(text: string, { start, end }: Span): boolean {
  return parseType(text.slice(start, end)).kind !== "unknown";
}

function isGapLine(text: string, start: number, end: number): boolean {
  return end - start < 20 && gapLine.test(text.slice(start, end));
}

function lengthOf(text: string, lineStarts: readonly number[], line: number): number {
  return lineEnd(text, lineStarts, line) - (lineStarts[line] ?? 0);
}

/**
 * The length of the longest line from `first` on, where a terminal may have broken the text there: at
 * 80, or where another line is as long. 0 where none may.
 */
function widthOf(text: string, lineStarts: readonly number[], first: number): number {
  let width = 0;
  let count = 0;
  for (let line = first; line < lineStarts.length; line++) {
    const length = lengthOf(text, lineStarts, line);
    if (length > width) {
      width = length;
      count = 0;
    }
    if (length === width) count++;
  }
  return width === 80 || (width >= 40 && count > 1) ? width : 0;
}

/** The first `# expect:` at or behind `at`; the text's length if there is none. */
function findExpectation(text: string, at: number): number {
  const found = text.indexOf("# expect:", at);
  return found < 0 ? text.length : found;
}
