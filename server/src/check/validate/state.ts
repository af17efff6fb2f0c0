// What is known, at a point of one path, of one object that is followed there.

import type { Method } from "../../ir/method.ts";

/** The value is the object; it may be; the object may be reached through it. */
export const holds = 1;
export const may = 2;
export const reach = 4;

export interface State {
  /** Whether the object has been allocated and chosen. */
  tracked: boolean;
  /** Flags by value: argument k at k, SSA position n at n + nArguments. */
  readonly flags: Uint8Array;
  /** For each registration: how many of it wait on the object, up to 2. */
  readonly pending: Uint8Array;
  /** For each registration: 1 where its body has run on the object. */
  readonly ran: Uint8Array;
  /**
   * For each registration: 1 where it waits on another object; 2 where it does, and the name of its
   * function is another closure's by now.
   */
  readonly others: Uint8Array;
  finalized: boolean;
  /** Whether an exception has been caught since: where it came from, the handler cannot know. */
  isCaught: boolean;
  /** Whether a placement may have been on another object. */
  isUnsure: boolean;
  /** 0: no; 1: perhaps; 2: something outside keeps the object. */
  escaped: number;
  /** Regions that hold finalizers back. */
  locks: number;
}

export function emptyState(method: Method, nRegistrations: number): State {
  return {
    tracked: false,
    flags: new Uint8Array(method.nArguments + method.nStatements + 1),
    pending: new Uint8Array(nRegistrations),
    ran: new Uint8Array(nRegistrations),
    others: new Uint8Array(nRegistrations),
    finalized: false,
    isCaught: false,
    isUnsure: false,
    escaped: 0,
    locks: 0,
  };
}

export function copyState(state: State): State {
  return {
    ...state,
    flags: state.flags.slice(),
    pending: state.pending.slice(),
    ran: state.ran.slice(),
    others: state.others.slice(),
  };
}

/** Equal states have equal keys; `indices` are the values that can have flags at all. */
export function keyOf(state: State, indices: readonly number[]): string {
  let key = `${state.tracked ? 1 : 0}${state.finalized ? 1 : 0}${state.isCaught ? 1 : 0}${state.isUnsure ? 1 : 0}${state.escaped}${state.locks}`;
  for (const index of indices) key += state.flags[index] ?? 0;
  return `${key}|${state.pending.join("")}${state.ran.join("")}${state.others.join("")}`;
}
