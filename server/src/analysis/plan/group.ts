// Registrations that share objects are planned together. Groups are planned in the order in which their
// objects hold each other: a pending finalizer is a use of everything that it reaches.
// Source: spec early-plan.md §2, §5.

import type { Value } from "../body.ts";
import type { Registration } from "../finalizer/registration.ts";
import { type Heap, type ObjectId, outside } from "../heap/heap.ts";
import type { MethodHeap } from "../heap/heap-of.ts";
import { typeKey, widen } from "../type-table.ts";
import type { Frame } from "./frame.ts";

export interface Group {
  readonly registrations: Registration[];
  readonly objects: Set<ObjectId>;
}

/** The groups of a method's registrations, by their last registration in text order. */
export function groupsOf(heap: MethodHeap, registrations: readonly Registration[]): Group[] {
  const groups: Group[] = [];
  for (const registration of registrations) {
    const objects = new Set(heap.heap.pointsTo(registration.object));
    const group: Group = { registrations: [], objects };
    // What is outside is no object that two registrations could be said to share.
    const isShared = (other: Group): boolean =>
      [...other.objects].some((one) => one !== outside && objects.has(one));
    for (const other of groups.filter(isShared)) {
      group.registrations.push(...other.registrations);
      for (const one of other.objects) group.objects.add(one);
      groups.splice(groups.indexOf(other), 1);
    }
    group.registrations.push(registration);
    groups.push(group);
  }
  return groups;
}

/** Sets of two or more groups whose objects meet in some value. */
export function joinedGroups({ heap, body }: MethodHeap, groups: readonly Group[]): Group[][] {
  if (groups.length < 2) return [];
  const setOf = new Map<Group, Group[]>(groups.map((group) => [group, [group]]));
  body.statements.forEach(({ kind }, index) => {
    if (kind !== "alias") return;
    const objects = heap.pointsTo(index + 1);
    if (objects.size < 2) return;
    const met = groups.filter((group) => [...group.objects].some((one) => objects.has(one)));
    const [first, ...others] = new Set(met.map((group) => setOf.get(group) ?? []));
    for (const other of others) {
      first?.push(...other);
      for (const group of other) setOf.set(group, first ?? []);
    }
  });
  return [...new Set(setOf.values())].filter((set) => set.length > 1);
}

/** Which groups' pending finalizers reach the objects of which. */
export class Holding {
  private readonly heap: Heap;
  private readonly groups: readonly Group[];
  private readonly behind = new Map<Group, ReadonlySet<ObjectId>>();

  constructor(heap: MethodHeap, groups: readonly Group[]) {
    this.groups = groups;
    this.heap = heap.heap;
    for (const group of groups) this.behind.set(group, this.behindOf(group));
  }

  private behindOf({ objects }: Group): ReadonlySet<ObjectId> {
    const { heap } = this;
    const held = new Set<ObjectId>();
    for (const object of objects) {
      for (const field of heap.fieldsOf(object).values()) for (const one of field) held.add(one);
    }
    return heap.reach(held);
  }

  /** Whether a finalizer of the group reaches one of its own objects, perhaps another instance of the same. */
  holdsItself(group: Group): boolean {
    const behind = this.behindOf(group);
    return [...group.objects].some((one) => one !== outside && behind.has(one));
  }

  /** The group's objects, and everything that their finalizers reach. */
  reachedBy(holder: Group): ReadonlySet<ObjectId> {
    return new Set([...holder.objects, ...(this.behind.get(holder) ?? [])]);
  }

  /** The groups whose finalizers reach this group's objects. */
  holdersOf(held: Group): Group[] {
    return this.groups.filter((holder) => {
      if (holder === held) return false;
      const behind = this.behind.get(holder);
      return [...held.objects].some((one) => one !== outside && behind?.has(one));
    });
  }

  /** All groups, each behind those that hold it; those that hold each other in text order. */
  order(): Group[] {
    const ordered = new Set<Group>();
    const open = new Set<Group>();
    const visit = (group: Group): void => {
      if (ordered.has(group) || open.has(group)) return;
      open.add(group);
      for (const other of this.holdersOf(group)) visit(other);
      ordered.add(group);
    };
    for (const group of this.groups) visit(group);
    return [...ordered];
  }
}

/** The statements that make the group's objects, ascending; null where some object is not made here. */
export function sitesOf({ heap }: MethodHeap, group: Group): number[] | null {
  const sites: number[] = [];
  for (const object of group.objects) {
    const made = heap.objects[object];
    if (made?.kind !== "made" && made?.kind !== "result") return null;
    sites.push(made.at);
  }
  return sites.length === 0 ? null : sites.sort((a, b) => a - b);
}

/**
 * Whether `value` is one of the group's objects wherever it is defined: it can be nothing else, and its
 * printed type, which excludes literals, is that of the objects.
 */
export function isObject(
  { heap, types }: Frame,
  group: Group,
  sites: readonly number[],
  value: Value,
): boolean {
  const objects = heap.heap.pointsTo(value);
  if (objects.size === 0 || ![...objects].every((one) => group.objects.has(one))) return false;
  if (sites.includes(value)) return true;
  if (value <= 0) return false;
  const key = typeKey(widen(types.ssa(value)));
  return sites.every((site) => typeKey(widen(types.ssa(site))) === key);
}
