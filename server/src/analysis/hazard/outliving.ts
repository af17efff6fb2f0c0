// Uses of what was read from an object, behind the last use of the object: handles, work of foreign code,
// children that were opened through it.

import type { Value } from "../body.ts";
import type { FollowedSite } from "../lifetime/follow.ts";
import { isPointer } from "../plan/follow.ts";
import { asynchronous, freedInOrder, freedWhenIdle, isWaiting } from "./names.ts";
import { isPooled, sayReused } from "./reused.ts";
import type { Scene } from "./scene.ts";

/** A handle is used behind the last use of its owner. */
export function findLateHandles(scene: Scene, site: FollowedSite): void {
  const positions = new Set(site.resource.nodes.flatMap(({ uses }) => uses));
  for (const { escapes } of site.resource.nodes)
    for (const one of escapes) positions.add(one.position);
  scene.method.statements.forEach((statement, index) => {
    if (statement.kind === "return") positions.add(index + 1);
  });
  for (const position of [...positions].sort((a, b) => a - b)) {
    if (!scene.isDead(site, position)) continue;
    const [handle] = scene.handlesAt(site, position);
    if (handle === undefined) continue;
    const isReused = isPooled(scene, site.site, handle);
    // An array is kept alive by whoever holds it, but its elements are not kept as they are.
    if (!scene.looksBehind(position) && !(isReused && touchesElements(scene, position))) continue;
    if (isReused) {
      sayReused(scene, position, handle, site.site, "the owner");
      continue;
    }
    const isStored = scene.args(site.site).includes(handle);
    scene.say(
      "hazard/handle-outlives-owner",
      position,
      `${scene.id(handle)} was ${isStored ? "put into" : "read from"} ${scene.id(site.site)}, whose finalizer may have run by now: nothing preserves it`,
      site.site,
      "the owner",
    );
  }
}

function touchesElements(scene: Scene, position: number): boolean {
  const { kind, name } = scene.frame.heap.body.statements[position - 1] ?? nothing;
  return kind === "builtin" && /^(?:memoryref(?:new|get|set!)|arrayref|arrayset)$/.test(name);
}

const nothing = { kind: "none", name: "" };

/** Foreign code that goes on behind its call, and is not waited for while the object is alive. */
export function findForeignWork(scene: Scene, site: FollowedSite): void {
  if (waitsByItself(scene)) return;
  scene.method.statements.forEach((statement, index) => {
    const position = index + 1;
    const name = scene.nameAt(position);
    if (statement.kind !== "foreigncall" || !asynchronous.test(name)) return;
    if (!scene.isPassed(site, position)) return;
    const isAwaited = scene
      .reached(position, site.site)
      .some((one) => isWaiting(scene.nameAt(one)) && !scene.isDead(site, one));
    if (isAwaited) return;
    scene.say(
      "hazard/foreign-code-holds-it",
      position,
      `\`${name}\` goes on using what ${scene.id(site.site)} owns, and nothing waits for it while the object is alive`,
      site.site,
      "the owner",
    );
  });
}

/** Whether the finalizers free nothing but what a device has done with, or frees in its own order. */
function waitsByItself({ bodies }: Scene): boolean {
  const names = bodies.flatMap(({ calls }) => calls.map(({ name }) => name));
  return (
    names.some((name) => freedInOrder.test(name) || freedWhenIdle.test(name)) &&
    names.every((name) => freedInOrder.test(name) || freedWhenIdle.test(name) || isWaiting(name))
  );
}

/** A handle made from the parent's handle, kept in an object that outlives the parent. */
export function findLateChildren(scene: Scene, parent: FollowedSite): void {
  const { heap } = scene.frame;
  const object = heap.heap.objectMadeAt(parent.site);
  const derived = new Map<Value, number>();
  heap.body.statements.forEach((made, index) => {
    const position = index + 1;
    if (made.kind === "foreigncall") {
      if (scene.handlesAt(parent, position).length > 0) derived.set(position, position);
      return;
    }
    const from = made.args.map((arg) => derived.get(arg)).find((one) => one !== undefined);
    if (from === undefined) return;
    if (made.kind === "alias" || made.name === "bitcast") derived.set(position, from);
    if (made.kind !== "new" || position === parent.site) return;
    const child = heap.heap.objectMadeAt(position);
    const isHolding = child >= 0 && heap.heap.reach([child]).has(object);
    sayChild(scene, parent, position, isHolding);
  });
}

function sayChild(scene: Scene, parent: FollowedSite, child: number, isHolding: boolean): void {
  for (const position of scene.reached(child, child)) {
    if (!scene.looksBehind(position) || !scene.isDead(parent, position)) continue;
    const isUsed = scene.args(position).some((arg) => {
      if (scene.root(arg) === child) return !isHolding;
      const made = scene.frame.heap.body.statements[arg - 1];
      return (
        made?.name === "getfield" &&
        scene.root(made.args[1] ?? 0) === child &&
        isPointer(scene.frame, arg)
      );
    });
    if (!isUsed) continue;
    scene.say(
      "hazard/child-outlives-parent",
      position,
      `${scene.id(child)} was opened through ${scene.id(parent.site)}, whose finalizer may have run by now`,
      parent.site,
      "the parent",
    );
    return;
  }
}
