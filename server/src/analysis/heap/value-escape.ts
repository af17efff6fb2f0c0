// What becomes of a value by our own analysis: in which ways the objects that it may be leave the method.

import type { Value } from "../body.ts";
import { outside } from "./heap.ts";
import type { MethodHeap } from "./heap-of.ts";
import type { EscapeKind } from "./solve.ts";

/** `caller`: it may be something that the caller passed; `outside`: something that others hold anyway. */
export type ValueEscape = EscapeKind | "caller" | "outside";

const order: readonly ValueEscape[] = [
  "outside",
  "caller",
  "return",
  "thrown",
  "global",
  "argument",
  "weak",
  "unknown",
];

/**
 * The ways in which what `value` refers to leaves the method, in a fixed order; empty where it does not
 * escape, null where the value is plain bits and refers to nothing.
 */
export function valueEscapes({ heap, escapes }: MethodHeap, value: Value): ValueEscape[] | null {
  const objects = heap.pointsTo(value);
  if (objects.size === 0) return null;
  const found = new Set<ValueEscape>();
  for (const object of objects) {
    const kind = heap.objects[object]?.kind;
    if (object === outside) found.add("outside");
    if (kind === "argument" || kind === "contents") found.add("caller");
  }
  for (const event of escapes) {
    if ([...objects].some((one) => event.objects.has(one))) found.add(event.kind);
  }
  return order.filter((one) => found.has(one));
}
