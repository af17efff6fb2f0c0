// Follows one site of a plan's objects along all paths of the frame's method, for the planner and for
// lifetimes: the same walk, asked for other uses.

import type { JuliaType } from "../../syntax/type.ts";
import { globalValue, type Value } from "../body.ts";
import type { Registration } from "../finalizer/registration.ts";
import { baseName, bitsOf, typeKey, widen } from "../type-table.ts";
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
    stored: storedAt(frame, site, isResource),
    leadsOn: (value) => leadsOn(frame, value),
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

/**
 * Whether what is loaded at `position` is from one of the fields, or may be: a field can be named or numbered,
 * and a call does not tell what it loads.
 */
export function isLoadOf(
  { opened }: Frame,
  fields: ReadonlySet<string> | null,
  position: number,
): boolean {
  const statement = opened.method.statements[position - 1];
  const name = statement?.operands[1];
  if (fields === null) return true;
  if (opened.body.statements[position - 1]?.name !== "getfield") return fields.size > 0;
  return name === undefined || hasField(fields, name.text);
}

function hasField(fields: ReadonlySet<string>, name: string): boolean {
  if (fields.has(name)) return true;
  const isNumber = /^\d/.test(name);
  return [...fields].some((one) => /^\d/.test(one) !== isNumber);
}

/** Pointers, and bits that hold one, that the statement at `site` puts into fields that finalizers read. */
function storedAt(
  frame: Frame,
  site: number,
  isResource: (position: number) => boolean,
): readonly Value[] {
  const { kind, args } = frame.heap.body.statements[site - 1] ?? {};
  if (kind !== "new" || args === undefined || !isResource(site)) return [];
  return args.slice(1).filter((value) => {
    if (value === 0 || value === globalValue) return false;
    const isBits = isPointer(frame, value) || frame.environment.types.isBits(typeOf(frame, value));
    return isBits && leadsOn(frame, value);
  });
}

/** Whether something that was read from an object may hold a pointer: it is no plain number, and no object. */
function leadsOn(frame: Frame, value: Value): boolean {
  if (isPointer(frame, value)) return true;
  const type = widen(typeOf(frame, value));
  const name = baseName(type);
  if (type.kind === "unknown" || name === null || bitsOf(type) > 0 || plain.has(name)) return false;
  return frame.environment.types.isMutable(type) !== true;
}

/** Types without a pointer that C code could have been given. */
const plain: ReadonlySet<string> = new Set(["Nothing", "Missing", "Symbol", "String", "Any"]);

/** Whether the value is a raw pointer. */
export function isPointer(frame: Frame, value: Value): boolean {
  return pointers.has(baseName(widen(typeOf(frame, value))) ?? "");
}

function typeOf({ types }: Frame, value: Value): JuliaType {
  return value > 0 ? types.ssa(value) : types.argument(-value);
}

const pointers: ReadonlySet<string> = new Set(["Ptr", "LLVMPtr", "CuPtr", "Cstring"]);
