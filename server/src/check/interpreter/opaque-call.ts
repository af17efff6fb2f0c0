// A callee whose IR is not at hand: whether it throws, looks at its arguments, keeps one or gives one back is
// drawn from the seed by its name and number, so that two programs meet the same one.

import type { Machine } from "./machine.ts";
import { Thrown } from "./outcome.ts";
import { Random, seedFor } from "./random.ts";
import { isType } from "./type-test.ts";
import { describe, nameOf, Obj, type Value } from "./value.ts";

/** What an opaque callee may do; everything, unless somebody knows better. */
export interface OpaqueFacts {
  readonly mayThrow: boolean;
  readonly mayRead: boolean;
  readonly mayKeep: boolean;
  readonly mayReturnArgument: boolean;
}

/** What is known of a callee by its name and the printed types of its arguments. */
export type OpaqueFactsOf = (name: string, types: readonly string[]) => OpaqueFacts;

export const anything: OpaqueFacts = {
  mayThrow: true,
  mayRead: true,
  mayKeep: true,
  mayReturnArgument: true,
};

/** Calls it; `isNothrow` where the text says that this call does not throw. */
export function callOpaque(
  machine: Machine,
  facts: OpaqueFacts,
  name: string,
  args: readonly (Value | undefined)[],
  key: string,
  isNothrow: boolean,
): Value | undefined {
  const call = machine.callName(name);
  const random = new Random(seedFor(machine.options.seed, call));
  machine.effect(`call ${name}(${args.map((one) => describe(one)).join(",")})`);
  if (facts.mayRead) for (const one of args) machine.useDeeply(one);
  const objects = args.filter((one) => one instanceof Obj);
  // All questions are asked, whatever the answers: the next draws must not depend on them.
  const [keeps, looks, gives, throws] = [
    random.oneIn(4),
    random.oneIn(3),
    random.oneIn(4),
    random.oneIn(6),
  ];
  machine.note("callee", name);
  if (looks && facts.mayRead) for (const one of machine.kept) machine.use(one);
  if (keeps && facts.mayKeep && objects.length > 0) {
    machine.note("callee", name, "kept its argument");
    machine.keep(objects);
  }
  if (key === "Union{}" || (throws && facts.mayThrow && !isNothrow)) {
    machine.note("callee", name, "threw");
    throw new Thrown(nameOf(`${name} error`));
  }
  const fitting = objects.filter((one) => isType(one, key));
  const given = fitting[random.below(Math.max(1, fitting.length))];
  if (gives && facts.mayReturnArgument && given !== undefined) {
    machine.note("callee", name, "gave its argument back");
    return given;
  }
  return machine.draw(key, call, "local");
}
