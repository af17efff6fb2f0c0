// Prints a changed method into the lines of the text that it was made from: header, prose, comments,
// source rails and the column of source lines stay; gutters, numbers and widths are made anew. What is
// new takes the rails of the statement that it stands beside. Expectations are left out: they are about
// the old numbers.
// Source: spec ir-text.md §1.3 (column), §2 (layout), §3.2 (rails); Julia's ssair/show.jl.

import { readDebugLine } from "../syntax/debuginfo.ts";
import { newGutter, readGutter } from "../syntax/gutter.ts";
import { isDigit } from "../syntax/scan.ts";
import type { Statement } from "../syntax/tree.ts";
import { versionOf } from "../syntax/version.ts";
import { lineAt, lineEnd } from "../text/line-index.ts";
import type { Method } from "./method.ts";
import { gutterOf, type Layout, layoutOf, statementText } from "./print.ts";

/** Where a statement of the changed method comes from. Positions are those of the original method. */
export interface Provenance {
  /** The statement that it is, or beside which it was put. Ascending over the changed method. */
  readonly anchor: number;
  /** Whether it is that statement. */
  readonly isSame: boolean;
  /** The statement whose source line is its own. */
  readonly source: number;
}

/**
 * The original's text with the changed method in place of its own.
 *
 * @param provenance by position in `changed`; place 0 is not looked at
 * @param stage the stage that the header is to name; null: as it stands
 */
export function reprint(
  original: Method,
  changed: Method,
  provenance: readonly Provenance[],
  stage: "final" | null,
): string {
  return new Reprinter(original, changed, provenance, stage).run();
}

/** One line of the original between two statements. */
interface Between {
  readonly text: string;
  readonly isDebug: boolean;
}

/** What stands on a statement's line beside the statement. */
interface Margin {
  /** Everything before the gutter. */
  readonly prefix: string;
  readonly rails: string;
  /** Comments behind the type, with the blanks before them. */
  readonly trailing: string;
}

class Reprinter {
  private readonly original: Method;
  private readonly changed: Method;
  private readonly provenance: readonly Provenance[];
  private readonly stage: "final" | null;
  private readonly layout: Layout;
  /** By position in the original. */
  private readonly margins: Margin[] = [];
  private readonly before: Between[][] = [];
  private readonly out: string[] = [];
  private readonly oldWidth: number;
  /** Source lines by position, where the text has a column of them; its width. */
  private readonly column: { readonly lines: Int32Array; readonly width: number } | null;
  private printedLine = 0;

  constructor(
    original: Method,
    changed: Method,
    provenance: readonly Provenance[],
    stage: "final" | null,
  ) {
    this.original = original;
    this.changed = changed;
    this.provenance = provenance;
    this.stage = stage;
    const isNew = versionOf(original.syntax, original.text).min >= 12;
    this.layout = layoutOf(changed, layoutOf(original).padsLabels || isNew);
    this.oldWidth = String(original.nBlocks).length;
    let next = 0;
    original.statements.forEach((statement, index) => {
      this.before[index + 1] = this.linesBetween(next, statement.line);
      this.margins[index + 1] = this.marginOf(statement);
      next = this.lastLineOf(statement) + 1;
    });
    this.before[1] = [];
    this.column = this.sourceColumn();
  }

  run(): string {
    const { original, changed } = this;
    const first = this.firstLine();
    this.header(first);
    let next = 1;
    let carried = [this.linesBetween(first, original.statements[0]?.line ?? 0)];
    for (let position = 1; position <= changed.nStatements; position++) {
      const { anchor, isSame, source } = this.provenance[position] ?? noProvenance;
      for (; next <= anchor; next++) carried.push(this.before[next] ?? []);
      this.between(joined(carried, this.debugContent), position);
      carried = [];
      this.statement(position, anchor, isSame, source);
    }
    for (; next <= original.nStatements; next++) carried.push(this.before[next] ?? []);
    this.tail(carried);
    return this.out.join(this.lineBreak());
  }

  /** Line from which on nothing but rails stands before the first statement. */
  private firstLine(): number {
    let line = this.original.statements[0]?.line ?? 0;
    while (line > 0 && this.isDebug(this.line(line - 1))) line--;
    return line;
  }

  private line(index: number): string {
    const { text, syntax } = this.original;
    return text.slice(syntax.lineStarts[index], lineEnd(text, syntax.lineStarts, index));
  }

