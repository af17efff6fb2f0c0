// Reference counting as a policy, in place of a collector: an object is gone as soon as its count is zero.
// The count is that of a perfect compiler: a name counts until its last use (liveness decides), arguments
// are borrowed from the caller, and containers count what they hold until they are gone themselves. What
// only cycles hold is never gone. Immutable containers have no count of their own; what they hold counts
// for whoever holds them. Source: Reinking et al., Perceus (2021), §2: drop, borrowing; design §5.

import type { Registered } from "./registry.ts";
import { contentsOf, Obj, type Value } from "./value.ts";

/** What became of unreachable objects. */
export interface Uncounted {
  /** No reference to them is left, and finalizers are to run; what they hold is held until then. */
  readonly waiting: ReadonlySet<Obj>;
  /** No reference is left and nothing is to be done. */
  readonly gone: ReadonlySet<Obj>;
}

/**
 * Counts the references among objects that nothing else reaches.
 *
 * @param unreached objects that no root reaches; immutable ones between them may be missing
 * @param registered finalizers; an object holds what the functions of its own capture
 */
export function uncounted(unreached: readonly Obj[], registered: readonly Registered[]): Uncounted {
  const bodies = new Map<Obj, (Value | undefined)[]>();
  for (const { object, body } of registered) {
    const known = bodies.get(object);
    if (known === undefined) bodies.set(object, [body]);
    else known.push(body);
  }
  const counts = new Map<Obj, number>(unreached.map((one) => [one, 0]));
  const referred = new Map<Obj, Obj[]>();
  for (const one of unreached) {
    const targets = referredBy(one, bodies.get(one) ?? [], counts);
    referred.set(one, targets);
    for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  const waiting = new Set<Obj>();
  const gone = new Set<Obj>();
  const work = unreached.filter((one) => counts.get(one) === 0);
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (bodies.has(one)) {
      waiting.add(one);
      continue;
    }
    gone.add(one);
    for (const target of referred.get(one) ?? []) {
      const count = (counts.get(target) ?? 0) - 1;
      counts.set(target, count);
      if (count === 0) work.push(target);
    }
  }
  return { waiting, gone };
}

/** The counted objects that one refers to, itself or through what has no count, each once. */
function referredBy(
  from: Obj,
  also: readonly (Value | undefined)[],
  counts: ReadonlyMap<Obj, number>,
): Obj[] {
  const found = new Set<Obj>();
  const seen = new Set<Obj>();
  const work: (Value | undefined)[] = [...contentsOf(from), ...also];
  while (work.length > 0) {
    const value = work.pop();
    if (!(value instanceof Obj) || seen.has(value)) continue;
    seen.add(value);
    if (counts.has(value)) found.add(value);
    else work.push(...contentsOf(value));
  }
  return [...found];
}
