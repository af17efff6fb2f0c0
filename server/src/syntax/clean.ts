// Takes out of a text what others have put into it: terminal escape sequences (colours, and the
// annotations that `code_ircode` moves to the right margin), the marks of a quotation (`> `) and of a
// diff (`+`; lines with `-` go as a whole), and the marks of a comment around a whole dump. The reader
// then sees plain text; an `Origin` leads every offset back to the text as it stands in the file.
// Source: spec ir-text.md §3.3, §8, §12.

import { newGutter, readGutter } from "./gutter.ts";

/** Where the characters of a cleaned text stood. */
export class Origin {
  /** Offsets in the clean text at which something was taken out, ascending. */
  private readonly at: readonly number[];
  /** For each of them, how much was taken out up to there in all. */
  private readonly shift: readonly number[];

  constructor(at: readonly number[], shift: readonly number[]) {
    this.at = at;
    this.shift = shift;
  }

  /** The offset in the raw text of the character at `clean`. */
  raw(clean: number): number {
    return clean + this.shiftAt(clean, this.at);
  }

  /** The raw offset of an exclusive end: directly behind the last character before it. */
  rawEnd(clean: number): number {
    return clean === 0 ? 0 : this.raw(clean - 1) + 1;
  }

  /** The offset in the clean text for a raw one; inside a sequence it is that of the next character. */
  clean(raw: number): number {
    let low = 0;
    let high = this.at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const end = (this.at[middle] ?? 0) + (this.shift[middle] ?? 0);
      if (end <= raw) low = middle + 1;
      else high = middle;
    }
    const taken = low === 0 ? 0 : (this.shift[low - 1] ?? 0);
    const next = this.at[low];
    return next === undefined ? raw - taken : Math.min(raw - taken, next);
  }

  private shiftAt(offset: number, at: readonly number[]): number {
    let low = 0;
    let high = at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((at[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (this.shift[low - 1] ?? 0);
  }
}

export interface Cleaned {
  readonly text: string;
  /** Null where nothing was taken out. */
  readonly origin: Origin | null;
}

/** An annotation between a jump to a column and the jump back; or any other control sequence. */
const sequence = new RegExp(
  [
    "(?:\\x1b\\[90m)?\\x1b\\[\\d+G[^\\x1b\\r\\n]*\\x1b\\[1G(?:\\x1b\\[39m)?",
    "\\x1b\\[[0-9;?]*[A-Za-z]",
    "\\x1b\\][^\\x07\\x1b\\r\\n]*(?:\\x07|\\x1b\\\\)",
    "\\x1b[()][A-Za-z0-9]",
  ].join("|"),
  "g",
);

/** A piece of text that is taken out. */
interface Cut {
  readonly start: number;
  readonly end: number;
}

/** The text without escape sequences and marks. Costs a look at every line where there are none. */
export function clean(text: string): Cleaned {
  const hasSequences = text.includes("\x1b");
  if (!hasSequences && !hasMarkedLine(text)) return { text, origin: null };
  const cuts: Cut[] = [];
  if (hasSequences) {
    for (const { index, 0: found } of text.matchAll(sequence)) {
      cuts.push({ start: index, end: index + found.length });
    }
  } else cutMarks(text, "quotation", cuts);
  return take(text, cuts);
}

/** Whether some line starts with `>`, `+` or `-`, perhaps behind one space. */
function hasMarkedLine(text: string): boolean {
  const code = text.charCodeAt(text.charCodeAt(0) === 32 ? 1 : 0);
  // Searching for each is many times faster than a look at every line.
  return code === 62 || code === 43 || code === 45 || markedLines.some((one) => text.includes(one));
}

const markedLines: readonly string[] = ["\n>", "\n+", "\n-", "\n >", "\n +", "\n -"];

/** The text with the `# ` taken off every line that holds IR behind it: a dump kept as a comment. */
export function uncomment(text: string): Cleaned {
  const cuts: Cut[] = [];
  cutMarks(text, "comment", cuts);
  return take(text, cuts);
}

/**
 * How long the marks at the start of a line of IR are: 0 where there are none, -1 where the whole line
 * is one that a diff takes away.
 */
export function marksOf(
  text: string,
  at: number,
  end: number,
  kind: "quotation" | "comment",
): number {
  let i = at;
  const first = text.charCodeAt(i);
  if (kind === "comment") {
    while (i < end && text.charCodeAt(i) === 35) i++;
    if (i > at && text.charCodeAt(i) === 32) i++;
  } else if (first === 62) {
    while (
      i < end &&
      (text.charCodeAt(i) === 62 || (text.charCodeAt(i) === 32 && text.charCodeAt(i + 1) === 62))
    )
      i++;
    if (text.charCodeAt(i) === 32) i++;
  } else if (first === 43 || first === 45) i++;
  if (i === at || !isLineOfIR(text, i, end)) return 0;
  return first === 45 ? -1 : i - at;
}

const opening =
  /^(?:\s*(?:MethodInstance for |CodeInfo\(|from |effects \(|stage |type |\)(?:\s*$| =>)|=> )|julia> @?[\w.]*code_|(?:Static Parameters|Arguments|Variables|Locals)\s*$|Body::| {2,}[\w#@!]+::\S)/;

function isLineOfIR(text: string, at: number, end: number): boolean {
  const gutter = newGutter();
  readGutter(text, at, end, gutter);
  return gutter.kind !== "none" || opening.test(text.slice(at, Math.min(end, at + 40)));
}

function cutMarks(text: string, kind: "quotation" | "comment", cuts: Cut[]): void {
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    const marks = marksOf(text, at, end, kind);
    if (marks < 0) cuts.push({ start: at, end });
    else if (marks > 0) cuts.push({ start: at, end: at + marks });
    at = end + 1;
  }
}

function take(text: string, cuts: readonly Cut[]): Cleaned {
  if (cuts.length === 0) return { text, origin: null };
  const parts: string[] = [];
  const at: number[] = [];
  const shift: number[] = [];
  let from = 0;
  let kept = 0;
  for (const { start, end } of cuts) {
    parts.push(text.slice(from, start));
    kept += start - from;
    from = end;
    if (at[at.length - 1] === kept) shift[shift.length - 1] = from - kept;
    else {
      at.push(kept);
      shift.push(from - kept);
    }
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), origin: new Origin(at, shift) };
}

/** A block head in ASCII: `1 -  %1 = …`; the statement tells it from a list in prose. */
export const asciiHead: RegExp =
  /^ *(?:\d+ +)?1 -+ +(?:%\d+ *= |goto #|return\b|unreachable|nothing|invoke |intrinsic |builtin |dynamic |\$\(Expr|enter #|φ |\(\w+ = |(?:[A-Z]\w*\.)+[\w!]+\()/m;

/**
 * The text with an ASCII gutter drawn as Julia draws it: `-` as `─`, `.` as `┄`, `|` as `│`, and `+--`
 * or `\`--` as `└──`. Glyph for glyph, so that no offset moves.
 */
export function drawGutter(text: string): string {
  return text
    .replace(
      /^( *(?:\d+ +)?\d+ )([-.]+)(?= )/gm,
      (_, head: string, mark: string) => head + mark.replaceAll("-", "─").replaceAll(".", "┄"),
    )
    .replace(
      /^( *(?:\d+ +)?)[+\x60](-+)(?= )/gm,
      (_, before: string, rule: string) => `${before}└${"─".repeat(rule.length)}`,
    )
    .replace(/^( *(?:\d+ +)?)\|(?=[ |])/gm, "$1│");
}
