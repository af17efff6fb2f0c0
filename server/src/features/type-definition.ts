// Go to type definition: from a value, an argument or a printed type to the `type NAME …` line that
// gives its layout, where the workspace has one. A union leads to the lines of its members.

import { typeKey, widen } from "../analysis/type-table.ts";
import { type Method, positionOf } from "../ir/method.ts";
import { type Entity, occurrenceAt } from "../ir/occurrence.ts";
import { skipBlanks } from "../syntax/operand.ts";
import { isIdentifierPart, skipBrackets } from "../syntax/scan.ts";
import type { Statement, TypeLine } from "../syntax/tree.ts";
import { type JuliaType, parseType } from "../syntax/type.ts";
import type { Position } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Cursor, cursorAt, operandsAt, rangeOfSpan, statementAt, touches } from "./cursor.ts";
import {
  type Definition,
  eachMethod,
  type MethodPlace,
  type Target,
  trimmed,
} from "./method-index.ts";
import { placedUnit } from "./place.ts";

/** The `type` lines of what is under the cursor; null where there is no type or no line for it. */
export function typeDefinition(
  workspace: Workspace,
  path: string,
  position: Position,
): Definition | null {
  const cursor = cursorAt(workspace, path, position);
  if (cursor === null) return null;
  const found = ofValue(workspace, cursor) ?? typeTargetsAt(workspace, cursor);
  if (found === null || found.targets.length === 0) return null;
  return { origin: rangeOfSpan(cursor.placed, found.origin), targets: found.targets };
}

interface Found {
  readonly origin: Span;
  readonly targets: readonly Target[];
}

/** The type of the value under the cursor: of `%n`, of an argument, of what the statement makes. */
function ofValue(workspace: Workspace, cursor: Cursor): Found | null {
  const { method, offset } = cursor;
  const occurrence = occurrenceAt(method, offset);
  if (occurrence !== null) {
    const type = typeOfEntity(method, occurrence.entity);
    return type === null ? null : { origin: occurrence, targets: linesOf(workspace, cursor, type) };
  }
  const statement = method.statements[statementAt(method, offset) - 1];
  if (statement === undefined || statement.type === null) return null;
  const isOnOperator = touches(statement, offset) && operandsAt(statement, offset).length === 0;
  if (!isOnOperator) return null;
  return {
    origin: statement,
    targets: linesOf(workspace, cursor, typeOfStatement(method, statement)),
  };
}

function typeOfEntity(method: Method, entity: Entity): string | null {
  if (entity.kind === "value") {
    const statement = method.statements[positionOf(method, entity.number) - 1];
    return statement === undefined ? null : typeOfStatement(method, statement);
  }
  if (entity.kind === "block" || entity.number < 1) return null;
  const { slots, argumentTypes } = method.header;
  const declared = slots[entity.number - 1]?.type ?? "";
  return declared !== "" ? declared : (argumentTypes[entity.number - 2] ?? null);
}

/** The `::T` of a statement; a π has its type inside. */
function typeOfStatement(method: Method, statement: Statement): string {
  const inner = statement.kind === "pi" ? statement.operands[1] : undefined;
  const span = statement.type ?? inner ?? null;
  return span === null ? "" : method.text.slice(span.start, span.end);
}

/** The type that is printed under the cursor: after `::`, in `%new(T, …)`, in a header. */
export function typeTargetsAt(workspace: Workspace, cursor: Cursor): Found | null {
  const name = typeNameAt(cursor.method.text, cursor.offset);
  if (name === null || !isTypePlace(cursor)) return null;
  const text = cursor.method.text.slice(name.start, name.end);
  const targets = linesOf(workspace, cursor, text);
  if (targets.length > 0) return { origin: name, targets };
  const bare = text.replace(/\{.*$/s, "");
  return { origin: name, targets: bare === text ? [] : linesOf(workspace, cursor, bare) };
}

/** Whether types are printed where the cursor stands: a header, an annotation, an operand. */
function isTypePlace({ method, offset }: Cursor): boolean {
  const { header, returnType, blocks } = method.syntax;
  const isHeader = offset < (blocks[0]?.start ?? 0) && offset >= (header.span?.start ?? 0);
  if (isHeader || (returnType !== null && touches(returnType, offset))) return true;
  const statement = method.statements[statementAt(method, offset) - 1];
  if (statement === undefined) return false;
  if (statement.type !== null && touches(statement.type, offset)) return true;
  // Operands with their own annotations; the name of a callee is no type.
  const isCallee = statement.callee !== null && touches(statement.callee, offset);
  return touches(statement, offset) && !isCallee && statement.kind !== "opaque";
}

/** The name around the offset, with its module path and its parameters: `Main.Foo{Int64}`. */
function typeNameAt(text: string, offset: number): Span | null {
  const isPart = (at: number): boolean => {
    const code = text.charCodeAt(at);
    return code === 46 || isIdentifierPart(code);
  };
  let start = offset;
  while (start > 0 && isPart(start - 1)) start--;
  let end = offset;
  while (end < text.length && isPart(end)) end++;
  while (start < end && text.charCodeAt(start) === 46) start++;
  if (start >= end) return null;
  if (text.charCodeAt(end) !== 123) return { start, end };
  const limit = text.indexOf("\n", end);
  const close = skipBrackets(text, end, limit < 0 ? text.length : limit);
  return { start, end: close < 0 ? end : close };
}

/** The lines for a printed type: the own method's, else the first of the workspace, per member. */
function linesOf(workspace: Workspace, cursor: Cursor, text: string): Target[] {
  const keys = new Set(dataTypes(parseType(text)).map((type) => typeKey(type)));
  if (keys.size === 0) return [];
  const { path, document, index, placed } = cursor;
  const targets: Target[] = [];
  const take = (place: MethodPlace): void => {
    for (const line of place.unit.facts()?.types ?? []) {
      const key = typeKey(parseType(line.name));
      if (!keys.delete(key)) continue;
      const found = lineTarget(place, line);
      if (found !== null) targets.push(found);
    }
  };
  take({ path, document, index, unit: placed.unit });
  if (keys.size === 0) return targets;
  for (const place of eachMethod(workspace)) {
    if (keys.size === 0) break;
    take(place);
  }
  return targets;
}

function dataTypes(type: JuliaType): JuliaType[] {
  const widened = widen(type);
  if (widened.kind === "union") return widened.members.flatMap((member) => dataTypes(member));
  if (widened.kind === "where") return [widened, ...dataTypes(widened.body)];
  return widened.kind === "data" ? [widened] : [];
}

function lineTarget({ path, document, index, unit }: MethodPlace, line: TypeLine): Target | null {
  const placed = placedUnit(document, index);
  if (placed === null) return null;
  const { text } = unit.cleaned();
  const start = skipBlanks(text, line.start + 5, line.end);
  const whole = trimmed(text, line);
  return {
    path,
    range: rangeOfSpan(placed, whole),
    selection: rangeOfSpan(placed, { start, end: start + line.name.length }),
  };
}
