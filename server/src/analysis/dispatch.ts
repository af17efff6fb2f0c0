// Dynamic calls: which methods of a closed set a call may reach, and what they tell together. A set is
// closed by a promise of the user's only: no text shows that a function has no further methods.
// Source: issue "escape analysis across methods" ("dynamic calls join all matching methods of the
// workspace if the set is closed, else unknown").

import { splitSignature } from "../syntax/header.ts";
import type { JuliaType } from "../syntax/type.ts";
import type { Tri } from "./body.ts";
import {
  type ArgumentSummary,
  type EffectFact,
  type EffectName,
  effectNames,
  type Fate,
  type MethodEffects,
  type MethodSummary,
  type ResultRegistration,
  type ResultSummary,
} from "./method-summary.ts";
import { baseName, bitsOf, isSubtype, sameType, type TypeTable, widen } from "./type-table.ts";

/**
 * Whether a call with arguments of these types may reach the method with that key.
 *
 * @param passed types of the arguments, without the function; `unknown` where none is printed
 */
export function mayReach(table: TypeTable, passed: readonly JuliaType[], key: string): boolean {
  const declared = splitSignature(key)?.arguments.map((type) => table.parse(type));
  if (declared === undefined) return true;
  const last = declared.at(-1);
  const isVariadic = last?.kind === "data" && last.name === "Vararg";
  const fixed = isVariadic ? declared.length - 1 : declared.length;
  if (passed.length < fixed || (passed.length > fixed && !isVariadic)) return false;
  return passed
    .slice(0, fixed)
    .every((type, index) => mayMeet(table, type, declared[index] ?? type));
}

/** Whether some value may have both types; only two different concrete types surely share none. */
function mayMeet(table: TypeTable, one: JuliaType, other: JuliaType): boolean {
  const [left, right] = [widen(one), widen(other)];
  if (left.kind === "union") return left.members.some((member) => mayMeet(table, member, right));
  if (right.kind === "union") return right.members.some((member) => mayMeet(table, left, member));
  if (sameType(left, right) || isSubtype(left, right) || isSubtype(right, left)) return true;
  return !(isConcrete(table, left) && isConcrete(table, right));
}

function isConcrete(table: TypeTable, type: JuliaType): boolean {
  if (type.kind !== "data") return false;
  const name = baseName(type);
  // A tuple may have the type of a wider one.
  if (name === "Tuple" || name === "NTuple" || name === "NamedTuple") return false;
  return bitsOf(type) > 0 || name === "String" || table.layout(type) !== null;
}

/**
 * What a call tells that may reach any of the methods. It rests on the promise that there are no others.
 *
 * @param members at least one summary
 */
export function joinSummaries(members: readonly MethodSummary[]): MethodSummary {
  const inOrder = [...members].sort((a, b) => (a.signature < b.signature ? -1 : 1));
  const length = Math.max(...inOrder.map((one) => one.arguments.length));
  const joined: ArgumentSummary[] = [];
  for (let index = 0; index < length; index++) {
    const told = inOrder.flatMap((one) => one.arguments[index] ?? one.arguments.at(-1) ?? []);
    joined.push(joinArguments(told));
  }
  return {
    key: null,
    signature: inOrder.map(({ signature }) => signature).join(" or "),
    effects: joinEffects(inOrder),
    arguments: joined,
    result: joinResults(inOrder.map(({ result }) => result)),
    assumed: true,
    members: inOrder,
  };
}

function joinEffects(members: readonly MethodSummary[]): MethodEffects {
  const join = (name: EffectName): EffectFact => {
    const facts = members.map(({ effects }) => effects[name].holds);
    const holds: Tri = facts.includes("no") ? "no" : facts.includes("unknown") ? "unknown" : "yes";
    const origin = holds === "yes" ? "assumed" : holds === "no" ? "body" : "unknown";
    return { holds, origin, taint: null };
  };
  const [effectFree, nothrow, terminates, notaskstate, inaccessiblememonly] = effectNames;
  return {
    effectFree: join(effectFree),
    nothrow: join(nothrow),
    terminates: join(terminates),
    notaskstate: join(notaskstate),
    inaccessiblememonly: join(inaccessiblememonly),
  };
}

function joinArguments(told: readonly ArgumentSummary[]): ArgumentSummary {
  const filled = told.map((one) => one.filled ?? (one.mutated ? "both" : "nowhere"));
  const isSelf = filled.some((one) => one === "self" || one === "both");
  const isBehind = filled.some((one) => one === "behind" || one === "both");
  return {
    self: joinFates(told.map(({ self }) => self)),
    contents: joinFates(told.map(({ contents }) => contents)),
    mutated: told.some(({ mutated }) => mutated),
    filled: isSelf ? (isBehind ? "both" : "self") : isBehind ? "behind" : "nowhere",
    finalized: told.some(({ finalized }) => finalized),
    registered: told.some(({ registered }) => registered),
  };
}

function joinFates(fates: readonly Fate[]): Fate {
  return {
    returned: fates.some(({ returned }) => returned),
    thrown: fates.some(({ thrown }) => thrown),
    global: fates.some(({ global }) => global),
    unknown: fates.some(({ unknown }) => unknown),
    storedIn: numbers(fates.map(({ storedIn }) => storedIn)),
    storedBehind: numbers(fates.map(({ storedBehind }) => storedBehind ?? [])),
  };
}

function joinResults(results: readonly ResultSummary[]): ResultSummary {
  const fresh = results.every((one) => one.fresh);
  return {
    fresh,
    aliases: numbers(results.map(({ aliases }) => aliases)),
    holds: fresh ? numbers(results.map(({ holds }) => holds)) : [],
    // A new object of one method is, beside the old one of another, something of which nobody keeps track.
    unknown: !fresh && results.some((one) => one.unknown || one.fresh),
    registrations: fresh ? joinRegistrations(results) : [],
  };
}

function joinRegistrations(results: readonly ResultSummary[]): readonly ResultRegistration[] {
  const [first, ...others] = results.map(({ registrations }) => registrations);
  if (first === undefined) return [];
  const isSame = others.every((one) => JSON.stringify(one) === JSON.stringify(first));
  if (isSame) return first;
  const found = new Map<string, ResultRegistration>();
  for (const one of results.flatMap(({ registrations }) => registrations)) {
    found.set(`${one.via} ${one.bodySignature}`, { ...one, always: false });
  }
  return [...found.values()];
}

/** All numbers of the lists, each once, ascending. */
function numbers(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
