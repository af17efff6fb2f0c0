// Which statements stand inside a `try`: an exception that one of them raises goes to a handler of the
// same method and does not leave it. Where paths disagree about the open regions, where a region's end
// is not to be found, and after a line that could not be read, nothing counts as caught.
// Source: spec ir-text.md §4, S10–S16; escape-analysis.md §6.

import { successorsOf } from "../../ir/graph.ts";
import { blockWithLabel, type Method } from "../../ir/method.ts";
import { entersOf } from "../../ir/region.ts";

/** An open region; a chain from the innermost outwards. Equal nests are one object. */
interface Region {
  readonly enter: number;
  /**
   * Whether exceptions go to a handler, of this region or one around it: a region may only set a scope,
   * and up to 1.10 a handler begins inside its region.
   */
  readonly catches: boolean;
  readonly outer: Region | null;
}

/** For each statement (place n for position n) 1 where what it raises is caught in this method. */
export function caughtStatements(method: Method): Uint8Array {
  const none = new Uint8Array(method.nStatements + 1);
  if (!method.statements.some(({ kind }) => kind === "enter")) return none;
  if (method.statements.some(({ kind }) => kind === "opaque")) return none;
  return new RegionWalk(method).run() ?? none;
}

class RegionWalk {
  private readonly method: Method;
  private readonly known = new Map<string, Region>();
  private readonly ids = new Map<Region, number>();
  private readonly before = new Map<number, Region | null>();
  private readonly work: number[] = [];
  private disagrees = false;
  /** ≤ 1.10: `leave` counts, and a handler begins inside its region. */
  private readonly counts: boolean;

  constructor(method: Method) {
    this.method = method;
    this.counts = method.statements.some(
      ({ kind, operands }) => kind === "leave" && operands[0]?.kind === "number",
    );
  }

  run(): Uint8Array | null {
    const { method } = this;
    const caught = new Uint8Array(method.nStatements + 1);
    this.flow(1, null);
    for (let block = this.work.pop(); block !== undefined; block = this.work.pop()) {
      let region = this.before.get(block) ?? null;
      const end = method.firstOf[block + 1] ?? 0;
      for (let at = method.firstOf[block] ?? 0; at < end; at++) {
        const kind = method.statements[at - 1]?.kind;
        if (kind === "leave") {
          const left = this.leave(region, at);
          if (left === undefined) return null;
          region = left;
        } else if (kind === "enter") region = this.enter(region, at, block);
        else if (region?.catches === true) caught[at] = 1;
      }
      for (const successor of successorsOf(method.graph, block)) {
        if (!this.isHandlerOf(block, successor)) this.flow(successor, region);
      }
    }
    return this.disagrees ? null : caught;
  }

  private enter(outer: Region | null, at: number, block: number): Region {
    const label = this.method.statements[at - 1]?.blocks[0]?.label ?? 0;
    const handler = label === 0 ? 0 : blockWithLabel(this.method, label);
    if (handler > 0 && handler !== block + 1) {
      this.flow(handler, this.counts ? this.region(at, false, outer) : outer);
    }
    return this.region(at, handler > 0, outer);
  }

  /** The edge into a handler has other regions open than the fall-through, see `enter`. */
  private isHandlerOf(block: number, successor: number): boolean {
    const last = this.method.statements[(this.method.firstOf[block + 1] ?? 0) - 2];
    return last?.kind === "enter" && successor !== block + 1;
  }

  /** The region around those that the `leave` ends; undefined where they are not open here. */
  private leave(region: Region | null, at: number): Region | null | undefined {
    if (!this.counts) {
      let left = region;
      for (const enter of entersOf(this.method, at)) {
        if (left?.enter !== enter) return undefined;
        left = left.outer;
      }
      return left;
    }
    const count = Number(this.method.statements[at - 1]?.operands[0]?.text ?? "0");
    let left = region;
    for (let n = count; n > 0; n--) {
      if (left === null) return undefined;
      left = left.outer;
    }
    return left;
  }

  private region(enter: number, handles: boolean, outer: Region | null): Region {
    const catches = handles || outer?.catches === true;
    const key = `${enter} ${catches} ${outer === null ? 0 : this.ids.get(outer)}`;
    let region = this.known.get(key);
    if (region === undefined) {
      region = { enter, catches, outer };
      this.known.set(key, region);
      this.ids.set(region, this.ids.size + 1);
    }
    return region;
  }

  private flow(block: number, region: Region | null): void {
    const known = this.before.get(block);
    if (known === undefined) {
      this.before.set(block, region);
      this.work.push(block);
    } else if (known !== region) this.disagrees = true;
  }
}
