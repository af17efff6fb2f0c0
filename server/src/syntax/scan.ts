// Character-level scanning of Julia's printed constants and types: strings, characters, quoted
// names, nested brackets. It finds ends, it builds nothing. Every function is linear and iterative,
// so that a hostile line can neither overflow the stack nor take quadratic time.
// Source: the operand tokenizer advice in spec ir-text.md §6.

/** True for a character that can continue a Julia identifier as printed (`#` occurs in slot names). */
export function isIdentifierPart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 || // _
    code === 33 || // !
    code === 35 || // #
    code === 64 || // @
    (code > 127 && !isUnicodeOperator(code) && !isBoxGlyph(code))
  );
}

/** True for ASCII digits. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** True for the box-drawing glyphs of the gutter and of the inline rails. */
export function isBoxGlyph(code: number): boolean {
  return code >= 0x2500 && code <= 0x257f;
}

/** True for ASCII characters of which Julia's operators are made. */
export function isAsciiOperator(code: number): boolean {
  switch (code) {
    case 33: // !
    case 37: // %
    case 38: // &
    case 42: // *
    case 43: // +
    case 45: // -
    case 47: // /
    case 58: // :
    case 60: // <
    case 61: // =
    case 62: // >
    case 92: // \
    case 94: // ^
    case 124: // |
    case 126: // ~
    case 46: // .
      return true;
    default:
      return false;
  }
}

/** True for the Unicode blocks from which Julia takes operators (arrows, mathematical signs, `√`, `÷`). */
export function isUnicodeOperator(code: number): boolean {
  return (
    code === 0xd7 || // ×
    code === 0xf7 || // ÷
    code === 0xac || // ¬
    code === 0xb1 || // ±
    code === 0x2026 || // …
    (code >= 0x2190 && code <= 0x22ff) ||
    (code >= 0x27c0 && code <= 0x297f) ||
    (code >= 0x2980 && code <= 0x2aff)
  );
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

/**
 * `at` stands on `'`: the offset after a character literal, or -1 where it is none
 * (a lone quote in damaged text).
 */
export function skipCharacter(text: string, at: number, end: number): number {
  if (text.charCodeAt(at + 1) === 92) {
    const close = text.indexOf("'", at + 3);
    return close > 0 && close < end && close - at <= 14 ? close + 1 : -1;
  }
  // A character literal is one code point, perhaps with combining marks.
  const close = text.indexOf("'", at + 2);
  return close > 0 && close < end && close - at <= 12 ? close + 1 : -1;
}

/**
 * The end of whatever starts at `at`: a string, a character, a nested comment, or one plain
 * character. Brackets are plain here. Always moves forward; an unclosed string takes one character.
 */
export function skipAtom(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  if (code === 34) {
    const after = skipString(text, at, end);
    return after < 0 ? at + 1 : after;
  }
  if (code === 39 && !isOperandEnd(text.charCodeAt(at - 1))) {
    const after = skipCharacter(text, at, end);
    return after < 0 ? at + 1 : after;
  }
  if (code === 35 && text.charCodeAt(at + 1) === 61) {
    const close = text.indexOf("=#", at + 2);
    return close < 0 || close >= end ? at + 1 : close + 2;
  }
  return at + 1;
}

/** After these a `'` would be an adjoint, not a character literal. */
function isOperandEnd(code: number): boolean {
  return (
    code === 41 ||
    code === 93 ||
    code === 125 ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122)
  );
}

function bracketChange(code: number): number {
  if (code === 40 || code === 91 || code === 123) return 1;
  if (code === 41 || code === 93 || code === 125) return -1;
  return 0;
}

/**
 * `at` stands on an opening bracket: the offset after its partner, or -1 where the text up to `end`
 * leaves it open. Kinds of brackets are not told apart: printed IR never mixes them.
 */
export function skipBrackets(text: string, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; ) {
    const change = bracketChange(text.charCodeAt(i));
    if (change === 0) {
      i = skipAtom(text, i, end);
      continue;
    }
    depth += change;
    i++;
    if (depth === 0) return i;
  }
  return -1;
}

/**
 * From `at` to the first `,` or closing bracket at depth 0, or to `end`. The result is where that
 * character stands.
 */
export function skipToSeparator(text: string, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; ) {
    const code = text.charCodeAt(i);
    const change = bracketChange(code);
    if (depth === 0 && (change < 0 || code === 44)) return i;
    depth += change;
    i = change === 0 ? skipAtom(text, i, end) : i + 1;
  }
  return end;
}

/**
 * From `at` to the first `::` at depth 0, or to `end`. Used for a printed constant that is followed
 * by its type.
 */
export function skipToAnnotation(text: string, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; ) {
    const code = text.charCodeAt(i);
    if (depth === 0 && code === 58 && text.charCodeAt(i + 1) === 58) return i;
    const change = bracketChange(code);
    depth += change;
    if (depth < 0) return i;
    i = change === 0 ? skipAtom(text, i, end) : i + 1;
  }
  return end;
}

/**
 * Where the comment of a line starts: a `#` followed by a space (or the end), after white space or
 * at the line's start, outside strings, characters and `#= =#` (contract.md). `end` if none.
 */
export function commentStart(text: string, start: number, end: number): number {
  // Most lines have none: look for a candidate before strings are told apart.
  let candidate = start;
  while (candidate < end && !startsComment(text, candidate, start, end)) candidate++;
  if (candidate === end) return end;
  for (let i = start; i < end; ) {
    if (startsComment(text, i, start, end)) return i;
    i = skipAtom(text, i, end);
  }
  return end;
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
  for (let i = start; i < end; ) {
    const change = bracketChange(text.charCodeAt(i));
    depth += change;
    if (change === 0) {
      if (text.charCodeAt(i) === 34 && skipString(text, i, end) < 0) return false;
      i = skipAtom(text, i, end);
    } else i++;
  }
  return depth <= 0;
}
