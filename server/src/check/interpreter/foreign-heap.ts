// Memory that C hands out: every block is tracked from `malloc` to `free`, addresses are never used
// again, and what goes wrong is recorded instead of done.
// Source: spec early-plan.md §8; design §5 (a tracked foreign heap).

import type { Value } from "./value.ts";

export interface ForeignBlock {
  readonly address: number;
  readonly size: number;
  /** Time of `free`; −1 while it is allocated. */
  freedAt: number;
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
  /** Bytes now, at most, and summed over the steps of the run. */
  size = 0;
  peak = 0;
  integral = 0;
  releases = 0;
  /** Time and bytes held from then on, at each change. */
  readonly history: (readonly [time: number, size: number])[] = [];
  private since = 0;

  allocate(size: number, time: number, isFinalizer: boolean): number {
    const place = isFinalizer ? this.nextFinalizer++ : this.nextMain++;
    const address = place * stride;
    this.advance(time);
    const block = { address, size, freedAt: -1, content: new Map<number, Value>() };
    this.blocks.set(place, block);
    this.size += size;
    this.peak = Math.max(this.peak, this.size);
    this.history.push([time, this.size]);
    return address;
  }

  /** The block that an address lies in; null for addresses of nobody. */
  blockAt(address: number): ForeignBlock | null {
    return this.blocks.get(Math.floor(address / stride)) ?? null;
  }

  /** False where the block was freed before; freeing no block at all does nothing. */
  free(address: number, time: number): boolean {
    const block = this.blockAt(address);
    if (block === null) return true;
    if (block.freedAt >= 0) return false;
    this.advance(time);
    block.freedAt = time;
    this.size -= block.size;
    this.releases++;
    this.history.push([time, this.size]);
    return true;
  }

  /** Adds what was held since the last change. */
  advance(time: number): void {
    this.integral += this.size * (time - this.since);
    this.since = time;
  }
}
