// Finalizers that run at a place where theirs should not: under a lock, on any thread, not on all paths.

import { dominates, postDominatorTree } from "../../ir/dominator-tree.ts";
import { bound, collective } from "./names.ts";
import type { Scene } from "./scene.ts";

/** A body that locks runs where a lock is held: by Julia's placement, or by hand. */
export function findFreesInLocks(scene: Scene): void {
  const depth = scene.frame.heldBack?.behind ?? null;
  if (depth === null || !scene.bodies.some((body) => body.locks)) return;
  const message = "the finalizer's body takes a lock, and runs here inside a lock region";
  for (const insertion of scene.insertions) {
    const at =
      "after" in insertion ? insertion.after : (scene.method.firstOf[insertion.block] ?? 0);
    if ((depth[at] ?? 0) > 0) scene.say("hazard/finalize-in-lock", at, message);
  }
  const { plan } = scene.followed;
  scene.method.statements.forEach((_, index) => {
    const position = index + 1;
    if ((depth[position] ?? 0) === 0) return;
    if (plan.sites.some((site) => scene.freesValue(position, site))) {
      scene.say("hazard/finalize-in-lock", position, message);
    }
  });
}

/** A body calls what belongs to one thread. */
export function findBoundFrees(scene: Scene): void {
  scene.followed.registrations.forEach(({ position }, index) => {
    const name = scene.bodies[index]?.calls.find((one) => bound.test(one.name))?.name;
    if (name === undefined) return;
    scene.say(
      "hazard/thread-bound-free",
      position,
      `the finalizer calls \`${name}\`, which belongs to one thread or context; the garbage collector may run it on any`,
    );
  });
}

/** A body calls what all processes must call together, and not all paths come to one free. */
export function findCollectiveFrees(scene: Scene): void {
  const { plan, registrations } = scene.followed;
  const name = scene.bodies
    .flatMap(({ calls }) => calls)
    .find((one) => collective.test(one.name))?.name;
  const at = registrations[0]?.position ?? 0;
  if (name === undefined) return;
  const { blockOf, graph } = scene.method;
  const tree = postDominatorTree(graph);
  const isOnEveryPath =
    plan.placements.length === 1 &&
    plan.everyPath &&
    plan.placements.every(
      ({ point }) =>
        "after" in point && dominates(tree, blockOf[point.after] ?? 0, blockOf[at] ?? 0),
    );
  if (isOnEveryPath) return;
  scene.say(
    "hazard/collective-free",
    at,
    `the finalizer calls \`${name}\`, which all processes must call together, but no one point frees the object on all paths`,
  );
}
