// Reads one operand of a statement: `%7`, `_2`, `Main.f`, `:(%4)`, a literal, a nested expression.
// Whatever is balanced but has no syntax of its own is a `constant`: Julia prints constants through
// user-defined `show`, so their text is unbounded. Grammar: spec ir-text.md §4 (quoted forms) and §6.

import {
  isBalanced,
  isClosing,
  isDigit,
  isIdentifierPart,
  isOperatorPart,
  isUnicodeOperator,
  numberAt,
  skipBrackets,
  skipCharacter,
  skipConstant,
  skipDigits,
  skipString,
  skipToSeparator,
} from "./scan.ts";
import type { Operand, OperandKind } from "./tree.ts";

/** A node that its reader may still change. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Operands nested deeper than this are kept as one constant; printed IR nests three or four deep. */
const depthLimit = 12;

const none: readonly Operand[] = [];

/** Makes an operand; what its kind does not need stays empty. */
export function operand(
  kind: OperandKind,
  start: number,
  end: number,
  text: string,
  number = 0,
  module = "",
  children: readonly Operand[] = none,
): Draft<Operand> {
  return { start, end, kind, number, text, module, children, annotation: null };
}

/** A constant: `[at, end)` as it stands there. */
export function constant(text: string, at: number, end: number): Draft<Operand> {
  return operand("constant", at, end, text.slice(at, end));
}

/**
 * Reads the operand that starts at `at` and ends at a separator (`,`, a closing bracket) or at
 * `end`. Null where there is nothing, or where brackets do not close.
 */
export function readOperand(
  text: string,
  at: number,
  end: number,
  depth = 0,
): Draft<Operand> | null {
  const primary = readPrimary(text, at, end, depth);
  if (primary === null || primary.end >= end) return primary;
  const next = text.charCodeAt(primary.end);
  if (next === 44 || isClosing(next)) return primary;
  if (next === 58 && text.charCodeAt(primary.end + 1) === 58) return annotated(text, primary, end);
  // More text than the primary: `1 + 2im`, `a => b`, a type with `where`, a range.
  const stop = skipConstant(text, at, end);
  if (stop <= primary.end) return primary;
  if (!isBalanced(text, at, stop)) return null;
  const whole = constant(text, at, trimEnd(text, at, stop));
  return stop < end && text.charCodeAt(stop) === 58 ? annotated(text, whole, end) : whole;
}

/**
 * Reads `a, b, c` from `at` up to a closing bracket or to `end`; null where an operand can't be
 * read. `listEnd` tells where the list ends.
 */
export function readOperands(
  text: string,
  at: number,
  end: number,
  depth = 0,
): readonly Operand[] | null {
  const operands: Operand[] = [];
  let i = skipBlanks(text, at, end);
  // A one-tuple `(a,)` ends with a comma.
  while (i < end && !isClosing(text.charCodeAt(i))) {
    const one = readOperand(text, i, end, depth);
    if (one === null) return null;
    operands.push(one);
    i = skipBlanks(text, endOf(one), end);
    if (i >= end || text.charCodeAt(i) !== 44) break;
    i = skipBlanks(text, i + 1, end);
  }
  if (i < end && !isClosing(text.charCodeAt(i))) return null;
  // A copy has the exact size; an array that grew by pushing has room for sixteen more.
  return operands.length === 0 ? none : operands.slice();
}

/**
 * The offset behind the closing bracket of the list that was read from `at`; -1 where `end` comes
 * first.
 */
export function listEnd(text: string, at: number, list: readonly Operand[], end: number): number {
  const last = list[list.length - 1];
  let i = skipBlanks(text, last === undefined ? at : endOf(last), end);
  if (i < end && text.charCodeAt(i) === 44) i = skipBlanks(text, i + 1, end);
  return i < end ? i + 1 : -1;
}

/** Where an operand ends, with its `::T`. */
export function endOf(operand: Operand): number {
  return operand.annotation === null ? operand.end : operand.annotation.end;
}

/** The first offset from `at` that is neither space nor tab. */
export function skipBlanks(text: string, at: number, end: number): number {
  let i = at;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) break;
    i++;
  }
  return i;
}

/** The operand with the `::T` behind it. */
function annotated(text: string, of: Draft<Operand>, end: number): Draft<Operand> {
  const start = of.end + 2;
  of.annotation = { start, end: trimEnd(text, start, skipToSeparator(text, start, end)) };
  return of;
}

/** `end` moved back over white space, not before `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && text.charCodeAt(i - 1) <= 32) i--;
  return i;
}

/**
 * Reads the operand at `at` as far as its own syntax goes; text behind it (an operator, say) is left
 * to the caller. Null where there is none, or where brackets do not close.
 */
