// What a registered finalizer can reach: its function and its object, and whatever is stored in them, at
// any depth and under any name. A finalizer that stays registered may use it at any later time.
// Modelled after the one-line description of the proposed FinalizerEscape (#62870): a bit that function
// and object of a registration get, and that flows as all escapes do, from containers to contents.
// Source: spec escape-analysis.md §9.1, §5.3 and §5.5; finalizer-inlining.md §7 H5.

import { type Body, indexOfValue, type Value } from "../body.ts";
import { aliasesOf, type EscapeState } from "../escape/analyse.ts";

/** Positions of the registrations, but `own`, that can reach `object`, ascending. */
export function capturingRegistrations(
  body: Body,
  state: EscapeState,
  object: Value,
  own: number,
): number[] {
  const holders = holdersOf(body, state, object);
  const found: number[] = [];
  body.statements.forEach(({ kind, name, args }, index) => {
    const isOther = kind === "builtin" && name === "finalizer" && index + 1 !== own;
    if (isOther && (holders.has(args[1] ?? 0) || holders.has(args[2] ?? 0))) found.push(index + 1);
  });
  return found;
}

/** `object`, its other names, and everything that it may be stored in, at any depth. */
function holdersOf(body: Body, state: EscapeState, object: Value): Set<Value> {
  const containers = containersOf(body);
  const holders = new Set<Value>();
  const work = [object];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (holders.has(value)) continue;
    holders.add(value);
    work.push(...(aliasesOf(state, value) ?? []), ...(containers.get(value) ?? []));
  }
  return holders;
}

/** For every stored value the objects that it is stored in: at their making, and by `setfield!`. */
function containersOf(body: Body): Map<Value, Value[]> {
  const containers = new Map<Value, Value[]>();
  const add = (stored: Value, container: Value): void => {
    // Neither constants nor globals are followed.
    if (indexOfValue(body.nArguments, stored) < 0) return;
    const known = containers.get(stored);
    if (known === undefined) containers.set(stored, [container]);
    else known.push(container);
  };
  body.statements.forEach(({ kind, name, args }, index) => {
    if (kind === "new" || (kind === "builtin" && name === "tuple"))
      for (const stored of args.slice(1)) add(stored, index + 1);
    else if (kind === "builtin" && name === "setfield!") add(args[3] ?? 0, args[1] ?? 0);
  });
  return containers;
}
