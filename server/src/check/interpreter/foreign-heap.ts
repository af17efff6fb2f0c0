// Memory that C hands out: every block is tracked from `malloc` to `free`, addresses are never used
// again, and what goes wrong is recorded instead of done.
// Source: spec early-plan.md §8; design §5 (a tracked foreign heap).

import { type Moment, Timeline } from "./timeline.ts";
import type { Value } from "./value.ts";

export interface ForeignBlock {
  readonly address: number;
  readonly size: number;
  isFree: boolean;
  /** Offset → value, as it was stored; unset memory reads as 0. */
  readonly content: Map<number, Value>;
}

/** Blocks start this far apart, so that an address tells its block. */
const stride = 2 ** 24;
const firstMain = 1;
/** Blocks that finalizers allocate have addresses of their own: they run at different times. */
const firstFinalizer = 2 ** 20;

export class ForeignHeap {
  private readonly blocks = new Map<number, ForeignBlock>();
  private nextMain = firstMain;
  private nextFinalizer = firstFinalizer;
  /** Bytes held. */
  readonly usage: Timeline = new Timeline();

  allocate(size: number, moment: Moment, isFinalizer: boolean): number {
    const place = isFinalizer ? this.nextFinalizer++ : this.nextMain++;
    const address = place * stride;
    const block = { address, size, isFree: false, content: new Map<number, Value>() };
    this.blocks.set(place, block);
    this.usage.rise(size, moment);
    return address;
  }

  /** The block that an address lies in; null for addresses of nobody. */
  blockAt(address: number): ForeignBlock | null {
    return this.blocks.get(Math.floor(address / stride)) ?? null;
  }

  /** False where the block was freed before; freeing no block at all does nothing. */
  free(address: number, moment: Moment): boolean {
    const block = this.blockAt(address);
    if (block === null) return true;
    if (block.isFree) return false;
    block.isFree = true;
    this.usage.fall(block.size, moment);
    return true;
  }
}
