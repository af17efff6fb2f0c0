// What one method tells those who call it, as this product's own analysis sees it: its effects with
// where each comes from, what becomes of every argument, and what the result may be. It is never a
// claim about what Julia's compiler keeps (`environment.ts` has that); it is what the text proves.
// Summaries form a lattice: `bottomSummary` claims that nothing happens, `topSummary` that anything may,
// and the analysis of recursive methods climbs from the first until nothing changes.
// Source: issue "escape analysis across methods"; after J.-D. Choi et al., "Escape Analysis for Java",
// OOPSLA 1999 (connection graphs cut at the method's border).

import type { Tri } from "./body.ts";

/** Where a fact comes from, the most trusted first. */
export type FactOrigin = "annotation" | "body" | "header" | "bundled" | "assumed" | "unknown";

/** The first statement that takes an effect away. */
export interface Taint {
  /** Position in the method that has the effect. */
  readonly position: number;
  /** The callee through which it happens; null where the statement does it by itself. */
  readonly callee: string | null;
}

/** One effect: whether it is proven, by what, and where it is lost. */
export interface EffectFact {
  /** `yes`: proven (or assumed). `no`: the text shows a statement that may do it. `unknown`: not shown. */
  readonly holds: Tri;
  readonly origin: FactOrigin;
  /** Null where it holds, or where no statement is to blame. */
  readonly taint: Taint | null;
}

export const effectNames = [
  "effectFree",
  "nothrow",
  "terminates",
  "notaskstate",
  "inaccessiblememonly",
] as const;
export type EffectName = (typeof effectNames)[number];

/** The effects that placements hang on, by Julia's names. */
export type MethodEffects = Readonly<Record<EffectName, EffectFact>>;

/** What may become of an object that is passed in. */
export interface Fate {
  /** It may be the result, or be reached from it. */
  readonly returned: boolean;
  /** An exception that leaves the method may hold it. */
  readonly thrown: boolean;
  /** Something global may hold it. */
  readonly global: boolean;
  /** It is handed to something of which nothing is known, which may keep it anywhere. */
  readonly unknown: boolean;
  /** Numbers (1-based, the function itself is 1) of arguments that may hold it in a field afterwards. */
  readonly storedIn: readonly number[];
  /** The same for arguments whose contents may hold it, deeper down. */
  readonly storedBehind?: readonly number[];
}

/** What becomes of one argument and of all that is reached through its fields. */
export interface ArgumentSummary {
  readonly self: Fate;
  readonly contents: Fate;
  /** Its fields, or those of its contents, may be written. */
  readonly mutated: boolean;
  /**
   * Where something that is no argument may be stored: in its own fields, behind them, in both. Absent:
   * wherever it may be written.
   */
  readonly filled?: "nowhere" | "self" | "behind" | "both";
  /** `finalize` may be called on it, or on its contents. */
  readonly finalized: boolean;
  /** A finalizer may be registered on it, or on its contents. */
  readonly registered: boolean;
  /** Names of its fields that are read; absent where it may be any. */
  readonly reads?: readonly string[];
}

/** A registration on the object that a method returns. */
export interface ResultRegistration {
  /** `(::var"#f#1")(::T)`: the call that the finalizer makes; null where it is not known. */
  readonly bodySignature: string | null;
  readonly via: "call" | "foreigncall" | "callee";
  /** Whether every normal return has it. */
  readonly always: boolean;
}

export interface ResultSummary {
  /** Every result is an object made during the call that nothing else holds. */
  readonly fresh: boolean;
  /** Argument numbers that the result may be. */
  readonly aliases: readonly number[];
  /** Argument numbers that a fresh result may hold in its fields, at any depth. */
  readonly holds: readonly number[];
  /** It may be, or hold, something that others hold too. */
  readonly unknown: boolean;
  /** Registrations on the result, in the order in which they are made. */
  readonly registrations: readonly ResultRegistration[];
}

export interface MethodSummary {
  /** Key of the method in the workspace; null for a bundled summary. */
  readonly key: string | null;
  readonly signature: string;
  readonly effects: MethodEffects;
  /** Argument 1, the function itself, stands at index 0. The last one stands for all further ones. */
  readonly arguments: readonly ArgumentSummary[];
  readonly result: ResultSummary;
  /** Whether some fact rests on an assumption of the user's. */
  readonly assumed: boolean;
  /** The methods that a dynamic call may reach, where this is what they tell together. */
  readonly members?: readonly MethodSummary[];
}

export const noFate: Fate = {
  returned: false,
  thrown: false,
  global: false,
  unknown: false,
  storedIn: [],
};

const anyFate: Fate = { returned: true, thrown: true, global: true, unknown: true, storedIn: [] };

const untouched: ArgumentSummary = {
  self: noFate,
  contents: noFate,
  mutated: false,
  finalized: false,
  registered: false,
  reads: [],
};

const lost: ArgumentSummary = {
  self: anyFate,
  contents: anyFate,
  mutated: true,
  finalized: true,
  registered: true,
};

/** Nothing happens and nothing comes back: where the analysis of recursive methods starts. */
export function bottomSummary(key: string, signature: string, nArguments: number): MethodSummary {
  const proven: EffectFact = { holds: "yes", origin: "body", taint: null };
  // Recursion is not proven to end by assuming that it ends.
  const endless: EffectFact = { holds: "unknown", origin: "unknown", taint: null };
  return {
    key,
    signature,
    effects: {
      effectFree: proven,
      nothrow: proven,
      terminates: endless,
      notaskstate: proven,
      inaccessiblememonly: proven,
    },
    arguments: new Array<ArgumentSummary>(Math.max(1, nArguments)).fill(untouched),
    result: { fresh: true, aliases: [], holds: [], unknown: false, registrations: [] },
    assumed: false,
  };
}

/** Anything may happen. */
export function topSummary(key: string | null, signature: string): MethodSummary {
  const unknown: EffectFact = { holds: "unknown", origin: "unknown", taint: null };
  return {
    key,
    signature,
    effects: {
      effectFree: unknown,
      nothrow: unknown,
      terminates: unknown,
      notaskstate: unknown,
      inaccessiblememonly: unknown,
    },
    arguments: [lost],
    result: { fresh: false, aliases: [1], holds: [], unknown: true, registrations: [] },
    assumed: false,
  };
}

/** Whether two summaries say the same. Taints count: explanations hang on them. */
export function sameSummary(one: MethodSummary, other: MethodSummary): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
