// Carries out placements, and says what is wrong with them: nothing there to finalize, not registered, run
// already, held over a loop.
// Source: spec finalizer-inlining.md §7 (H1–H7), early-plan.md §1, §2, §7.

import type { Placement } from "../../ir/placed.ts";
import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { reaches } from "./registry.ts";
import { describe, Obj, type Value } from "./value.ts";

export function carryOut(machine: Machine, frame: Frame, placements: readonly Placement[]): void {
  for (const one of placements) carryOutOne(machine, frame, one);
}

function carryOutOne(machine: Machine, frame: Frame, placement: Placement): void {
  const { value: place, mode, registrations } = placement;
  const object = place > 0 ? frame.values[place] : frame.arguments[-place];
  const position = registrations[0] ?? 0;
  if (!(object instanceof Obj)) {
    const words = `finds ${describe(object)} instead of an object`;
    machine.fault("never-allocated", words, position);
    return;
  }
  checkHold(machine, frame, object, position);
  if (mode === "finalize") {
    machine.finalizeObject(object, "placed", position);
    return;
  }
  machine.batch++;
  machine.checkOrder(object, position);
  machine.checkAlone(object, position);
  for (const registration of [...registrations].reverse()) {
    runDropped(machine, frame, object, registration);
  }
}

/** Runs the body of one dropped registration on the object. */
function runDropped(machine: Machine, frame: Frame, object: Obj, registration: number): void {
  const own = frame.ghosts.filter(
    (ghost) => ghost.object === object && ghost.position === registration,
  );
  const waiting = own.findLast((ghost) => !ghost.hasRun);
  const ghost = waiting ?? own.at(-1);
  if (waiting === undefined) {
    const kind = ghost === undefined ? "not-registered" : "double-run";
    const words = ghost === undefined ? "was never registered" : "has been finalized";
    machine.fault(kind, `@${object.id} ${words}`, registration);
  }
  if (ghost !== undefined) ghost.hasRun = true;
  const body: Value | undefined = ghost?.body ?? frame.ghosts.at(-1)?.body;
  if (body === undefined) {
    object.finalizations++;
    object.isEarly = true;
    return;
  }
  const hasThrown = machine.runBody(object, body, "placed", registration);
  if (hasThrown) machine.fault("body-throws", `the body on @${object.id} throws`, registration);
}

/** Hold minus need must not contain a whole iteration of a loop. */
function checkHold(machine: Machine, frame: Frame, object: Obj, position: number): void {
  const watched = frame.watched.find((one) => one.object === object);
  // What has been finalized before is held no longer.
  if (watched === undefined || watched.deadSince < 0 || object.finalizations > 0) return;
  if (frame.cycleSince < watched.deadSince) return;
  machine.fault("extended-over-loop", `@${object.id} is held over a loop without need`, position);
}

/** Notes, at the head of a block, which watched objects nothing needs any more. */
export function noteNeed(machine: Machine, frame: Frame, position: number): void {
  const waiting = frame.watched.filter((one) => one.deadSince < 0);
  if (waiting.length === 0) return;
  const live = frame.code.need().liveBefore(position);
  for (const one of waiting) {
    const isUsed = live.some((value) =>
      reaches(value > 0 ? frame.values[value] : frame.arguments[-value], one.object),
    );
    const isPending =
      machine.registry.reachedFrom(one.object) !== null ||
      // A body that is still to run in place of a registration is pending like any other.
      frame.ghosts.some(
        ({ hasRun, object }) =>
          !hasRun &&
          object !== one.object &&
          machine.interpreter.reaches(object, undefined, one.object),
      );
    if (isPending) one.wasHeld = true;
    if (!isUsed && !one.wasHeld) one.deadSince = machine.steps;
  }
}

/** Dropped registrations whose bodies never ran, when the frame is left. */
export function checkGhosts(machine: Machine, frame: Frame): void {
  for (const { hasRun, object, position } of frame.ghosts) {
    if (hasRun) continue;
    machine.fault("leak", `the finalizer of @${object.id} was dropped and never runs`, position);
  }
}
