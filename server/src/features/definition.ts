// Go to definition: from `%n` to its statement, from `#n` to the block's head, from an argument or slot
// to the line of the header that declares it, from a call or a finalizer to the method's header in
// whatever file holds it, from the end of a `try` to its `enter`.

import { keyOfInvoke, keyOfSignature } from "../analysis/summary.ts";
import { declarationsOf } from "../ir/declaration.ts";
import { lineSpan, statementExtent } from "../ir/extent.ts";
import { blockWithLabel, type Method, positionOf } from "../ir/method.ts";
import { type Entity, type Occurrence, occurrenceAt, occurrencesOf } from "../ir/occurrence.ts";
import { entersOf } from "../ir/region.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import type { Position } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Cursor, cursorAt, operandsAt, rangeOfSpan, statementAt, touches } from "./cursor.ts";
import {
  type Definition,
  functionName,
  headerTargets,
  keyOfCode,
  type MethodPlace,
  methodsNamed,
  methodsWithKey,
  type Target,
  targetsOf,
} from "./method-index.ts";
import { typeTargetsAt } from "./type-definition.ts";

/** Where the thing under the cursor is defined; null where nothing is or nothing is known. */
export function definition(
  workspace: Workspace,
  path: string,
  position: Position,
): Definition | null {
  const cursor = cursorAt(workspace, path, position);
  if (cursor === null) return null;
  const occurrence = occurrenceAt(cursor.method, cursor.offset);
  return (
    (occurrence === null ? null : ofEntity(cursor, occurrence)) ??
    ofCalledMethod(workspace, cursor) ??
    ofHandler(cursor) ??
    ofStatic(cursor) ??
    ofType(workspace, cursor)
  );
}

function found({ placed }: Cursor, origin: Span, targets: readonly Target[]): Definition | null {
  return targets.length === 0 ? null : { origin: rangeOfSpan(placed, origin), targets };
}

function target({ path, placed }: Cursor, range: Span, selection: Span): Target {
  return { path, range: rangeOfSpan(placed, range), selection: rangeOfSpan(placed, selection) };
}

function ofEntity(cursor: Cursor, { entity, ...origin }: Occurrence): Definition | null {
  const spans = definitionSpans(cursor.method, entity);
  return found(
    cursor,
    origin,
    spans.map(({ whole, token }) => target(cursor, whole, token)),
  );
}

interface Defined {
  readonly whole: Span;
  readonly token: Span;
}

/** Where a value, block or slot of the method is defined; empty where nothing defines it. */
export function definitionSpans(method: Method, entity: Entity): Defined[] {
  switch (entity.kind) {
    case "value": {
      const statement = method.statements[positionOf(method, entity.number) - 1];
      return statement === undefined ? [] : [definedBy(statement)];
    }
    case "block": {
      const head = method.syntax.blocks[blockWithLabel(method, entity.number) - 1];
      return head === undefined ? [] : [{ whole: lineSpan(method, head.line), token: head }];
    }
    case "slot":
      return slotSpans(method, entity);
  }
}

function definedBy(statement: Statement): Defined {
  const whole = statementExtent(statement);
  return { whole, token: statement.definition ?? { start: statement.start, end: statement.end } };
}

/**
 * A line of `Arguments` or `Locals`, else the name in the `from` line; else the header as a whole for
 * an argument, and the first assignment for a local.
 */
function slotSpans(method: Method, entity: Entity): Defined[] {
  const { from, sections } = declarationsOf(method);
  const listed = sections
    .filter(({ kind }) => kind !== "statics")
    .flatMap(({ declarations }) => declarations);
  const occurrences = occurrencesOf(method, entity);
  for (const declaration of [...listed, ...from]) {
    const named = occurrences.some(
      ({ start, role }) => role === "definition" && start === declaration.start,
    );
    if (named) return [{ whole: declaration.whole, token: declaration }];
  }
  const assignment = occurrences.find(({ role }) => role === "write");
  if (assignment !== undefined) return [{ whole: assignment, token: assignment }];
  const { span } = method.header;
  return span === null ? [] : [{ whole: span, token: span }];
}

function ofCalledMethod(workspace: Workspace, cursor: Cursor): Definition | null {
  const called = calledAt(workspace, cursor);
  return called === null ? null : found(cursor, called.origin, headerTargets(called.methods));
}

