// Reads one statement: `%4 = invoke Main.f(%3::T)::Int64   # (+n)`. Input is the text after gutter
// and rails; the result is a Statement, or null where no form of spec ir-text.md §4 and §5 fits, in
// which case the caller keeps the line as an opaque barrier. Types are left as ranges.

import type { Span } from "../text/span.ts";
import {
  readExpression,
  readOperand,
  readOperands,
  readPath,
  readPrimary,
  skipBlanks,
  skipOperator,
  trimEnd,
} from "./operand.ts";
import {
  commentStart,
  isAsciiOperator,
  isBalanced,
  isDigit,
  isIdentifierPart,
  isUnicodeOperator,
  skipBrackets,
  skipToAnnotation,
} from "./scan.ts";
import type {
  BlockLabel,
  CallLabel,
  Operand,
  Statement,
  StatementFacts,
  StatementKind,
} from "./tree.ts";

/** The part of a statement between `%N =` and `::T`. */
interface Body {
  readonly kind: StatementKind;
  readonly label: CallLabel;
  readonly name: string;
  readonly callee: Operand | null;
  readonly operands: readonly Operand[];
  readonly blocks: readonly BlockLabel[];
  readonly slot: Operand | null;
  /** Where the body ends. */
  readonly end: number;
}

const noOperands: readonly Operand[] = [];
const noBlocks: readonly BlockLabel[] = [];

function body(
  kind: StatementKind,
  end: number,
  operands: readonly Operand[] = noOperands,
  blocks: readonly BlockLabel[] = noBlocks,
): Body {
  return { kind, label: "", name: "", callee: null, operands, blocks, slot: null, end };
}

/** What `%N = ` before a statement says; `number` 0 where there is none. */
export interface Definition {
  readonly span: Span | null;
  readonly number: number;
  /** Where the statement itself starts. */
  readonly from: number;
}

/** Reads `%12 = ` at `at`. */
export function readDefinition(text: string, at: number, end: number): Definition {
  if (text.charCodeAt(at) === 37 && isDigit(text.charCodeAt(at + 1))) {
    let i = at + 1;
    while (i < end && isDigit(text.charCodeAt(i))) i++;
    const equals = skipBlanks(text, i, end);
    if (text.charCodeAt(equals) === 61 && text.charCodeAt(equals + 1) === 32) {
      const number = Number(text.slice(at + 1, i));
      return { span: { start: at, end: i }, number, from: skipBlanks(text, equals + 1, end) };
    }
  }
  return { span: null, number: 0, from: at };
}

/**
 * Reads the statement in `[at, end)`.
 *
 * @param id the 1-based number that the statement has when no `%N` is printed
 * @param line 0-based line within the unit
 * @returns the statement, or null where the text is none
 */
export function readStatement(
  text: string,
  at: number,
  end: number,
  id: number,
  line: number,
): Statement | null {
  const comment = commentStart(text, at, end);
  const last = trimEnd(text, at, comment);
  const definition = readDefinition(text, skipBlanks(text, at, last), last);
  const start = definition.from;
  const read = readBody(text, start, last) ?? readConstant(text, start, last);
  if (read === null) return null;
  const type = readType(text, read.end, last);
  if (type === null) return null;
  return {
    id: definition.number > 0 ? definition.number : id,
    definition: definition.span,
    kind: read.kind,
    label: read.label,
    name: read.name,
    callee: read.callee,
    operands: read.operands,
    blocks: read.blocks,
    slot: read.slot,
    start,
    end: read.end,
    type: type === "none" ? null : type,
    facts: comment < end ? readFacts(text, comment, end) : null,
    line,
  };
}

/** `::T` up to `end`; "none" where nothing follows, null where something else does. */
function readType(text: string, at: number, end: number): Span | "none" | null {
  const from = skipBlanks(text, at, end);
  if (from >= end) return "none";
  if (text.charCodeAt(from) !== 58 || text.charCodeAt(from + 1) !== 58) return null;
  return from + 2 < end && isBalanced(text, from + 2, end) ? { start: from + 2, end } : null;
}

