// Where things stand in a file: spans of a unit turned into lines and characters of its document.
// Lines and characters are 0-based here; the command line and the editor add what they need.

import type { ChainStep } from "../analysis/explain.ts";
import type { Origin } from "../syntax/clean.ts";
import { lineStartsOf, type Position, positionAt, type Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Document } from "../workspace/document.ts";
import type { Unit, UnitFacts } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A unit with its place in a document, for turning spans into ranges. */
export interface PlacedUnit {
  readonly unit: Unit;
  /** 0-based line of the document at which the unit starts. */
  readonly startLine: number;
  /** Offsets of the lines in the unit's text as it stands in the file. */
  readonly lineStarts: readonly number[];
  /** Leads offsets of the text that was read back to the file's; null where they are the same. */
  readonly origin: Origin | null;
}

/** Unit `index` of `document` with its place. */
export function placedUnit(document: Document, index: number): PlacedUnit | null {
  const unit = document.units[index];
  if (unit === undefined) return null;
  return {
    unit,
    startLine: document.startOf(index),
    lineStarts: unit.lineStarts(),
    origin: unit.cleaned().origin,
  };
}

/**
 * About where the method of unit `index` stands, without reading it: from its head's line to the end of the
 * unit's last line that is not empty.
 */
export function knownExtent(
  document: Document,
  index: number,
  { text }: Unit,
  { headLine }: UnitFacts,
): Range {
  const startLine = document.startOf(index);
  const { length } = text.trimEnd();
  const { line, character } = positionAt(lineStartsOf(text), length);
  return {
    start: { line: startLine + headLine, character: 0 },
    end: { line: startLine + line, character },
  };
}

/** The range of a span of the unit in its document. */
export function rangeOf({ startLine, lineStarts, origin }: PlacedUnit, span: Span): Range {
  const start = positionAt(lineStarts, origin?.raw(span.start) ?? span.start);
  const end = positionAt(lineStarts, origin?.rawEnd(span.end) ?? span.end);
  return {
    start: { line: start.line + startLine, character: start.character },
    end: { line: end.line + startLine, character: end.character },
  };
}

/**
 * The offset, in the text that was read, of a place in the document; null where the place is not in
 * the unit.
 */
export function offsetOf(placed: PlacedUnit, position: Position): number | null {
  const line = placed.lineStarts[position.line - placed.startLine];
  if (line === undefined) return null;
  const raw = line + position.character;
  return placed.origin?.clean(raw) ?? raw;
}

/** A place in some file of the workspace. */
export interface Location {
  readonly path: string;
  readonly range: Range;
}

/** Where a span of the method with `key` stands; null where the method is gone or ambiguous. */
export function locate(workspace: Workspace, key: string, span: Span): Location | null {
  const unit = workspace.unitOf(key);
  const place = unit === null ? null : workspace.placeOf(unit);
  const placed = place === null ? null : placedUnit(place.document, place.index);
  return place === null || placed === null
    ? null
    : { path: place.path, range: rangeOf(placed, span) };
}

/** A step of a chain with its place. */
export interface PlacedStep {
  readonly method: string;
  readonly location: Location | null;
  readonly message: string;
}

/** The steps of a chain with their places. */
export function placeChain(workspace: Workspace, chain: readonly ChainStep[]): PlacedStep[] {
  return chain.map(({ key, signature, span, message }) => ({
    method: signature,
    location: locate(workspace, key, span),
    message,
  }));
}
