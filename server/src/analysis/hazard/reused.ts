// Late uses of memory that the finalizer gives to a pool: what is read there may be somebody else's by then,
// and no crash tells.

import type { Value } from "../body.ts";
import { originOf } from "./origin.ts";
import type { Scene } from "./scene.ts";

/** Whether the statement loads a field that a finalizer gives back to a pool. */
export function isPooledLoad(scene: Scene, position: number): boolean {
  const made = scene.frame.heap.body.statements[position - 1];
  const field = scene.method.statements[position - 1]?.operands[1]?.text ?? "";
  return made?.name === "getfield" && scene.bodies.some(({ pooled }) => pooled.has(field));
}

/** Whether the value is, or was made of, memory that a finalizer of the object at `site` gives back. */
export function isPooled(scene: Scene, site: Value, value: Value): boolean {
  const origin = originOf(scene.frame.opened, value, undefined);
  const field = origin?.path[0] ?? "";
  const isOurs = origin !== null && scene.root(origin.root) === site;
  return isOurs && scene.bodies.some(({ pooled }) => pooled.has(field));
}

/** Says that the memory behind `handle` is used at `position` after it went to the pool. */
export function sayReused(
  scene: Scene,
  position: number,
  handle: number,
  related: number,
  relatedMessage: string,
): void {
  scene.say(
    "hazard/pool-return",
    position,
    `${scene.id(handle)} leads to memory that the finalizer gives back to a pool, which may have handed it out again by now: the use reads or overwrites another owner's data, and nothing crashes`,
    related,
    relatedMessage,
  );
}
