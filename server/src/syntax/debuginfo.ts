// Where the code of a statement stands in the Julia source: the lines that `debuginfo = :source` puts
// between the statements (`┌ @ int.jl:87 within `+``, `│└`), the column of source lines in IRCode, and
// the place that a `from` line names. Reads one line at a time; `stackAt` plays the lines of a method
// from its start and gives the inlining stack at one of them. Files are names here, nothing is opened.
// Source: spec ir-text.md §3.2 (rails), §1.3 (column), §9 (`from`).

import type { Span } from "../text/span.ts";
import { isDigit } from "./scan.ts";

/** One frame of an inlining stack. */
export interface SourceFrame {
  /** As printed; empty where the text has only a line number. */
  readonly file: string;
  /** 0 where it is not printed. */
  readonly line: number;
  readonly name: string;
}

/** `file:line` in a text; the span covers both. */
export interface SourceLocation extends Span {
  readonly file: string;
  readonly fileEnd: number;
  readonly line: number;
}

/** A line that holds rails or a location, and no statement. */
export interface DebugLine {
  /** `┌`: a frame is entered. `@` alone: the innermost frame moves on. `└`: frames are left. */
  readonly action: "enter" | "move" | "leave";
  /** How many rails stand before the action. */
  readonly rails: number;
  /** The first location and those of the frames of the same name inside it. Empty for `leave`. */
  readonly locations: readonly SourceLocation[];
  /** The name without its quotes. */
  readonly name: Span;
}

const bar = 0x2502; // │
const opening = 0x250c; // ┌
const corner = 0x2514; // └

/** Reads the line `[start, end)`; null where it is no debug line. */
export function readDebugLine(text: string, start: number, end: number): DebugLine | null {
  let i = skipSpaces(text, start, end);
  // The gutter's bar has two spaces or more behind it, a rail has none, or one before an `@`.
  if (text.charCodeAt(i) === bar && text.startsWith("  ", i + 1)) {
    i = skipSpaces(text, i + 1, end);
  }
  const first = i;
  while (i < end && text.charCodeAt(i) === bar) i++;
  const rails = i - first;
  const code = text.charCodeAt(i);
  if (i < end && code === corner) {
    while (i < end && text.charCodeAt(i) === corner) i++;
    if (skipSpaces(text, i, end) < end) return null;
    return { action: "leave", rails, locations: [], name: { start: i, end: i } };
  }
  const entered = i < end && code === opening;
  const at = skipSpaces(text, entered ? i + 1 : i, end);
  if (at + 1 >= end || text.charCodeAt(at) !== 64 || text.charCodeAt(at + 1) !== 32) return null;
  return readLocations(text, at + 2, end, entered ? "enter" : "move", rails);
}

/** `file:12 within `name` @ file:7 @ file:3`. */
function readLocations(
  text: string,
  at: number,
  end: number,
  action: "enter" | "move",
  rails: number,
): DebugLine | null {
  const within = text.indexOf(" within `", at);
  if (within < 0 || within >= end) return null;
  const from = within + 9;
  let last = end;
  while (last > from && text.charCodeAt(last - 1) <= 32) last--;
  let close = last;
  // Behind the name come the closing quote (`'` up to 1.6), and frames of the same name.
  for (const quote of ["` @ ", "' @ "]) {
    const found = text.indexOf(quote, from);
    if (found >= 0 && found < close) close = found;
  }
  if (close === last) {
    const quote = text.charCodeAt(last - 1);
    if (last - 1 < from || (quote !== 96 && quote !== 39)) return null;
    close = last - 1;
  }
  const locations = [readLocation(text, at, within)];
  for (let i = close + 1; i < last; ) {
    const from = i + 3;
    const next = text.indexOf(" @ ", from);
    i = next < 0 || next >= last ? last : next;
    if (i > from) locations.push(readLocation(text, from, i));
  }
  return { action, rails, locations, name: { start: from, end: close } };
}

