// Finalizers that may switch tasks, run where the method relies on staying on its thread, or holds a lock that
// spins: the free makes a yield point of a place that was none.
//
// The running task stays the same over a switch, and so do its random numbers and its storage; signals that
// are put off (`jl_sigatomic_begin`) and finalizers that are held back are put back by the switch itself. None
// of that is said. Source: src/task.c (`jl_switch`), base/locks-mt.jl, base/libuv.jl; spec early-plan.md §9.

import type { Value } from "../body.ts";
import { regionDepth } from "../plan/lock-region.ts";
import { argumentTypes } from "./calls.ts";
import { entering, leaving, ofThread, spinLock } from "./names.ts";
import type { FreePoint, Scene } from "./scene.ts";

/** The finalizer may switch tasks where that matters. */
export function findSwitches(scene: Scene): void {
  const by = scene.bodies.map(({ switchedBy }) => switchedBy).find((one) => one !== null);
  if (by === undefined || by === null) return;
  const points = scene.freePoints();
  if (points.length === 0) return;
  inSpinRegion(scene, by, points);
  overThread(scene, by, points);
}

function inSpinRegion(scene: Scene, by: string, points: readonly FreePoint[]): void {
  const { opened, handlers } = scene.frame;
  const depth = regionDepth(scene.method, handlers, (position) => {
    const name = scene.nameAt(position);
    if (entering.test(name)) return 1;
    if (leaving.test(name)) return -1;
    if (!/^_?(?:try|un)?lock$/.test(name)) return 0;
    if (!argumentTypes(opened, position).some((type) => spinLock.test(type))) return 0;
    return name.endsWith("unlock") ? -1 : 1;
  });
  if (depth === null) return;
  for (const { position, block, next } of points) {
    const held = next > position ? depth.behind[position] : depth.at[block];
    if ((held ?? 0) === 0) continue;
    scene.say(
      "hazard/free-switches-task",
      position,
      `the finalizer runs here and may switch tasks (\`${by}\`), while this thread holds a lock for which others spin`,
    );
  }
}

/** What the running thread answered is used behind the switch, on whatever thread that is. */
function overThread(scene: Scene, by: string, points: readonly FreePoint[]): void {
  scene.method.statements.forEach((_, index) => {
    const read = index + 1;
    if (!ofThread.test(scene.nameAt(read))) return;
    const uses = usesOfThread(scene, read);
    for (const { position, block, next } of points) {
      const behind = new Set(scene.reachedFrom(block, next, (at) => at === read));
      const use = uses.find((one) => behind.has(one));
      if (use === undefined) continue;
      scene.say(
        "hazard/free-switches-task",
        position,
        `the finalizer runs here and may switch tasks (\`${by}\`); ${scene.id(use)} then still goes by the thread that \`${scene.nameAt(read)}\` saw before`,
        read,
        "the thread is asked for here",
      );
    }
  });
}

/**
 * Statements that find a place by what `read` answered: an element, an address, or what was found there.
 * Comparing or printing it is harmless.
 */
function usesOfThread(scene: Scene, read: number): number[] {
  const derived = new Set<Value>([read]);
  const found: number[] = [];
  scene.frame.heap.body.statements.forEach(({ kind, name, args }, index) => {
    const position = index + 1;
    if (!args.some((arg) => derived.has(arg))) return;
    const isCall = kind === "invoke" || kind === "call";
    const isAccess =
      kind === "builtin" || kind === "intrinsic"
        ? accessing.test(name)
        : isCall && /^(?:getindex|setindex!)$/.test(scene.nameAt(position));
    if (isAccess) found.push(position);
    if (isAccess || (kind === "intrinsic" && numeric.test(name)) || name === "pi") {
      derived.add(position);
    }
  });
  return found;
}

const accessing =
  /^(?:memoryref(?:new|get|set!)|arrayref|arrayset|pointerref|pointerset|atomic_pointer\w*|setfield!)$/;

/** Arithmetic that leaves a number a number of the thread. */
const numeric =
  /^(?:sext_int|zext_int|trunc_int|bitcast|add_int|sub_int|mul_int|add_ptr|sub_ptr|checked_trunc_\w+)$/;
