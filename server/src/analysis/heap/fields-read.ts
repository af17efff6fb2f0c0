// Which fields of each argument a method reads by itself: what a finalizer reads from its object is the
// resource that it releases.
// Source: spec early-plan.md §2 and §7.

import type { OpenedMethod } from "../environment.ts";
import { argumentObject } from "./heap.ts";
import type { MethodHeap } from "./heap-of.ts";

const harmless: ReadonlySet<string> = new Set(["setfield!", "===", "isa", "typeof", "isdefined"]);

/** By argument from 1: names of the fields that are loaded; null where it is handed on, or any may be. */
export function fieldsRead(
  { method, body }: OpenedMethod,
  { heap }: MethodHeap,
): (readonly string[] | null)[] {
  const found: (Set<string> | null)[] = [null];
  for (let k = 1; k <= body.nArguments; k++) found.push(new Set());
  body.statements.forEach(({ kind, name, args }, index) => {
    if (kind === "alias" || kind === "none") return;
    if (kind === "builtin" && harmless.has(name)) return;
    const field = method.statements[index]?.operands[1];
    const isNamed = field?.kind === "symbol" || field?.kind === "number";
    const read = kind === "builtin" && name === "getfield" && isNamed ? field.text : null;
    for (const arg of args) {
      for (const object of heap.pointsTo(arg)) {
        const k = Math.ceil(object / 2);
        if (k < 1 || k > body.nArguments || object !== argumentObject(k)) continue;
        if (read === null) found[k] = null;
        else found[k]?.add(read);
      }
    }
  });
  return found.map((fields) => (fields === null ? null : [...fields].sort()));
}
