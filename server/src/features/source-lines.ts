// Where in the Julia source the code of a method's statements stands, as far as the text tells: the
// lines of the outermost frame, which is the method's own, from rails or from IRCode's column.

import type { Method } from "../ir/method.ts";
import { readMethodPlace, type SourceFrame, stackAt } from "../syntax/debuginfo.ts";
import { lineEnd } from "../text/line-index.ts";

/** A line of a Julia file. */
export interface SourceLine {
  /** As printed; empty where the text has only line numbers. */
  readonly file: string;
  readonly line: number;
}

export class SourceLines {
  private readonly method: Method;
  private readonly lines: readonly string[];
  private readonly known = new Map<number, SourceLine | null>();

  constructor(method: Method) {
    const { text, syntax } = method;
    this.method = method;
    this.lines = syntax.lineStarts.map((start, index) =>
      text.slice(start, lineEnd(text, syntax.lineStarts, index)),
    );
  }

  /** The source line of the statement at `position`; null where the text does not tell. */
  at(position: number): SourceLine | null {
    const known = this.known.get(position);
    if (known !== undefined) return known;
    const statement = this.method.statements[position - 1];
    const frames = statement === undefined ? [] : stackAt(this.lines, statement.line);
    const outermost = frames[0] === undefined ? null : completed(this.method, frames[0]);
    const found =
      outermost === null || outermost.line === 0
        ? null
        : { file: outermost.file, line: outermost.line };
    this.known.set(position, found);
    return found;
  }

  /** Where the method is defined, from its `from` line; null where there is none. */
  definition(): SourceLine | null {
    const { from } = this.method.header;
    const place = from === null ? null : readMethodPlace(from, 0, from.length);
    return place === null ? null : { file: place.location.file, line: place.location.line };
  }
}

/** IRCode prints only a line number: file and name are the method's own. */
export function completed({ header }: Method, frame: SourceFrame): SourceFrame {
  if (frame.file !== "" || header.from === null) return frame;
  const place = readMethodPlace(header.from, 0, header.from.length);
  const name = header.name ?? "";
  return place === null ? frame : { file: place.location.file, line: frame.line, name };
}

/** `mwe.jl:14`, `line 14`. */
export function lineWords({ file, line }: SourceLine): string {
  return file === "" ? `line ${line}` : `${file}:${line}`;
}
