// Reads the left margin of a line of printed IR: source line column, block head (`3 ┄─`), `│`, `└──`,
// inline rails of `debuginfo = :source`, and the marks of Julia's escape-analysis printer. It tells
// where the statement starts; it does not look at the statement.
// Source: spec ir-text.md §2 (layout), §3 (rails and debug lines), §10 (escape marks).

import { isDigit, numberAt, skipDigits } from "./scan.ts";

export type LineKind =
  | "head" // first statement of a block
  | "middle" // `│`
  | "last" // `└──`
  | "debug" // rails and locations only
  | "none"; // not a line of a body

/** What the margin of one line says; `content` is where the statement starts. */
export interface Gutter {
  kind: LineKind;
  /** Block number of a `head`, else 0. */
  label: number;
  /** True for the mark `┄`. */
  merge: boolean;
  /** Where the head's number stands; both 0 for other kinds. */
  labelStart: number;
  labelEnd: number;
  content: number;
}

/** A gutter to be filled by `readGutter`; one per reader, to save an allocation per line. */
export function newGutter(): Gutter {
  return { kind: "none", label: 0, merge: false, labelStart: 0, labelEnd: 0, content: 0 };
}

const bar = 0x2502; // │
const corner = 0x2514; // └
const rule = 0x2500; // ─
const dashedRule = 0x2504; // ┄
const opening = 0x250c; // ┌

/** Fills `gutter` for the line `[at, end)`. */
export function readGutter(text: string, at: number, end: number, gutter: Gutter): void {
  gutter.kind = "none";
  gutter.label = 0;
  gutter.merge = false;
  gutter.labelStart = 0;
  gutter.labelEnd = 0;
  let i = skipMarks(text, at, end);
  if (i >= end) return;
  let code = text.charCodeAt(i);
  if (isDigit(code)) {
    let from = i;
    i = skipDigits(text, i, end);
    let next = skipMarks(text, i, end);
    code = text.charCodeAt(next);
    if (next > i && next < end && isDigit(code)) {
      // The first number was the source line; the block's follows.
      from = next;
      i = skipDigits(text, next, end);
      next = skipSpaces(text, i, end);
      code = text.charCodeAt(next);
    }
    if (next > i && (code === rule || code === dashedRule)) {
      gutter.kind = "head";
      gutter.label = numberAt(text, from, i);
      gutter.merge = code === dashedRule;
      gutter.labelStart = from;
      gutter.labelEnd = i;
      skipRails(text, skipRule(text, next, end), end, gutter);
      return;
    }
    if (next === i || (code !== bar && code !== corner)) return;
    i = next;
  }
  if (code === bar) {
    gutter.kind = "middle";
    skipRails(text, i + 1, end, gutter);
  } else if (code === corner) {
    const after = skipRule(text, i + 1, end);
    gutter.kind = after > i + 1 ? "last" : "debug";
    if (gutter.kind === "last") skipRails(text, after, end, gutter);
  } else if (code === opening || (code === 64 && text.charCodeAt(i + 1) === 32)) {
    gutter.kind = "debug";
  }
}

function skipRails(text: string, at: number, end: number, gutter: Gutter): void {
  let i = at;
  while (i < end && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === bar)) i++;
  gutter.content = i;
  const code = text.charCodeAt(i);
  const nothing = i >= end && gutter.kind === "middle";
  if (
    nothing ||
    code === opening ||
    code === corner ||
    (code === 64 && text.charCodeAt(i + 1) === 32)
  ) {
    // A head or a last line holds a statement; rails alone make a debug line.
    if (i >= end || gutter.kind === "middle") gutter.kind = "debug";
  }
}

function skipSpaces(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i++;
  return i;
}

function skipRule(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && (text.charCodeAt(i) === rule || text.charCodeAt(i) === dashedRule)) i++;
  return i;
}

/** Past blanks and up to two marks: `code_escapes` with source lines prints one for each column. */
function skipMarks(text: string, at: number, end: number): number {
  let i = skipSpaces(text, at, end);
  for (let n = 0; n < 2; n++) {
    const after = skipMark(text, i, end);
    if (after === i) break;
    i = skipSpaces(text, after, end);
  }
  return i;
}

/** Past `✓ `, `↑′ ` and the like; `at` itself where there is no such mark. */
function skipMark(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  const isMark =
    code === 0x25cc || code === 0x2713 || code === 0x2191 || code === 88 || code === 42; // ◌ ✓ ↑ X *
  if (!isMark) return at;
  let i = at + 1;
  if (text.charCodeAt(i) === 0x2032) i++;
  return i < end && text.charCodeAt(i) === 32 ? i : at;
}
