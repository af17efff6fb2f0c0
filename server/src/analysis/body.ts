// The method as the analyses see it: operands resolved to values, callees to builtins or callee
// facts, and for each statement whether it can throw and whether it has effects. One flat list, made
// once per method and never changed; passes that rewrite make a new list.
//
// Values are numbers: n ≥ 1 is the SSA value of statement n, −k is argument k (the function itself
// is −1), 0 is a constant, and `globalValue` a global binding.
// Source: spec escape-analysis.md §4–5, effects.md §3; facts format of spec/samples.

import type { CalleeFacts } from "./environment.ts";

/** An SSA value, an argument, a constant or a global, as one number. */
export type Value = number;

/** The value of an operand that names a global binding, or a name that nobody declares. */
export const globalValue: Value = -0x40000000;

export type BodyKind =
  | "intrinsic"
  | "builtin"
  | "call" // dynamic, or a call whose callee is not known
  | "invoke"
  | "new"
  | "foreigncall"
  | "alias" // φ, φᶜ, π, ϒ, and copies: the result may be any of the arguments
  | "global" // a global as a statement
  | "return"
  | "preserveend" // its argument is the token, the begin statement
  | "enter"
  | "none" // nothing that an analysis of values has to see
  | "conservative"; // everything that takes part escapes

/** Three answers: proven yes, proven or printed no, not known. */
export type Tri = "yes" | "no" | "unknown";

export interface BodyStatement {
  readonly kind: BodyKind;
  /** Name of the builtin or intrinsic; the printed kind of an alias (`phi`, `pi`, `copy` …). */
  readonly name: string;
  /** All operands in Julia's order: for calls the callee first, for `%new` the type first. */
  readonly args: readonly Value[];
  readonly nothrow: Tri;
  readonly effectFree: Tri;
  /** Whether an unused statement may be deleted. */
  readonly removable: boolean;
  /** getfield, setfield!: 1-based field of the object; 0 where it is not one constant field. */
  readonly field: number;
  /** Number of fields of the object (getfield, setfield!) or of the result (new, tuple); −1 unknown. */
  readonly fieldCount: number;
  /** getfield: the object may be a module. */
  readonly maybeModule: boolean;
  /** setfield!: proven not to throw from its operands' types alone. */
  readonly fieldStoreNothrow: boolean;
  /** foreigncall: for each C argument whether it is declared `Any`. */
  readonly declaredAny: readonly boolean[];
  /** A field access with an atomic ordering: the pass leaves it alone. */
  readonly ordered: boolean;
  /** ifelse with a constant condition. */
  readonly condition: boolean | null;
  /** foreigncall: declared not to touch task state. */
  readonly notaskstate: boolean;
  /** enter: position of the handler's first statement; 0 without a handler. */
  readonly handler: number;
  readonly callee: CalleeFacts | null;
}

/** A method ready for the analyses. Statement n stands at `statements[n - 1]`. */
export interface Body {
  readonly nArguments: number;
  readonly statements: readonly BodyStatement[];
  /** By value index (`indexOfValue`): 1 where the value's type is identity-free. */
  readonly identityFree: Uint8Array;
  /**
   * Whether a bare name occurs that may be an argument, because no header declares the names: what
   * happens to the arguments is then not known.
   */
  readonly hasUndeclaredNames: boolean;
  /** Whether registering a finalizer lets the object escape, as it did for releases without a model. */
  readonly finalizerEscapes: boolean;
  /** By value index: what kind of object the value is, a sum of the `shape` bits. */
  readonly shapes: Uint8Array;
}

/** Bits of `Body.shapes`. Nothing set: the type is not one data type, or is not known. */
export const shape = {
  /** The type is a single data type. */
  data: 1,
  /** It is a mutable struct. */
  mutable: 2,
  /** It has an `@atomic` field. */
  atomic: 4,
  /** Its fields are known, so that the absence of `atomic` is proven. */
  layout: 8,
} as const;

/** The index of a value in tables over arguments and statements: arguments first. −1: not tracked. */
export function indexOfValue(nArguments: number, value: Value): number {
  if (value > 0) return nArguments + value - 1;
  return value < 0 && value !== globalValue ? -value - 1 : -1;
}
