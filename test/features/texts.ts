// What the tests of features share: texts that a real Julia printed, small ones in which a mark shows
// the cursor, and edits done to a plain string.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { TextEdit } from "../../server/src/features/text-edit.ts";
import {
  lineStartsOf,
  type Position,
  positionAt,
  type Range,
} from "../../server/src/text/line-index.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const root = new URL("../../../", import.meta.url);

export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The files below `examples/`, and the methods of Base and of the programs under `test/data`. */
export function realTexts(): Source[] {
  const paths = ["seed", "callees", "shapes"].flatMap((folder) =>
    readdirSync(new URL(`examples/${folder}/`, root)).map((file) => `examples/${folder}/${file}`),
  );
  return [...paths, "test/data/base.jlir"].map((name) => ({
    name,
    text: readFileSync(new URL(name, root), "utf8"),
  }));
}

export function example(path: string): string {
  return readFileSync(new URL(`examples/${path}`, root), "utf8");
}

/** A workspace with these files. */
export function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace();
  for (const [path, text] of Object.entries(files)) workspace.set(path, text);
  return workspace;
}

/** The place of the `count`-th `needle`, `within` characters behind its start. */
export function placeOf(text: string, needle: string, count = 1, within = 0): Position {
  let at = -1;
  for (let n = 0; n < count; n++) {
    at = text.indexOf(needle, at + 1);
    assert.ok(at >= 0, `no ${needle}`);
  }
  return positionAt(lineStartsOf(text), at + within);
}

export function offsetOf(text: string, { line, character }: Position): number {
  return (lineStartsOf(text)[line] ?? text.length) + character;
}

/** What stands in a range. */
export function textIn(text: string, { start, end }: Range): string {
  return text.slice(offsetOf(text, start), offsetOf(text, end));
}

/** `line:text` with 1-based lines: short to write in a test and to read in its failure. */
export function shown(text: string, range: Range): string {
  return `${range.start.line + 1}:${textIn(text, range)}`;
}

/** The text with the edits done. They must lie in the text and may not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map(({ range, newText }) => ({
      start: offsetOf(text, range.start),
      end: offsetOf(text, range.end),
      newText,
    }))
    .sort((x, y) => x.start - y.start);
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, newText } of sorted) {
    assert.ok(from <= start && start <= end && end <= text.length, "edits overlap");
    parts.push(text.slice(from, start), newText);
    from = end;
  }
  return [...parts, text.slice(from)].join("");
}

export function isWithin(inner: Range, outer: Range): boolean {
  return isBefore(outer.start, inner.start) && isBefore(inner.end, outer.end);
}

/** Whether `one` is not behind `other`. */
export function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.character <= other.character);
}

/** Whether the range stands in the text, its start not behind its end. */
export function isInText(text: string, { start, end }: Range): boolean {
  const starts = lineStartsOf(text);
  const holds = ({ line, character }: Position): boolean => {
    const from = starts[line];
    return (
      from !== undefined && character >= 0 && from + character <= (starts[line + 1] ?? text.length)
    );
  };
  return holds(start) && holds(end) && isBefore(start, end);
}

/** Places of every token `%N`, `#N` of the text and of some others, for property tests. */
export function somePlaces(text: string): Position[] {
  const starts = lineStartsOf(text);
  const places: Position[] = [];
  for (const { index } of text.matchAll(/%\d+|#\d+|\b_\d+|(?<=[( ])[a-z]\w*(?=[,) ])/g)) {
    places.push(positionAt(starts, index));
  }
  return places;
}
