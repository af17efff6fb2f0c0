// Character-level scanning of Julia's printed constants and types: strings, characters, quoted
// names, nested brackets. It finds ends, it builds nothing. Every function is linear and iterative,
// so that a hostile line can neither overflow the stack nor take quadratic time.
// Source: the operand tokenizer advice in spec ir-text.md §6.

const identifier = 1;
const operator = 2;
const opening = 4;
const closing = 8;
/** A quote, an apostrophe or a `#`: from here on brackets may be plain text. */
const atom = 16;
const comma = 32;
const colon = 64;
const lineFeed = 128;
/** No class of a character: asks `walk` to stop at a comment, at whatever depth. */
const comment = 256;

/** What each UTF-16 code unit means to the scanners: one look instead of a chain of comparisons. */
const classes = new Uint8Array(0x10000).fill(identifier, 128);
classes.fill(0, 0x2500, 0x2580); // box-drawing glyphs: the gutter and the inline rails
// The Unicode blocks from which Julia takes operators: `×`, `÷`, `¬`, `±`, `…`, arrows, mathematical
// signs such as `√`.
for (const code of [0xd7, 0xf7, 0xac, 0xb1, 0x2026]) classes[code] = operator;
classes.fill(operator, 0x2190, 0x2300);
classes.fill(operator, 0x27c0, 0x2b00);
add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_!#@", identifier);
add("!%&*+-/:<=>\\^|~.", operator);
add("([{", opening);
add(")]}", closing);
add("\"'#", atom);
add(",", comma);
add(":", colon);
add("\n", lineFeed);

function add(characters: string, bit: number): void {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    classes[code] = classOf(code) | bit;
  }
}

function classOf(code: number): number {
  return classes[code] ?? 0;
}

/** True for a character that can continue a Julia identifier as printed (`#` occurs in slot names). */
export function isIdentifierPart(code: number): boolean {
  return (classOf(code) & identifier) !== 0;
}

/** True for a character of which Julia's operators are made. */
export function isOperatorPart(code: number): boolean {
  return (classOf(code) & operator) !== 0;
}

/** True for ASCII characters of which Julia's operators are made. */
export function isAsciiOperator(code: number): boolean {
  return code < 128 && isOperatorPart(code);
}

/** True for the Unicode blocks from which Julia takes operators (arrows, mathematical signs, `√`, `÷`). */
export function isUnicodeOperator(code: number): boolean {
  return code > 127 && isOperatorPart(code);
}

/** True for the box-drawing glyphs of the gutter and of the inline rails. */
export function isBoxGlyph(code: number): boolean {
  return code >= 0x2500 && code <= 0x257f;
}

/** True for `)`, `]` and `}`. */
export function isClosing(code: number): boolean {
  return (classOf(code) & closing) !== 0;
}

/** True for ASCII digits. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The offset behind the digits at `at`. */
export function skipDigits(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && isDigit(text.charCodeAt(i))) i++;
  return i;
}

/** The number that the digits in `[from, to)` write. */
export function numberAt(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) number = number * 10 + text.charCodeAt(i) - 48;
  return number;
}

/** `at` stands on `"`: the offset after the closing quote, or -1 where there is none before `end`. */
export function skipString(text: string, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i + 1;
  }
  return rawBackslash(text, at, end);
}

/**
 * `K"\"`, as JuliaSyntax shows the kind of a backslash: a prefixed literal in which the backslash
 * escapes nothing. Tried only where the string would not close otherwise.
 */
function rawBackslash(text: string, at: number, end: number): number {
  const isPrefixed = at > 0 && isIdentifierPart(text.charCodeAt(at - 1));
  return isPrefixed && at + 2 < end && text.startsWith('\\"', at + 1) ? at + 3 : -1;
}

/** The longest character literal: `'\U10ffff'` and the like, combining marks included. */
const characterLimit = 14;

/**
 * `at` stands on `'`: the offset after a character literal, or -1 where it is none
 * (a lone quote in damaged text).
 */
export function skipCharacter(text: string, at: number, end: number): number {
  const isEscape = text.charCodeAt(at + 1) === 92;
  // A character literal is one code point, perhaps with combining marks.
  const limit = Math.min(end, at + (isEscape ? characterLimit : characterLimit - 2) + 1);
  for (let i = at + (isEscape ? 3 : 2); i < limit; i++) {
    if (text.charCodeAt(i) === 39) return i + 1;
  }
  return -1;
}

/** `at` stands on `#=`: the offset after `=#`, or -1 where there is none before `end`. */
function skipNestedComment(text: string, at: number, end: number): number {
  for (let i = at + 2; i + 1 < end; i++) {
    if (text.charCodeAt(i) === 61 && text.charCodeAt(i + 1) === 35) return i + 2;
  }
  return -1;
}

/**
 * The end of whatever starts at `at`: a string, a character, a nested comment, or one plain
 * character. Brackets are plain here. Always moves forward; an unclosed string takes one character.
 */
