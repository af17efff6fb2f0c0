// The text of one open file as a list of units. A keystroke touches the unit that it falls into and
// at most its neighbours; the file's text as one string is made only when somebody asks for it.
// Lines and characters are 0-based, characters are UTF-16 code units, as editors count.

import { hasLoneReturns, unitEnd } from "../syntax/segment.ts";
import { lineAt, lineEnd, lineStartsOf, type Range } from "../text/line-index.ts";
import { Unit } from "./unit.ts";

/** Which units an edit took away and which it brought. */
export interface Replaced {
  readonly removed: readonly Unit[];
  readonly added: readonly Unit[];
}

/** One file's text. */
export class Document {
  /** How often units have come to stand on other lines. */
  moves = 0;
  private list: Unit[];
  /** Line at which each unit starts; made again after an edit that changes line counts. */
  private starts: number[] | null = null;
  /** Index of each unit; made again after an edit that changes how many there are. */
  private indices: Map<Unit, number> | null = null;

  constructor(text: string) {
    this.list = cut(text);
  }

  get units(): readonly Unit[] {
    return this.list;
  }

  /** The line at which unit `index` starts. */
  startOf(index: number): number {
    return this.unitStarts()[index] ?? 0;
  }

  /** The index of the unit that holds `line`; a line behind the end belongs to the last unit. */
  unitAt(line: number): number {
    return lineAt(this.unitStarts(), line);
  }

  /** The index of a unit; -1 where it is not in this document. */
  indexOf(unit: Unit): number {
    this.indices ??= new Map(this.list.map((one, index) => [one, index]));
    return this.indices.get(unit) ?? -1;
  }

  /** The whole text. */
  text(): string {
    return this.list.map((unit) => unit.text).join("");
  }

  /** Replaces the whole text. Units with the same text as before are kept. */
  replace(text: string): Replaced {
    return this.splice(0, this.list.length, cut(text));
  }

  /** Replaces `range` by `text`. Places behind the end are moved back to it. */
  edit(range: Range, text: string): Replaced {
    let first = this.unitAt(range.start.line);
    let last = Math.max(first, this.unitAt(range.end.line));
    // A unit is kept apart by its first line: where that changes, the unit before may swallow it.
    if (range.start.line <= this.startOf(first) && first > 0) first--;
    const base = this.startOf(first);
    let joined = this.joined(first, last);
    const lines = lineStartsOf(joined);
    const from = offsetIn(joined, lines, range.start.line - base, range.start.character);
    const to = Math.max(from, offsetIn(joined, lines, range.end.line - base, range.end.character));
    joined = joined.slice(0, from) + text + joined.slice(to);
    // Cut again until a cut falls on the start of a unit that the edit did not touch.
    const made: Unit[] = [];
    let start = 0;
    while (start < joined.length) {
      let end = unitEnd(joined, start, hasLoneReturns(joined));
      while (end === joined.length && last + 1 < this.list.length) {
        const next = this.list[last + 1]?.text ?? "";
        const longer = joined + next;
        end = unitEnd(longer, start, hasLoneReturns(longer));
        if (end === joined.length) break;
        joined = longer;
        last++;
      }
      made.push(new Unit(joined.slice(start, end)));
      start = end;
    }
    return this.splice(first, last + 1, made);
  }

  private joined(first: number, last: number): string {
    let text = "";
    for (let i = first; i <= last; i++) text += this.list[i]?.text ?? "";
    return text;
  }

  private splice(from: number, to: number, made: readonly Unit[]): Replaced {
    const old = new Map<string, Unit>();
    for (const unit of this.list.slice(from, to)) old.set(unit.text, unit);
    const kept = new Set<Unit>();
    const next = made.map((unit) => {
      const same = old.get(unit.text);
      if (same === undefined || kept.has(same)) return unit;
      kept.add(same);
      return same;
    });
    const removed = this.list.slice(from, to).filter((unit) => !kept.has(unit));
    const added = next.filter((unit) => !kept.has(unit));
    const sameLines = countLines(removed) === countLines(added);
    if (next.length === to - from && sameLines) this.overwrite(from, next, removed);
    else {
      this.list = [...this.list.slice(0, from), ...next, ...this.list.slice(to)];
      if (this.list.length === 0) this.list.push(new Unit(""));
      this.starts = null;
      this.indices = null;
      this.moves++;
    }
    return { removed, added };
  }

  /** Most keystrokes put one unit in the place of another, and move no line. */
  private overwrite(from: number, next: readonly Unit[], removed: readonly Unit[]): void {
    for (const unit of removed) this.indices?.delete(unit);
    next.forEach((unit, index) => {
      this.list[from + index] = unit;
      this.indices?.set(unit, from + index);
    });
    // Line counts may have moved between the units of the range.
    if (next.length <= 1) return;
    this.starts = null;
    this.moves++;
  }

  private unitStarts(): readonly number[] {
    if (this.starts === null) {
      let line = 0;
      this.starts = this.list.map((unit) => {
        const start = line;
        line += unit.lineCount;
        return start;
      });
    }
    return this.starts;
  }
}

function countLines(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + unit.lineCount, 0);
}

function cut(text: string): Unit[] {
  const units: Unit[] = [];
  const loneReturns = hasLoneReturns(text);
  for (let at = 0; at < text.length; ) {
    const end = unitEnd(text, at, loneReturns);
    units.push(new Unit(text.slice(at, end)));
    at = end;
  }
  return units.length > 0 ? units : [new Unit("")];
}

function offsetIn(text: string, lines: readonly number[], line: number, character: number): number {
  if (line < 0) return 0;
  const start = lines[line];
  if (start === undefined) return text.length;
  return Math.min(start + character, lineEnd(text, lines, line));
}
