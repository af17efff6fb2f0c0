// Reads one statement: `%4 = invoke Main.f(%3::T)::Int64   # (+n)`. Input is the text after gutter
// and rails; the result is a Statement, or null where no form of spec ir-text.md §4 and §5 fits, in
// which case the caller keeps the line as an opaque barrier. Types are left as ranges.

import type { Span } from "../text/span.ts";
import {
  constant,
  type Draft,
  endOf,
  listEnd,
  operand,
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
  isBalanced,
  isClosing,
  isDigit,
  isIdentifierPart,
  isOperatorPart,
  numberAt,
  skipBrackets,
  skipDigits,
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

/** A statement of which the part between `%N =` and `::T` is read. */
type Body = Draft<Statement>;

const noOperands: readonly Operand[] = [];
const noBlocks: readonly BlockLabel[] = [];

function body(
  kind: StatementKind,
  end: number,
  operands: readonly Operand[] = noOperands,
  blocks: readonly BlockLabel[] = noBlocks,
  callee: Operand | null = null,
  name = "",
): Body {
  return {
    start: 0,
    end,
    id: 0,
    line: 0,
    kind,
    label: "",
    name,
    callee,
    operands,
    blocks,
    slot: null,
    definition: null,
    type: null,
    facts: null,
  };
}

/**
 * Reads the statement in `[at, end)`.
 *
 * @param id the 1-based number that the statement has when no `%N` is printed
 * @param line 0-based line within the unit
 * @param comment where the comment behind the statement starts; `end` if there is none
 * @returns the statement, or null where the text is none
 */
export function readStatement(
  text: string,
  at: number,
  end: number,
  id: number,
  line: number,
  comment: number = commentStart(text, at, end),
): Statement | null {
  const last = trimEnd(text, at, comment);
  const definition = readDefinition(text, skipBlanks(text, at, last), last);
  const start = definition.from;
  // Two definitions on one line are two lines run together; printed again the second would count.
  if (definition.span !== null && readDefinition(text, start, last).span !== null) return null;
  const read = readBody(text, start, last) ?? readConstant(text, start, last);
  if (read === null) return null;
  const colons = skipBlanks(text, read.end, last);
  if (colons < last) {
    if (!isTypeSuffix(text, colons, last)) return null;
    read.type = { start: colons + 2, end: last };
  }
  if (comment < end) read.facts = readFacts(text, comment, end);
  return place(read, definition, id, line);
}

/** The text `[at, end)` as a statement that could not be read; a `%N =` before it counts. */
export function opaqueStatement(
  text: string,
  at: number,
  end: number,
  id: number,
  line: number,
): Statement {
  const definition = readDefinition(text, at, end);
  // Where nothing stands behind `%N = `, the statement ends with the line's last character.
  const last = trimEnd(text, at, end);
  const from = Math.min(definition.from, last);
  return place(body("opaque", last), { ...definition, from }, id, line);
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
  if (at < end && text.charCodeAt(at) === 37) {
    const after = skipDigits(text, at + 1, end);
    const equals = skipBlanks(text, after, end);
    if (after > at + 1 && text.startsWith("= ", equals)) {
      const from = skipBlanks(text, equals + 1, end);
      return { span: { start: at, end: after }, number: numberAt(text, at + 1, after), from };
    }
  }
  return { span: null, number: 0, from: at };
}

function place(statement: Body, definition: Definition, id: number, line: number): Statement {
  statement.start = definition.from;
  statement.line = line;
  statement.id = definition.number > 0 ? definition.number : id;
  statement.definition = definition.span;
  return statement;
}

/** Whether `[at, end)` is `::T`. */
function isTypeSuffix(text: string, at: number, end: number): boolean {
  const isColons = text.charCodeAt(at) === 58 && text.charCodeAt(at + 1) === 58;
  return isColons && at + 2 < end && isBalanced(text, at + 2, end);
}

/** A constant whose own `show` printed it: anything balanced up to its `::T`. */
function readConstant(text: string, at: number, end: number): Body | null {
  const stop = trimEnd(text, at, skipToAnnotation(text, at, end));
  if (stop <= at || !isBalanced(text, at, stop)) return null;
  // Prose is balanced too; a constant that nothing else explains must at least have a type.
  if (skipBlanks(text, stop, end) >= end) return null;
  return body("value", stop, [constant(text, at, stop)]);
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

/** @param depth 0, or 1 behind `x = `: printed IR does not assign twice */
function readBody(text: string, at: number, end: number, depth = 0): Body | null {
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
      if (text.startsWith("upsilon (", at)) return readGroup("upsilon", text, at + 7, end);
      break;
    // Letters for those that lost their Greek: with a blank, which no call has before its bracket.
    case 112: // p
      if (text.startsWith("phi (", at)) return readPhi(text, at + 3, end);
      if (text.startsWith("phic (", at)) return readGroup("phic", text, at + 4, end);
      if (text.startsWith("pi (", at)) return readGroup("pi", text, at + 2, end);
      break;
    case 101: // e
      if (text.startsWith("enter #", at)) return readEnter(text, at, end);
      break;
    case 0x3c6: // φ
      if (text.charCodeAt(at + 1) === 0x1d9c) return readGroup("phic", text, at + 2, end);
      return readPhi(text, at + 1, end);
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
  return readLabelled(text, at, end, depth);
}

function readBlockLabel(text: string, at: number, end: number): BlockLabel | null {
  if (text.charCodeAt(at) !== 35) return null;
  const i = skipDigits(text, at + 1, end);
  if (i === at + 1) return null;
  return { start: at, end: i, label: numberAt(text, at + 1, i) };
}

function readGoto(text: string, at: number, end: number): Body | null {
  const target = readBlockLabel(text, at + 5, end);
  if (target === null) return null;
  if (target.end >= end) return body("goto", target.end, noOperands, [target]);
  if (!text.startsWith(" if not ", target.end)) return null;
  const condition = readOperand(text, target.end + 8, end);
  if (condition === null) return null;
  return body("gotoifnot", endOf(condition), [condition], [target]);
}

function readReturn(text: string, at: number, end: number): Body | null {
  const from = skipBlanks(text, at + 6, end);
  if (from >= end) return body("return", at + 6);
  const value = readOperand(text, from, end);
  if (value === null || skipBlanks(text, endOf(value), end) < end) {
    return isBalanced(text, from, end) ? body("return", end, [constant(text, from, end)]) : null;
  }
  return body("return", endOf(value), [value]);
}

function readEnter(text: string, at: number, end: number): Body | null {
  const target = readBlockLabel(text, at + 6, end);
  if (target === null) return null;
  if (!text.startsWith(" with scope ", target.end)) {
    return body("enter", target.end, noOperands, [target]);
  }
  const scope = readOperand(text, target.end + 12, end);
  return scope === null ? null : body("enter", scope.end, [scope], [target]);
}

/** `(#1 => %2, #3 => x)` behind a `φ`. */
function readPhi(text: string, at: number, end: number): Body | null {
  const open = skipBlanks(text, at, end);
  if (text.charCodeAt(open) !== 40) return null;
  const operands: Operand[] = [];
  const blocks: BlockLabel[] = [];
  let i = skipBlanks(text, open + 1, end);
  while (i < end && !isClosing(text.charCodeAt(i))) {
    const from = readBlockLabel(text, i, end);
    if (from === null || !text.startsWith(" => ", from.end)) return null;
    const value = readOperand(text, from.end + 4, end);
    if (value === null) return null;
    blocks.push(from);
    operands.push(value);
    i = skipBlanks(text, endOf(value), end);
    if (text.charCodeAt(i) === 44) i = skipBlanks(text, i + 1, end);
    else if (!isClosing(text.charCodeAt(i))) return null;
  }
  return i < end ? body("phi", i + 1, operands.slice(), blocks.slice()) : null;
}

/** `(a, b)` after a keyword such as `π` or `%new`. */
function readGroup(kind: StatementKind, text: string, at: number, end: number): Body | null {
  const open = skipBlanks(text, at, end);
  if (text.charCodeAt(open) !== 40) return null;
  const operands = readOperands(text, open + 1, end);
  const close = operands === null ? -1 : listEnd(text, open + 1, operands, end);
  return operands === null || close < 0 ? null : body(kind, close, operands);
}

/** `$(Expr(:head, …))` as a statement. */
function readHead(text: string, at: number, end: number): Body | null {
  const expression = readExpression(text, at, end, 0);
  if (expression === null) return null;
  const close = expression.end;
  const after = skipBlanks(text, close, end);
  if (after < end && text.charCodeAt(after) !== 58) return readLabelled(text, at, end);
  const operands = expression.children;
  const head = expression.text;
  switch (head) {
    case "foreigncall":
    case "leave":
      return body(head, close, operands, noBlocks, null, head);
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
  return body("expression", close, operands, noBlocks, null, head);
}

/** `Core.Const(:(…))`: a statement that inference proved dead, kept as text. */
function readDead(text: string, at: number, end: number): Body | null {
  const close = skipBrackets(text, text.indexOf("(", at), end);
  return close < 0 ? null : body("dead", close);
}

/** The label at `at`, with a blank behind it. */
function labelAt(text: string, at: number): CallLabel {
  switch (text.charCodeAt(at)) {
    case 98: // b
      return text.startsWith("builtin ", at) ? "builtin" : "";
    case 100: // d
      if (text.startsWith("dynamic builtin ", at)) return "dynamic builtin";
      return text.startsWith("dynamic ", at) ? "dynamic" : "";
    case 105: // i
      if (text.startsWith("invoke ", at)) return "invoke";
      return text.startsWith("intrinsic ", at) ? "intrinsic" : "";
    case 117: // u
      return text.startsWith("unknown ", at) ? "unknown" : "";
    default:
      return "";
  }
}

/** A call with its label, a call without one, an assignment, or a value. */
function readLabelled(text: string, at: number, end: number, depth = 0): Body | null {
  const label = labelAt(text, at);
  if (label !== "") {
    const call = readCall(text, skipBlanks(text, at + label.length, end), end, depth);
    if (call !== null) {
      if (label === "invoke") call.kind = "invoke";
      call.label = label;
      return call;
    }
  }
  return (
    readAssignment(text, at, end, depth) ??
    readCall(text, at, end, depth) ??
    readValue(text, at, end)
  );
}

/** `x = rest`, `@_4 = rest` in lowered code. */
function readAssignment(text: string, at: number, end: number, depth: number): Body | null {
  if (depth > 0) return null;
  const first = text.charCodeAt(at);
  if (!isIdentifierPart(first) || isDigit(first)) return null;
  let i = at;
  while (i < end && isIdentifierPart(text.charCodeAt(i))) i++;
  if (!text.startsWith(" = ", i)) return null;
  const slot = readPrimary(text, at, i);
  const rest = readBody(text, skipBlanks(text, i + 3, end), end, depth + 1);
  if (slot === null || rest === null) return null;
  rest.slot = slot;
  return rest;
}

function readValue(text: string, at: number, end: number): Body | null {
  const value = readOperand(text, at, end);
  if (value === null) return null;
  const typed = text.charCodeAt(value.end) === 58;
  // Prose is balanced too: a constant with blanks in it must at least have a type.
  if (!typed && value.kind === "constant" && /^[^("[]* /.test(value.text)) return null;
  // A value's `::T` is the statement's, not the operand's.
  value.annotation = null;
  return body("value", value.end, [value]);
}

/** A call in prefix, infix or unary form; null where the text is none of these. */
function readCall(text: string, at: number, end: number, depth: number): Body | null {
  if (text.charCodeAt(at) === 40) {
    const close = skipBrackets(text, at, end);
    if (close < 0) return null;
    if (text.charCodeAt(close) === 40) return readApplied(text, at, close, end);
    const inner =
      readAssignment(text, at + 1, close - 1, depth) ?? readInfix(text, at + 1, close - 1);
    if (inner === null || inner.end !== close - 1) return null;
    inner.end = close;
    return inner;
  }
  return readPrefix(text, at, end) ?? readInfix(text, at, end);
}

/** `(callee)(a, b)`; the callee's brackets are `[at, close)`. */
function readApplied(text: string, at: number, close: number, end: number): Body | null {
  const callee = readOperand(text, at + 1, close - 1);
  if (callee === null || callee.end !== close - 1) return null;
  callee.start = at;
  callee.end = close;
  return readArguments(text, callee, close, end);
}

/** `f(a, b)`, `%7(a)`, `var"#1#2"()(a)`, `$(QuoteNode(f))(a)`. */
function readPrefix(text: string, at: number, end: number): Body | null {
  const callee = readCallee(text, at, end);
  if (callee === null || text.charCodeAt(callee.end) !== 40) return null;
  return readArguments(text, callee, callee.end, end);
}

function readCallee(text: string, at: number, end: number): Operand | null {
  const first = text.charCodeAt(at);
  // `:(…)` is a quotation; Colon as a callee stands in brackets.
  if (first === 58 || isDigit(first)) return null;
  const isValue = first === 36 || (first === 37 && isDigit(text.charCodeAt(at + 1)));
  if (isValue) return readPrimary(text, at, end);
  const isName = isIdentifierPart(first) || !isOperatorPart(first);
  return isName ? readPath(text, at, end) : readOperatorName(text, at, end);
}

function readOperatorName(text: string, at: number, end: number): Operand | null {
  const i = skipOperator(text, at, end);
  return i === at ? null : operand("name", at, i, text.slice(at, i));
}

/** The arguments in brackets at `open`; more brackets behind mean that the first were the callee's. */
function readArguments(text: string, callee: Operand, open: number, end: number): Body | null {
  let called = callee;
  let from = open;
  for (;;) {
    const operands = readOperands(text, from + 1, end);
    const close =
      operands === null ? skipBrackets(text, from, end) : listEnd(text, from + 1, operands, end);
    if (close < 0) return null;
    if (close >= end || text.charCodeAt(close) !== 40) {
      const after = skipBlanks(text, close, end);
      if (after < end && !text.startsWith("::", after)) return null;
      return operands === null ? null : body("call", close, operands, noBlocks, called);
    }
    const name = text.slice(called.start, from);
    called = operand("call", called.start, close, name, 0, "", operands ?? noOperands);
    from = close;
  }
}

/** `a OP b`, `a OP b OP c`, `a:b`, `!a`. The range is the content of the brackets, if any. */
function readInfix(text: string, at: number, end: number): Body | null {
  const unary = readUnary(text, at, end);
  if (unary !== null) return unary;
  const first = readPrimary(text, at, end);
  if (first === null || first.end >= end) return null;
  if (first.kind === "global" && text.startsWith(" = ", first.end)) {
    return readStore(text, first, end);
  }
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
  return body("call", i, operands.slice(), noBlocks, name);
}

/** `Main.x = v`: what is assigned to a global is given away, as by a call of `=`. */
function readStore(text: string, global: Operand, end: number): Body | null {
  const equals = global.end + 1;
  const value = readOperand(text, equals + 2, end);
  if (value === null) return null;
  const callee = operand("name", equals, equals + 1, "=");
  return body("call", endOf(value), [global, value], noBlocks, callee);
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
    if (i === at || text.startsWith("::", at)) return null;
    const isSpaced = text.charCodeAt(at - 1) === 32 && text.charCodeAt(i) === 32;
    if (isSpaced ? i === at + 1 && code === 61 : code !== 58) return null;
    // Only `:` stands without spaces; what follows is the next operand's: `3:-1:1`.
    if (!isSpaced) i = at + 1;
  }
  return operand("name", at, i, text.slice(at, i));
}

const unaryOperators = ["!", "-", "+", "~", "√", "∛", "∜", "¬", "<:", ">:"];

function readUnary(text: string, at: number, end: number): Body | null {
  if (!isOperatorPart(text.charCodeAt(at))) return null;
  for (const name of unaryOperators) {
    if (!text.startsWith(name, at)) continue;
    const from = at + name.length;
    if (isDigit(text.charCodeAt(from)) || text.charCodeAt(from) === 32) return null;
    const of = readPrimary(text, from, end);
    if (of === null) return null;
    const after = skipBlanks(text, of.end, end);
    if (after < end && text.charCodeAt(after) !== 58) return null;
    return body("call", of.end, [of], noBlocks, operand("name", at, from, name));
  }
  return null;
}
