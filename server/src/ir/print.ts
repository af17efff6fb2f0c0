// Prints a method's IR as Julia does: header lines of the canonical text, frame, gutter, padding, types
// and facts. What is printed reads back as an equal method.
//
// Everything that depends on places is worked out from the lists: block numbers and marks from the
// graph, `%N` from positions, widths from both. So a method whose statements were put in, taken out
// or moved prints as well: make its `MethodSyntax` anew, with `id` and `label` of statements and blocks
// being what operands and jumps call them (in any order, each once), `lower` it, print it. Texts of
// new statements stand behind the old text, so that spans stay what they are.
//
// Left out, since they are not part of the IR: prose, comments other than facts, expectations, source
// rails, the source line column of IRCode, escape marks. Arguments keep their printed names.
// Source: spec ir-text.md §2 (layout), §5.1 (labels), §9 (code_warntype), contract.md.

import { commentStart, skipAtom, skipDigits, skipToLineEnd } from "../syntax/scan.ts";
import type { BlockLabel, Header, Operand, Statement, StatementFacts } from "../syntax/tree.ts";
import type { Span } from "../text/span.ts";
import { predecessorsOf } from "./graph.ts";
import { blockWithLabel, eachOperand, lastOf, type Method, positionOf } from "./method.ts";

/** The method as text, with a line break at its end. */
export function printMethod(method: Method): string {
  const { frame, returnType } = method.syntax;
  const lines = headerLines(method);
  if (frame === "codeinfo") lines.push("CodeInfo(");
  const layout = layoutOf(method);
  for (let position = 1; position <= method.nStatements; position++) {
    lines.push(statementLine(method, layout, position));
  }
  const type = returnType === null ? null : textOf(method, returnType);
  if (frame === "codeinfo") lines.push(type === null ? ")" : `) => ${type}`);
  else if (type !== null) lines.push(`${" ".repeat(layout.blockWidth + 2)} => ${type}`);
  return `${lines.join("\n")}\n`;
}

function textOf(method: Method, { start, end }: Span): string {
  return method.text.slice(start, end);
}

function headerLines(method: Method): string[] {
  const { header, text } = method;
  const lines: string[] = [];
  if (header.span !== null && text.startsWith("julia> ", header.span.start)) {
    lines.push(textOf(method, header.span).trimEnd());
  } else if (header.signature !== null) lines.push(`MethodInstance for ${header.signature}`);
  if (header.from !== null) lines.push(`  from ${header.from}`);
  if (header.effects !== null) lines.push(`  effects ${header.effects}`);
  if (header.stage !== null) lines.push(`  stage ${header.stage}`);
  for (const type of header.types) lines.push(`  ${typeLine(type)}`);
  lines.push(...sections(method));
  return lines;
}

function typeLine({ name, mutable, fields }: Header["types"][number]): string {
  const printed = fields.map(
    (field) =>
      `${field.name}::${field.type}${field.isConst ? " const" : ""}${field.isAtomic ? " atomic" : ""}`,
  );
  return `type ${name}${mutable ? " mutable" : ""} (${printed.join(", ")})`;
}

const sectionTitle = /^(?:Static Parameters|Arguments|Variables|Locals|Body::.*)$/;

