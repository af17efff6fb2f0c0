// Regions that hold finalizers back, in the other ways than by a lock that is always taken: a spin lock,
// `disable_finalizers`, and a lock that is only tried.

import type { Random } from "../random.ts";
import type { Builder } from "./builder.ts";

/** Some pieces in a row, as `addPieces` makes them. */
export type AddPieces = (builder: Builder, random: Random, count: number) => void;

const regions: readonly (readonly [string, string])[] = [
  [
    "Main.lock(Main.SPINLOCK::Base.Threads.SpinLock)",
    "Main.unlock(Main.SPINLOCK::Base.Threads.SpinLock)",
  ],
  ["Base.GC.disable_finalizers()", "Base.GC.enable_finalizers()"],
];

export function heldBack(builder: Builder, random: Random, addPieces: AddPieces): void {
  const [enter, leave] = random.pick(regions);
  builder.call("invoke", "Nothing", enter);
  addPieces(builder, random, 1 + random.below(2));
  builder.call("invoke", "Nothing", leave);
}

/** What comes behind may see an object for which the lock was free, or not. */
export function tried(builder: Builder, random: Random, addPieces: AddPieces): void {
  const lock = "Main.LOCK::ReentrantLock";
  const isFree = builder.call("invoke", "Bool", `Main.trylock(${lock})`);
  const [inside, behind] = [{ block: null }, { block: null }];
  builder.end("goto ", behind, " if not ", isFree);
  builder.startBlock(inside);
  const outer = [...builder.scope];
  addPieces(builder, random, 1 + random.below(2));
  builder.call("invoke", "Nothing", `Main.unlock(${lock})`);
  builder.end("goto ", behind);
  builder.scope = outer;
  builder.startBlock(behind);
}
