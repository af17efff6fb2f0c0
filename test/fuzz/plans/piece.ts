// What straight-line pieces of generated programs are, and the objects that they take.

import type { Random } from "../random.ts";
import type { Builder, Val } from "./builder.ts";

/** Adds some statements to the block at hand. */
export type Piece = (builder: Builder, random: Random) => void;

/** Calls `act` with an object of the type, if there is one. */
export function withSome(
  type: string,
  act: (builder: Builder, object: Val, random: Random) => void,
): Piece {
  return (builder, random) => {
    const all = builder.ofType(type);
    // Late objects are used more: early ones would all be alive to the end.
    if (all.length > 0)
      act(builder, random.oneIn(2) ? (all.at(-1) as Val) : random.pick(all), random);
  };
}

/** The piece, one time in `n`. */
export function seldom(n: number, piece: Piece): Piece {
  return (builder, random) => {
    if (random.oneIn(n)) piece(builder, random);
  };
}
