// Which boxes of a method's control flow are drawn, and what stands in them: by the reader's filters, and for
// very large methods by a cap around the cursor. What is left out is counted, never silently gone. Pure.

import { count, cut, plain } from "./dom.ts";
import type { ControlFlowView, Mark, MarkKind, Place, Range, ViewEdge } from "./wire.ts";

export interface GraphOptions {
  /** Blocks that always follow each other become one box. */
  readonly collapses: boolean;
  /** Statements are shown, not only what is marked. */
  readonly showsStatements: boolean;
  /** Only blocks in which this object is needed, held or marked; empty: all. */
  readonly object: string;
}

/** A line of a box. */
export interface Line {
  readonly kind: "head" | "statement" | "more" | MarkKind;
  readonly text: string;
  /** All of it, where `text` is cut. */
  readonly full: string;
  /** Where it stands in the file. */
  readonly range: Range;
}

export interface Box {
  /** 1-based positions, in the order of the text. */
  readonly blocks: readonly number[];
  /** `#3` or `#3–#5` */
  readonly name: string;
  readonly lines: readonly Line[];
  /** Id of the smallest loop around all of it, 0 for none. */
  readonly loop: number;
  readonly isHandler: boolean;
}

export interface Arrow {
  /** Indices of boxes. */
  readonly from: number;
  readonly to: number;
  readonly kind: ViewEdge["kind"];
  readonly condition: ViewEdge["condition"];
  readonly marks: readonly Mark[];
  /** Whether the way leads through blocks that are not drawn. */
  readonly isCut: boolean;
}

export interface Graph {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** Block → index of its box; absent where it is not drawn. */
  readonly boxOf: ReadonlyMap<number, number>;
  /** What is left out and how to see it, as a sentence; empty where nothing is. */
  readonly leftOut: string;
}

/** More boxes cannot be read, and take long to lay out. */
export const boxLimit = 100;
const lineLimit = 14;
const textLimit = 76;

export const markSigns: Readonly<Record<MarkKind, string>> = {
  registration: "●",
  julia: "◆",
  mistake: "⚠",
  early: "▼",
  blocker: "✗",
};

/**
 * The boxes and arrows to draw.
 *
 * @param near the block around which boxes are chosen where there are too many
 */
export function graphOf(view: ControlFlowView, options: GraphOptions, near: number): Graph {
  const all = view.blocks.map((_, index) => index + 1);
  const life = view.objects.find(({ object }) => object === options.object);
  const wanted = life === undefined ? all : all.filter((block) => life.blocks.includes(block));
  const chains = options.collapses ? chainsOf(view, new Set(wanted)) : wanted.map((one) => [one]);
  const kept = chains.length > boxLimit ? nearest(view, chains, near) : chains;
  const boxOf = new Map<number, number>();
  kept.forEach((blocks, index) => {
    for (const block of blocks) boxOf.set(block, index);
  });
  const marks = marksByPlace(view.marks);
  return {
    boxes: kept.map((blocks) => boxFor(view, blocks, marks, options)),
    arrows: arrowsOf(view, boxOf, marks),
    boxOf,
    leftOut: leftOutWords(all.length - boxOf.size, all.length, chains.length > boxLimit),
  };
}

function leftOutWords(n: number, all: number, isCapped: boolean): string {
  if (n === 0) return "";
  const how = isCapped
    ? "the others are too many to draw: move the cursor to see what is around it, collapse straight lines, or choose an object"
    : "the others lie outside of the object's life: choose “all blocks” to see them";
  return `${(all - n).toLocaleString("en")} of ${count(all, "block")} are drawn; ${how}.`;
}

/** Runs of blocks of which each has the next one as its only successor, and that one no other predecessor. */
function chainsOf(view: ControlFlowView, wanted: ReadonlySet<number>): number[][] {
  const after = new Map<number, number[]>();
  const before = new Map<number, number[]>();
  for (const { from, to } of view.edges) {
    after.set(from, [...(after.get(from) ?? []), to]);
    before.set(to, [...(before.get(to) ?? []), from]);
  }
  const next = (block: number): number => {
    const [to = 0, ...others] = after.get(block) ?? [];
    const isOnly = others.length === 0 && before.get(to)?.length === 1;
    const isSameLoop = view.blocks[to - 1]?.loop === view.blocks[block - 1]?.loop;
    return isOnly && isSameLoop && wanted.has(to) && to > block ? to : 0;
  };
  const followers = new Set([...wanted].map(next));
  return [...wanted]
    .filter((block) => !followers.has(block))
    .map((head) => {
      const chain: number[] = [];
      for (let block = head; block > 0; block = next(block)) chain.push(block);
      return chain;
    });
}

