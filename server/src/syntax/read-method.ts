// Reads one unit of text into a method's tree. It never throws: a line of the body that cannot be
// read becomes an opaque statement, with a problem on exactly that line; prose around the method is
// passed over. Source: spec ir-text.md §2, §3, §12, §14; numbering rule of contract.md.

import { lineEnd, lineStartsOf } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import { type Gutter, newGutter, readGutter } from "./gutter.ts";
import { HeaderReader } from "./header.ts";
import { skipBlanks } from "./operand.ts";
import { commentStart, isBalanced } from "./scan.ts";
import { readDefinition, readStatement } from "./statement.ts";
import type { BlockHead, Expectation, Frame, MethodSyntax, Problem, Statement } from "./tree.ts";

/** A line longer than this is kept as an opaque statement without being looked at. */
const lineLimit = 1_000_000;

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
  private readonly seen = new Set<number>();
  private frame: Frame = "ircode";
  private returnType: Span | null = null;
  private readonly hasExpectations: boolean;
  private unreadable = 0;
  /** Lines that are no lines of a body, held back until more of the body follows. */
  private pending: number[] = [];
  private closed = false;

  constructor(text: string) {
    this.text = text;
    this.lineStarts = lineStartsOf(text);
    this.hasExpectations = text.includes("# expect:");
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
      if (kind === "none") this.betweenStatements(start, commentStart(this.text, start, end), line);
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
      lineStarts,
    };
  }

  private beforeBody(start: number, end: number): void {
    const at = skipBlanks(this.text, start, end);
    if (this.text.startsWith("CodeInfo(", at)) this.frame = "codeinfo";
    else if (at < end && !this.text.startsWith("# ", at)) {
      this.header.line(this.text, start, commentStart(this.text, start, end));
    }
  }

  private expectation(start: number, end: number, line: number): void {
    if (!this.hasExpectations) return;
    const comment = commentStart(this.text, start, end);
    const from = this.text.indexOf("# expect:", comment);
    if (from < 0 || from >= end) return;
    this.expectations.push({ start: from, end, line, text: this.text.slice(from + 9, end).trim() });
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
    this.pending.push(line);
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
    let statement = readStatement(this.text, content, stop, this.nextId(), line);
    if (statement === null) {
      last = this.continuation(content, end, line);
      if (last > line) {
        stop = lineEnd(this.text, this.lineStarts, last);
        statement = readStatement(this.text, content, stop, this.nextId(), line);
        if (statement === null) last = line;
      }
    }
    if (statement === null) this.opaque(content, end, line);
    else this.add(statement);
    return last;
  }

  /** The last line of a statement whose brackets are left open on its first line. */
  private continuation(content: number, end: number, line: number): number {
    if (isBalanced(this.text, content, end)) return line;
    const gutter = newGutter();
    const limit = Math.min(this.lineStarts.length, line + continuationLimit);
    for (let next = line + 1; next < limit; next++) {
      const start = this.lineStarts[next] ?? 0;
      const stop = lineEnd(this.text, this.lineStarts, next);
      readGutter(this.text, start, stop, gutter);
      if (gutter.kind !== "none") return line;
      if (isBalanced(this.text, content, stop)) return next;
    }
    return line;
  }

  private nextId(): number {
    return (this.statements[this.statements.length - 1]?.id ?? 0) + 1;
  }

  private add(statement: Statement): void {
    const expected = this.nextId();
    const at = statement.definition;
    if (at !== null && this.seen.has(statement.id)) {
      this.problem("syntax/duplicate-number", at, `\`%${statement.id}\` is defined twice`);
    } else if (at !== null && statement.id !== expected) {
      this.problem(
        "syntax/number-mismatch",
        at,
        `\`%${statement.id}\` stands where \`%${expected}\` is expected`,
      );
    }
    this.seen.add(statement.id);
    this.statements.push(statement);
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
    const definition = readDefinition(this.text, start, end);
    this.unreadable++;
    const detail =
      code === "syntax/too-long"
        ? "this line is too long to be read"
        : "this line is not a statement";
    this.problem(code, { start, end: Math.min(end, start + 200) }, detail);
    this.add({
      id: definition.number > 0 ? definition.number : this.nextId(),
      definition: definition.span,
      kind: "opaque",
      label: "",
      name: "",
      callee: null,
      operands: [],
      blocks: [],
      slot: null,
      start: definition.from,
      end,
      type: null,
      facts: null,
      line,
    });
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
