// Frees that the program makes by itself: twice, too early, or skipped by an exception.

import type { Value } from "../body.ts";
import { isPointer } from "../plan/follow.ts";
import { mayThrow } from "../plan/frame.ts";
import { asking, freeing } from "./names.ts";
import { isPooledLoad, sayReused } from "./reused.ts";
import type { Scene } from "./scene.ts";

/** What is wrong with frees by hand. */
export function findFreesByHand(scene: Scene): void {
  for (const root of scene.roots()) {
    const frees: number[] = [];
    scene.method.statements.forEach((_, index) => {
      if (scene.freesValue(index + 1, root)) frees.push(index + 1);
    });
    for (const free of frees) behindFree(scene, root, free);
    if (frees.length > 0) skipped(scene, root, frees);
  }
}

function behindFree(scene: Scene, root: Value, free: number): void {
  const name = scene.nameAt(free);
  const isGuarded = scene.bodies.every((body) => body.isGuarded);
  if (scene.isBody(free) && !isGuarded && !freeing.test(name)) {
    const registration = scene.followed.registrations[0]?.position ?? 0;
    scene.say(
      "hazard/double-finalize",
      free,
      `the finalizer's body is called by hand, and the registration will call it once more`,
      registration,
      "registered here",
    );
  }
  for (const position of scene.reached(free, root)) {
    if (scene.freesValue(position, root)) {
      scene.say(
        "hazard/double-finalize",
        position,
        `the object was freed by ${scene.id(free)} already`,
        free,
        "freed here",
      );
    } else if (isRealUse(scene, position, root)) {
      if (isPooledLoad(scene, position)) sayReused(scene, position, position, free, "freed here");
      else
        scene.say(
          "hazard/use-after-finalize",
          position,
          `the object is used after it was freed by ${scene.id(free)}`,
          free,
          "freed here",
        );
    }
  }
}

/** A use that needs what the finalizer released: not asking whether it is open, nor other fields. */
function isRealUse(scene: Scene, position: number, root: Value): boolean {
  const made = scene.frame.heap.body.statements[position - 1];
  if (made === undefined || !made.args.some((arg) => scene.root(arg) === root)) return false;
  if (made.kind === "invoke" || made.kind === "call") return !asking.test(scene.nameAt(position));
  if (made.kind === "foreigncall") return !made.name.startsWith("jl_gc_add_");
  if (made.kind !== "builtin" || made.name !== "getfield") return false;
  const field = scene.method.statements[position - 1]?.operands[1]?.text ?? "";
  const { reads } = scene.followed;
  return reads === null ? isPointer(scene.frame, position) : reads.has(field);
}

/** A call that may throw stands between the object's making and its free, and nobody catches it. */
function skipped(scene: Scene, root: Value, frees: readonly number[]): void {
  if (root < 1) return;
  const behind = scene.reached(root, root);
  const free = frees.find((one) => behind.includes(one));
  if (free === undefined) return;
  const stop = new Set(frees);
  const { frame } = scene;
  for (const position of behind) {
    const kind = frame.heap.body.statements[position - 1]?.kind;
    if (kind !== "invoke" && kind !== "call") continue;
    if (stop.has(position) || (frame.handlers?.[position] ?? 0) > 0) continue;
    if (!mayThrow(frame, position)) continue;
    // Behind every free the exception skips nothing.
    if (!scene.reached(position, root).some((one) => stop.has(one))) continue;
    scene.say(
      "hazard/free-skipped-by-exception",
      free,
      `an exception at ${scene.id(position)} skips this free; the object is then left to the garbage collector`,
      position,
      "may throw",
    );
    return;
  }
}