/** As many boxes as fit, those fewest steps away from the block, whichever way the arrows point. */
function nearest(view: ControlFlowView, chains: readonly number[][], near: number): number[][] {
  const chainOf = new Map<number, number[]>();
  for (const chain of chains) for (const block of chain) chainOf.set(block, chain);
  const beside = new Map<number, number[]>();
  for (const { from, to } of view.edges) {
    beside.set(from, [...(beside.get(from) ?? []), to]);
    beside.set(to, [...(beside.get(to) ?? []), from]);
  }
  const kept = new Set<number[]>();
  const seen = new Set<number>();
  // All blocks are starts, for those that nothing leads to; the first one takes most.
  for (const start of [near, ...chains.flat()]) {
    const queue = [start];
    for (const block of queue) {
      if (kept.size === boxLimit) return chains.filter((chain) => kept.has(chain));
      if (seen.has(block)) continue;
      seen.add(block);
      const chain = chainOf.get(block);
      if (chain !== undefined) kept.add(chain);
      queue.push(...(beside.get(block) ?? []));
    }
  }
  return [...chains];
}

function placeKey(at: Place): string {
  if ("statement" in at) return `%${at.statement}`;
  return "block" in at ? `#${at.block}` : `${at.from}→${at.to}`;
}

function marksByPlace(marks: readonly Mark[]): Map<string, Mark[]> {
  const found = new Map<string, Mark[]>();
  for (const mark of marks) {
    const key = placeKey(mark.at);
    const known = found.get(key);
    if (known === undefined) found.set(key, [mark]);
    else known.push(mark);
  }
  return found;
}

function boxFor(
  view: ControlFlowView,
  blocks: readonly number[],
  marks: ReadonlyMap<string, readonly Mark[]>,
  { showsStatements }: GraphOptions,
): Box {
  const lines: Line[] = [];
  const add = (kind: Line["kind"], full: string, range: Range): void => {
    lines.push({ kind, text: cut(full, textLimit), full, range });
  };
  const addMarks = (at: Place, range: Range): void => {
    for (const { kind, words } of marks.get(placeKey(at)) ?? [])
      add(kind, `${markSigns[kind]} ${plain(words)}`, range);
  };
  let loop = -1;
  for (const block of blocks) {
    const one = view.blocks[block - 1];
    if (one === undefined) continue;
    loop = one.loop;
    add("head", headWords(view, block), one.range);
    addMarks({ block }, one.range);
    let nShown = 0;
    let nHidden = 0;
    for (const { position, text, range } of one.statements) {
      const isMarked = marks.has(placeKey({ statement: position }));
      if (isMarked || (showsStatements && nShown < lineLimit)) {
        add("statement", text, range);
        nShown++;
      } else nHidden++;
      addMarks({ statement: position }, range);
    }
    if (nHidden > 0 && showsStatements)
      add("more", `… ${count(nHidden, "more statement")}`, one.range);
  }
  const names = blocks.map((block) => view.blocks[block - 1]?.name ?? `#${block}`);
  return {
    blocks,
    name: names.length > 1 ? `${names[0]}–${names.at(-1)}` : (names[0] ?? ""),
    lines,
    loop: Math.max(0, loop),
    isHandler: view.blocks[(blocks[0] ?? 0) - 1]?.isHandler === true,
  };
}

function headWords(view: ControlFlowView, block: number): string {
  const one = view.blocks[block - 1];
  const heads = view.loops.find(({ header }) => header === block);
  const parts = [one?.name ?? `#${block}`];
  if (heads !== undefined)
    parts.push(heads.irreducible ? "heads a loop, irreducible" : "heads a loop");
  if (one?.isHandler === true) parts.push("handler");
  if (one !== undefined) parts.push(count(one.statements.length, "statement"));
  return parts.join(" · ");
}

/** Edges between boxes; where one leads to a block that is not drawn, it goes on to the next ones that are. */
function arrowsOf(
  view: ControlFlowView,
  boxOf: ReadonlyMap<number, number>,
  marks: ReadonlyMap<string, readonly Mark[]>,
): Arrow[] {
  const after = new Map<number, ViewEdge[]>();
  for (const edge of view.edges) after.set(edge.from, [...(after.get(edge.from) ?? []), edge]);
  const arrows = new Map<string, Arrow>();
  const add = (edge: ViewEdge, to: number, isCut: boolean): void => {
    const [from, target] = [boxOf.get(edge.from), boxOf.get(to)];
    if (from === undefined || target === undefined) return;
    // Inside of a box; a loop of one block is drawn.
    if (from === target && edge.kind !== "back") return;
    const key = `${from} ${target} ${isCut} ${edge.condition} ${edge.kind}`;
    const own = isCut ? [] : (marks.get(placeKey({ from: edge.from, to: edge.to })) ?? []);
    if (!arrows.has(key)) arrows.set(key, { ...edge, from, to: target, marks: own, isCut });
  };
  for (const edge of view.edges) {
    if (!boxOf.has(edge.from)) continue;
    if (boxOf.has(edge.to)) {
      add(edge, edge.to, false);
      continue;
    }
    const seen = new Set<number>([edge.to]);
    const work = [edge.to];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      for (const { to } of after.get(block) ?? []) {
        if (boxOf.has(to)) add(edge, to, true);
        else if (!seen.has(to)) {
          seen.add(to);
          work.push(to);
        }
      }
    }
  }
  return [...arrows.values()];
}
