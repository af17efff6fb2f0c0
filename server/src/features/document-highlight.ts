// Highlights in one file: the uses of a value, block, argument or slot, with their kind; for a method,
// its header and its `invoke`s.

import { findOccurrences, isSameEntity, occurrenceAt } from "../ir/occurrence.ts";
import type { Position, Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { invokesOf } from "./call-sites.ts";
import { type Cursor, cursorAt, rangeOfSpan } from "./cursor.ts";
import { calledAt } from "./definition.ts";
import { headerTargets } from "./method-index.ts";
import { located } from "./references.ts";

export interface Highlight {
  readonly range: Range;
  /** `text` for what is neither: a method's header and calls. */
  readonly kind: "read" | "write" | "text";
}

/** What stands for the same thing as the token under the cursor, in text order. */
export function documentHighlights(
  workspace: Workspace,
  path: string,
  position: Position,
): Highlight[] {
  const cursor = cursorAt(workspace, path, position);
  if (cursor === null) return [];
  const occurrence = occurrenceAt(cursor.method, cursor.offset);
  if (occurrence === null) return ofMethod(workspace, cursor);
  return findOccurrences(cursor.method)
    .filter(({ entity }) => isSameEntity(entity, occurrence.entity))
    .map((one) => ({
      range: rangeOfSpan(cursor.placed, one),
      kind: one.role === "read" ? "read" : "write",
    }));
}

function ofMethod(workspace: Workspace, cursor: Cursor): Highlight[] {
  const called = calledAt(workspace, cursor);
  if (called === null) return [];
  const { path, placed } = cursor;
  const headers = headerTargets(called.methods.filter((one) => one.path === path));
  const sites = called.key === null ? [] : located(invokesOf(workspace, called.key, path));
  const ranges = [...headers.map(({ selection }) => selection), ...sites.map(({ range }) => range)];
  const own = rangeOfSpan(placed, called.origin);
  const isThere = ranges.some(
    ({ start }) => start.line === own.start.line && start.character === own.start.character,
  );
  return (isThere ? ranges : [...ranges, own])
    .sort((x, y) => x.start.line - y.start.line || x.start.character - y.start.character)
    .map((range) => ({ range, kind: "text" }));
}
