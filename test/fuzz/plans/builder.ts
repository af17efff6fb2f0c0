// Writes IR in the canonical form: blocks and statements are made with names, numbers come last. Values are
// only offered where they are defined on every path, so what comes out passes the verifier.

import type { Random } from "../random.ts";

/** Which releases' spelling is used: how regions are entered and left, and whether calls have labels. */
export type Generation = "1.10" | "1.11" | "1.13";

/** A value, or an argument with its name. */
export interface Val {
  readonly type: string;
  /** `_2`, or null for a statement's value. */
  readonly name: string | null;
}

/** A place to jump to. */
export interface Label {
  block: Block | null;
}

export type Part = string | Val | Label;

interface Line {
  readonly value: Val;
  parts: readonly Part[];
  readonly type: string | null;
}

export interface Block {
  readonly lines: Line[];
  isEnded: boolean;
}

/** An edge of a φ node that is not known yet. */
export interface PendingPhi {
  readonly value: Val;
  readonly edges: { readonly from: Block; readonly value: Val | string }[];
}

export class Builder {
  readonly blocks: Block[] = [];
  readonly generation: Generation;
  /** Values that are defined here on every path. */
  scope: Val[] = [];
  private readonly phis: { readonly line: Line; readonly phi: PendingPhi }[] = [];

  constructor(generation: Generation) {
    this.generation = generation;
    this.startBlock();
  }

  get block(): Block {
    const last = this.blocks.at(-1);
    if (last === undefined) throw new Error("no block");
    return last;
  }

  startBlock(label: Label | null = null): Block {
    const block = { lines: [], isEnded: false };
    this.blocks.push(block);
    if (label !== null) label.block = block;
    return block;
  }

  /** Adds a statement; its value is offered unless its type is empty. */
  add(type: string | null, ...parts: Part[]): Val {
    const value = { type: type ?? "", name: null };
    this.block.lines.push({ value, parts, type });
    return value;
  }

  /** The same, and the value is offered to later statements. */
  make(type: string, ...parts: Part[]): Val {
    const value = this.add(type, ...parts);
    this.scope.push(value);
    return value;
  }

  call(label: "invoke" | "builtin" | "intrinsic" | "dynamic", type: string, ...parts: Part[]): Val {
    const isShort = this.generation !== "1.13";
    const shown = isShort && label !== "invoke" ? "" : `${isShort ? label : label.padStart(9)} `;
    return this.add(type, shown, ...parts);
  }

  /** Ends the block; control goes nowhere from it but where `parts` say. */
  end(...parts: Part[]): Block {
    const { block } = this;
    this.add(null, ...parts);
    block.isEnded = true;
    return block;
  }

  /** A φ node at the head of the block; edges may be added until the text is asked for. */
  phi(type: string, edges: PendingPhi["edges"]): PendingPhi {
    const value = { type, name: null };
    const phi = { value, edges };
    const line = { value, parts: [], type };
    const known = new Set(this.phis.map((one) => one.line));
    const at = this.block.lines.findIndex((one) => !known.has(one));
    this.block.lines.splice(at < 0 ? this.block.lines.length : at, 0, line);
    this.phis.push({ line, phi });
    this.scope.push(value);
    return phi;
  }

  ofType(type: string): Val[] {
    return this.scope.filter((one) => one.type === type);
  }

  /** Some value of the type; a constant where there is none. */
  some(random: Random, type: string): Val | string {
    const fitting = this.ofType(type);
    if (fitting.length > 0 && !random.oneIn(6)) return random.pick(fitting);
    if (type === "Int64") return `${random.below(8)}`;
    if (type === "Bool") return random.oneIn(2) ? "true" : "false";
    return fitting[0] ?? "nothing";
  }

  /** The body as it is printed, without header. */
  text(): string {
    const numbers = new Map<Val, number>();
    const blocks = new Map<Block, number>();
    this.blocks.forEach((block, index) => {
      blocks.set(block, index + 1);
      for (const line of block.lines) numbers.set(line.value, numbers.size + 1);
    });
    const shown = (part: Part): string => {
      if (typeof part === "string") return part;
      if ("block" in part) return `#${part.block === null ? 1 : blocks.get(part.block)}`;
      return part.name ?? `%${numbers.get(part)}`;
    };
    for (const { line, phi } of this.phis) {
      const edges = phi.edges.map(({ from, value }) => `#${blocks.get(from)} => ${shown(value)}`);
      line.parts = [`φ (${edges.join(", ")})`];
    }
    const width = String(this.blocks.length).length;
    const merges = this.merges(shown);
    return this.blocks
      .flatMap((block, index) =>
        block.lines.map((line, place) => {
          const head = `${index + 1} ${merges.has(index + 1) ? "┄" : "─"}`.padEnd(width + 2, "─");
          const isLast = place === block.lines.length - 1;
          const rail = isLast ? `└${"─".repeat(width + 1)}` : `│${" ".repeat(width + 1)}`;
          const type = line.type === null ? "" : `::${line.type}`;
          const text = line.parts.map(shown).join("");
          return `${place === 0 ? head : rail} %${numbers.get(line.value)} = ${text}${type}`;
        }),
      )
      .join("\n");
  }

  /** Blocks with two ways in or more, and handlers. */
  private merges(shown: (part: Part) => string): Set<number> {
    const ways = new Map<number, number>();
    const add = (block: number, n = 1): void => {
      ways.set(block, (ways.get(block) ?? 0) + n);
    };
    this.blocks.forEach((block, index) => {
      const last = (block.lines.at(-1)?.parts ?? []).map(shown).join("");
      const target = Number(/#(\d+)/.exec(last)?.[1] ?? 0);
      const isJump = last.startsWith("goto #");
      const isBranch = isJump && last.includes(" if not ");
      const isEnter = last.startsWith("enter #") || last.startsWith("$(Expr(:enter");
      const stops = last.startsWith("return") || last === "unreachable" || (isJump && !isBranch);
      if (isJump) add(target, isBranch && target === index + 2 ? 0 : 1);
      if (isEnter) add(target, 2);
      if (!stops) add(index + 2);
    });
    return new Set([...ways].filter(([, n]) => n >= 2).map(([block]) => block));
  }
}
