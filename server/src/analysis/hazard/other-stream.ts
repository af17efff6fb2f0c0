// Frees that are ordered by another stream than the work before them: the memory goes back while a kernel or a
// copy still uses it. Said only where both streams are known by where they come from.

import { type FollowedSite, isNeededAfter } from "../lifetime/follow.ts";
import type { FreeOrder } from "./body-facts.ts";
import { type Argument, enqueuedStream, nameOfCall } from "./calls.ts";
import { freedWhenIdle, isWaiting, streamMaker, taskStream } from "./names.ts";
import { type Origin, originOf } from "./origin.ts";
import type { Scene } from "./scene.ts";
import { storedIn } from "./stored.ts";

/** A stream by where it comes from: equal keys are the same stream. */
interface Stream {
  readonly key: string;
  /** Whether another known key means another stream, as far as the text shows. */
  readonly isKnown: boolean;
  /** In words. */
  readonly words: string;
}

/** Work on the object is enqueued on one stream, and its finalizer frees in the order of another. */
export function findOtherStreams(scene: Scene, site: FollowedSite): void {
  const orders = scene.bodies.flatMap((body) => body.orders);
  if (orders.length === 0) return;
  const { opened, types } = scene.frame;
  scene.method.statements.forEach((_, index) => {
    const position = index + 1;
    const operand = enqueuedStream(opened, types, position);
    if (operand === null || !scene.isPassed(site, position)) return;
    const used = streamOf(scene, site, originOf(opened, operand.value, operand.operand));
    const freed = orders.map((order) => freeStream(scene, site, order));
    const [other] = freed;
    // Where one order is not known, the free may be in that of the work.
    const isOther = freed.every(
      (one) => one?.isKnown === true && used?.isKnown === true && !isSame(one.key, used.key),
    );
    if (!isOther || !other || used === null) return;
    if (!isFreedBeforeWait(scene, site, position)) return;
    scene.say(
      "hazard/other-stream",
      position,
      `\`${scene.nameAt(position)}\` works on ${used.words}, and the finalizer frees in the order of ${other.words}: nothing makes the free wait for the work`,
      site.site,
      "the owner",
    );
  });
}

/** Whether two keys may be of one stream: the same, or one a part of the other, as a stream's handle is. */
function isSame(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

/** Whether a path leads from the work to where the object is dead, or freed, and nobody waits on it. */
function isFreedBeforeWait(scene: Scene, site: FollowedSite, from: number): boolean {
  const { blockOf } = scene.method;
  const isDeadBehind = (position: number): boolean =>
    !isNeededAfter(site.resource, blockOf[position] ?? 0, position);
  const isOrdered = (position: number): boolean => {
    const name = scene.nameAt(position);
    return isWaiting(name) || freedWhenIdle.test(name);
  };
  if (isDeadBehind(from)) return true;
  const isEnd = (position: number): boolean => position === site.site || isOrdered(position);
  return scene
    .reachedFrom(blockOf[from] ?? 0, from + 1, isEnd)
    .some((position) => isDeadBehind(position) || scene.freesValue(position, site.site));
}

function freeStream(scene: Scene, site: FollowedSite, order: FreeOrder | null): Stream | null {
  if (order === null) return null;
  return order === "task" ? ofTask : heldStream(scene, site, order);
}

/** The stream in a field of the object: the one that it was made with. */
function heldStream(scene: Scene, site: FollowedSite, { path, field }: Origin): Stream | null {
  const stored: Argument | null = storedIn(scene, site, field);
  const own = path.join(".");
  if (stored === null) return { key: `own ${own}`, isKnown: false, words: `its field \`${own}\`` };
  const origin = originOf(scene.frame.opened, stored.value, stored.operand);
  if (origin === null) return null;
  return streamOf(scene, site, { ...origin, path: [...origin.path, ...path.slice(1)] });
}

function streamOf(scene: Scene, site: FollowedSite, origin: Origin | null): Stream | null {
  if (origin === null) return null;
  const { root, global, path } = origin;
  if (root === site.site && path.length > 0) return heldStream(scene, site, origin);
  const behind = path.map((one) => `.${one}`).join("");
  if (global !== "")
    return { key: global + behind, isKnown: true, words: `\`${global}${behind}\`` };
  if (root < 0) {
    const name = scene.method.header.slots[-root - 1]?.name ?? `_${-root}`;
    return { key: `_${-root}${behind}`, isKnown: true, words: `\`${name}${behind}\`` };
  }
  const name = nameOfCall(scene.frame.opened, root);
  if (taskStream.test(name)) return ofTask;
  const kind = scene.frame.heap.body.statements[root - 1]?.kind;
  // What an unknown call answers may be any stream, those of the arguments included.
  const isKnown = kind === "new" || streamMaker.test(name);
  return { key: `%${root}${behind}`, isKnown, words: `${scene.id(root)}${behind}` };
}

/** Whether it is asked for its handle or not, there is one. */
const ofTask: Stream = { key: "task", isKnown: true, words: "the running task's stream" };