/** The sections of `code_warntype` as they stand: declarations do not depend on statements. */
function sections({ text, header, syntax }: Method): string[] {
  const from = header.span?.end ?? 0;
  const to = syntax.lineStarts[syntax.blocks[0]?.line ?? 0] ?? 0;
  const lines: string[] = [];
  let isInside = false;
  for (const whole of text.slice(from, to).split(/\r\n|\n|\r/)) {
    const line = whole.slice(0, commentStart(whole, 0, whole.length)).trimEnd();
    const isTitle = sectionTitle.test(line);
    if (isTitle) isInside = !line.startsWith("Body::");
    const isEntry = isInside && /^[ \t]+(?!CodeInfo\()\S/.test(line);
    if (isTitle || isEntry) lines.push(line);
  }
  return lines;
}

/** What all lines of a body have in common. */
export interface Layout {
  /** Digits of the number of blocks. */
  readonly blockWidth: number;
  /** Digits of the largest number that is printed before `=`; 0 if none is. */
  readonly valueWidth: number;
  /** Position → 1 where the value is used. */
  readonly used: Uint8Array;
  /** Julia 1.12 and later pad labels so that the callees stand below each other. */
  readonly padsLabels: boolean;
}

/**
 * The layout of a method's lines.
 *
 * @param padding whether labels are padded, where the text from which that shows is another one's
 */
export function layoutOf(method: Method, padding: boolean | null = null): Layout {
  const used = new Uint8Array(method.nStatements + 1);
  for (const statement of method.statements) {
    // What inference never reached uses nothing, whatever it names.
    if (statement.kind === "dead") continue;
    for (const { position } of mentions(method, statement)) used[position] = 1;
  }
  const last = used.lastIndexOf(1);
  const valueWidth = last > 0 ? String(last).length : 0;
  const blockWidth = String(method.nBlocks).length;
  const padsLabels =
    padding ??
    method.statements.some((statement) => isPadded(method, statement, blockWidth, valueWidth));
  return { blockWidth, valueWidth, used, padsLabels };
}

/** A label that only Julia 1.12 and later print, or `invoke` as far from the left as they print it. */
function isPadded(
  { text, syntax }: Method,
  { label, definition, start, line }: Statement,
  blockWidth: number,
  valueWidth: number,
): boolean {
  if (label !== "invoke") return label !== "";
  let from = start;
  while (text.charCodeAt(from - 1) === 32) from--;
  const lineStart = syntax.lineStarts[line] ?? 0;
  const isMiddle = /^[ \d]*│$/.test(text.slice(lineStart, from));
  const unpadded = definition !== null ? 1 : valueWidth + 5 + (isMiddle ? blockWidth + 1 : 0);
  return start - from === unpadded + 3;
}

function statementLine(method: Method, layout: Layout, position: number): string {
  const facts = method.statements[position - 1]?.facts ?? null;
  const comment = facts === null ? "" : `   # ${factsText(facts)}`;
  return `${gutterOf(method, layout, position)} ${statementText(method, layout, position)}${comment}`;
}

/** The statement from the column of `%N =` to the end of its type. */
export function statementText(method: Method, layout: Layout, position: number): string {
  const statement = method.statements[position - 1];
  if (statement === undefined) return "";
  const { label, type } = statement;
  const { valueWidth } = layout;
  const left =
    layout.used[position] === 1
      ? `%${position}`.padEnd(valueWidth + 2).concat("= ")
      : " ".repeat(valueWidth + 4);
  const isShort = label !== "" && label !== "dynamic builtin";
  const padding = layout.padsLabels && isShort ? " ".repeat(9 - label.length) : "";
  // With the colons, and the blank before them that a constant such as `a:` needs.
  const suffix = type === null ? "" : method.text.slice(statement.end, type.end);
  return `${left}${padding}${joined(bodyText(method, statement) + suffix)}`;
}

/** The text of a statement without the line breaks of a terminal: those at which no bracket is open. */
function joined(text: string): string {
  if (!text.includes("\n")) return text;
  let whole = "";
  for (let from = 0; ; ) {
    const stop = skipToLineEnd(text, from, text.length);
    whole += text.slice(from, text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop);
    if (stop >= text.length) return whole;
    from = stop + 1;
  }
}

function factsText(facts: StatementFacts): string {
  return `(${[...facts].map(([letter, sigil]) => sigil + letter).join(",")})`;
}

/** The gutter of the statement's line: block number and mark, `│`, or `└──`. */
export function gutterOf(method: Method, { blockWidth }: Layout, position: number): string {
  const block = method.blockOf[position] ?? 0;
  if (position === method.firstOf[block]) {
    const number = String(block);
    const mark = isMerge(method, block) ? "┄" : "─";
    return `${number} ${mark}${"─".repeat(blockWidth - number.length)}`;
  }
  if (position === lastOf(method, block)) return `└${"─".repeat(blockWidth + 1)}`;
  return `│${" ".repeat(blockWidth + 1)}`;
}

/** Whether two edges or more lead to the block; a handler has one that is not drawn. */
function isMerge(method: Method, block: number): boolean {
  const count = predecessorsOf(method.graph, block).length;
  if (count >= 2 || method.handlers.has(block)) return true;
  // ≤ 1.5 lets `$(Expr(:unreachable))` fall through.
  const before = method.statements[lastOf(method, block - 1) - 1];
  const falls = before?.kind === "unreachable" && method.text.charCodeAt(before.start) === 36;
  return count === 1 && falls;
}

/** A number in the text that a new one takes the place of. */
interface Mention extends Span {
  /** Position of the value or number of the block as it will be printed. */
  readonly position: number;
}

/** The statement's text, with the numbers of values and blocks as they are now. */
function bodyText(method: Method, statement: Statement): string {
  const { text } = method;
  // A jump may have another target than its text says, even where all numbers are in order.
  const edits = [...mentions(method, statement), ...targets(method, statement.blocks)];
  edits.sort((x, y) => x.start - y.start);
  let printed = "";
  let from = statement.start;
  for (const { start, end, position } of edits) {
    // A number that stays is kept as it is written, perhaps with zeros before it.
    const written = text.slice(start, end);
    printed += text.slice(from, start) + (Number(written) === position ? written : position);
    from = end;
  }
  return printed + text.slice(from, statement.end);
}

function targets(method: Method, labels: readonly BlockLabel[]): Mention[] {
  return labels.flatMap(({ start, end, label }) => {
    const position = blockWithLabel(method, label);
    return position === 0 ? [] : [{ start: start + 1, end, position }];
  });
}

/** Every place of a statement that names a value of the method; not those that name none. */
function mentions(method: Method, statement: Statement): Mention[] {
  const found: Mention[] = [];
  const add = (start: number, end: number): void => {
    const position = positionOf(method, Number(method.text.slice(start, end)));
    if (position > 0) found.push({ start, end, position });
  };
  eachOperand(statement, (operand) => {
    if (operand.kind === "ssa") {
      const digits = digitsOf(method.text, operand);
      add(digits, skipDigits(method.text, digits, operand.end));
    } else if (operand.kind === "constant") eachNumber(method.text, operand, add);
  });
  if (statement.kind === "dead" || statement.kind === "opaque") {
    eachNumber(method.text, statement, add);
  }
  return found;
}

/** Where the number of `%7`, `:(%7)`, `(%7)` or `Core.SSAValue(7)` starts. */
function digitsOf(text: string, { start, end }: Operand): number {
  let at = start;
  while (at < end && skipDigits(text, at, end) === at) at++;
  return at;
}

/** Calls `add` with the digits of every `%7` in a constant, outside its strings. */
function eachNumber(
  text: string,
  { start, end }: Span,
  add: (start: number, end: number) => void,
): void {
  // Where one string or nested comment does not close, none behind it does.
  let stringsClose = true;
  let commentsClose = true;
  for (let at = start; at < end; ) {
    const code = text.charCodeAt(at);
    if (code === 37) {
      const digits = skipDigits(text, at + 1, end);
      if (digits > at + 1) add(at + 1, digits);
      at = digits;
    } else if (code === 34 ? !stringsClose : code === 35 && !commentsClose) at++;
    else {
      const after = skipAtom(text, at, end);
      if (after === at + 1) {
        if (code === 34) stringsClose = false;
        else if (code === 35 && text.charCodeAt(after) === 61) commentsClose = false;
      }
      at = after;
    }
  }
}
