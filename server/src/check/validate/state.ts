// What is known, at a point of one path, of one object that is followed there.

import type { Method } from "../../ir/method.ts";

/** The value is the object; it may be; the object may be reached through it. */
export const holds = 1;
export const may = 2;
export const reach = 4;

/**
 * The values that can have flags in one walk. Few of a method's values can, so a state has a slot for each of
 * those and not for all. Values are indices: argument k at k, SSA position n at n + nArguments.
 */
export interface Slots {
  /** By value its slot; 0: it never has a flag. */
  readonly of: Int32Array;
  /** By slot its value; slot 0 is nobody's. */
  readonly values: readonly number[];
}

export function slotsOf(method: Method, candidates: readonly number[]): Slots {
  const of = new Int32Array(method.nArguments + method.nStatements + 1);
  candidates.forEach((value, index) => {
    of[value] = index + 1;
  });
  return { of, values: [0, ...candidates] };
}

export class State {
  readonly slots: Slots;
  private readonly flags: Uint8Array;
  /** For each registration: how many of it wait on the object, up to 2. */
  readonly pending: number[];
  /** For each registration: 1 where its body has run on the object. */
  readonly ran: number[];
  /**
   * For each registration: 1 where it waits on another object; 2 where it does, and the name of its
   * function is another closure's by now.
   */
  readonly others: number[];
  /** Whether the object has been allocated and chosen. */
  tracked = false;
  finalized = false;
  /** Whether an exception has been caught since: where it came from, the handler cannot know. */
  isCaught = false;
  /** Whether a placement may have been on another object. */
  isUnsure = false;
  /** 0: no; 1: perhaps; 2: something outside keeps the object. */
  escaped = 0;
  /** Regions that hold finalizers back. */
  locks = 0;

  private constructor(slots: Slots, flags: Uint8Array, registrations: readonly number[][]) {
    const [pending = [], ran = [], others = []] = registrations;
    this.slots = slots;
    this.flags = flags;
    this.pending = pending;
    this.ran = ran;
    this.others = others;
  }

  static empty(slots: Slots, nRegistrations: number): State {
    const none = (): number[] => new Array<number>(nRegistrations).fill(0);
    return new State(slots, new Uint8Array(slots.values.length), [none(), none(), none()]);
  }

  copy(): State {
    const { pending, ran, others } = this;
    const lists = [pending.slice(), ran.slice(), others.slice()];
    const copy = new State(this.slots, this.flags.slice(), lists);
    copy.tracked = this.tracked;
    copy.finalized = this.finalized;
    copy.isCaught = this.isCaught;
    copy.isUnsure = this.isUnsure;
    copy.escaped = this.escaped;
    copy.locks = this.locks;
    return copy;
  }

  /** The flags of the value with that index. */
  get(value: number): number {
    return this.flags[this.slots.of[value] ?? 0] ?? 0;
  }

  set(value: number, flags: number): void {
    const slot = this.slots.of[value] ?? 0;
    if (slot > 0) this.flags[slot] = flags;
    else if (flags !== 0) throw new Error(`value ${value} was not expected to have flags`);
  }

  /** Whether some value has flags. */
  isNamed(): boolean {
    return this.flags.some((flags) => flags !== 0);
  }

  /** Values that have flags. */
  named(): number[] {
    const found: number[] = [];
    for (let slot = 1; slot < this.flags.length; slot++) {
      if (this.flags[slot] !== 0) found.push(this.slots.values[slot] ?? 0);
    }
    return found;
  }

  /** Equal states of one walk have equal keys. */
  key(): string {
    const { tracked, finalized, isCaught, isUnsure, escaped, locks } = this;
    const bits = (tracked ? 1 : 0) | (finalized ? 2 : 0) | (isCaught ? 4 : 0) | (isUnsure ? 8 : 0);
    const flags = String.fromCharCode(bits, escaped, locks, ...this.flags);
    return `${flags}${this.pending.join("")}${this.ran.join("")}${this.others.join("")}`;
  }
}