export function readPrimary(
  text: string,
  at: number,
  end: number,
  depth = 0,
): Draft<Operand> | null {
  if (at >= end) return null;
  const code = text.charCodeAt(at);
  if (code === 37 && isDigit(text.charCodeAt(at + 1))) {
    const after = skipDigits(text, at + 1, end);
    return operand("ssa", at, after, "", numberAt(text, at + 1, after));
  }
  if (code === 95 && isDigit(text.charCodeAt(at + 1))) {
    const after = skipDigits(text, at + 1, end);
    if (after >= end || !isIdentifierPart(text.charCodeAt(after))) {
      return operand("argument", at, after, "", numberAt(text, at + 1, after));
    }
  }
  if (code === 34) {
    const after = skipString(text, at, end);
    return after < 0 ? null : operand("string", at, after, text.slice(at, after));
  }
  if (code === 39) {
    const after = skipCharacter(text, at, end);
    return after < 0 ? null : operand("character", at, after, text.slice(at, after));
  }
  if (code === 36) return readInterpolation(text, at, end, depth);
  if (code === 58) return readQuoted(text, at, end, depth);
  if (code === 35 && text.startsWith("#undef", at) && !isIdentifierPart(text.charCodeAt(at + 6))) {
    return operand("undef", at, at + 6, "#undef");
  }
  if (isDigit(code) || (code === 45 && isDigit(text.charCodeAt(at + 1)))) {
    return readNumber(text, at, end);
  }
  if (code === 40 || code === 91) {
    const after = skipBrackets(text, at, end);
    return after < 0 ? null : constant(text, at, after);
  }
  if (isIdentifierPart(code)) return readName(text, at, end, depth);
  if (isOperatorPart(code)) {
    // A bare operator as a value: `+`, `<:`, `√`, `-Inf`.
    const i = skipOperator(text, at, end);
    return operand("name", at, i, text.slice(at, i));
  }
  const after = skipToSeparator(text, at, end);
  return after > at
    ? operand("constant", at, trimEnd(text, at, after), text.slice(at, after))
    : null;
}

/** Past the characters of an operator; `::` ends it, since a type follows, and so does `%4`. */
export function skipOperator(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && isOperatorPart(text.charCodeAt(i))) {
    const code = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (i > at && ((code === 58 && next === 58) || (code === 37 && isDigit(next)))) break;
    i++;
  }
  return i;
}

function readNumber(text: string, at: number, end: number): Draft<Operand> {
  let i = at + 1;
  while (i < end) {
    const code = text.charCodeAt(i);
    const exponentSign =
      (code === 45 || code === 43) &&
      (text.charCodeAt(i - 1) === 101 || text.charCodeAt(i - 1) === 102) &&
      text.charCodeAt(at + 1) !== 120;
    if (!isDigit(code) && code !== 46 && !exponentSign && !(code >= 97 && code <= 122)) break;
    i++;
  }
  return operand("number", at, i, text.slice(at, i));
}

/** `$(Expr(:head, …))` or `$(QuoteNode(v))`. */
function readInterpolation(
  text: string,
  at: number,
  end: number,
  depth: number,
): Draft<Operand> | null {
  if (text.charCodeAt(at + 1) !== 40) return null;
  const inside = depth < depthLimit ? readExpression(text, at, end, depth) : null;
  return inside ?? bracketed(text, at, at + 1, end);
}

/** `[at, …)` as a constant that ends with the brackets at `open`; null where they do not close. */
function bracketed(text: string, at: number, open: number, end: number): Draft<Operand> | null {
  const close = skipBrackets(text, open, end);
  return close < 0 ? null : constant(text, at, close);
}

/** Reads `$(Expr(:head, a, b))`; null if it is not of that form. */
export function readExpression(
  text: string,
  at: number,
  end: number,
  depth: number,
): Draft<Operand> | null {
  if (!text.startsWith("$(Expr(:", at)) return null;
  const from = at + 8;
  let i = from;
  while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  if (i === from) return null;
  let children = none;
  let close = i + 1;
  if (text.charCodeAt(i) === 44) {
    const list = readOperands(text, i + 1, end, depth + 1);
    if (list === null) return null;
    children = list;
    close = listEnd(text, i + 1, list, end);
  } else if (text.charCodeAt(i) !== 41) return null;
  if (close < 0 || close >= end || text.charCodeAt(close) !== 41) return null;
  return operand("expression", at, close + 1, text.slice(from, i), 0, "", children);
}

/** `:sym`, `:+`, `:$`, `:(…)`. */
function readQuoted(text: string, at: number, end: number, depth: number): Draft<Operand> | null {
  const next = text.charCodeAt(at + 1);
  if (next === 40) return unquoted(text, at, end, depth) ?? bracketed(text, at, at + 1, end);
  let i = at + 1;
  if (text.startsWith('var"', i)) {
    const after = skipString(text, i + 3, end);
    return after < 0 ? null : operand("symbol", at, after, text.slice(at + 1, after));
  }
  if (next === 36) i++;
  else if (isIdentifierPart(next)) while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  else i = skipOperator(text, i, end);
  // A lone `:` is Julia's Colon.
  if (i === at + 1) return operand("name", at, i, ":");
  return operand("symbol", at, i, text.slice(at + 1, i));
}

