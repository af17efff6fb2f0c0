// Reads one operand of a statement: `%7`, `_2`, `Main.f`, `:(%4)`, a literal, a nested expression.
// Whatever is balanced but has no syntax of its own is a `constant`: Julia prints constants through
// user-defined `show`, so their text is unbounded. Grammar: spec ir-text.md §4 (quoted forms) and §6.

import type { Span } from "../text/span.ts";
import {
  isAsciiOperator,
  isBalanced,
  isDigit,
  isIdentifierPart,
  isUnicodeOperator,
  skipAtom,
  skipBrackets,
  skipCharacter,
  skipString,
  skipToAnnotation,
  skipToSeparator,
} from "./scan.ts";
import type { Operand, OperandKind } from "./tree.ts";

/** Operands nested deeper than this are kept as one constant; printed IR nests three or four deep. */
const depthLimit = 12;

const none: readonly Operand[] = [];

/** Makes an operand; `extra` fills what its kind needs. */
export function operand(
  kind: OperandKind,
  start: number,
  end: number,
  text: string,
  number = 0,
  module = "",
  children: readonly Operand[] = none,
): Operand {
  return { kind, start, end, number, text, module, children, annotation: null };
}

/**
 * Reads the operand that starts at `at` and ends at a separator (`,`, a closing bracket) or at
 * `end`. Null where there is nothing, or where brackets do not close.
 */
export function readOperand(text: string, at: number, end: number, depth = 0): Operand | null {
  const primary = readPrimary(text, at, end, depth);
  if (primary === null) return null;
  if (primary.end >= end) return primary;
  const next = text.charCodeAt(primary.end);
  if (next === 44 || next === 41 || next === 93 || next === 125) return primary;
  if (next === 58 && text.charCodeAt(primary.end + 1) === 58) {
    return annotated(text, primary, end);
  }
  // More text than the primary: `1 + 2im`, `a => b`, a type with `where`, a range.
  const stop = skipToAnnotation(text, at, skipToSeparator(text, at, end));
  if (stop <= primary.end) return primary;
  if (!isBalanced(text, at, stop)) return null;
  const whole = operand("constant", at, trimEnd(text, at, stop), text.slice(at, stop).trim());
  return stop < end && text.charCodeAt(stop) === 58 ? annotated(text, whole, end) : whole;
}

