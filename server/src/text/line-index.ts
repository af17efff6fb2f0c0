// Line starts of a text, and the two ways of naming a place in it: an offset in UTF-16 code units,
// and a line with a character. Only line breaks that the Language Server Protocol knows count:
// `\n`, `\r\n` and a lone `\r`. It does not keep the text.

/** A place as editors name it: 0-based line, 0-based UTF-16 code unit within the line. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open range of positions. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Offsets (0-based, UTF-16) at which each line of `text` starts; the first is 0. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  if (text.indexOf("\r") < 0) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/**
 * The line (0-based) that holds `offset`, by binary search in `starts` (ascending, first is 0).
 * An offset past the end belongs to the last line.
 */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The position of `offset` in the text that `starts` was made from. */
export function positionAt(starts: readonly number[], offset: number): Position {
  const line = lineAt(starts, offset);
  return { line, character: offset - (starts[line] ?? 0) };
}

/**
 * The end (exclusive) of the line's content: its line break is left out.
 * `line` is 0-based and must exist.
 */
export function lineEnd(text: string, starts: readonly number[], line: number): number {
  let end = starts[line + 1] ?? text.length;
  if (line + 1 < starts.length) {
    if (text.charCodeAt(end - 1) === 10) end--;
    if (text.charCodeAt(end - 1) === 13) end--;
  }
  return end;
}