export function skipAtom(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  let after = -1;
  if (code === 34) after = skipString(text, at, end);
  else if (code === 39 && !isOperandEnd(text.charCodeAt(at - 1))) {
    after = skipCharacter(text, at, end);
  } else if (code === 35 && text.charCodeAt(at + 1) === 61) {
    after = skipNestedComment(text, at, end);
  }
  return after < 0 ? at + 1 : after;
}

/** After these a `'` would be an adjoint, not a character literal. */
function isOperandEnd(code: number): boolean {
  return (
    isClosing(code) || isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
  );
}

/**
 * From `at` to the first character at bracket depth 0 whose class is in `stops` (a closing bracket is
 * at depth 0 if it closes nothing), or to `end`. Kinds of brackets are not told apart: printed IR never
 * mixes them.
 */
function walk(text: string, at: number, end: number, stops: number): number {
  const seen = stops | opening | closing | atom;
  let depth = 0;
  // Where one string or nested comment does not close, none behind it does.
  let stringsClose = true;
  let commentsClose = true;
  for (let i = at; i < end; i++) {
    const kind = classOf(text.charCodeAt(i)) & seen;
    if (kind === 0) continue;
    if (kind === atom) {
      const code = text.charCodeAt(i);
      if (stops === comment && startsComment(text, i, at, end)) return i;
      if (code === 34 ? !stringsClose : code === 35 && !commentsClose) continue;
      const after = skipAtom(text, i, end);
      if (after === i + 1) {
        if (code === 34) stringsClose = false;
        else if (code === 35 && text.charCodeAt(after) === 61) commentsClose = false;
      }
      i = after - 1;
      continue;
    }
    if (depth <= 0 && (kind & stops) !== 0) {
      if (kind !== colon || text.charCodeAt(i + 1) === 58) return i;
    }
    if (kind === opening) depth++;
    else if (kind === closing) depth--;
  }
  return end;
}

/**
 * `at` stands on an opening bracket: the offset after its partner, or -1 where the text up to `end`
 * leaves it open.
 */
export function skipBrackets(text: string, at: number, end: number): number {
  const close = walk(text, at + 1, end, closing);
  return close < end ? close + 1 : -1;
}

/**
 * From `at` to the first `,` or closing bracket at depth 0, or to `end`. The result is where that
 * character stands.
 */
export function skipToSeparator(text: string, at: number, end: number): number {
  return walk(text, at, end, comma | closing);
}

/**
 * From `at` to the first `::` at depth 0, to a closing bracket that closes nothing, or to `end`. Used
 * for a printed constant that is followed by its type.
 */
export function skipToAnnotation(text: string, at: number, end: number): number {
  return walk(text, at, end, colon | closing);
}

/**
 * From `at` to the first separator (`,` or a closing bracket) or `::` at depth 0, or to `end`: all of a
 * constant whose own `show` printed it.
 */
export function skipConstant(text: string, at: number, end: number): number {
  return walk(text, at, end, comma | colon | closing);
}

/** From `at` to the first end of a line at which nothing is open, or to `end`. */
export function skipToLineEnd(text: string, at: number, end: number): number {
  return walk(text, at, end, lineFeed);
}

/**
 * Where the comment of a line starts: a `#` followed by a space (or the end), after white space or
 * at the line's start, outside strings, characters and `#= =#` (contract.md). `end` if none.
 */
export function commentStart(text: string, start: number, end: number): number {
  // Most lines have none: look for a candidate before strings are told apart.
  for (let i = start; i < end; i++) {
    if (startsComment(text, i, start, end)) return walk(text, start, end, comment);
  }
  return end;
}

/** The first `#` at or behind `at` that a blank or a line's end follows; the text's length if none. */
export function nextHash(text: string, at: number): number {
  for (let i = text.indexOf("#", at); i >= 0; i = text.indexOf("#", i + 1)) {
    if (i + 1 === text.length || text.charCodeAt(i + 1) <= 32) return i;
  }
  return text.length;
}

function startsComment(text: string, at: number, start: number, end: number): boolean {
  if (text.charCodeAt(at) !== 35) return false;
  const next = at + 1 < end ? text.charCodeAt(at + 1) : 32;
  const before = at > start ? text.charCodeAt(at - 1) : 32;
  return (next === 32 || next === 9) && (before === 32 || before === 9);
}

/** True where brackets opened in the range are closed in it (strings and characters respected). */
export function isBalanced(text: string, start: number, end: number): boolean {
  let depth = 0;
  let commentsClose = true;
  for (let i = start; i < end; i++) {
    const kind = classOf(text.charCodeAt(i)) & (opening | closing | atom);
    if (kind === opening) depth++;
    else if (kind === closing) depth--;
    else if (kind === atom) {
      const code = text.charCodeAt(i);
      if (code === 35 && !commentsClose) continue;
      const after = code === 34 ? skipString(text, i, end) : skipAtom(text, i, end);
      if (after < 0) return false;
      if (code === 35 && after === i + 1) commentsClose = text.charCodeAt(after) !== 61;
      i = after - 1;
    }
  }
  return depth <= 0;
}
