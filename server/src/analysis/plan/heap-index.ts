// The heap the other way round, for all objects of a method at once: who may hold what.

import type { Method } from "../../ir/method.ts";
import type { Value } from "../body.ts";
import type { ObjectId } from "../heap/heap.ts";
import type { MethodHeap } from "../heap/heap-of.ts";

export class HeapIndex {
  private readonly heap: MethodHeap;
  private readonly values = new Map<ObjectId, Value[]>();
  private readonly holders = new Map<ObjectId, ObjectId[]>();
  /** Positions of `gc_preserve_begin`. */
  readonly preserves: readonly number[];

  constructor(heap: MethodHeap, method: Method) {
    this.heap = heap;
    const preserves: number[] = [];
    for (let k = 1; k <= heap.body.nArguments; k++) this.addValue(-k);
    for (let position = 1; position <= method.nStatements; position++) {
      this.addValue(position);
      if (heap.body.statements[position - 1]?.name === "gc_preserve_begin")
        preserves.push(position);
    }
    this.preserves = preserves;
    heap.heap.objects.forEach((made, holder) => {
      if (made.kind === "argument") add(this.holders, holder + 1, holder);
      for (const held of heap.heap.fieldsOf(holder).values())
        for (const one of held) add(this.holders, one, holder);
    });
  }

  /** Values that may be one of the objects: arguments first, then in text order. */
  valuesOf(objects: Iterable<ObjectId>): Value[] {
    const found = new Set<Value>();
    for (const object of objects)
      for (const value of this.values.get(object) ?? []) found.add(value);
    const isArgument = (value: Value): boolean => value <= 0;
    return [...found].sort((a, b) => (isArgument(a) && isArgument(b) ? b - a : a - b));
  }

  /** Objects from which `object` is reached through fields; itself only where it reaches itself. */
  reaching(object: ObjectId): Set<ObjectId> {
    const found = new Set<ObjectId>();
    const work = [...(this.holders.get(object) ?? [])];
    for (let one = work.pop(); one !== undefined; one = work.pop()) {
      if (found.has(one)) continue;
      found.add(one);
      work.push(...(this.holders.get(one) ?? []));
    }
    return found;
  }

  private addValue(value: Value): void {
    for (const object of this.heap.heap.pointsTo(value)) add(this.values, object, value);
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
