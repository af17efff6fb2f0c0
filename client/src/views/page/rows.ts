// A method as rows, one for each statement or for each block, in the order of the text, and where in them a
// place of the method stands. Lanes and pressure are drawn along these. Pure.

import { count } from "./dom.ts";
import type { Place, Range, ViewMethod } from "./wire.ts";

export interface Row {
  /** Block of the row; 0 for a row that stands for blocks left out. */
  readonly block: number;
  /** Position of the statement; 0 for a whole block, or for what is left out. */
  readonly position: number;
  readonly name: string;
  readonly text: string;
  readonly range: Range | null;
}

/** More rows cannot be looked through. */
const rowLimit = 1500;

export interface Rows {
  readonly rows: readonly Row[];
  /** What is left out and how to see it, as a sentence; empty where nothing is. */
  readonly leftOut: string;
  /** Where a segment's end or a point stands, in rows from the top; null where it is not drawn. */
  place(block: number, position: number, otherwise: "head" | "end"): number | null;
}

/**
 * @param wanted blocks to show
 * @param byStatement whether statements have rows of their own
 */
export function rowsOf(
  { blocks }: ViewMethod,
  wanted: ReadonlySet<number>,
  byStatement: boolean,
): Rows {
  const rows: Row[] = [];
  const first = new Map<number, number>();
  const size = new Map<number, number>();
  let nLeftOut = 0;
  let gap: string[] = [];
  const closeGap = (): void => {
    if (gap.length === 0) return;
    const name = gap.length > 1 ? `${gap[0]}–${gap.at(-1)}` : `${gap[0]}`;
    rows.push({ block: 0, position: 0, name, text: "…", range: null });
    gap = [];
  };
  blocks.forEach((block, index) => {
    if (!wanted.has(index + 1) || rows.length > rowLimit) {
      nLeftOut++;
      gap.push(block.name);
      return;
    }
    closeGap();
    first.set(index + 1, rows.length);
    if (byStatement && block.statements.length > 0) {
      for (const { position, text, range } of block.statements)
        rows.push({ block: index + 1, position, name: block.name, text, range });
    } else {
      const text = count(block.statements.length, "statement");
      rows.push({ block: index + 1, position: 0, name: block.name, text, range: block.range });
    }
    size.set(index + 1, rows.length - (first.get(index + 1) ?? 0));
  });
  closeGap();
  const shown = blocks.length - nLeftOut;
  return {
    rows,
    leftOut:
      nLeftOut === 0
        ? ""
        : `${shown.toLocaleString("en")} of ${count(blocks.length, "block")} are shown; untick “only where something lives”, or show blocks only, to see more.`,
    place: (block, position, otherwise) => {
      const [top, height] = [first.get(block), size.get(block)];
      if (top === undefined || height === undefined) return null;
      if (position === 0) return otherwise === "head" ? top : top + height;
      const statements = blocks[block - 1]?.statements ?? [];
      const at = statements.findIndex((one) => one.position === position);
      if (at < 0) return null;
      return top + ((at + 0.5) * height) / statements.length;
    },
  };
}

/** The block of a place; of an edge the one that it leaves. */
export function blockOf({ blocks }: ViewMethod, at: Place): number {
  if ("from" in at) return at.from;
  if ("block" in at) return at.block;
  return (
    blocks.findIndex(({ statements }) =>
      statements.some(({ position }) => position === at.statement),
    ) + 1
  );
}
