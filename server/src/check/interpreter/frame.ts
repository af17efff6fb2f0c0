// One activation of a method.

import type { Code } from "./code.ts";
import type { Obj, Value } from "./value.ts";

/** An open exception region. */
export interface OpenRegion {
  readonly enter: number;
  readonly handler: number;
  /** Until Julia 1.10 a region stays open in its handler, which leaves it itself. */
  isHandling: boolean;
  readonly nExceptions: number;
}

/** A dropped registration that would have happened here. */
export interface Ghost {
  readonly object: Obj;
  readonly body: Value | undefined;
  readonly position: number;
  hasRun: boolean;
}

/** An object whose lifetime is watched, and the step at which nothing needed it any more. */
export interface Watched {
  readonly object: Obj;
  deadSince: number;
  /**
   * Whether another object's pending finalizer has reached it, or `ifelse` passed it over: what still needs
   * it, no text tells.
   */
  wasHeld: boolean;
}

export class Frame {
  readonly code: Code;
  readonly values: (Value | undefined)[];
  /** Argument k at index k; the function itself at 1. */
  readonly arguments: readonly (Value | undefined)[];
  /** Position of the statement at hand. */
  at = 0;
  regions: OpenRegion[] = [];
  readonly exceptions: (Value | undefined)[] = [];
  /** ϒ position → step at which it ran last. */
  readonly upsilons: Map<number, number> = new Map<number, number>();
  readonly ghosts: Ghost[] = [];
  readonly watched: Watched[] = [];
  /** Block → step of its last entry. */
  readonly entered: Int32Array;
  /** The latest step from which some block was entered again since. */
  cycleSince = -1;

  constructor(code: Code, args: readonly (Value | undefined)[]) {
    this.code = code;
    this.values = new Array(code.method.nStatements + 1).fill(undefined);
    this.arguments = args;
    this.entered = new Int32Array(code.method.nBlocks + 1).fill(-1);
  }
}
