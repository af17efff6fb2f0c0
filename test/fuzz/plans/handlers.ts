// Exception regions beside plain `try`/`catch`: `finally`, which handles and throws on, handlers that look at
// the exception, and `return` from inside of a region.

import type { Random } from "../random.ts";
import type { Builder, Label, Val } from "./builder.ts";

/** An open region: how it is left, and where its handler begins. */
export interface Region {
  readonly enter: Val;
  readonly handler: Label;
}

/** Ends the block with the region's `enter`; what follows is inside. */
export function enter(builder: Builder): Region {
  const handler: Label = { block: null };
  const made =
    builder.generation === "1.10"
      ? builder.add(null, "$(Expr(:enter, ", handler, "))")
      : builder.add(null, "enter ", handler);
  builder.block.isEnded = true;
  builder.startBlock();
  return { enter: made, handler };
}

/** Ends the block with a `leave` of these regions, inner ones first. */
export function leave(builder: Builder, regions: readonly Region[]): void {
  if (builder.generation === "1.10") builder.end(`$(Expr(:leave, ${regions.length}))`);
  else {
    const names = regions.flatMap((one, at) => [at > 0 ? ", :(" : ":(", one.enter, ")"]);
    builder.end("$(Expr(:leave, ", ...names, "))");
  }
  builder.startBlock();
}

/** A look at what was thrown. */
export function lookAtException(builder: Builder): void {
  const thrown = builder.add("Any", "$(Expr(:the_exception))");
  builder.call("builtin", "Nothing", "(Core.donotdelete)(", thrown, ")");
}

/** The end of a handler that throws what it caught. */
export function rethrow(builder: Builder): void {
  builder.call("invoke", "Union{}", "Main.rethrow()");
  builder.end("unreachable");
}

/** `return` out of all open regions, from a block of its own. */
export function returnOut(
  builder: Builder,
  random: Random,
  regions: readonly Region[],
  condition: Val | string,
): void {
  const behind: Label = { block: null };
  builder.end("goto ", behind, " if not ", condition);
  builder.startBlock();
  leave(builder, [...regions].reverse());
  builder.end("return ", builder.some(random, "Int64"));
  builder.startBlock(behind);
}
