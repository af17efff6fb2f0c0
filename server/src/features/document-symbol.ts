// The outline of a file: methods, their blocks with neighbours, and the values of each block; names of
// a `code_warntype` header too. Values are left out beyond a limit, and beyond another blocks: an editor asks
// for the whole outline after every change, so a file of thousands of methods must not cost more than they
// are many.

import { type BlockRow, readBlocks } from "../ir/block-outline.ts";
import { declarationsOf } from "../ir/declaration.ts";
import {
  blockExtent,
  lineSpan,
  methodExtent,
  type ReadText,
  statementExtent,
} from "../ir/extent.ts";
import { predecessorsOf, successorsOf } from "../ir/graph.ts";
import { labelOf, type Method } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";
import { lineStartsOf, type Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Document } from "../workspace/document.ts";
import type { Unit, UnitFacts } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { rangeOfSpan } from "./cursor.ts";
import { trimmed } from "./method-index.ts";
import { knownExtent, type PlacedUnit, placedUnit } from "./place.ts";

export interface OutlineSymbol {
  readonly kind: "method" | "section" | "slot" | "parameter" | "block" | "value";
  readonly name: string;
  readonly detail: string;
  readonly range: Range;
  /** The name's own place; within `range`. */
  readonly selection: Range;
  /** Their ranges lie within `range`, in text order. */
  readonly children: readonly OutlineSymbol[];
}

export interface OutlineOptions {
  /** How many values are shown in one file; methods behind the one that reaches it show none. */
  readonly values: number;
  /** The same for blocks. */
  readonly blocks: number;
}

export const defaultOutline: OutlineOptions = { values: 2000, blocks: 5000 };

/** The methods of the file, in text order. */
export function documentSymbols(
  workspace: Workspace,
  path: string,
  options: OutlineOptions = defaultOutline,
): OutlineSymbol[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const symbols: OutlineSymbol[] = [];
  let { values, blocks } = options;
  for (const [index, unit] of document.units.entries()) {
    const facts = unit.facts();
    if (facts === null) continue;
    if (blocks <= 0) {
      symbols.push(byFacts(document, index, unit, facts));
      continue;
    }
    const symbol =
      (values > 0 ? null : byBlocks(document, index, facts)) ??
      byStatements(document, index, facts, values > 0);
    if (symbol === null) continue;
    symbols.push(symbol.method);
    values -= symbol.nValues;
    blocks -= facts.nBlocks;
  }
  return symbols;
}

/** The method alone, without reading it. */
function byFacts(document: Document, index: number, unit: Unit, facts: UnitFacts): OutlineSymbol {
  const range = knownExtent(document, index, unit, facts);
  const { start } = range;
  return { ...named(facts), range, selection: { start, end: start }, children: none };
}

interface Outlined {
  readonly method: OutlineSymbol;
  readonly nValues: number;
}

function byStatements(
  document: Document,
  index: number,
  facts: UnitFacts,
  hasValues: boolean,
): Outlined | null {
  const placed = placedUnit(document, index);
  const method = placed?.unit.read() ?? null;
  if (placed === null || method === null) return null;
  const blocks = method.syntax.blocks.map((head, at): OutlineSymbol => {
    const block = at + 1;
    return {
      kind: "block",
      name: `#${head.label}`,
      detail: neighbourWords(
        labels(method, predecessorsOf(method.graph, block)),
        labels(method, successorsOf(method.graph, block)),
        method.handlers.has(block),
      ),
      range: rangeOfSpan(placed, blockExtent(method, at)),
      selection: rangeOfSpan(placed, head),
      children: hasValues ? valueSymbols(placed, method, block) : [],
    };
  });
  const nValues = hasValues ? blocks.reduce((sum, one) => sum + one.children.length, 0) : 0;
  return { method: methodSymbol(placed, method, facts, blocks), nValues };
}

/** Without reading statements; null where that cannot be done. */
function byBlocks(document: Document, index: number, facts: UnitFacts): Outlined | null {
  const unit = document.units[index];
  if (unit === undefined) return null;
  const { text, origin } = unit.cleaned();
  const lineStarts = lineStartsOf(text);
  const outline = readBlocks(text, lineStarts);
  if (outline === null) return null;
  const rawStarts = origin === null ? lineStarts : lineStartsOf(unit.text);
  const placed = { unit, startLine: document.startOf(index), lineStarts: rawStarts, origin };
  const { syntax, rows } = outline;
  const method = { text, syntax };
  const { before, after, handlers } = neighboursOf(rows);
  const blocks = rows.map(({ head, lastLine }, at): OutlineSymbol => {
    const { start } = lineSpan(method, head.line);
    const { end } = lineSpan(method, lastLine);
    return {
      kind: "block",
      name: `#${head.label}`,
      detail: neighbourWords(before[at] ?? "", after[at] ?? "", handlers.has(at)),
      range: onLines(placed, { start, end }, head.line, lastLine),
      selection: onLines(placed, head, head.line, head.line),
      children: none,
    };
  });
  return { method: methodSymbol(placed, method, facts, blocks), nValues: 0 };
}

const none: readonly OutlineSymbol[] = [];

/** The range of a span whose lines are known: nothing has to be looked for in plain text. */
function onLines(placed: PlacedUnit, span: Span, first: number, last: number): Range {
  const { startLine, lineStarts, origin } = placed;
  if (origin !== null) return rangeOfSpan(placed, span);
  return {
    start: { line: startLine + first, character: span.start - (lineStarts[first] ?? 0) },
    end: { line: startLine + last, character: span.end - (lineStarts[last] ?? 0) },
  };
}

