// Cuts a text into units: pieces that hold at most one method each, with the prose above it. The cut
// is decided by the lines of the piece alone, so that after an edit it can be made again from the
// start of any unit, and old and new cuts fall together as soon as they meet.
// Source: design §3 (what starts a method), spec ir-text.md §1 (frames).

import { asciiHead, clean, marksOf } from "./clean.ts";
import { newGutter, readGutter } from "./gutter.ts";

type LineClass = "header" | "frame" | "start" | "end" | "other";

/**
 * The offset at which the unit that starts at `from` ends: where the next unit starts, or the end of
 * the text. `from` must be the start of a line, and the start of a unit.
 *
 * @param loneReturns whether the text has a `\r` that is not part of `\r\n` (see `hasLoneReturns`)
 */
export function unitEnd(text: string, from: number, loneReturns: boolean): number {
  // What the unit has so far: nothing, a header, `CodeInfo(`, the first block.
  let hasHeader = false;
  let hasFrame = false;
  let hasBody = false;
  // A dump may be kept as a comment; inside a plain method a comment is just that.
  let isComment = false;
  for (let at = from; at < text.length; ) {
    const next = nextLine(text, at, loneReturns);
    const found = classify(text, at, next);
    if (found !== "other") {
      const isCommented = startsWithHash(text, at);
      const isEmpty = !hasHeader && !hasFrame && !hasBody;
      if (isEmpty) isComment = isCommented;
      else if (isCommented !== isComment) {
        if (isComment) return at;
        at = next;
        continue;
      }
    }
    switch (found) {
      case "header":
        if (hasHeader || hasFrame || hasBody) return at;
        hasHeader = true;
        break;
      case "frame":
        if (hasFrame || hasBody) return at;
        hasFrame = true;
        break;
      case "start":
        if (hasBody) return at;
        hasBody = true;
        break;
      case "end":
        if (hasBody) return next;
        break;
      case "other":
        break;
    }
    at = next;
  }
  return text.length;
}

function startsWithHash(text: string, at: number): boolean {
  let i = at;
  while (text.charCodeAt(i) === 32) i++;
  return text.charCodeAt(i) === 35;
}

/** True where the text has a `\r` that is a line break of its own. Asked once per text. */
export function hasLoneReturns(text: string): boolean {
  return text.includes("\r") && /\r(?!\n)/.test(text);
}

function nextLine(text: string, at: number, loneReturns: boolean): number {
  const feed = text.indexOf("\n", at);
  const next = feed < 0 ? text.length : feed + 1;
  if (!loneReturns) return next;
  for (let i = at; i + 2 < next; i++) if (text.charCodeAt(i) === 13) return i + 1;
  return next;
}

function classify(text: string, at: number, next: number): LineClass {
  let i = at;
  while (i < next && isIndent(text.charCodeAt(i))) i++;
  switch (text.charCodeAt(i)) {
    case 27: {
      // A coloured line: look at it without its escape sequences.
      const line = clean(text.slice(at, next)).text;
      return line.includes("\x1b") ? "other" : classify(line, 0, line.length);
    }
    case 35: // #
    case 43: // +
    case 62: {
      // >
      const kind = text.charCodeAt(i) === 35 ? "comment" : "quotation";
      const marks = marksOf(text, i, next, kind);
      return marks > 0 ? classify(text, i + marks, next) : "other";
    }
    case 77: // M
      return text.startsWith("MethodInstance for ", i) ? "header" : "other";
    case 106: // j
      return text.startsWith("julia> ", i) ? "header" : "other";
    case 67: // C
      return text.startsWith("CodeInfo(", i) ? "frame" : "other";
    case 41: // )
      return i - at <= 1 && isFrameEnd(text, i + 1, next) ? "end" : "other";
    case 61: // =
      return i > at && text.startsWith("=> ", i) ? "end" : "other";
    default:
      if (text.charCodeAt(i) === 49 && text.startsWith(" -", i + 1)) {
        return asciiHead.test(text.slice(i, next)) ? "start" : "other";
      }
      // `1 ─`, perhaps behind a source line number or an escape mark.
      return mayStartBlockOne(text, i, next) && startsBlockOne(text, at, next) ? "start" : "other";
  }
}

/** A blank, a tab, or the blank that a web page or a chat keeps from breaking. */
function isIndent(code: number): boolean {
  return code === 32 || code === 9 || code === 160;
}

/** After `)`: nothing, or ` => T`. */
function isFrameEnd(text: string, at: number, next: number): boolean {
  let i = at;
  while (i < next && text.charCodeAt(i) <= 32) i++;
  return i >= next || text.startsWith("=> ", i);
}

function startsBlockOne(text: string, at: number, next: number): boolean {
  const gutter = newGutter();
  readGutter(text, at, next, gutter);
  return gutter.kind === "head" && gutter.label === 1;
}

/** A cheap look for ` 1 ─` in the first columns; the gutter reader decides. */
function mayStartBlockOne(text: string, at: number, next: number): boolean {
  const first = text.charCodeAt(at);
  if (first === 0x2502 || first === 0x2514) return false; // │ └
  const limit = Math.min(next, at + 24);
  for (let i = at; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2500) return i >= 2 && text.charCodeAt(i - 2) === 49; // ─
    if (code === 0x2504) return i >= 2 && text.charCodeAt(i - 2) === 49; // ┄
  }
  return false;
}
