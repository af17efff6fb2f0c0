// Libraries that are shut down while an object is still to be finalized through them.

import { type FollowedSite, isNeededAfter } from "../lifetime/follow.ts";
import { stateAfter } from "../plan/track.ts";
import { keyOfInvoke } from "../summary.ts";
import { argumentsOf } from "./calls.ts";
import { foreignCallsOf } from "./foreign-calls.ts";
import { type Library, libraries } from "./names.ts";
import { originOf } from "./origin.ts";
import type { Scene } from "./scene.ts";
import { storedIn } from "./stored.ts";

/** A path shuts a library down before the finalizer of a living object calls into it. */
export function findShutdowns(scene: Scene, site: FollowedSite): void {
  const called = libraries.flatMap((library) => {
    const name = calledFunction(scene, library);
    return name === null ? [] : [{ library, name }];
  });
  const handles = loadedBy(scene, site);
  if (called.length === 0 && handles.size === 0) return;
  scene.method.statements.forEach((_, index) => {
    const position = index + 1;
    for (const { library, name } of called) {
      const by = shutdownAt(scene, position, library);
      if (by === null || !isStillToRun(scene, site, position)) continue;
      scene.say(
        "hazard/library-shut-down",
        position,
        `\`${by}\` shuts ${library.name} down, and the finalizer of ${scene.id(site.site)}, which is still to run, calls \`${name}\``,
        site.site,
        "the owner",
      );
    }
    if (handles.size === 0 || !/^(?:jl_)?dlclose$/.test(scene.nameAt(position))) return;
    const [library] = argumentsOf(scene.frame.opened, position);
    if (library === undefined || !handles.has(scene.root(library.value))) return;
    if (!isStillToRun(scene, site, position)) return;
    scene.say(
      "hazard/library-shut-down",
      position,
      `the library is closed, and the finalizer of ${scene.id(site.site)}, which is still to run, calls a function of it`,
      site.site,
      "the owner",
    );
  });
}

/** A function of the library that the finalizers call whatever becomes of the library. */
function calledFunction(scene: Scene, { members, allowed }: Library): string | null {
  for (const { calls } of scene.bodies) {
    // Who asks first may have the answer decide, in a way that the text need not show.
    if (calls.some(({ name }) => allowed?.test(name) === true)) continue;
    const found = calls.find(({ name, guard }) => guard !== "else" && members.test(name));
    if (found !== undefined) return found.name;
  }
  return null;
}

/** The C function by which the statement shuts the library down, itself or in a callee on every path. */
function shutdownAt(scene: Scene, position: number, { shutdown }: Library): string | null {
  const name = scene.nameAt(position);
  if (shutdown.test(name)) return name;
  const statement = scene.method.statements[position - 1];
  const key = statement?.kind === "invoke" ? keyOfInvoke(scene.method, statement) : null;
  if (key === null) return null;
  const calls = foreignCallsOf(scene.frame.environment, key);
  return calls.find((one) => one.guard === "nothing" && shutdown.test(one.name))?.name ?? null;
}

/** Whether the finalizers are registered at the statement, and can only run behind it. */
function isStillToRun(scene: Scene, { site, need, resource }: FollowedSite, at: number): boolean {
  const block = scene.method.blockOf[at] ?? 0;
  const isPending = (need.byBlock.get(block) ?? [])
    .filter((node) => node.from < at)
    .map((node) => stateAfter(node, at))
    .some(({ maybe, escaped, finalized }) => maybe !== 0 && !escaped && !finalized);
  if (!isPending) return false;
  if (isNeededAfter(resource, block, at)) return true;
  const behind = new Set(scene.reached(at, site));
  return scene.freePoints().some(({ position, next }) => next > position && behind.has(position));
}

/** Values of `dlopen` whose functions the finalizers call through a field of the object. */
function loadedBy(scene: Scene, site: FollowedSite): Set<number> {
  const found = new Set<number>();
  for (const field of scene.bodies.flatMap(({ called }) => [...called])) {
    const stored = storedIn(scene, site, field);
    if (stored === null) continue;
    const made = originOf(scene.frame.opened, stored.value, stored.operand)?.root ?? 0;
    if (made < 1 || !/^(?:jl_)?dlsym(?:_e)?$/.test(scene.nameAt(made))) continue;
    const [library] = argumentsOf(scene.frame.opened, made);
    if (library !== undefined && library.value > 0) found.add(scene.root(library.value));
  }
  return found;
}