/** A constant whose own `show` printed it: anything balanced up to its `::T`. */
function readConstant(text: string, at: number, end: number): Body | null {
  const stop = trimEnd(text, at, skipToAnnotation(text, at, end));
  if (stop <= at || !isBalanced(text, at, stop)) return null;
  // Prose is balanced too; a constant that nothing else explains must at least have a type.
  if (skipBlanks(text, stop, end) >= end) return null;
  const constant: Operand = {
    kind: "constant",
    start: at,
    end: stop,
    number: 0,
    text: text.slice(at, stop),
    module: "",
    children: [],
    annotation: null,
  };
  return body("value", stop, [constant]);
}

/** Reads `(+n,!e,?c)` after the `#` of a statement's comment; null where there are no facts. */
export function readFacts(text: string, at: number, end: number): StatementFacts | null {
  const open = skipBlanks(text, at + 1, end);
  if (text.charCodeAt(open) !== 40) return null;
  const close = text.indexOf(")", open);
  if (close < 0 || close >= end) return null;
  return parseEffects(text.slice(open, close + 1));
}

/** `(+c,!e,…)` as a map from letter to sigil; null where the text is not of that form. */
export function parseEffects(text: string): StatementFacts | null {
  const facts = new Map<string, "+" | "!" | "?">();
  for (const part of text.replace(/^\(|\)′?$/g, "").split(",")) {
    const trimmed = part.trim();
    const sigil = trimmed.charAt(0);
    const letter = trimmed.slice(1);
    if (letter.length !== 1 || !"centsmuiro".includes(letter)) return null;
    if (sigil === "+" || sigil === "?") facts.set(letter, sigil);
    else if (sigil === "!" || sigil === "-") facts.set(letter, "!");
    else return null;
  }
  return facts.size > 0 ? facts : null;
}

function readBody(text: string, at: number, end: number): Body | null {
  if (at >= end) return null;
  switch (text.charCodeAt(at)) {
    case 103: // g
      if (text.startsWith("goto #", at)) return readGoto(text, at, end);
      break;
    case 114: // r
      if (text.startsWith("return", at) && (at + 6 >= end || text.charCodeAt(at + 6) === 32)) {
        return readReturn(text, at, end);
      }
      break;
    case 117: // u
      if (text.startsWith("unreachable", at) && at + 11 >= end) return body("unreachable", at + 11);
      break;
    case 101: // e
      if (text.startsWith("enter #", at)) return readEnter(text, at, end);
      break;
    case 0x3c6: // φ
      return readPhi(text, at, end);
    case 0x3c0: // π
      return readGroup("pi", text, at + 1, end);
    case 0x3d2: // ϒ
      return readGroup("upsilon", text, at + 1, end);
    case 37: // %
      if (text.startsWith("%new(", at)) return readGroup("new", text, at + 4, end);
      if (text.startsWith("%splatnew(", at)) return readGroup("splatnew", text, at + 9, end);
      break;
    case 36: // $
      if (text.startsWith("$(Expr(:", at)) return readHead(text, at, end);
      break;
    case 67: // C
      if (text.startsWith("Core.Const(:", at) || text.startsWith("Core.Compiler.Const(:", at)) {
        return readDead(text, at, end);
      }
      break;
  }
  return readLabelled(text, at, end);
}

function readBlockLabel(text: string, at: number, end: number): BlockLabel | null {
  if (text.charCodeAt(at) !== 35) return null;
  let i = at + 1;
  while (i < end && isDigit(text.charCodeAt(i))) i++;
  if (i === at + 1) return null;
  return { start: at, end: i, label: Number(text.slice(at + 1, i)) };
}

