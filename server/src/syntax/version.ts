// Which releases of Julia can have printed a method, and the evidence for it: forms that came or went
// with a release. Nothing is concluded from a form that is merely missing, but for the call labels,
// which 1.12 and later print before every call of optimised code.
// Source: spec ir-text.md §13, effects.md §1.3 and §6.2.

import type { Span } from "../text/span.ts";
import type { MethodSyntax, Operand, Statement } from "./tree.ts";

/** A form, where it stands, and the releases (minor numbers of 1.x) that print it. */
export interface Evidence {
  readonly span: Span;
  readonly says: string;
  readonly min: number;
  readonly max: number;
}

/** Releases as minor numbers: `{ min: 11, max: 13 }` is 1.11 to 1.13. */
export interface Releases {
  readonly min: number;
  readonly max: number;
}

/** The same with what proves it. */
export interface VersionRange extends Releases {
  readonly evidence: readonly Evidence[];
}

/** The releases that are told apart, as minor numbers. */
export const oldest = 5;
export const newest = 13;

const goneNames: ReadonlySet<string> = new Set([
  "arrayref",
  "arrayset",
  "arraysize",
  "const_arrayref",
]);

/** Labels of calls that came with 1.12, as evidence. */
const labelWords: ReadonlyMap<string, string> = new Map([
  ["intrinsic", "the label `intrinsic`"],
  ["builtin", "the label `builtin`"],
  ["dynamic", "the label `dynamic`"],
  ["unknown", "the label `unknown`"],
]);

/** The releases that can have printed the method; all of them where nothing tells. */
export function versionOf(syntax: MethodSyntax, text: string): VersionRange {
  const evidence: Evidence[] = [];
  const seen = new Set<string>();
  const note = (span: Span, says: string, min: number, max: number): void => {
    if (seen.has(says)) return;
    seen.add(says);
    evidence.push({ span: { start: span.start, end: span.end }, says, min, max });
  };
  const isOptimised = syntax.statements.some(({ kind }) => kind === "invoke" || kind === "phi");
  for (const statement of syntax.statements) {
    noteStatement(statement, text, note);
    if (isOptimised && isUnlabelledCall(statement)) {
      note(statement, "a call without a label in optimised code", oldest, 11);
    }
  }
  noteHeader(syntax, note);
  return {
    min: evidence.reduce((min, one) => Math.max(min, one.min), oldest),
    max: evidence.reduce((max, one) => Math.min(max, one.max), newest),
    evidence,
  };
}

type Note = (span: Span, says: string, min: number, max: number) => void;

function noteHeader({ header }: MethodSyntax, note: Note): void {
  if (header.effects === null || header.span === null) return;
  if (/[+!?][uor]/.test(header.effects))
    note(header.span, "effects with nine components", 11, newest);
  else if (/[+!?]i/.test(header.effects)) note(header.span, "effects with `i` (noinbounds)", 9, 10);
}

function noteStatement(statement: Statement, text: string, note: Note): void {
  const { label, kind, callee } = statement;
  if (label !== "") {
    const says = labelWords.get(label);
    if (says !== undefined) note(statement, says, 12, newest);
  }
  if (kind === "enter") {
    const isNew = text.startsWith("enter #", statement.start);
    note(
      statement,
      isNew ? "`enter #`" : "`$(Expr(:enter, #…))`",
      isNew ? 11 : oldest,
      isNew ? newest : 10,
    );
  }
  if (kind === "leave") {
    const isOld = statement.operands[0]?.kind === "number";
    note(
      statement,
      isOld ? "`leave` with a count" : "`leave` with its `enter`",
      isOld ? oldest : 11,
      isOld ? 10 : newest,
    );
  }
  if (kind === "unreachable" && text.startsWith("$", statement.start)) {
    note(statement, "`unreachable` as an expression", oldest, 5);
  }
  const { type } = statement;
  if (type !== null && hasTightParameters(text, type)) {
    note(type, "type parameters without a space between", oldest, 5);
  }
  if (callee !== null && goneNames.has(callee.text))
    note(statement, `\`${callee.text}\``, oldest, 10);
  if (callee?.text.startsWith("memoryref") === true)
    note(statement, "memory references", 11, newest);
  if (kind === "foreigncall") noteConvention(statement.operands[4], note);
  for (const operand of statement.operands) {
    if (operand.kind !== "code") continue;
    const isInstance = operand.text.startsWith("CodeInstance");
    note(
      operand,
      isInstance ? "`CodeInstance for`" : "`MethodInstance for` as an operand",
      isInstance ? 12 : oldest,
      isInstance ? newest : 11,
    );
  }
}

/** Whether a comma of type parameters has a name right behind it; strings are not looked into. */
function hasTightParameters(text: string, { start, end }: Span): boolean {
  let open = start;
  while (open < end && text.charCodeAt(open) !== 123) open++;
  if (open >= end) return false;
  const type = text.slice(start, end);
  const quote = type.search(/["']/);
  return /,\w/.test(
    type.slice(open - start, quote < 0 ? type.length : Math.max(open - start, quote)),
  );
}

/** The effects mask of a calling convention tells by its width. */
function noteConvention(operand: Operand | undefined, note: Note): void {
  const mask = /\(:\w+, 0x([0-9a-f]+)(, (?:true|false))?\)/.exec(operand?.text ?? "");
  if (operand === undefined || mask === null) return;
  if (mask[2] !== undefined) note(operand, "a calling convention with three parts", 12, newest);
  else if (mask[1]?.length === 2) note(operand, "an effects mask of two digits", 8, 10);
  else note(operand, "an effects mask of four digits", 11, 12);
}

function isUnlabelledCall({ kind, label, callee, slot }: Statement): boolean {
  return kind === "call" && label === "" && slot === null && callee?.kind === "global";
}
