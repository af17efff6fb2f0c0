// Which methods of the workspace a call can mean: an `invoke` says so by its signature, any other call
// only by the name and the number of its arguments. Methods without a header are never meant.

import { keyOfInvoke, keyOfSignature } from "../analysis/summary.ts";
import { typeKey } from "../analysis/type-table.ts";
import { methodExtent } from "../ir/extent.ts";
import { type Method, operandValue } from "../ir/method.ts";
import { splitSignature } from "../syntax/header.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import { parseType } from "../syntax/type.ts";
import type { Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Document } from "../workspace/document.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { rangeOfSpan } from "./cursor.ts";
import { placedUnit } from "./place.ts";

/** A unit that holds a method, and where it stands. */
export interface MethodPlace {
  readonly path: string;
  readonly document: Document;
  /** Index of the unit in the document. */
  readonly index: number;
  readonly unit: Unit;
}

/** A place to go to. */
export interface Target {
  readonly path: string;
  /** All of what is meant. */
  readonly range: Range;
  /** The part to put the cursor on; within `range`. */
  readonly selection: Range;
}

/** Where something is defined. */
export interface Definition {
  /** What was asked about. */
  readonly origin: Range;
  readonly targets: readonly Target[];
}

/** All methods of the workspace, in the order of its files. */
export function* eachMethod(workspace: Workspace): Generator<MethodPlace> {
  for (const path of workspace.paths()) {
    const document = workspace.document(path);
    if (document === null) continue;
    for (const [index, unit] of document.units.entries()) {
      if (unit.facts() !== null) yield { path, document, index, unit };
    }
  }
}

/** The method whose unit holds that line (0-based) of a file. */
export function methodAtLine(workspace: Workspace, path: string, line: number): MethodPlace | null {
  const document = workspace.document(path);
  const index = document?.unitAt(line) ?? -1;
  const unit = document?.units[index];
  if (document === null || unit === undefined || unit.facts() === null) return null;
  return { path, document, index, unit };
}

/** The methods with that key (`keyOfSignature`). */
export function methodsWithKey(workspace: Workspace, key: string | null): MethodPlace[] {
  return key === null ? [] : methodsWhere(workspace, (unit) => unit.facts()?.key === key);
}

function methodsWhere(workspace: Workspace, holds: (unit: Unit) => boolean): MethodPlace[] {
  const found: MethodPlace[] = [];
  for (const place of eachMethod(workspace)) if (holds(place.unit)) found.push(place);
  return found;
}

/**
 * The methods of that name.
 *
 * @param name as printed, with or without its module; `(::T)` for a callable object
 * @param nArguments null where any number will do
 */
export function methodsNamed(
  workspace: Workspace,
  name: string,
  nArguments: number | null = null,
): MethodPlace[] {
  const bare = bareName(name);
  if (bare === null) return [];
  return methodsWhere(workspace, (unit) => {
    const facts = unit.facts();
    if (!facts?.key?.startsWith(`${bare}(`) || bareName(facts.name ?? "") !== bare) return false;
    return nArguments === null || nArguments === argumentsOf(unit)?.length;
  });
}

/** `f` for `Main.f`; as the keys of methods begin. */
export function bareName(name: string): string | null {
  const key = name === "" ? null : keyOfSignature(`${name}()`);
  return key === null ? null : key.slice(0, -2);
}

/** The key in `CodeInstance for MethodInstance for f(::T)`. */
export function keyOfCode({ text }: Operand): string | null {
  return keyOfSignature(text.replace(/^(?:CodeInstance for )?MethodInstance for /, ""));
}

function argumentsOf(unit: Unit): readonly string[] | null {
  return splitSignature(unit.facts()?.signature ?? "")?.arguments ?? null;
}

/** The methods that a call may reach, as far as the workspace has them. */
export function targetsOf(
  workspace: Workspace,
  method: Method,
  statement: Statement,
): MethodPlace[] {
  const { callee, kind, label, operands } = statement;
  if (callee === null || (kind !== "invoke" && kind !== "call")) return [];
  if (label === "intrinsic" || label === "builtin") return [];
  const key = kind === "invoke" ? keyOfInvoke(method, statement) : null;
  const exact = methodsWithKey(workspace, key);
  if (exact.length > 0) return exact;
  const name = calledName(method, callee);
  if (name === null) return [];
  const named = methodsNamed(workspace, name, operands.length);
  // An invoke names its method's types; one under a prompt, `@code_typed f(1)`, may still be meant.
  return key === null ? named : named.filter(({ unit }) => isPrompt(unit));
}

/** A signature with values in place of types: the call that somebody typed at a prompt. */
function isPrompt(unit: Unit): boolean {
  const types = argumentsOf(unit) ?? [];
  return types.length > 0 && types.every((one) => !one.includes("::"));
}

/** The name of what is called: a function, one that was put into a value first, or `(::T)`. */
export function calledName(method: Method, callee: Operand): string | null {
  if (callee.kind === "call") return `(::${typeKey(parseType(callee.text))})`;
  const value = operandValue(method, callee);
  if (value === 0) return functionName(callee);
  if (value < 0) return null;
  const statement = method.statements[value - 1];
  const [copied] = statement?.kind === "value" ? statement.operands : [];
  if (copied !== undefined && functionName(copied) !== null) return functionName(copied);
  const type = statement?.type ?? null;
  if (type === null) return null;
  const text = method.text.slice(type.start, type.end);
  const constant = /^Core\.Const\(([^()]*)\)$/.exec(text);
  return constant?.[1] ?? `(::${typeKey(parseType(text))})`;
}

/** The name of an operand that may be a function; null for other kinds. */
export function functionName({ kind, text }: Operand): string | null {
  return kind === "global" || kind === "name" ? text : null;
}

/** The method's header, or its first line where it has none; null where the method is gone. */
export function headerTarget({ path, document, index, unit }: MethodPlace): Target | null {
  const placed = placedUnit(document, index);
  const method = unit.read();
  if (placed === null || method === null) return null;
  const { start, end } = methodExtent(method);
  const selection = method.header.span ?? { start, end: start };
  return {
    path,
    range: rangeOfSpan(placed, { start: Math.min(start, selection.start), end }),
    selection: rangeOfSpan(placed, trimmed(method.text, selection)),
  };
}

/** A span without white space at its end. */
export function trimmed(text: string, { start, end }: Span): Span {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) <= 32) at--;
  return { start, end: at };
}

/** The headers of the methods, each once. */
export function headerTargets(methods: readonly MethodPlace[]): Target[] {
  const targets: Target[] = [];
  for (const one of methods) {
    const target = headerTarget(one);
    if (target !== null) targets.push(target);
  }
  return targets;
}
