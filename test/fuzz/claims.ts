// What must hold of every text, whatever it is. A claim throws where it does not hold.

import assert from "node:assert/strict";
import { methodsOf } from "../../server/src/features/check-report.ts";
import { diagnose } from "../../server/src/features/diagnostics.ts";
import { type SemanticToken, semanticTokens } from "../../server/src/features/semantic-tokens.ts";
import { lower, type Method } from "../../server/src/ir/method.ts";
import { printMethod } from "../../server/src/ir/print.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { tokensOf } from "../../server/src/syntax/tokens.ts";
import { lineStartsOf, positionAt, type Range } from "../../server/src/text/line-index.ts";
import { Document } from "../../server/src/workspace/document.ts";
import type { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { methodContent } from "./method-shape.ts";

/** A replacement of `[from, to)` by `text`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** An input: a text, perhaps edited once. */
export interface Input {
  readonly text: string;
  readonly edit: Edit | null;
}

const path = "fuzz.jlir";

/** Milliseconds that a thousand lines may take, and any text at least. */
const timeLimit = 50;

/** Units joined give the text; reading, lowering and verifying them does not throw, and is quick. */
export function textIsRead({ text }: Input): void {
  const limit = timeLimit * Math.max(1, text.split(/[\r\n]/).length / 1000);
  let time = 0;
  // A collection or another process may come between: only the best of some tries counts.
  for (let tries = 0; tries < 8; tries++) {
    const start = performance.now();
    const { units } = new Document(text);
    for (const unit of units) unit.facts();
    time = performance.now() - start;
    if (tries === 0) assert.equal(units.map((unit) => unit.text).join(""), text, "units joined");
    if (time <= limit) return;
  }
  assert.fail(`took ${time.toFixed(0)} ms, more than ${limit.toFixed(0)} ms`);
}

/** Tokens follow each other without a gap from the start of the unit to its end. */
export function tokensGiveTheTextBack({ text }: Input): void {
  for (const unit of new Document(text).units) {
    const cleaned = unit.cleaned();
    let at = 0;
    for (const { start, end } of tokensOf(unit.text, cleaned, readMethod(cleaned.text))) {
      assert.equal(start, at, "a token starts where the last one ends");
      assert.ok(end > start, "a token is not empty");
      at = end;
    }
    assert.equal(at, unit.text.length, "tokens reach the end");
  }
}

/** What was read without a problem reads equal after it was printed. */
export function cleanMethodsPrintEqual({ text }: Input): void {
  for (const unit of new Document(text).units) {
    const method = unit.read();
    if (method === null || method.syntax.problems.length > 0 || isRenumbered(method)) continue;
    const printed = printMethod(method);
    const again = readMethod(printed);
    assert.ok(again !== null, "the printed text holds a method");
    assert.deepEqual(methodContent(lower(again, printed)), methodContent(method));
  }
}

/** Block labels out of order are legal in a text, and printed in order. */
function isRenumbered({ positions, labels }: Method): boolean {
  return positions !== null || labels !== null;
}

/** Everything that `check` says can be said. */
export function everythingIsSaid({ text }: Input): void {
  everything(workspaceOf(text));
}

/** An edit inside a statement leaves all other units, and their tokens, as they are. */
export function otherUnitsStay({ text, edit }: Input): void {
  if (edit === null) return;
  const workspace = workspaceOf(text);
  const before = workspace.document(path)?.units.slice() ?? [];
  const facts = before.map((unit) => unit.facts());
  const tokens = tokensByUnit(workspace);
  workspace.edit(path, rangeOf(text, edit), edit.text);
  const after = workspace.document(path)?.units ?? [];
  assert.equal(after.length, before.length, "number of units");
  const changed = after.filter((unit, index) => unit !== before[index]);
  assert.ok(changed.length <= 1, `${changed.length} units changed`);
  after.forEach((unit, index) => {
    if (unit === before[index]) assert.equal(unit.facts(), facts[index]);
  });
  const tokensAfter = tokensByUnit(workspace);
  after.forEach((unit, index) => {
    if (unit !== before[index]) return;
    assert.deepEqual(tokensAfter[index], tokens[index], `tokens of unit ${index}`);
  });
}

/** What each unit of the file shows coloured, in the lines and columns of the whole file. */
function tokensByUnit(workspace: Workspace): SemanticToken[][] {
  const document = workspace.document(path);
  const found: SemanticToken[][] = document?.units.map(() => []) ?? [];
  for (const token of semanticTokens(workspace, path) ?? []) {
    found[document?.unitAt(token.line) ?? 0]?.push(token);
  }
  return found;
}

/** After an edit a workspace says what a fresh one says. */
export function warmIsCold({ text, edit }: Input): void {
  if (edit === null || splitsBreak(text, edit)) return;
  const warm = workspaceOf(text);
  everything(warm);
  warm.edit(path, rangeOf(text, edit), edit.text);
  const cold = workspaceOf(text.slice(0, edit.from) + edit.text + text.slice(edit.to));
  const texts = (one: Workspace): string[] =>
    one.document(path)?.units.map((unit) => unit.text) ?? [];
  assert.deepEqual(texts(warm), texts(cold));
  assert.deepEqual(everything(warm), everything(cold));
}

/** An editor never names a place inside `\r\n`. */
function splitsBreak(text: string, { from, to }: Edit): boolean {
  return [from, to].some((at) => text[at - 1] === "\r" && text[at] === "\n");
}

function workspaceOf(text: string): Workspace {
  const workspace = new Workspace();
  workspace.set(path, text);
  return workspace;
}

function everything(workspace: Workspace): unknown {
  return [diagnose(workspace, path), methodsOf(workspace, path, true)];
}

function rangeOf(text: string, { from, to }: Edit): Range {
  const starts = lineStartsOf(text);
  return { start: positionAt(starts, from), end: positionAt(starts, to) };
}

/** Where the statements of a text stand; those of units that are read as they are. */
export function statementSpans(text: string): readonly { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let base = 0;
  for (const unit of new Document(text).units) {
    spans.push(...spansIn(unit, base));
    base += unit.text.length;
  }
  return spans;
}

function spansIn(unit: Unit, base: number): { start: number; end: number }[] {
  const method = unit.read();
  if (method === null || method.text !== unit.text) return [];
  return method.statements
    .filter(
      ({ kind, start, end }) => kind !== "opaque" && !/[\r\n]/.test(unit.text.slice(start, end)),
    )
    .map(({ start, end }) => ({ start: base + start, end: base + end }));
}
