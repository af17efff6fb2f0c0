// Which values of a method are certainly objects that it has made itself: writing to one, or reading from
// it, touches nothing that existed before. Whether such an object is published later does not matter
// to the question: what publishes it has an effect of its own.
// Source: Compiler/src/optimize.jl (`refine_effects!`); spec effects.md §6.4.

import type { Body, BodyStatement, Value } from "../body.ts";
import { foreignFacts } from "../bundled/foreign-functions.ts";

/** Says whether a value is certainly an object made in the method that `body` belongs to. */
export function localObjects(
  body: Body,
  isFreshCall: (position: number) => boolean,
): (value: Value) => boolean {
  const known = new Map<Value, boolean>();
  return (value) => {
    let answer = known.get(value);
    if (answer === undefined) {
      answer = isMadeHere(body, value, isFreshCall);
      known.set(value, answer);
    }
    return answer;
  };
}

/** Values with more origins than this are taken for somebody else's. */
const originLimit = 64;

/** Follows φ, π, ϒ, copies and memory references to all their origins. */
function isMadeHere(body: Body, start: Value, isFreshCall: (position: number) => boolean): boolean {
  const seen = new Set<Value>();
  const work = [start];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    const made = value > 0 ? body.statements[value - 1] : undefined;
    if (made === undefined || seen.size > originLimit) return false;
    const origins = originsOf(made);
    if (origins !== null) work.push(...origins);
    else if (!makesObject(made, value, isFreshCall)) return false;
  }
  return true;
}

/** The values that a statement passes on; null where it makes something of its own. */
function originsOf({ kind, name, args }: BodyStatement): readonly Value[] | null {
  if (kind === "alias" && args.length > 0) return args;
  const isReference = name === "memoryrefnew" || name === "memoryref";
  return kind === "builtin" && isReference ? args.slice(1, 2) : null;
}

function makesObject(
  made: BodyStatement,
  position: number,
  isFreshCall: (position: number) => boolean,
): boolean {
  switch (made.kind) {
    case "new":
      return true;
    case "builtin":
      return made.name === "memorynew";
    case "foreigncall":
      return foreignFacts(made.name)?.makesObject === true;
    case "invoke":
      return isFreshCall(position);
    default:
      return false;
  }
}
