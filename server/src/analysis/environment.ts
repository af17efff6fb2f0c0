// What an analysis may ask about the world outside its method: types, callees, the profile. The
// workspace supplies it; the analyses stay functions of IR and answers.

import type { Method } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";
import type { Assumption } from "./assumption.ts";
import type { Body } from "./body.ts";
import type { BodyActs } from "./effects/acts.ts";
import type { Effects } from "./effects/effects.ts";
import type { MethodSummary } from "./method-summary.ts";
import type { Profile } from "./profile.ts";
import type { TypeTable } from "./type-table.ts";

/** What escape analysis of a callee told about one argument (spec escape-analysis.md §7.1). */
export interface ArgumentEscape {
  readonly all: boolean;
  readonly return: boolean;
  readonly thrown: boolean;
}

/** The summary of a callee; argument 1 is the function itself and stands at index 0. */
export interface EscapeSummary {
  readonly arguments: readonly ArgumentEscape[];
  /** Pairs of argument numbers (1-based) that alias. */
  readonly aliases: readonly (readonly [number, number])[];
}

/**
 * What a native Julia would answer when asked for a callee's escapes: a summary, `simple` (good
 * effects, never analysed: arguments do not escape but may be returned), or `opaque`.
 */
export type EscapeAnswer = EscapeSummary | "simple" | "opaque";

/** A method that an explanation walks into. */
export interface OpenedMethod {
  readonly key: string;
  readonly method: Method;
  readonly body: Body;
}

export interface CalleeFacts {
  /** Key of the method in the workspace; null for a bundled fact. */
  readonly key: string | null;
  readonly signature: string;
  readonly effects: Effects | null;
  readonly escapes: EscapeAnswer;
  /** What the user promised of it, where that changes `effects`; it outweighs printed flags of calls. */
  readonly assumed?: Assumption;
}

export interface Environment {
  readonly profile: Profile;
  readonly types: TypeTable;
  /** Facts about the target of an `invoke`; null where the callee is not known. */
  callee(method: Method, statement: Statement): CalleeFacts | null;
  /** Facts about the body of a finalizer: a call of `function` on an object. Null if not known. */
  finalizerBody(signature: string): CalleeFacts | null;
  /** What the target of an `invoke` does, as far as the texts prove; null where it is not known. */
  summary(method: Method, statement: Statement): MethodSummary | null;
  /** The same of the method with that signature, say a finalizer's body. */
  summaryOf(signature: string): MethodSummary | null;
  /** What the user says of a method, by the key or the bare name of its function; null if nothing. */
  assumption(key: string): Assumption | null;
  /** What the method with that key may do, its callees included; null where its text is not known. */
  acts(key: string): BodyActs | null;
  /** The method behind a callee's key, for explanations; null where it is gone. */
  open(key: string): OpenedMethod | null;
}
