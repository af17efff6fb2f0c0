// What a run says: its result, the effects that others see, what finalizers did, and everything that
// should not have happened.
// Source: spec early-plan.md §2, §3, §7, §8.

import type { Usage } from "./timeline.ts";
import type { Value } from "./value.ts";

/** What can go wrong in a run. */
export type FaultKind =
  | "use-after-finalize" // behind a finalizer that a plan ran
  | "use-after-collect" // behind one that the collector ran: the interpreter took a live object for dead
  | "use-after-free"
  | "double-free"
  | "double-run" // a placement runs a body that has run
  | "not-registered" // a placement runs a body of a registration that did not happen
  | "never-allocated" // a placement finds no object
  | "leak" // a dropped registration whose body never ran
  | "pending-order" // an object is finalized while a pending finalizer still reaches it
  | "still-reachable" // an object is finalized early that a global, caller or callee still reaches
  | "lock-region" // an early body takes a lock that is held around it
  | "weak-reference" // a weak reference gives out a finalized object
  | "extended-over-loop" // held around a whole loop iteration in which nothing needs it
  | "body-throws" // an inlined body threw
  | "invalid-read"; // a value that was never set

export interface Fault {
  readonly kind: FaultKind;
  /** Position of the registration, placement or statement in the checked method; 0 for callees. */
  readonly position: number;
  readonly words: string;
}

/** How a run ended. */
export type Ending =
  | { readonly kind: "returned"; readonly value: string }
  | { readonly kind: "thrown"; readonly value: string }
  | { readonly kind: "deadlock" | "fuel" | "unreachable" | "unsupported"; readonly value: string };

/** One run of a finalizer. */
export interface FinalizerRun {
  /** Object and function. */
  readonly key: string;
  readonly object: string;
  /** Position of the registration in the root method; 0 inside of callees. */
  readonly registration: number;
  readonly time: number;
  /** How many points at which a collector may run the program had passed, bodies left out. */
  readonly point: number;
  /** Number of those that ran together with it: by one collection, or one `finalize`. */
  readonly batch: number;
  readonly cause: "gc" | "finalize" | "placed" | "exit";
  /** What the body did, in words. */
  readonly effects: string;
}

export interface Outcome {
  readonly ending: Ending;
  /** Effects apart from those of finalizers, in order. */
  readonly trace: readonly string[];
  readonly runs: readonly FinalizerRun[];
  readonly faults: readonly Fault[];
  /** Whether the program has asked a weak reference for its object, which is the collector's to answer. */
  readonly asksWeak: boolean;
  /** Finalizers that a directed collector was to run and that were not next on their objects. */
  readonly refused: readonly FinalizerRun[];
  readonly steps: number;
  /** Statements of the program, those of finalizers and φ nodes left out. */
  readonly time: number;
  /** Bytes of C memory. */
  readonly memory: Usage;
  /** Objects whose finalizers have not all run. */
  readonly held: Usage;
  readonly unknown: readonly Unknown[];
  readonly arguments: readonly (Value | undefined)[];
  /** What was returned or thrown. */
  readonly result: Value | undefined;
}

/** Something that the text does not tell, and what the run made of it. */
export interface Unknown {
  /** A callee without text, a C function, a function known by its name alone, a value. */
  readonly kind: "callee" | "foreign" | "known" | "value";
  readonly name: string;
  count: number;
  /** What an opaque callee did. */
  readonly acts: Set<string>;
}

/** A Julia exception on its way. */
export class Thrown {
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

/** The end of a run that no handler sees. */
export class Stop {
  readonly kind: "deadlock" | "fuel" | "unreachable" | "unsupported";
  readonly words: string;
  constructor(kind: Stop["kind"], words: string) {
    this.kind = kind;
    this.words = words;
  }
}