export interface Called {
  readonly origin: Span;
  /** Key of the method, where the text says exactly which one is meant. */
  readonly key: string | null;
  readonly methods: readonly MethodPlace[];
}

/** The method that stands under the cursor: in a header, as a callee, as code, or as a function. */
export function calledAt(workspace: Workspace, cursor: Cursor): Called | null {
  const { method, offset, document, path, index, placed } = cursor;
  const { span, signature } = method.header;
  if (span !== null && touches(span, offset)) {
    const key = signature === null ? null : keyOfSignature(signature);
    return { origin: span, key, methods: [{ path, document, index, unit: placed.unit }] };
  }
  const position = statementAt(method, offset);
  const statement = method.statements[position - 1];
  if (statement === undefined) return null;
  const operand = operandsAt(statement, offset).at(-1);
  if (operand === undefined) return null;
  const key = exactKey(workspace, cursor, position, operand);
  if (key !== null) return { origin: operand, key, methods: methodsWithKey(workspace, key) };
  if (operand === statement.callee) return ofCallee(workspace, method, statement, operand);
  const name = functionName(operand);
  const methods = name === null ? [] : methodsNamed(workspace, name);
  return methods.length === 0 ? null : { origin: operand, key: null, methods };
}

function ofCallee(
  workspace: Workspace,
  method: Method,
  statement: Statement,
  origin: Operand,
): Called | null {
  const methods = targetsOf(workspace, method, statement);
  const only = methods.length === 1 ? methods[0]?.unit.facts()?.key : null;
  const key = only ?? (statement.kind === "invoke" ? keyOfInvoke(method, statement) : null);
  return key === null && methods.length === 0 ? null : { origin, key, methods };
}

/** The key of a `CodeInstance for …`, of a finalizer, of an `invoke`'s callee. */
function exactKey(
  workspace: Workspace,
  { method, placed }: Cursor,
  position: number,
  operand: Operand,
): string | null {
  if (operand.kind === "code") return keyOfCode(operand);
  const statement = method.statements[position - 1];
  if (statement === undefined || operand === statement.callee) return null;
  const { registrations } = workspace.report(placed.unit);
  const registration = registrations.find((one) => one.registration.position === position);
  const { functionOperand, bodySignature } = registration?.registration ?? {};
  const isFinalizer = functionOperand?.start === operand.start && bodySignature != null;
  return isFinalizer ? keyOfSignature(bodySignature) : null;
}

/** From a `leave` or `pop_exception` to the `enter` that it ends. */
function ofHandler(cursor: Cursor): Definition | null {
  const { method, offset } = cursor;
  const position = statementAt(method, offset);
  const statement = method.statements[position - 1];
  if (statement === undefined || !touches(statement, offset)) return null;
  let enters = entersOf(method, position);
  if (statement.kind === "expression" && statement.name === "pop_exception") {
    enters = statement.operands
      .map(({ kind, number }) => (kind === "ssa" ? positionOf(method, number) : 0))
      .filter((one) => one > 0);
  }
  const targets = enters.flatMap((enter) => {
    const one = method.statements[enter - 1];
    const defined = one === undefined ? null : definedBy(one);
    return defined === null ? [] : [target(cursor, defined.whole, defined.token)];
  });
  return found(cursor, statement, targets);
}

/** From `$(Expr(:static_parameter, 1))` to its line. */
function ofStatic(cursor: Cursor): Definition | null {
  const { method, offset } = cursor;
  const statement = method.statements[statementAt(method, offset) - 1];
  if (statement === undefined) return null;
  const own =
    statement.name === "static_parameter" && touches(statement, offset) ? statement : null;
  const operand = operandsAt(statement, offset).find(({ text }) => text === "static_parameter");
  const number = Number((own?.operands[0] ?? operand?.children[0])?.text ?? "");
  const origin = own ?? operand;
  const declared = declarationsOf(method)
    .sections.filter(({ kind }) => kind === "statics")
    .flatMap(({ declarations }) => declarations)
    .find((one) => one.number === number);
  if (origin === undefined || declared === undefined) return null;
  return found(cursor, origin, [target(cursor, declared.whole, declared)]);
}

/** From a type in the text to its `type` line. */
function ofType(workspace: Workspace, cursor: Cursor): Definition | null {
  const named = typeTargetsAt(workspace, cursor);
  return named === null ? null : found(cursor, named.origin, named.targets);
}
