// Finalizers that are no plain functions of their object: closures over another object, and bodies that
// register or keep their object, ask who runs them, or have no text.

import { bad, good, method } from "./callees.ts";
import { type Piece, seldom, withSome } from "./piece.ts";

const closureType = 'var"#close#2"{Counted}';

/** A closure: the object that it holds waits for the one on which it is registered. */
const registerClosure: Piece = withSome("Counted", (builder, object) => {
  const captured = builder.make("Counted", "%new(Main.Counted, _2)");
  builder.call("builtin", "Nothing", "(Core.finalizer)(Main.fin_bump, ", captured, ")");
  const body = builder.add(closureType, `%new(${closureType}, `, captured, ")");
  builder.call("builtin", "Nothing", "(Core.finalizer)(", body, ", ", object, ")");
});

const registerUnusual: Piece = withSome("Counted", (builder, object, random) => {
  const body = random.pick(["fin_again", "fin_keep", "fin_asks", "fin_unknown"]);
  builder.call("builtin", "Nothing", `(Core.finalizer)(Main.${body}, `, object, ")");
});

export const bodyPieces: readonly Piece[] = [
  seldom(2, registerClosure),
  seldom(6, registerUnusual),
];

export const unusualBodies: string = [
  method(
    '(::var"#close#2"{Counted})(::Counted)',
    '(f::var"#close#2")(o)',
    good,
    "Nothing",
    `
1 ─ %1 =   builtin Core.getfield(f, :o)::Counted
│   %2 =   builtin Base.getfield(%1, :x)::Int64
│           invoke Main.bump(%2::Int64)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_again(::Counted)",
    "fin_again(o)",
    bad,
    "Nothing",
    `
1 ─        builtin (Core.finalizer)(Main.fin_bump, o)::Nothing
└──      return nothing`,
  ),
  method(
    "fin_keep(::Counted)",
    "fin_keep(o)",
    good,
    "Nothing",
    `
1 ─        builtin Base.setfield!(Main.KEEP, :x, o)::Counted
└──      return nothing`,
  ),
  method(
    "fin_asks(::Counted)",
    "fin_asks(o)",
    "(!c,!e,!n,+t,!s,!m,+u,+o,+r)",
    "Nothing",
    `
1 ─ %1 =    invoke Base.GC.in_finalizer()::Bool
└──      goto #3 if not %1
2 ─         invoke Main.bump(1::Int64)::Nothing
3 ┄      return nothing`,
  ),
].join("\n");
