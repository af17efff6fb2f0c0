// What must hold of the navigation features on any text, readable or not. Each function asks a whole
// file and fails with the place at which the claim does not hold.

import assert from "node:assert/strict";
import { definition } from "../../server/src/features/definition.ts";
import {
  documentHighlights,
  type Highlight,
} from "../../server/src/features/document-highlight.ts";
import { documentSymbols, type OutlineSymbol } from "../../server/src/features/document-symbol.ts";
import { foldingRanges } from "../../server/src/features/folding-range.ts";
import { references } from "../../server/src/features/references.ts";
import { prepareRename, rename } from "../../server/src/features/rename.ts";
import { renumberMethod } from "../../server/src/features/renumber.ts";
import { selectionRanges } from "../../server/src/features/selection-range.ts";
import { typeDefinition } from "../../server/src/features/type-definition.ts";
import type { Position, Range } from "../../server/src/text/line-index.ts";
import {
  applyEdits,
  isInText,
  isWithin,
  offsetOf,
  somePlaces,
  textIn,
  workspaceOf,
} from "./texts.ts";

const path = "a.jlir";

const at = ({ line, character }: Position): string => `${line + 1}:${character + 1}`;

/** Symbols lie in the text, children in their parents, names in their symbols, in text order. */
export function outlineNests(text: string): void {
  const check = (symbol: OutlineSymbol, outer: Range | null): void => {
    const where = `${symbol.name} at ${at(symbol.range.start)}`;
    assert.ok(symbol.name !== "", where);
    assert.ok(isInText(text, symbol.range), where);
    assert.ok(isWithin(symbol.selection, symbol.range), `name of ${where}`);
    if (outer !== null) assert.ok(isWithin(symbol.range, outer), where);
    let last = symbol.range.start;
    for (const child of symbol.children) {
      check(child, symbol.range);
      assert.ok(offsetOf(text, last) <= offsetOf(text, child.range.start), `order of ${where}`);
      last = child.range.end;
    }
  };
  for (const symbol of documentSymbols(workspaceOf({ [path]: text }), path)) check(symbol, null);
}

const all = { values: Number.POSITIVE_INFINITY, blocks: Number.POSITIVE_INFINITY };

/** Without values the outline says the same of methods and blocks as with them. */
export function outlineIsTheSameWithoutValues(text: string): void {
  const workspace = workspaceOf({ [path]: text });
  const blocksOnly = (symbols: readonly OutlineSymbol[]): unknown =>
    symbols.map((symbol) => ({
      ...symbol,
      children: blocksOnly(symbol.children.filter(({ kind }) => kind !== "value")),
    }));
  assert.deepEqual(
    blocksOnly(documentSymbols(workspace, path, { ...all, values: 0 })),
    blocksOnly(documentSymbols(workspace, path, all)),
  );
}

/** Folds lie in the text, do not cross, and begin on lines of their own. */
export function foldsNest(text: string): void {
  const open: number[] = [];
  let last = -1;
  for (const { startLine, endLine, kind } of foldingRanges(workspaceOf({ [path]: text }), path)) {
    const where = `${kind} on line ${startLine + 1}`;
    assert.ok(startLine > last && endLine > startLine, where);
    assert.ok(isInText(text, lineRange(startLine, endLine)), where);
    while ((open.at(-1) ?? startLine) < startLine) open.pop();
    assert.ok(open.length === 0 || endLine <= (open.at(-1) ?? 0), `${where} crosses another`);
    open.push(endLine);
    last = startLine;
  }
}

function lineRange(first: number, last: number): Range {
  return { start: { line: first, character: 0 }, end: { line: last, character: 0 } };
}

/** Selections hold the cursor and each other. */
export function selectionsNest(text: string, places: readonly Position[] = somePlaces(text)): void {
  const workspace = workspaceOf({ [path]: text });
  for (const place of places) {
    let inner: Range = { start: place, end: place };
    for (const range of selectionRanges(workspace, path, place)) {
      assert.ok(isInText(text, range), at(place));
      assert.ok(isWithin(inner, range), at(place));
      inner = range;
    }
  }
}

