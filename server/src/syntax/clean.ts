// Takes terminal escape sequences out of a text: colours, and the annotations that `code_ircode` moves
// to the right margin with cursor sequences. The reader then sees plain text; an `Origin` leads every
// offset back to the text as it stands in the file.
// Source: spec ir-text.md §3.3 and §8.

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
    "\\x1b\\][^\\x07\\r\\n]*\\x07",
    "\\x1b[()][A-Za-z0-9]",
  ].join("|"),
  "g",
);

/** The text without escape sequences. Costs a search where there are none. */
export function clean(text: string): Cleaned {
  if (!text.includes("\x1b")) return { text, origin: null };
  const parts: string[] = [];
  const at: number[] = [];
  const shift: number[] = [];
  let from = 0;
  let kept = 0;
  for (const match of text.matchAll(sequence)) {
    parts.push(text.slice(from, match.index));
    kept += match.index - from;
    from = match.index + match[0].length;
    if (at[at.length - 1] === kept) shift[shift.length - 1] = from - kept;
    else {
      at.push(kept);
      shift.push(from - kept);
    }
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), origin: at.length === 0 ? null : new Origin(at, shift) };
}