  private lineBreak(): string {
    return /\r\n|\n|\r/.exec(this.original.text)?.[0] ?? "\n";
  }

  private isDebug(text: string): boolean {
    return readDebugLine(text, 0, text.length) !== null;
  }

  private linesBetween(from: number, to: number): Between[] {
    const found: Between[] = [];
    for (let index = from; index < to; index++) {
      const whole = this.line(index);
      const text = withoutExpectation(whole);
      if (text.trim() === "" && whole.trim() !== "") continue;
      found.push({ text, isDebug: this.isDebug(text) });
    }
    return found;
  }

  private lastLineOf({ end, type }: Statement): number {
    return lineAt(this.original.syntax.lineStarts, (type?.end ?? end) - 1);
  }

  private marginOf(statement: Statement): Margin {
    const { text, syntax } = this.original;
    const start = syntax.lineStarts[statement.line] ?? 0;
    const gutter = newGutter();
    readGutter(text, start, lineEnd(text, syntax.lineStarts, statement.line), gutter);
    let at = gutter.labelStart;
    if (gutter.kind !== "head") {
      at = start;
      while (at < statement.start && !isGlyph(text.charCodeAt(at))) at++;
    }
    const margin = text.slice(at, gutter.content);
    const rails = /^(?:│ *|[└\d][\d ┄─]*)(│*) *$/.exec(margin)?.[1] ?? "";
    const from = statement.type?.end ?? statement.end;
    const last = this.lastLineOf(statement);
    const trailing = withoutExpectation(text.slice(from, lineEnd(text, syntax.lineStarts, last)));
    return { prefix: text.slice(start, at), rails, trailing: trailing.trimEnd() };
  }

  /** The column of source lines that IRCode has: numbers where the line changes. */
  private sourceColumn(): { lines: Int32Array; width: number } | null {
    const { nStatements } = this.original;
    const lines = new Int32Array(nStatements + 1);
    let line = 0;
    let width = 0;
    for (let position = 1; position <= nStatements; position++) {
      const number = (this.margins[position]?.prefix ?? "").trim();
      if (number !== "") {
        if (![...number].every((one) => isDigit(one.charCodeAt(0)))) return null;
        line = Number(number);
        width = Math.max(width, number.length);
      }
      lines[position] = line;
    }
    return width === 0 ? null : { lines, width: width + 1 };
  }

  private header(end: number): void {
    const { header, text, syntax } = this.original;
    const named = header.span !== null && text.startsWith("MethodInstance for ", header.span.start);
    const at = named ? lineAt(syntax.lineStarts, header.span?.start ?? 0) : -1;
    const stageLine = this.stage !== null && named ? `  stage ${this.stage}` : null;
    // In the order of the canonical text: behind `from` and `effects`.
    let behind = at;
    for (let index = at + 1; at >= 0 && index < end; index++) {
      if (!/^\s+(?:from|effects) /.test(this.line(index))) break;
      behind = index;
    }
    for (let index = 0; index < end; index++) {
      const whole = this.line(index);
      const line = withoutExpectation(whole);
      const isOldStage = stageLine !== null && index > at && /^\s+stage /.test(line);
      const isGone = line.trim() === "" && whole.trim() !== "";
      if (!isOldStage && !isGone) this.out.push(line);
      if (stageLine !== null && index === behind) this.out.push(stageLine);
    }
  }

  /** Rails and comments before the statement at `position`. */
  private between(lines: readonly Between[], position: number): void {
    const block = this.changed.blockOf[position] ?? 0;
    const isHead = this.changed.firstOf[block] === position;
    for (const { text, isDebug } of lines) {
      this.out.push(isDebug ? this.debugLine(text, isHead) : text);
    }
  }

  /** A debug line without its gutter; null where the gutter is not to be told from rails. */
  private readonly debugContent = (text: string): string | null => {
    const width = this.prefixWidth() + this.oldWidth + 2;
    return /^[ │]*$/.test(text.slice(0, width)) ? text.slice(width) : null;
  };

  private prefixWidth(): number {
    return this.margins.at(-1)?.prefix.length ?? 0;
  }

  private debugLine(text: string, isHead: boolean): string {
    const content = this.debugContent(text);
    if (content === null) return text;
    const { blockWidth } = this.layout;
    const gutter = (isHead ? "" : "│").padEnd(blockWidth + 2);
    return `${this.blankPrefix()}${gutter}${content}`.trimEnd();
  }

