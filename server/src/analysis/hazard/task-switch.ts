// Finalizers that may switch tasks, run where the method relies on staying on its thread, or holds a lock that
// spins: the free makes a yield point of a place that was none.
//
// The running task stays the same over a switch, and so do its random numbers and its storage; signals that
// are put off (`jl_sigatomic_begin`) and finalizers that are held back are put back by the switch itself. None
// of that is said. Source: src/task.c (`jl_switch`), base/locks-mt.jl, base/libuv.jl; spec early-plan.md §9.

import type { Value } from "../body.ts";
import { isPointer } from "../plan/follow.ts";
import { regionDepth } from "../plan/lock-region.ts";
import { argumentsOf, argumentTypes } from "./calls.ts";
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
    // `lock(f, l)` lets go by itself, and `trylock` may not have taken it.
    const [type, ...others] = argumentTypes(opened, position);
    if (type === undefined || others.length > 0 || !spinLock.test(type)) return 0;
    return name === "lock" ? 1 : /^_?unlock$/.test(name) ? -1 : 0;
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
    if (argumentsOf(scene.frame.opened, read).length > 0) return;
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
 * Statements that find a place by what `read` answered: an element, an address, or inside of what was found
 * there. Comparing, printing or storing it is harmless.
 */
function usesOfThread(scene: Scene, read: number): number[] {
  const { environment, heap, types } = scene.frame;
  const derived = new Set<Value>([read]);
  const found: number[] = [];
  heap.body.statements.forEach(({ kind, name, args }, index) => {
    const position = index + 1;
    const isCall = kind === "invoke" || kind === "call";
    const called = isCall ? scene.nameAt(position) : name;
    const stored = storedOperand.get(called) ?? 0;
    if (!args.some((arg, at) => at !== stored && derived.has(arg))) return;
    const isAccess = isCall
      ? /^(?:getindex|setindex!)$/.test(called)
      : (kind === "builtin" || kind === "intrinsic") && accessing.test(called);
    if (isAccess) found.push(position);
    // A number that was found there is a number like any other.
    const isPlace =
      isPointer(scene.frame, position) || !environment.types.isBitsType(types.ssa(position));
    const isLed = isAccess || (kind === "builtin" && called === "getfield");
    if ((isLed && isPlace) || (kind === "intrinsic" && numeric.test(called)) || name === "pi") {
      derived.add(position);
    }
  });
  return found;
}

const accessing =
  /^(?:memoryref(?:new|get|set!)|arrayref|arrayset|pointerref|pointerset|atomic_pointer\w*|setfield!)$/;

/** Which operand is only stored, the callee counted. */
const storedOperand: ReadonlyMap<string, number> = new Map([
  ["memoryrefset!", 2],
  ["setindex!", 2],
  ["pointerset", 2],
  ["atomic_pointerset", 2],
  ["arrayset", 3],
  ["setfield!", 3],
]);

/** Arithmetic that leaves a number a number of the thread. */
const numeric =
  /^(?:sext_int|zext_int|trunc_int|bitcast|add_int|sub_int|mul_int|add_ptr|sub_ptr|checked_trunc_\w+)$/;
