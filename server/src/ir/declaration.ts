// The names that stand above a body, with their places: arguments in the `from` line, and the lines
// of `code_warntype`'s sections (arguments, locals, static parameters). The header itself keeps
// what the analyses need; this finds where an editor has to jump and to rename.
// Source: spec ir-text.md §9.

import { readPath, skipBlanks } from "../syntax/operand.ts";
import { commentStart, skipBrackets, skipToAnnotation, skipToSeparator } from "../syntax/scan.ts";
import type { SlotDeclaration } from "../syntax/tree.ts";
import { lineEnd } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import { firstLineOf, lineSpan, type ReadText } from "./extent.ts";

export type SectionKind = "arguments" | "locals" | "statics";

/** A name above the body; the span is that of the name alone. */
export interface Declaration extends Span {
  readonly name: string;
  /** Slot number, or number of the static parameter; 1-based. */
  readonly number: number;
  readonly place: "from" | SectionKind;
  /** Name and type, as far as the line or the signature gives them. */
  readonly whole: Span;
}

/** `Arguments`, `Locals` or `Static Parameters` of `code_warntype`. */
export interface Section {
  readonly kind: SectionKind;
  readonly title: Span;
  readonly declarations: readonly Declaration[];
}

export interface Declarations {
  /** Arguments of the `from` line in their order; the function itself only where it has a name. */
  readonly from: readonly Declaration[];
  readonly sections: readonly Section[];
}

/** All names above the method's body. */
export function declarationsOf(method: ReadText): Declarations {
  const { text, syntax } = method;
  const { header, lineStarts } = syntax;
  const slots = new Map<number, SlotDeclaration>();
  for (const slot of header.slots) if (slot.end > slot.start) slots.set(slot.start, slot);
  let from: readonly Declaration[] = [];
  const sections: { kind: SectionKind; title: Span; declarations: Declaration[] }[] = [];
  let isOpen = false;
  const body = syntax.blocks[0]?.line ?? 0;
  for (let line = firstLineOf(method); line < body; line++) {
    const start = lineStarts[line] ?? 0;
    const span = lineSpan(method, line);
    const end = commentStart(text, start, lineEnd(text, lineStarts, line));
    const kind = span.start === start ? titles.get(text.slice(start, end).trim()) : undefined;
    if (kind !== undefined) {
      sections.push({ kind, title: span, declarations: [] });
      isOpen = true;
    } else if (span.start === start) {
      if (text.startsWith("Body::", start)) isOpen = false;
    } else if (isOpen) {
      const section = sections[sections.length - 1];
      if (section !== undefined && span.end > span.start) {
        const one = sectionLine(text, section.kind, span, slots, section.declarations.length);
        if (one !== null) section.declarations.push(one);
      }
    } else if (header.from !== null && text.startsWith("from ", span.start)) {
      const at = skipBlanks(text, span.start + 5, end);
      if (text.startsWith(header.from, at)) from = fromNames(text, at, at + header.from.length);
    }
  }
  return { from, sections };
}

const titles: ReadonlyMap<string, SectionKind> = new Map([
  ["Arguments", "arguments"],
  ["Variables", "arguments"],
  ["Locals", "locals"],
  ["Static Parameters", "statics"],
]);

/** A line of a section; slots have the number that the header gave them. */
function sectionLine(
  text: string,
  kind: SectionKind,
  whole: Span,
  slots: ReadonlyMap<number, SlotDeclaration>,
  index: number,
): Declaration | null {
  if (kind === "statics") {
    const name = /^[^\s<>]*/.exec(text.slice(whole.start, whole.end))?.[0] ?? "";
    const { start } = whole;
    return name === ""
      ? null
      : { name, number: index + 1, place: kind, start, end: start + name.length, whole };
  }
  const slot = slots.get(whole.start);
  if (slot === undefined) return null;
  const { name, number, start, end } = slot;
  return { name, number, place: kind, start, end, whole };
}

/** The names in `main(N, iterations) @ Main mwe.jl:11`, which stands in `[at, end)`. */
function fromNames(text: string, at: number, end: number): Declaration[] {
  const found: Declaration[] = [];
  let open = at;
  if (text.charCodeAt(at) === 40) {
    // A callable object: `(f::F)(x)`; its name is that of slot 1.
    open = skipBrackets(text, at, end);
    const self = open < 0 ? null : nameIn(text, at + 1, open - 1);
    if (self !== null) found.push({ ...self, number: 1 });
  } else {
    const path = readPath(text, at, end);
    open = path === null ? -1 : path.end;
    if (open === at) open = text.indexOf("(", at);
  }
  if (open < 0 || open >= end || text.charCodeAt(open) !== 40) return found;
  const close = skipBrackets(text, open, end);
  if (close < 0) return found;
  let number = 2;
  for (let i = skipBlanks(text, open + 1, close - 1); i < close - 1; number++) {
    const stop = skipToSeparator(text, i, close - 1);
    const one = nameIn(text, i, stop);
    if (one !== null) found.push({ ...one, number });
    // Keyword arguments behind `;` are no slots of this method's own.
    if (text.slice(i, stop).includes(";") || text.charCodeAt(stop) !== 44) break;
    i = skipBlanks(text, stop + 1, close - 1);
  }
  return found;
}

/** The name of `x::T`, `x...`, `x = 1`; null where the argument has none. */
function nameIn(text: string, at: number, end: number): Omit<Declaration, "number"> | null {
  const stop = skipToAnnotation(text, at, end);
  const name = /^[^\s=;(){}[\],."']+/.exec(text.slice(at, stop))?.[0] ?? "";
  if (name === "") return null;
  return { name, place: "from", start: at, end: at + name.length, whole: { start: at, end } };
}
