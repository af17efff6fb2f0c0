// Edits of a file's text, and how a token of another length is put into a column-aligned line without
// moving what stands behind it: the blanks before `=` and the rule behind a block's number give way.

import type { Method } from "../ir/method.ts";
import type { Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import { rangeOfSpan } from "./cursor.ts";
import type { PlacedUnit } from "./place.ts";

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** Why something asked for is not done, in words for the person who asked. */
export interface Refusal {
  readonly refused: string;
}

/** How wide tokens and their filling are in the other lines of a method; 0 where none tells. */
export interface Columns {
  /** `%7  ` up to `=`. */
  readonly definition: ReadonlyMap<number, number>;
  /** `3 ┄─`. */
  readonly head: ReadonlyMap<number, number>;
}

/** A token with what fills its column, up to the first character that is not to move. */
interface Filled {
  readonly token: Span;
  readonly end: number;
}

/** `%7  ` in front of `=`. */
function filledDefinition({ text }: Method, token: Span): Filled {
  let end = token.end;
  while (text.charCodeAt(end) === 32) end++;
  return { token, end };
}

/** `3 ┄──`. */
function filledHead({ text }: Method, token: Span): Filled {
  let end = token.end;
  while (text.charCodeAt(end) === 32) end++;
  while (text.charCodeAt(end) === 0x2500 || text.charCodeAt(end) === 0x2504) end++;
  return { token, end };
}

/** How often each width occurs among the definitions and heads of the method. */
export function columnsOf(method: Method): Columns {
  const definition = new Map<number, number>();
  const head = new Map<number, number>();
  const count = (widths: Map<number, number>, { token, end }: Filled): void => {
    const width = end - token.start;
    widths.set(width, (widths.get(width) ?? 0) + 1);
  };
  for (const statement of method.statements) {
    if (statement.definition !== null) {
      count(definition, filledDefinition(method, statement.definition));
    }
  }
  for (const block of method.syntax.blocks) count(head, filledHead(method, block));
  return { definition, head };
}

/** The most frequent width, one occurrence of `own` left out; 0 where nothing is left. */
function usualWidth(widths: ReadonlyMap<number, number>, own: number): number {
  let usual = 0;
  let most = 0;
  for (const [width, times] of widths) {
    const others = width === own ? times - 1 : times;
    if (others > most || (others === most && others > 0 && width > usual)) {
      usual = width;
      most = others;
    }
  }
  return usual;
}

/** How many characters of filling a token of `length` gets; at least `least`. */
function fillFor(
  widths: ReadonlyMap<number, number>,
  { token, end }: Filled,
  length: number,
  least: number,
): number {
  const own = end - token.start;
  const fill = end - token.end;
  const usual = usualWidth(widths, own);
  // A line out of line for another reason than its length stays as it is.
  const isAligned = own === usual || (fill === least && own > usual);
  return usual === 0 || !isAligned ? fill : Math.max(least, usual - length);
}

/** Puts another token in the place of one. */
export function replaceToken(placed: PlacedUnit, token: Span, newText: string): TextEdit {
  return { range: rangeOfSpan(placed, token), newText };
}

/** Puts another `%N` before a `=`, and keeps the `=` where it stands if it can. */
export function replaceDefinition(
  placed: PlacedUnit,
  method: Method,
  columns: Columns,
  token: Span,
  newText: string,
): TextEdit {
  const filled = filledDefinition(method, token);
  const fill = fillFor(columns.definition, filled, newText.length, 1);
  return refill(placed, filled, newText, newText + " ".repeat(fill));
}

/** Puts another number before a block's rule, and keeps the rule's end where it stands if it can. */
export function replaceHead(
  placed: PlacedUnit,
  method: Method,
  columns: Columns,
  token: Span,
  newText: string,
): TextEdit {
  const filled = filledHead(method, token);
  // As it stands in the file: a gutter in ASCII was drawn with other glyphs before it was read.
  const old = rawText(placed, { start: token.end, end: filled.end });
  const blanks = old.length - old.trimStart().length;
  // The first glyph of the rule says how many predecessors there are and stays.
  const fill = fillFor(columns.head, filled, newText.length, blanks + 1);
  const rule = old.slice(0, fill).padEnd(fill, old.at(-1) === "-" ? "-" : "─");
  return refill(placed, filled, newText, newText + rule);
}

/** What stands in the file where the span is. */
function rawText({ unit, origin }: PlacedUnit, { start, end }: Span): string {
  return unit.text.slice(origin?.raw(start) ?? start, origin?.rawEnd(end) ?? end);
}

/** With the filling, but where escape sequences stand in it the token alone. */
function refill(
  placed: PlacedUnit,
  { token, end }: Filled,
  newToken: string,
  newText: string,
): TextEdit {
  const old = rawText(placed, { start: token.start, end });
  if (old.length !== end - token.start) return replaceToken(placed, token, newToken);
  // What stays at the end is left out, so that an edit touches as little as it can.
  let same = 0;
  const most = Math.min(end - token.end, newText.length - newToken.length);
  while (same < most && old.at(-1 - same) === newText.at(-1 - same)) same++;
  return {
    range: rangeOfSpan(placed, { start: token.start, end: end - same }),
    newText: newText.slice(0, newText.length - same),
  };
}
