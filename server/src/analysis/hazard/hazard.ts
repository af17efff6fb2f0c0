// Mistakes of a program that freeing early turns from latent into certain. Each is shown by a path in
// the text; where the text cannot tell, nothing is said.
// Source: design §2 ("Hazards"), spec early-plan.md §7, §9; finalizer-inlining.md §11.

import type { Insertion } from "../finalizer/ladder.ts";
import { escapePositions, type FollowedObject } from "../lifetime/follow.ts";
import type { Frame } from "../plan/frame.ts";
import { findFreesByHand } from "./by-hand.ts";
import { findOtherStreams } from "./other-stream.ts";
import { findForeignWork, findLateChildren, findLateHandles } from "./outliving.ts";
import { type Hazard, Scene } from "./scene.ts";
import { findShutdowns } from "./shut-down.ts";
import { findSwitches } from "./task-switch.ts";
import { findBoundFrees, findCollectiveFrees, findFreesInLocks } from "./wrong-place.ts";

export type { Hazard };

/**
 * The hazards of the objects of one plan, each code and statement once, in text order.
 *
 * @param insertions where Julia runs the plan's finalizers; null: nowhere
 */
export function hazardsOf(
  frame: Frame,
  followed: FollowedObject,
  insertions: readonly (Insertion | null)[],
): Hazard[] {
  const scene = new Scene(frame, followed, insertions);
  findFreesByHand(scene);
  findFreesInLocks(scene);
  findSwitches(scene);
  findBoundFrees(scene);
  findCollectiveFrees(scene);
  for (const site of followed.sites) {
    findShutdowns(scene, site);
    if (escapePositions(site.need).length > 0) continue;
    findLateHandles(scene, site);
    findForeignWork(scene, site);
    findOtherStreams(scene, site);
    findLateChildren(scene, site);
  }
  return scene.hazards();
}
