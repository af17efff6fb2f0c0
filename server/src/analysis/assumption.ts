// What a user says of a method that the text does not show: the facts of a `Finalens.toml`. Each is a
// promise by the user; whatever rests on one is marked *assumed*. Effects count as if the method's
// author had written them with `@assume_effects`; `captures`, `throwsAreFatal` and `closed` are promises that no
// release of Julia can be given, so they never change a prediction, only our own plans.
// Source: design §4 ("Assumptions"), spec early-plan.md §1, effects.md §6.3.

import { splitSignature } from "../syntax/header.ts";
import { parseType } from "../syntax/type.ts";
import type { Effects } from "./effects/effects.ts";
import type { CalleeFacts } from "./environment.ts";
import {
  type EffectFact,
  type Fate,
  type MethodSummary,
  noFate,
  sameSummary,
  topSummary,
} from "./method-summary.ts";
import { answerFromEffects, keyOfSignature } from "./summary.ts";
import { typeKey } from "./type-table.ts";

/** The facts that can be assumed of one function or method. An absent one is not assumed. */
export interface Assumption {
  /** `false`: no argument is kept beyond the call: not stored, not thrown, not returned. */
  readonly captures?: boolean;
  /** `true`: neither throws nor blocks. */
  readonly nothrow?: boolean;
  /** `true`: neither reads nor changes anything that belongs to the running task. */
  readonly notaskstate?: boolean;
  readonly effectFree?: boolean;
  readonly terminates?: boolean;
  /** `true`: if it throws, the program ends: exceptional paths out of it need no care. */
  readonly throwsAreFatal?: boolean;
  /** `true`: the workspace holds every method that a dynamic call of the function can reach. */
  readonly closed?: boolean;
}

export type AssumptionField = keyof Assumption;

/** Every field with the value that promises something; the other value says "not so". */
export const promises: Required<Assumption> = {
  captures: false,
  nothrow: true,
  notaskstate: true,
  effectFree: true,
  terminates: true,
  throwsAreFatal: true,
  closed: true,
};

export const assumptionFields: readonly AssumptionField[] = [
  "captures",
  "nothrow",
  "notaskstate",
  "effectFree",
  "terminates",
  "throwsAreFatal",
  "closed",
];

/** Assumptions by `assumptionKey` of what they are about. */
export type Assumptions = ReadonlyMap<string, Assumption>;

export const noAssumptions: Assumptions = new Map();

/**
 * The key of what a user names: of one method, `use(::Counted)`, the method's own key; of a function,
 * `Main.use`, its bare name; of a closure's type, `var"#f#1"`, the name that its methods have. Null
 * where the text is no name.
 */
export function assumptionKey(name: string): string | null {
  const text = name.trim();
  if (text === "" || /\s{2}|\n/.test(text)) return null;
  const parts = splitSignature(text);
  if (/^\(\w*::.*\)$/.test(text) && (parts === null || parts.name === text)) {
    return functorKey(text.slice(text.indexOf("::") + 2, -1));
  }
  if (/^(?:\w+\.)*var"#/.test(text) && !text.endsWith(")")) return functorKey(text);
  if (text.endsWith(")")) return keyOfSignature(text);
  const key = keyOfSignature(`${text}()`);
  return key === null ? null : key.slice(0, -2);
}

function functorKey(type: string): string {
  return `(::${typeKey(parseType(type))})`;
}

/** The function's part of a method's key: `use` of `use(Counted)`, `(::F)` of `(::F)(T)`. */
export function functionOfKey(key: string): string {
  const parts = splitSignature(key);
  return parts === null ? key : parts.name;
}

/**
 * What is assumed of the method with that key, by its own entry and its function's together. Where the
 * two contradict each other the fact is not assumed.
 */
export function assumptionFor(assumptions: Assumptions, key: string): Assumption | null {
  if (assumptions.size === 0) return null;
  const own = assumptions.get(key);
  const functions = assumptions.get(functionOfKey(key));
  return own !== undefined && functions !== undefined && own !== functions
    ? joined(own, functions)
    : (own ?? functions ?? null);
}

/** Both together; what they say differently is left out. */
export function joined(one: Assumption, other: Assumption): Assumption {
  const made: { -readonly [Field in AssumptionField]?: boolean } = {};
  for (const field of assumptionFields) {
    const value = one[field] ?? other[field];
    const isAgreed = one[field] === undefined || other[field] === undefined;
    if (value !== undefined && (isAgreed || one[field] === other[field])) made[field] = value;
  }
  return made;
}

/** The fields that promise something. */
export function promisedBy(assumption: Assumption): AssumptionField[] {
  return assumptionFields.filter((field) => assumption[field] === promises[field]);
}

const unknownEffects: Effects = {
  consistent: null,
  effectFree: null,
  nothrow: null,
  terminates: null,
  notaskstate: null,
  inaccessiblememonly: null,
  noub: null,
  nonoverlayed: null,
  nortcall: null,
};

/** Effects that can be assumed, by the names that both sides have in common. */
const assumedEffects = ["nothrow", "notaskstate", "effectFree", "terminates"] as const;

/**
 * Effects with the promised ones in place of what was printed, as `@assume_effects` has it. The very
 * same object where that changes nothing.
 */
export function withAssumedEffects(
  effects: Effects | null,
  assumption: Assumption | null,
): Effects | null {
  const added = assumedEffects.filter(
    (field) => assumption?.[field] === true && effects?.[field] !== "+",
  );
  if (added.length === 0) return effects;
  return {
    ...(effects ?? unknownEffects),
    ...Object.fromEntries(added.map((field) => [field, "+"])),
  };
}

/** Facts about a callee of which no text and no table tells anything, from what is promised of it. */
export function promisedCallee(
  signature: string,
  assumption: Assumption | null,
): CalleeFacts | null {
  const effects = withAssumedEffects(null, assumption);
  if (effects === null || assumption === null) return null;
  return {
    key: null,
    signature,
    effects,
    assumed: assumption,
    escapes: answerFromEffects(effects),
  };
}

/**
 * What a method does with what is promised of it; null where nothing is known and nothing promised.
 * What a text returns counts as returned all the same.
 */
export function withAssumedSummary(
  summary: MethodSummary | null,
  assumption: Assumption | null,
  signature: string,
): MethodSummary | null {
  if (assumption === null || promisedBy(assumption).length === 0) return summary;
  const base = summary ?? topSummary(null, signature);
  const promised: EffectFact = { holds: "yes", origin: "assumed", taint: null };
  const effects = { ...base.effects };
  for (const field of assumedEffects) {
    const isPromised =
      assumption[field] === true || (field === "nothrow" && assumption.throwsAreFatal === true);
    if (isPromised && effects[field].holds !== "yes") effects[field] = promised;
  }
  // What a text shows to be returned is seen by the caller; of an unseen method the promise is all.
  const kept = (fate: Fate): Fate => ({ ...noFate, returned: summary !== null && fate.returned });
  const isKept = assumption.captures !== false;
  const made: MethodSummary = {
    ...base,
    effects,
    arguments: isKept
      ? base.arguments
      : base.arguments.map((one) => ({
          ...one,
          self: kept(one.self),
          contents: kept(one.contents),
          registered: false,
          finalized: summary !== null && one.finalized,
        })),
    result: isKept || summary !== null ? base.result : { ...base.result, aliases: [], holds: [] },
  };
  return sameSummary(base, made) ? summary : { ...made, assumed: true };
}