function readGoto(text: string, at: number, end: number): Body | null {
  const target = readBlockLabel(text, at + 5, end);
  if (target === null) return null;
  if (target.end >= end) return body("goto", target.end, noOperands, [target]);
  if (!text.startsWith(" if not ", target.end)) return null;
  const condition = readOperand(text, target.end + 8, end);
  if (condition === null) return null;
  return body("gotoifnot", condition.annotation?.end ?? condition.end, [condition], [target]);
}

function readReturn(text: string, at: number, end: number): Body | null {
  const from = skipBlanks(text, at + 6, end);
  if (from >= end) return body("return", at + 6);
  const value = readOperand(text, from, end);
  if (value === null || skipBlanks(text, value.annotation?.end ?? value.end, end) < end) {
    return isBalanced(text, from, end)
      ? body("return", end, [{ ...emptyOperand, start: from, end, text: text.slice(from, end) }])
      : null;
  }
  return body("return", value.annotation?.end ?? value.end, [value]);
}

const emptyOperand: Operand = {
  kind: "constant",
  start: 0,
  end: 0,
  number: 0,
  text: "",
  module: "",
  children: noOperands,
  annotation: null,
};

function readEnter(text: string, at: number, end: number): Body | null {
  const target = readBlockLabel(text, at + 6, end);
  if (target === null) return null;
  if (!text.startsWith(" with scope ", target.end)) {
    return body("enter", target.end, noOperands, [target]);
  }
  const scope = readOperand(text, target.end + 12, end);
  return scope === null ? null : body("enter", scope.end, [scope], [target]);
}

/** `φ (#1 => %2, #3 => x)` and `φᶜ (%2, %9)`. */
function readPhi(text: string, at: number, end: number): Body | null {
  if (text.charCodeAt(at + 1) === 0x1d9c) return readGroup("phic", text, at + 2, end);
  const open = skipBlanks(text, at + 1, end);
  if (text.charCodeAt(open) !== 40) return null;
  const close = skipBrackets(text, open, end);
  if (close < 0) return null;
  const operands: Operand[] = [];
  const blocks: BlockLabel[] = [];
  let i = skipBlanks(text, open + 1, close - 1);
  while (i < close - 1) {
    const from = readBlockLabel(text, i, close - 1);
    if (from === null || !text.startsWith(" => ", from.end)) return null;
    const value = readOperand(text, from.end + 4, close - 1);
    if (value === null) return null;
    blocks.push(from);
    operands.push(value);
    i = skipBlanks(text, value.annotation?.end ?? value.end, close - 1);
    if (i < close - 1) {
      if (text.charCodeAt(i) !== 44) return null;
      i = skipBlanks(text, i + 1, close - 1);
    }
  }
  return body("phi", close, operands, blocks);
}

/** `(a, b)` after a keyword such as `π` or `%new`. */
function readGroup(kind: StatementKind, text: string, at: number, end: number): Body | null {
  const open = skipBlanks(text, at, end);
  if (text.charCodeAt(open) !== 40) return null;
  const close = skipBrackets(text, open, end);
  if (close < 0) return null;
  const operands = readOperands(text, open + 1, close - 1);
  return operands === null ? null : body(kind, close, operands);
}

/** `$(Expr(:head, …))` as a statement. */
function readHead(text: string, at: number, end: number): Body | null {
  const close = skipBrackets(text, at + 1, end);
  if (close < 0) return null;
  const expression = readExpression(text, at, close, 0);
  if (expression === null) return null;
  const after = skipBlanks(text, close, end);
  if (after < end && text.charCodeAt(after) !== 58) return readLabelled(text, at, end);
  const operands = expression.children;
  switch (expression.text) {
    case "foreigncall":
      return { ...body("foreigncall", close, operands), name: "foreigncall" };
    case "leave":
      return { ...body("leave", close, operands), name: "leave" };
    case "unreachable":
      return body("unreachable", close);
    case "enter": {
      // ≤ 1.10: the handler is an argument, printed `#4`; readOperand takes it for a name.
      const label = operands[0];
      const target = label && readBlockLabel(text, label.start, label.end);
      if (target) return body("enter", close, noOperands, [target]);
      break;
    }
    case "new":
      return body("new", close, operands);
  }
  return { ...body("expression", close, operands), name: expression.text };
}

