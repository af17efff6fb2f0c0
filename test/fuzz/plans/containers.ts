// Objects in things that hold them: immutable structs, memory, fields that are exchanged.

import type { Builder, Val } from "./builder.ts";
import { type Piece, seldom, withSome } from "./piece.ts";

const throughStruct: Piece = withSome("Counted", (builder, object, random) => {
  const wrap = builder.make(
    "Wrap",
    "%new(Main.Wrap, ",
    object,
    ", ",
    builder.some(random, "Int64"),
    ")",
  );
  if (random.oneIn(3)) builder.call("invoke", "Int64", "Main.use_wrap(", wrap, "::Wrap)");
});

const fromStruct: Piece = withSome("Wrap", (builder, wrap, random) => {
  if (random.oneIn(2))
    builder.scope.push(builder.call("builtin", "Int64", "Base.getfield(", wrap, ", :n)"));
  else builder.scope.push(builder.call("builtin", "Counted", "Base.getfield(", wrap, ", :o)"));
});

/** A tuple in a tuple, of which one element or the other comes out. */
const throughNest: Piece = withSome("Counted", (builder, object, random) => {
  const pair = "Tuple{Counted, Int64}";
  const inner = builder.call(
    "builtin",
    pair,
    "Core.tuple(",
    object,
    ", ",
    builder.some(random, "Int64"),
    ")",
  );
  const outer = builder.call("builtin", `Tuple{Int64, ${pair}}`, "Core.tuple(1, ", inner, ")");
  const back = builder.call("builtin", pair, "Base.getfield(", outer, ", 2)");
  const [type, index] = random.oneIn(2) ? ["Counted", "1"] : ["Int64", "2"];
  builder.scope.push(builder.call("builtin", type, "Base.getfield(", back, `, ${index})`));
});

/** One element of new memory is set; sometimes it is read, or the memory handed on. */
const throughMemory: Piece = withSome("Counted", (builder, object, random) => {
  const [type, reference] = ["Memory{Counted}", "MemoryRef{Counted}"];
  const memory = builder.call("builtin", type, "Core.memorynew(Memory{Counted}, 2)");
  const place = builder.call("builtin", reference, "Core.memoryrefnew(", memory, ")");
  builder.call(
    "builtin",
    "Counted",
    "Core.memoryrefset!(",
    place,
    ", ",
    object,
    ", :not_atomic, false)",
  );
  if (random.oneIn(2)) return;
  if (random.oneIn(3)) builder.call("invoke", "Nothing", "Main.use_quiet(", memory, "::Any)");
  // Which object it is nobody can prove, so it gets no finalizer of its own.
  const back = builder.call(
    "builtin",
    "Counted",
    "Core.memoryrefget(",
    place,
    ", :not_atomic, false)",
  );
  builder.scope.push(builder.call("builtin", "Int64", "Base.getfield(", back, ", :x)"));
});

/** What was in the field comes out as the new object goes in. */
const exchange: Piece = withSome("Node", (builder, node, random) => {
  const next: Val | string = builder.some(random, "Counted");
  const old = swap(builder, node, next);
  builder.call("builtin", "Nothing", "(Core.donotdelete)(", old, ")");
});

function swap(builder: Builder, node: Val, next: Val | string): Val {
  return builder.call("builtin", "Any", "Core.swapfield!(", node, ", :next, ", next, ")");
}

export const containerPieces: readonly Piece[] = [
  throughStruct,
  fromStruct,
  seldom(2, throughNest),
  seldom(2, throughMemory),
  seldom(2, exchange),
];
