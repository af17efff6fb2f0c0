// Statements that programs seldom need, but that are all over printed IR: copies, literals, globals, checks,
// dynamic calls, choices without a branch, `%splatnew`.

import type { Builder, Val } from "./builder.ts";
import { type Piece, seldom, withSome } from "./piece.ts";

/** Another name for the object: by a copy, a check of its type, or a choice between it and another one. */
const rename: Piece = withSome("Counted", (builder, object, random) => {
  switch (random.below(4)) {
    case 0:
      builder.make("Counted", object);
      break;
    case 1:
      builder.scope.push(
        builder.call("builtin", "Counted", "Core.typeassert(", object, ", Main.Counted)"),
      );
      break;
    case 2:
      builder.scope.push(choice(builder, object, random.pick(builder.ofType("Counted")), random));
      break;
    default:
      builder.make("Counted", "π (", object, ", Counted)");
  }
});

function choice(builder: Builder, a: Val, b: Val, random: Parameters<Piece>[1]): Val {
  const condition = builder.some(random, "Bool");
  return builder.call("builtin", "Counted", "Core.ifelse(", condition, ", ", a, ", ", b, ")");
}

/** What asks about an object and does not read its contents. */
const ask: Piece = withSome("Counted", (builder, object, random) => {
  const questions: readonly (() => Val)[] = [
    () => builder.call("builtin", "Bool", "(", object, " isa Main.Counted)"),
    () => builder.call("builtin", "Bool", "Core.isdefined(", object, ", :x)"),
    () => {
      const other = random.pick(builder.ofType("Counted"));
      return builder.call("builtin", "Bool", "(", object, " === ", other, ")");
    },
  ];
  builder.scope.push(random.pick(questions)());
});

const dynamic: Piece = withSome("Counted", (builder, object) => {
  builder.call("dynamic", "Any", "Main.use_field(", object, ")");
});

/** Constants and globals as statements. */
const plain: Piece = (builder, random) => {
  if (random.oneIn(2)) {
    builder.make("Int64", `${random.below(8)}`);
    return;
  }
  const value = builder.add("Any", "Main.SETTING");
  builder.call("builtin", "Nothing", "(Core.donotdelete)(", value, ")");
};

/** Checks that Julia puts before reads of variables and elements. */
const check: Piece = (builder, random) => {
  if (random.oneIn(2)) {
    builder.make("Bool", "$(Expr(:boundscheck, true))");
    return;
  }
  const condition = builder.some(random, "Bool");
  const shown =
    typeof condition === "string" || condition.name !== null ? [condition] : [":(", condition, ")"];
  builder.add("Any", "$(Expr(:throw_undef_if_not, :x, ", ...shown, "))");
};

/** A mutable object made from the elements of a tuple. */
const splat: Piece = withSome("Counted", (builder, object) => {
  const parts = ["Core.tuple(", object, ", nothing)"];
  const tuple = builder.call("builtin", "Tuple{Counted, Nothing}", ...parts);
  builder.make("Pair2", "%splatnew(Main.Pair2, ", tuple, ")");
});

export const expressionPieces: readonly Piece[] = [
  rename,
  ask,
  seldom(3, dynamic),
  plain,
  seldom(2, check),
  seldom(2, splat),
];