/** `Core.Const(:(…))`: a statement that inference proved dead, kept as text. */
function readDead(text: string, at: number, end: number): Body | null {
  const close = skipBrackets(text, text.indexOf("(", at), end);
  return close < 0 ? null : body("dead", close);
}

const labels: readonly CallLabel[] = [
  "invoke",
  "intrinsic",
  "builtin",
  "dynamic builtin",
  "dynamic",
  "unknown",
];

/** A call with its label, a call without one, an assignment, or a value. */
function readLabelled(text: string, at: number, end: number): Body | null {
  for (const label of labels) {
    if (text.charCodeAt(at) !== label.charCodeAt(0) || !text.startsWith(label, at)) continue;
    if (text.charCodeAt(at + label.length) !== 32) continue;
    const from = skipBlanks(text, at + label.length, end);
    const call = readCall(text, from, end);
    if (call === null) continue;
    return { ...call, kind: label === "invoke" ? "invoke" : "call", label };
  }
  return readAssignment(text, at, end) ?? readCall(text, at, end) ?? readValue(text, at, end);
}

/** `x = rest`, `@_4 = rest` in lowered code. */
function readAssignment(text: string, at: number, end: number): Body | null {
  const first = text.charCodeAt(at);
  if (!isIdentifierPart(first) || isDigit(first)) return null;
  let i = at;
  while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  if (!text.startsWith(" = ", i)) return null;
  const slot = readPrimary(text, at, i);
  const rest = readBody(text, skipBlanks(text, i + 3, end), end);
  return slot === null || rest === null ? null : { ...rest, slot };
}