/** What is defined has its definition among its references, and each of them leads back to it. */
export function referencesLeadBack(text: string): void {
  const workspace = workspaceOf({ [path]: text });
  for (const place of somePlaces(text)) {
    const found = definition(workspace, path, place);
    const [target, more] = found?.targets ?? [];
    if (target === undefined || more !== undefined) continue;
    const all = references(workspace, path, place, { definition: true });
    for (const { range } of all) {
      assert.ok(isInText(text, range), at(place));
      const back = definition(workspace, path, range.start);
      assert.deepEqual(back?.targets, found?.targets, `${at(place)} by ${at(range.start)}`);
    }
    const uses = references(workspace, path, place, { definition: false });
    assert.ok(uses.length <= all.length, at(place));
  }
}

/** Highlights in a method are its references, read and written apart. */
export function highlightsAreReferences(text: string): void {
  const workspace = workspaceOf({ [path]: text });
  for (const place of somePlaces(text)) {
    const highlights: Highlight[] = documentHighlights(workspace, path, place);
    if (highlights.some(({ kind }) => kind === "text")) continue;
    assert.deepEqual(
      highlights.map(({ range }) => range),
      references(workspace, path, place, { definition: true }).map(({ range }) => range),
      at(place),
    );
  }
}

/** A name of the same kind that no text has. */
function freshName(placeholder: string): string {
  if (/^\d+$/.test(placeholder)) return "90000";
  return /^[%#]\d+$/.test(placeholder) ? `${placeholder.charAt(0)}90000` : "fresh_name";
}

/** A value or block renamed to a fresh number and back gives the same text; so does a name. */
export function renameComesBack(
  text: string,
  places: readonly Position[] = somePlaces(text),
): number {
  const workspace = workspaceOf({ [path]: text });
  let renamed = 0;
  for (const place of places) {
    const prepared = prepareRename(workspace, path, place);
    if (prepared === null || "refused" in prepared) continue;
    const { placeholder } = prepared;
    assert.equal(textIn(text, prepared.range), placeholder, at(place));
    const there = rename(workspace, path, place, freshName(placeholder));
    assert.ok("edits" in there, `${at(place)}: ${JSON.stringify(there)}`);
    assert.ok(there.edits.length > 0, at(place));
    const changed = applyEdits(text, there.edits);
    const back = rename(
      workspaceOf({ [path]: changed }),
      path,
      placeAfter(there.edits, place),
      placeholder,
    );
    assert.ok("edits" in back, `${at(place)} back: ${JSON.stringify(back)}`);
    assert.equal(applyEdits(changed, back.edits), text, `${placeholder} at ${at(place)}`);
    renamed++;
  }
  return renamed;
}

/** Where the token at `place` stands once the edits before it on its line are done. */
function placeAfter(
  edits: readonly { readonly range: Range; readonly newText: string }[],
  place: Position,
): Position {
  let { character } = place;
  for (const { range, newText } of edits) {
    if (range.start.line !== place.line || range.start.character >= place.character) continue;
    character += newText.length - (range.end.character - range.start.character);
  }
  return { line: place.line, character };
}

/** Renumbering twice is renumbering once; returns the text renumbered, null where it was refused. */
export function renumberIsIdempotent(text: string, place: Position): string | null {
  const once = renumberMethod(workspaceOf({ [path]: text }), path, place);
  if (!("edits" in once)) return null;
  const changed = applyEdits(text, once.edits);
  const twice = renumberMethod(workspaceOf({ [path]: changed }), path, place);
  assert.ok("edits" in twice, JSON.stringify(twice));
  assert.deepEqual(twice.edits, []);
  return changed;
}

/** Every feature answers for every one of the places, whatever the text is. */
export function nothingThrows(text: string, places: readonly Position[]): void {
  const workspace = workspaceOf({ [path]: text });
  documentSymbols(workspace, path);
  foldingRanges(workspace, path);
  for (const place of places) {
    selectionRanges(workspace, path, place);
    definition(workspace, path, place);
    typeDefinition(workspace, path, place);
    references(workspace, path, place, { definition: true });
    documentHighlights(workspace, path, place);
    prepareRename(workspace, path, place);
    rename(workspace, path, place, "%7");
    rename(workspace, path, place, "y");
    renumberMethod(workspace, path, place);
  }
}