  private blankPrefix(): string {
    return " ".repeat(this.column?.width ?? this.prefixWidth());
  }

  private statement(position: number, anchor: number, isSame: boolean, source: number): void {
    const { changed, layout } = this;
    const margin = this.margins[anchor] ?? noMargin;
    const gutter = gutterOf(changed, layout, position);
    const text = statementText(changed, layout, position);
    const trailing = isSame ? margin.trailing : "";
    const prefix = this.prefix(margin, isSame, source);
    this.out.push(`${prefix}${gutter}${margin.rails} ${text}${trailing}`);
  }

  private prefix(margin: Margin, isSame: boolean, source: number): string {
    if (this.column === null) return isSame ? margin.prefix : " ".repeat(margin.prefix.length);
    const { lines, width } = this.column;
    const line = lines[source] ?? 0;
    const text = line === 0 || line === this.printedLine ? "" : String(line);
    if (line > 0) this.printedLine = line;
    return text.padEnd(width);
  }

  private tail(carried: readonly Between[][]): void {
    const { statements, syntax } = this.original;
    const last = statements.at(-1);
    const from = last === undefined ? 0 : this.lastLineOf(last) + 1;
    const rest = this.linesBetween(from, syntax.lineStarts.length);
    const other = rest.findIndex(({ isDebug }) => !isDebug);
    const debug = other < 0 ? rest.length : other;
    for (const { text, isDebug } of joined([...carried, rest.slice(0, debug)], this.debugContent)) {
      this.out.push(isDebug ? this.debugLine(text, true) : text);
    }
    for (const { text } of rest.slice(debug)) this.out.push(text);
  }
}

const noProvenance: Provenance = { anchor: 0, isSame: false, source: 0 };
const noMargin: Margin = { prefix: "", rails: "", trailing: "" };

function isGlyph(code: number): boolean {
  return code === 0x2502 || code === 0x2514; // │ └
}

/** The line up to its `# expect:`. */
function withoutExpectation(line: string): string {
  const at = line.indexOf("# expect:");
  return at < 0 ? line : line.slice(0, at).trimEnd();
}

/** Lines that stood before several statements and now stand before one. */
function joined(
  parts: readonly (readonly Between[])[],
  contentOf: (text: string) => string | null,
): readonly Between[] {
  const lines = parts.flat();
  const isOne = parts.filter((part) => part.length > 0).length < 2;
  return isOne ? lines : withoutEmptyFrames(lines, contentOf);
}

interface DebugOp {
  readonly action: "enter" | "move" | "leave";
  /** Rails before its glyph: how deep it is, for `leave` afterwards. */
  readonly rails: number;
  /** How many frames a `leave` leaves. */
  readonly corners: number;
  readonly line: Between;
}

/**
 * The lines without frames in which no statement stands any more, and without places that a frame has
 * left before a statement stood there.
 *
 * @param contentOf a debug line without its gutter; null leaves all lines as they are
 */
function withoutEmptyFrames(
  lines: readonly Between[],
  contentOf: (text: string) => string | null,
): readonly Between[] {
  const kept: DebugOp[] = [];
  for (const line of lines) {
    const content = contentOf(line.text);
    const debug = content === null ? null : readDebugLine(content, 0, content.length);
    if (content === null || debug === null) return lines;
    const { action, rails } = debug;
    const last = kept.at(-1);
    if (action !== "leave") {
      if (action === "move" && last?.action === "move" && last.rails === rails) kept.pop();
      kept.push({ action, rails, corners: 0, line });
      continue;
    }
    const corners = leave(kept, rails, content.trim().length - rails);
    if (corners === 0) continue;
    const gutter = line.text.slice(0, line.text.length - content.length);
    const text = `${gutter}${"│".repeat(rails)}${"└".repeat(corners)}`;
    kept.push({ action, rails, corners, line: { text, isDebug: true } });
  }
  return kept.map((one) => one.line);
}

/** Takes back what `corners` frames said since they were entered; how many are left to be left. */
function leave(kept: DebugOp[], rails: number, corners: number): number {
  let left = corners;
  while (left > 0) {
    const last = kept.at(-1);
    if (last?.action === "move" && last.rails === rails + left) kept.pop();
    else if (last?.action === "enter" && last.rails === rails + left - 1) {
      kept.pop();
      left--;
    } else if (last?.action === "leave" && last.rails === rails + left) {
      kept.pop();
      return left + last.corners;
    } else break;
  }
  return left;
}
