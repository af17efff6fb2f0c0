// A method made ready to run: for every block its φ nodes, its statements as functions, and where it
// goes on; what placements add stands where it takes effect. Made once and run many times.

import type { Method } from "../../ir/method.ts";
import type { Placement } from "../../ir/placed.ts";
import type { Liveness } from "../liveness.ts";
import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";

/** Reads an operand. */
export type Read = (frame: Frame, machine: Machine) => Value | undefined;

/** Carries out a statement and gives its value. */
export type Action = (machine: Machine, frame: Frame) => Value | undefined;

export type Terminator =
  | { readonly kind: "fall" }
  | { readonly kind: "goto"; readonly target: number }
  | { readonly kind: "branch"; readonly condition: Read; readonly target: number }
  | { readonly kind: "return"; readonly value: Read }
  | { readonly kind: "unreachable" }
  | { readonly kind: "enter"; readonly handler: number; readonly position: number };

export interface Phi {
  readonly position: number;
  /** Predecessor block → what comes from there. */
  readonly from: ReadonlyMap<number, Read>;
}

export interface Block {
  readonly phis: readonly Phi[];
  readonly steps: readonly Step[];
  readonly terminator: Terminator;
  /** Placements before and behind the φ nodes. */
  readonly before: readonly Placement[];
  readonly head: readonly Placement[];
}

export interface Step {
  readonly position: number;
  readonly act: Action;
  /** Whether a collector may run here, before the statement. */
  readonly isSafepoint: boolean;
  /** Whether the program with which this one is compared has the statement too. */
  readonly isCounted: boolean;
  readonly after: readonly Placement[];
}

export interface Code {
  readonly method: Method;
  readonly name: string;
  /** Index 0 is not used. */
  readonly blocks: readonly Block[];
  /** Placements on edges, by from × (nBlocks + 1) + to. */
  readonly edges: ReadonlyMap<number, readonly Placement[]>;
  readonly dropped: ReadonlySet<number>;
  /** Names of bodies that the method calls in place of dropped registrations. */
  readonly bodies: ReadonlySet<string>;
  /** What the collector must keep, placements included; made when a collector first asks. */
  readonly liveness: () => Liveness;
  /** The same without placements: what the program needs. */
  readonly need: () => Liveness;
  /** Whether `leave` counts regions (≤ 1.10), and a handler leaves its own region. */
  readonly countsRegions: boolean;
  readonly hasPlacements: boolean;
  /** The argument that takes all further ones as a tuple; 0 where none does. */
  readonly vararg: number;
}