/** Reads `a, b, c` from `at` up to `end`; null where an operand can't be read. */
export function readOperands(text: string, at: number, end: number, depth = 0): Operand[] | null {
  const operands: Operand[] = [];
  let i = skipBlanks(text, at, end);
  if (i >= end) return operands;
  while (i <= end) {
    const one = readOperand(text, i, end, depth);
    if (one === null) return null;
    operands.push(one);
    const after = skipBlanks(text, one.annotation?.end ?? one.end, end);
    if (after >= end) return operands;
    if (text.charCodeAt(after) !== 44) return null;
    i = skipBlanks(text, after + 1, end);
    // A one-tuple `(a,)` ends with a comma.
    if (i >= end) return operands;
  }
  return operands;
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

function annotated(text: string, of: Operand, end: number): Operand {
  const from = of.end + 2;
  const annotation: Span = {
    start: from,
    end: trimEnd(text, from, skipToSeparator(text, from, end)),
  };
  return { ...of, annotation };
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
export function readPrimary(text: string, at: number, end: number, depth = 0): Operand | null {
  if (at >= end) return null;
  const code = text.charCodeAt(at);
  if (code === 37 && isDigit(text.charCodeAt(at + 1))) {
    const after = skipDigits(text, at + 1, end);
    return operand("ssa", at, after, "", Number(text.slice(at + 1, after)));
  }
  if (code === 95 && isDigit(text.charCodeAt(at + 1))) {
    const after = skipDigits(text, at + 1, end);
    if (after >= end || !isIdentifierPart(text.charCodeAt(after))) {
      return operand("argument", at, after, "", Number(text.slice(at + 1, after)));
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
    return after < 0 ? null : operand("constant", at, after, text.slice(at, after));
  }
  if (isIdentifierPart(code)) return readName(text, at, end, depth);
  if (isAsciiOperator(code) || isUnicodeOperator(code)) {
    // A bare operator as a value: `+`, `<:`, `√`, `-Inf`.
    const i = skipOperator(text, at, end);
    return operand("name", at, i, text.slice(at, i));
  }
  const after = skipToSeparator(text, at, end);
  return after > at
    ? operand("constant", at, trimEnd(text, at, after), text.slice(at, after))
    : null;
}

/** Past the characters of an operator; a `::` ends it, since a type follows. */
export function skipOperator(text: string, at: number, end: number): number {
  let i = at;
  while (
    i < end &&
    (isAsciiOperator(text.charCodeAt(i)) || isUnicodeOperator(text.charCodeAt(i)))
  ) {
    if (i > at && text.charCodeAt(i) === 58 && text.charCodeAt(i + 1) === 58) break;
    i++;
  }
  return i;
}

function skipDigits(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && isDigit(text.charCodeAt(i))) i++;
  return i;
}

function readNumber(text: string, at: number, end: number): Operand {
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
function readInterpolation(text: string, at: number, end: number, depth: number): Operand | null {
  if (text.charCodeAt(at + 1) !== 40) return null;
  const close = skipBrackets(text, at + 1, end);
  if (close < 0) return null;
  const inside = depth < depthLimit ? readExpression(text, at, close, depth) : null;
  return inside ?? operand("constant", at, close, text.slice(at, close));
}

/**
 * Reads `$(Expr(:head, a, b))` whose closing bracket ends at `close`; null if it is not of that form.
 */
export function readExpression(
  text: string,
  at: number,
  close: number,
  depth: number,
): Operand | null {
  if (!text.startsWith("$(Expr(:", at)) return null;
  const from = at + 8;
  let i = from;
  while (i < close && isIdentifierPart(text.charCodeAt(i))) i++;
  const head = text.slice(from, i);
  const last = close - 2; // the two closing brackets
  if (head === "" || text.charCodeAt(last) !== 41) return null;
  if (i === last) return operand("expression", at, close, head);
  if (text.charCodeAt(i) !== 44) return null;
  const children = readOperands(text, i + 1, last, depth + 1);
  return children === null ? null : operand("expression", at, close, head, 0, "", children);
}

/** `:sym`, `:+`, `:(…)`. */
function readQuoted(text: string, at: number, end: number, depth: number): Operand | null {
  const next = text.charCodeAt(at + 1);
  if (next === 40) {
    const close = skipBrackets(text, at + 1, end);
    if (close < 0) return null;
    return unquote(text, at, close, depth);
  }
  let i = at + 1;
  if (text.startsWith('var"', i)) {
    const after = skipString(text, i + 3, end);
    return after < 0 ? null : operand("symbol", at, after, text.slice(at + 1, after));
  }
  if (isIdentifierPart(next)) while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  else i = skipOperator(text, i, end);
  if (i === at + 1) {
    // A lone `:` is Julia's Colon.
    return operand("name", at, i, ":");
  }
  return operand("symbol", at, i, text.slice(at + 1, i));
}

/** The content of `:(…)`: an SSA value, a slot, a global, a symbol, an expression, or a constant. */
function unquote(text: string, at: number, close: number, depth: number): Operand {
  const from = at + 2;
  const to = close - 1;
  const whole = (): Operand => operand("constant", at, close, text.slice(at, close));
  if (depth >= depthLimit || from >= to) return whole();
  const inner = readOperand(text, from, to, depth + 1);
  if (inner === null || inner.end !== to) return whole();
  // `:(==)` and `:(:)`: operators that are quoted in brackets.
  if (inner.kind === "name" && !isIdentifierPart(text.charCodeAt(from))) {
    return { ...inner, kind: "symbol", start: at, end: close };
  }
  switch (inner.kind) {
    case "ssa":
    case "argument":
    case "global":
    case "symbol":
    case "name":
    case "expression":
    case "undef":
      return { ...inner, start: at, end: close };
    default:
      return whole();
  }
}

/** A name with its module path, and what can follow it: type parameters, arguments, a string. */
function readName(text: string, at: number, end: number, depth: number): Operand | null {
  if (text.startsWith("MethodInstance for ", at) || text.startsWith("CodeInstance for ", at)) {
    const stop = trimEnd(text, at, skipToSeparator(text, at, end));
    return operand("code", at, stop, text.slice(at, stop));
  }
  const path = readPath(text, at, end);
  if (path === null || path.end >= end) return path;
  if (text.charCodeAt(path.end) === 34) {
    const after = skipString(text, path.end, end);
    return after < 0 ? null : operand("constant", at, after, text.slice(at, after));
  }
  if (text.charCodeAt(path.end) === 40) return readApplication(text, at, path.end, end, depth);
  return path;
}

/**
 * Reads a name, with its module path and type parameters, and stops there: a callee, or the head of
 * an instance. Null where brackets or quotes do not close.
 */
export function readPath(text: string, at: number, end: number): Operand | null {
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
    i = skipBrackets(text, i, end);
    return i < 0 ? null : operand("constant", at, i, text.slice(at, i));
  }
  if (lastDot < 0) return operand("name", at, i, text.slice(at, i));
  return operand("global", at, i, bareName(text.slice(lastDot + 1, i)), 0, text.slice(at, lastDot));
}

/** `:(var"#5#6")`, `:(==)`, `:+` after a dot: the name without the quoting. */
function bareName(part: string): string {
  let name = part;
  if (name.startsWith(":(") && name.endsWith(")")) name = name.slice(2, -1);
  else if (name.startsWith(":") && name.length > 1) name = name.slice(1);
  return name;
}

/** One component of a path: an identifier, `var"…"`, or after a dot `:+` and `:(…)`. -1 if open. */
function skipNamePart(text: string, at: number, end: number): number {
  if (text.startsWith('var"', at)) return skipString(text, at + 3, end);
  if (text.charCodeAt(at) === 58) {
    if (text.charCodeAt(at + 1) === 40) return skipBrackets(text, at + 1, end);
    return skipOperator(text, at + 1, end);
  }
  let i = at;
  while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  return i;
}

/** `name(…)` in operand position. */
function readApplication(
  text: string,
  at: number,
  open: number,
  end: number,
  depth: number,
): Operand | null {
  const close = skipBrackets(text, open, end);
  if (close < 0) return null;
  const name = text.slice(at, open);
  if (name === "Core.Argument" || name === "Core.SSAValue") {
    const number = Number(text.slice(open + 1, close - 1));
    if (Number.isInteger(number)) {
      return operand(name === "Core.Argument" ? "argument" : "ssa", at, close, "", number);
    }
  }
  if (name === "Symbol") return operand("symbol", at, close, text.slice(at, close));
  const children = depth < depthLimit ? readOperands(text, open + 1, close - 1, depth + 1) : null;
  if (children === null) return operand("constant", at, close, text.slice(at, close));
  return operand(name === "svec" ? "svec" : "call", at, close, name, 0, "", children);
}

/** The end of an atom run used for damaged text: to the next white space at depth 0. */
export function skipWord(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && text.charCodeAt(i) > 32) i = skipAtom(text, i, end);
  return i;
}
