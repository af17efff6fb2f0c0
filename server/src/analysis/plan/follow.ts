// Follows one site of a plan's objects along all paths of the frame's method, for the planner and for
// lifetimes: the same walk, asked for other uses.

import type { Registration } from "../finalizer/registration.ts";
import { baseName, typeKey, widen } from "../type-table.ts";
import type { BodyLegality } from "./body-legality.ts";
import { type Frame, isBehindLoop, mayThrow, neverComesBack } from "./frame.ts";
import type { ExtraUses } from "./plan.ts";
import { stepsOf } from "./steps.ts";
import { type Track, track } from "./track.ts";

/**
 * The walk from the statement at `site`; null where there are too many states.
 *
 * @param isResource whether the load at a position is of something that the finalizers release
 */
export function followSite(
  frame: Frame,
  registrations: readonly Registration[],
  site: number,
  isResource: (position: number) => boolean,
  used: ExtraUses,
): Track | null {
  const { opened, heap, handlers, uses } = frame;
  const { method } = opened;
  const steps = stepsOf({
    method,
    heap,
    uses,
    events: frame.events,
    index: frame.index,
    object: heap.heap.objectMadeAt(site),
    site,
    registrations,
    awaited: used.awaited,
    isResource,
    isSame: (position) => isOnly(frame, site, position),
    isPointer: (position) => isPointer(frame, position),
    isBehindLoop: (definition, use) => isBehindLoop(frame, definition, use),
  });
  let registeredAtSite = 0;
  let maybeAtSite = 0;
  registrations.forEach(({ via, position, always }, index) => {
    if (via !== "callee" || position !== site) return;
    if (always) registeredAtSite |= 1 << index;
    maybeAtSite |= 1 << index;
  });
  return track({
    method,
    uses,
    steps,
    site,
    registeredAtSite,
    maybeAtSite,
    handlers,
    caughtBy: frame.caughtBy,
    mayThrow: (position) => mayThrow(frame, position),
    isLast: (position) => neverComesBack(frame, position),
    usedAt: used.at,
    usedOn: used.on,
  });
}

/** Whether the value, loaded from wherever it was put, can be nothing but the one object made at the site. */
function isOnly({ opened, heap, loops, types }: Frame, site: number, position: number): boolean {
  if ((loops.innermost[opened.method.blockOf[site] ?? 0] ?? 0) !== 0) return false;
  const objects = heap.heap.pointsTo(position);
  if (objects.size !== 1 || !objects.has(heap.heap.objectMadeAt(site))) return false;
  // A printed type that excludes whatever is no object.
  return typeKey(widen(types.ssa(position))) === typeKey(widen(types.ssa(site)));
}

/** Names of the fields that any of the bodies reads; null: any field. */
export function fieldsReadBy(bodies: readonly BodyLegality[]): ReadonlySet<string> | null {
  if (bodies.some(({ reads }) => reads === null)) return null;
  return new Set(bodies.flatMap(({ reads }) => [...(reads ?? [])]));
}

/** Whether the load at `position` is from one of the fields. */
export function isLoadOf(
  { opened }: Frame,
  fields: ReadonlySet<string> | null,
  position: number,
): boolean {
  const name = opened.method.statements[position - 1]?.operands[1];
  return fields === null || name === undefined || fields.has(name.text);
}

/** Whether the value at `position` is a raw pointer. */
export function isPointer({ types }: Frame, position: number): boolean {
  return pointers.has(baseName(widen(types.ssa(position))) ?? "");
}

const pointers: ReadonlySet<string> = new Set(["Ptr", "LLVMPtr", "CuPtr", "Cstring"]);