/** `file:line` in `[start, end)`, or a file without a line. */
export function readLocation(text: string, start: number, end: number): SourceLocation {
  let colon = end;
  while (colon > start && isDigit(text.charCodeAt(colon - 1))) colon--;
  if (text.charCodeAt(colon - 1) === 45) colon--; // -1: no line
  const hasLine = colon < end && colon - 1 > start && text.charCodeAt(colon - 1) === 58;
  const fileEnd = hasLine ? colon - 1 : end;
  const line = hasLine ? Math.max(0, Number(text.slice(colon, end)) || 0) : 0;
  return { start, end, file: text.slice(start, fileEnd), fileEnd, line };
}

/** Where a method is defined: `f(x) @ Main file:12`, up to 1.8 `f(x) in Main at file:12`. */
export interface MethodPlace {
  /** Where the method's own text ends. */
  readonly signatureEnd: number;
  /** `@`, or `in`. */
  readonly separator: Span;
  readonly module: Span;
  /** The `at` of the older form. */
  readonly at: Span | null;
  readonly location: SourceLocation;
}

const newPlace = /^(.*\S) +(@) +([\p{L}_][\p{L}\p{N}_!.′]*) +(\S.*)$/u;
const oldPlace = /^(.*\S) +(in) +([\p{L}_][\p{L}\p{N}_!.′]*) +(at) +(\S.*)$/u;

/** Reads the place behind a method's text in `[start, end)`; null where there is none. */
export function readMethodPlace(text: string, start: number, end: number): MethodPlace | null {
  const line = text.slice(start, end).trimEnd();
  const found = newPlace.exec(line) ?? oldPlace.exec(line);
  if (found === null) return null;
  const [, signature = "", separator = "", module = "", ...rest] = found;
  const signatureEnd = start + signature.length;
  const after = (from: number, word: string): Span => {
    const at = skipSpaces(text, from, end);
    return { start: at, end: at + word.length };
  };
  const separatorSpan = after(signatureEnd, separator);
  const moduleSpan = after(separatorSpan.end, module);
  const at = rest.length > 1 ? after(moduleSpan.end, "at") : null;
  const path = after((at ?? moduleSpan).end, rest.at(-1) ?? "");
  const location = readLocation(text, path.start, path.end);
  return { signatureEnd, separator: separatorSpan, module: moduleSpan, at, location };
}

/**
 * The inlining stack at line `index`, outermost frame first; empty where the lines do not tell.
 *
 * @param lines the lines of one method without terminal escape sequences, from its start
 */
export function stackAt(lines: readonly string[], index: number): SourceFrame[] {
  // Frames that share a rail, outermost rail first: frames of one name are printed as one.
  let groups: SourceFrame[][] = [];
  let hasRails = false;
  for (let i = 0; i <= index && i < lines.length; i++) {
    const line = lines[i] ?? "";
    const debug = readDebugLine(line, 0, line.length);
    if (debug === null) {
      const column = hasRails ? null : sourceColumn.exec(line);
      if (column !== null) groups = [[{ file: "", line: Number(column[1]), name: "" }]];
      continue;
    }
    hasRails = true;
    const { action, rails, locations, name } = debug;
    const frames = locations.map(
      ({ file, line: number }): SourceFrame => ({
        file,
        line: number,
        name: line.slice(name.start, name.end),
      }),
    );
    const kept = action === "move" ? rails : rails + 1;
    groups = groups.slice(0, kept);
    if (action !== "leave") groups.push(frames);
  }
  return groups.flat();
}

/** The source line before a gutter, perhaps behind an escape mark: `46 1 ─ `, `✓  46 ✓  1 ─ `. */
const sourceColumn = /^\s*(?:[◌✓↑X*]′?\s+)?(\d+)\s+(?:[◌✓↑X*]′?\s+)?(?:\d+ [─┄]|│|└─)/;

function skipSpaces(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i++;
  return i;
}