function readValue(text: string, at: number, end: number): Body | null {
  const value = readOperand(text, at, end);
  if (value === null) return null;
  const typed = text.charCodeAt(value.end) === 58;
  // Prose is balanced too: a constant with blanks in it must at least have a type.
  if (!typed && value.kind === "constant" && /^[^("[]* /.test(value.text)) return null;
  // A value's `::T` is the statement's, not the operand's.
  return body("value", value.end, [
    value.annotation === null ? value : { ...value, annotation: null },
  ]);
}

/** A call in prefix, infix or unary form; null where the text is none of these. */
function readCall(text: string, at: number, end: number): Body | null {
  if (text.charCodeAt(at) === 40) {
    const close = skipBrackets(text, at, end);
    if (close < 0) return null;
    if (text.charCodeAt(close) === 40) return readApplied(text, at, close, end);
    const inner = readAssignment(text, at + 1, close - 1) ?? readInfix(text, at + 1, close - 1);
    return inner === null || inner.end !== close - 1 ? null : { ...inner, end: close };
  }
  return readPrefix(text, at, end) ?? readInfix(text, at, end);
}

/** `(callee)(a, b)`; the callee's brackets are `[at, close)`. */
function readApplied(text: string, at: number, close: number, end: number): Body | null {
  const callee = readOperand(text, at + 1, close - 1);
  if (callee === null || callee.end !== close - 1) return null;
  return readArguments(text, { ...callee, start: at, end: close }, close, end);
}

/** `f(a, b)`, `%7(a)`, `var"#1#2"()(a)`. */
function readPrefix(text: string, at: number, end: number): Body | null {
  const first = text.charCodeAt(at);
  // `:(…)` is a quotation; Colon as a callee stands in brackets.
  if (first === 58) return null;
  const operator = !isIdentifierPart(first) && (isAsciiOperator(first) || isUnicodeOperator(first));
  const callee =
    first === 37 && isDigit(text.charCodeAt(at + 1))
      ? readPrimary(text, at, end)
      : operator
        ? readOperatorName(text, at, end)
        : isDigit(first)
          ? null
          : readPath(text, at, end);
  if (callee === null || text.charCodeAt(callee.end) !== 40) return null;
  return readArguments(text, callee, callee.end, end);
}

function readOperatorName(text: string, at: number, end: number): Operand | null {
  const i = skipOperator(text, at, end);
  return i === at
    ? null
    : { ...emptyOperand, kind: "name", start: at, end: i, text: text.slice(at, i) };
}

/** The arguments in brackets at `open`; more brackets behind mean that the first were the callee's. */
function readArguments(text: string, callee: Operand, open: number, end: number): Body | null {
  let called = callee;
  let from = open;
  let close = skipBrackets(text, from, end);
  while (close > 0 && close < end && text.charCodeAt(close) === 40) {
    called = {
      ...emptyOperand,
      kind: "call",
      start: called.start,
      end: close,
      text: text.slice(called.start, from),
      children: readOperands(text, from + 1, close - 1) ?? noOperands,
    };
    from = close;
    close = skipBrackets(text, from, end);
  }
  if (close < 0) return null;
  const after = skipBlanks(text, close, end);
  if (after < end && !(text.charCodeAt(after) === 58 && text.charCodeAt(after + 1) === 58))
    return null;
  const operands = readOperands(text, from + 1, close - 1);
  return operands === null ? null : { ...body("call", close, operands), callee: called };
}

/** `a OP b`, `a OP b OP c`, `a:b`, `!a`. The range is the content of the brackets, if any. */
function readInfix(text: string, at: number, end: number): Body | null {
  const unary = readUnary(text, at, end);
  if (unary !== null) return unary;
  const first = readPrimary(text, at, end);
  if (first === null || first.end >= end) return null;
  let name: Operand | null = null;
  const operands = [first];
  let i = first.end;
  while (i < end) {
    const from = skipBlanks(text, i, end);
    const operator = readInfixOperator(text, from, end);
    if (operator === null || (name !== null && operator.text !== name.text)) break;
    const next = readPrimary(text, skipBlanks(text, operator.end, end), end);
    if (next === null) return null;
    name = operator;
    operands.push(next);
    i = next.end;
  }
  if (name === null) return null;
  return { ...body("call", i, operands), callee: name };
}

function readInfixOperator(text: string, at: number, end: number): Operand | null {
  const code = text.charCodeAt(at);
  let i = at;
  if (isIdentifierPart(code) && code !== 33) {
    while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
    const word = text.slice(at, i);
    if ((word !== "isa" && word !== "in") || text.charCodeAt(i) !== 32) return null;
  } else {
    i = skipOperator(text, at, end);
    const name = text.slice(at, i);
    if (name === "" || name === "=" || name === "::") return null;
    const spaced = text.charCodeAt(at - 1) === 32 && text.charCodeAt(i) === 32;
    if (!spaced && name !== ":") return null;
  }
  return { ...emptyOperand, kind: "name", start: at, end: i, text: text.slice(at, i) };
}

const unaryOperators = ["!", "-", "+", "~", "√", "∛", "∜", "¬", "<:", ">:"];

function readUnary(text: string, at: number, end: number): Body | null {
  for (const name of unaryOperators) {
    if (!text.startsWith(name, at)) continue;
    const from = at + name.length;
    if (isDigit(text.charCodeAt(from)) || text.charCodeAt(from) === 32) return null;
    const of = readPrimary(text, from, end);
    if (of === null) return null;
    const after = skipBlanks(text, of.end, end);
    if (after < end && text.charCodeAt(after) !== 58) return null;
    const callee: Operand = { ...emptyOperand, kind: "name", start: at, end: from, text: name };
    return { ...body("call", of.end, [of]), callee };
  }
  return null;
}