/** The content of `:(…)`: an SSA value, a slot, a global, a symbol, an expression; null for others. */
function unquoted(text: string, at: number, end: number, depth: number): Draft<Operand> | null {
  if (depth >= depthLimit) return null;
  const inner = readOperand(text, at + 2, end, depth + 1);
  if (inner === null || inner.end >= end || !isClosing(text.charCodeAt(inner.end))) return null;
  // `:(==)` and `:(:)`: operators that are quoted in brackets.
  if (inner.kind === "name" && !isIdentifierPart(text.charCodeAt(at + 2))) inner.kind = "symbol";
  switch (inner.kind) {
    case "ssa":
    case "argument":
    case "global":
    case "symbol":
    case "name":
    case "expression":
    case "undef":
      inner.start = at;
      inner.end++;
      return inner;
    default:
      return null;
  }
}

/** A name with its module path, and what can follow it: type parameters, arguments, a string. */
function readName(text: string, at: number, end: number, depth: number): Draft<Operand> | null {
  const code = text.charCodeAt(at);
  if (
    (code === 77 && text.startsWith("MethodInstance for ", at)) ||
    (code === 67 && text.startsWith("CodeInstance for ", at))
  ) {
    const stop = trimEnd(text, at, skipToSeparator(text, at, end));
    return operand("code", at, stop, text.slice(at, stop));
  }
  const path = readPath(text, at, end);
  if (path === null || path.end >= end) return path;
  const next = text.charCodeAt(path.end);
  if (next === 40) return readApplication(text, at, path.end, end, depth);
  if (next !== 34) return path;
  const after = skipString(text, path.end, end);
  return after < 0 ? null : constant(text, at, after);
}

/**
 * Reads a name, with its module path and type parameters, and stops there: a callee, or the head of
 * an instance. Null where brackets or quotes do not close.
 */
export function readPath(text: string, at: number, end: number): Draft<Operand> | null {
  let lastDot = -1;
  let i = skipNamePart(text, at, end);
  while (i > 0 && i < end && text.charCodeAt(i) === 46) {
    const part = skipNamePart(text, i + 1, end);
    if (part <= i + 1) break;
    lastDot = i;
    i = part;
  }
  if (i < 0) return null;
  if (i < end && text.charCodeAt(i) === 123) {
    return bracketed(text, at, i, end);
  }
  if (lastDot < 0) return operand("name", at, i, text.slice(at, i));
  return operand("global", at, i, bareName(text, lastDot + 1, i), 0, text.slice(at, lastDot));
}

/** `:(var"#5#6")`, `:(==)`, `:+` after a dot: the name without the quoting. */
function bareName(text: string, at: number, end: number): string {
  if (text.charCodeAt(at) !== 58 || end - at < 2) return text.slice(at, end);
  const isQuoted = text.charCodeAt(at + 1) === 40 && text.charCodeAt(end - 1) === 41;
  return isQuoted ? text.slice(at + 2, end - 1) : text.slice(at + 1, end);
}

/** One component of a path: an identifier, `var"…"`, or after a dot `:+` and `:(…)`. -1 if open. */
function skipNamePart(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  if (code === 118 && text.startsWith('var"', at)) return skipString(text, at + 3, end);
  if (code === 58) {
    if (text.charCodeAt(at + 1) === 40) return skipBrackets(text, at + 1, end);
    return skipOperator(text, at + 1, end);
  }
  let i = at;
  while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  // `EscapeAnalysis.⊥`: a name that would be an operator, were it one that Julia quotes.
  if (i === at) while (i < end && isUnicodeOperator(text.charCodeAt(i))) i++;
  return i;
}

/** `name(…)` in operand position. */
function readApplication(
  text: string,
  at: number,
  open: number,
  end: number,
  depth: number,
): Draft<Operand> | null {
  const name = text.slice(at, open);
  if (name === "Core.Argument" || name === "Core.SSAValue") {
    const digits = skipDigits(text, open + 1, end);
    if (digits > open + 1 && digits < end && text.charCodeAt(digits) === 41) {
      const kind = name === "Core.Argument" ? "argument" : "ssa";
      return operand(kind, at, digits + 1, "", numberAt(text, open + 1, digits));
    }
  }
  if (name === "Symbol") {
    const close = skipBrackets(text, open, end);
    return close < 0 ? null : operand("symbol", at, close, text.slice(at, close));
  }
  const children = depth < depthLimit ? readOperands(text, open + 1, end, depth + 1) : null;
  const close = children === null ? -1 : listEnd(text, open + 1, children, end);
  if (children === null || close < 0) return bracketed(text, at, open, end);
  return operand(name === "svec" ? "svec" : "call", at, close, name, 0, "", children);
}