function methodSymbol(
  placed: PlacedUnit,
  method: ReadText,
  facts: UnitFacts,
  blocks: readonly OutlineSymbol[],
): OutlineSymbol {
  const extent = methodExtent(method);
  const { span } = method.syntax.header;
  return {
    ...named(facts),
    range: rangeOfSpan(placed, extent),
    selection: rangeOfSpan(
      placed,
      span === null ? firstLine(method, extent) : trimmed(method.text, span),
    ),
    children: [...sectionSymbols(placed, method), ...blocks],
  };
}

function named({
  nStatements,
  nBlocks,
  signature,
  stage,
}: UnitFacts): Pick<OutlineSymbol, "kind" | "name" | "detail"> {
  const known = stage === "unknown" ? "" : `${stage} · `;
  return {
    kind: "method",
    name: signature || "method without a name",
    detail: `${known}${count(nStatements, "statement")} · ${count(nBlocks, "block")}`,
  };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function firstLine({ text }: ReadText, { start, end }: Span): Span {
  const feed = text.slice(start, end).search(/[\r\n]/);
  return { start, end: feed < 0 ? end : start + feed };
}

/** `Arguments`, `Locals` and `Static Parameters` of `code_warntype`. */
function sectionSymbols(placed: PlacedUnit, method: ReadText): OutlineSymbol[] {
  if (method.syntax.frame !== "warntype") return [];
  return declarationsOf(method).sections.map(({ kind, title, declarations }) => {
    const last = declarations[declarations.length - 1]?.whole ?? title;
    return {
      kind: "section",
      name: method.text.slice(title.start, title.end),
      detail: "",
      range: rangeOfSpan(placed, { start: title.start, end: Math.max(title.end, last.end) }),
      selection: rangeOfSpan(placed, title),
      children: declarations.map((one) => ({
        kind: kind === "statics" ? "parameter" : "slot",
        name: one.name,
        detail: method.text.slice(one.end, one.whole.end).trim(),
        range: rangeOfSpan(placed, one.whole),
        selection: rangeOfSpan(placed, one),
        children: [],
      })),
    };
  });
}

/** `← #1 #4  → #3 #5`. */
function neighbourWords(before: string, after: string, isHandler: boolean): string {
  const gap = before !== "" && after !== "" ? "  " : "";
  const arrows = `${before === "" ? "" : `←${before}`}${gap}${after === "" ? "" : `→${after}`}`;
  return isHandler ? `handler  ${arrows}`.trimEnd() : arrows;
}

const neighbourLimit = 8;

function labels(method: Method, blocks: Int32Array): string {
  let text = "";
  for (let i = 0; i < blocks.length && i < neighbourLimit; i++) {
    text += ` #${labelOf(method, blocks[i] ?? 0)}`;
  }
  return blocks.length > neighbourLimit ? `${text} … ${blocks.length} in all` : text;
}

interface Neighbours {
  /** By index of the block, in words. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Indices of blocks at which a handler begins. */
  readonly handlers: ReadonlySet<number>;
}

/** The edges between the rows, as the graph of the whole method has them. */
function neighboursOf(rows: readonly BlockRow[]): Neighbours {
  const indices = new Map<number, number>();
  rows.forEach(({ head }, index) => {
    if (!indices.has(head.label)) indices.set(head.label, index);
  });
  const before: string[] = rows.map(() => "");
  const nBefore = new Int32Array(rows.length);
  const handlers = new Set<number>();
  const after = rows.map(({ head, fallsThrough, target, isEnter }, index) => {
    const next = fallsThrough && index + 1 < rows.length ? index + 1 : -1;
    const jump = indices.get(target) ?? -1;
    if (isEnter && jump >= 0) handlers.add(jump);
    let words = "";
    for (const to of jump === next ? [next] : [next, jump]) {
      if (to < 0) continue;
      words += ` #${rows[to]?.head.label ?? 0}`;
      nBefore[to] = (nBefore[to] ?? 0) + 1;
      if ((nBefore[to] ?? 0) <= neighbourLimit) before[to] += ` #${head.label}`;
    }
    return words;
  });
  return {
    before: before.map((words, index) => {
      const n = nBefore[index] ?? 0;
      return n > neighbourLimit ? `${words} … ${n} in all` : words;
    }),
    after,
    handlers,
  };
}

function valueSymbols(placed: PlacedUnit, method: Method, block: number): OutlineSymbol[] {
  const symbols: OutlineSymbol[] = [];
  const end = method.firstOf[block + 1] ?? 0;
  for (let position = method.firstOf[block] ?? 0; position < end; position++) {
    const statement = method.statements[position - 1];
    const definition = statement?.definition ?? null;
    if (statement === undefined || definition === null) continue;
    symbols.push({
      kind: "value",
      name: `%${statement.id}`,
      detail: operationText(method, statement),
      range: rangeOfSpan(placed, statementExtent(statement)),
      selection: rangeOfSpan(placed, definition),
      children: none,
    });
  }
  return symbols;
}

const operationLimit = 48;
const typeLimit = 40;

/** The printed operation and its type, in one line of some eighty characters. */
function operationText({ text }: Method, { start, end, type }: Statement): string {
  const operation = shortened(text.slice(start, end), operationLimit);
  return type === null
    ? operation
    : `${operation} :: ${shortened(text.slice(type.start, type.end), typeLimit)}`;
}

function shortened(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/\s+/g, " ")
    .trim();
  if (line.length <= limit && text.length <= limit * 4) return line;
  // Not in the middle of a character.
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
