// Callees that make objects with finalizers and give them back, alone or inside of something, and callees that
// finalize, recur, or tell an object's address; with the statements that call them.

import type { Builder, Val } from "./builder.ts";
import { bad, good, method } from "./callees.ts";
import { type Piece, seldom, withSome } from "./piece.ts";

/** Memory of C in a new object, as an allocator of another language gives it. */
const makeBuffer: Piece = (builder, random) => {
  const size = builder.some(random, "Int64");
  builder.scope.push(builder.call("invoke", "Buffer", "Main.make_buffer(", size, "::Int64)"));
};

/** Registered or not, as the callee decides. */
const makeMaybe: Piece = (builder, random) => {
  const parts = ["Main.make_maybe(", builder.some(random, "Int64"), "::Int64, "];
  const condition = builder.some(random, "Bool");
  builder.scope.push(builder.call("invoke", "Counted", ...parts, condition, "::Bool)"));
};

/** A node that holds an object of ours. Stores into what a callee made count as keeping; it is only read. */
const makeLinked: Piece = withSome("Counted", (builder, object) => {
  const node = builder.call("invoke", "Node", "Main.make_linked(", object, "::Counted)");
  builder.scope.push(builder.call("builtin", "Int64", "Base.getfield(", node, ", :x)"));
});

const makeInside: Piece = (builder, random) => {
  const count: Val | string = builder.some(random, "Int64");
  const pair = "Tuple{Counted, Int64}";
  const made = builder.call("invoke", pair, "Main.make_inside(", count, "::Int64)");
  const back = builder.call("builtin", "Counted", "Base.getfield(", made, ", 1)");
  builder.call("builtin", "Int64", "Base.getfield(", back, ", :x)");
};

const recur: Piece = withSome("Counted", (builder, object, random) => {
  const depth = builder.some(random, "Int64");
  builder.scope.push(
    builder.call("invoke", "Int64", "Main.recur(", object, "::Counted, ", depth, "::Int64)"),
  );
});

const close: Piece = withSome("Counted", (builder, object) => {
  builder.call("invoke", "Nothing", "Main.close_it(", object, "::Counted)");
});

const address: Piece = withSome("Counted", (builder, object, random) => {
  const [name, type] = random.oneIn(2)
    ? ["jl_value_ptr", "Ptr{Nothing}"]
    : ["jl_object_id", "UInt64"];
  const head = `$(Expr(:foreigncall, :(:${name}), ${type}, svec(Any), 0, :(:ccall), :(`;
  builder.add(type, head, object, ")))");
});

/** A finalizer in C, for which there is no text. */
const pointerFinalizer: Piece = withSome("Counted", (builder, object) => {
  const types = "svec(Ptr{Nothing}, Any, Ptr{Nothing})";
  const head = `$(Expr(:foreigncall, :(:jl_gc_add_ptr_finalizer), Nothing, ${types}, 0, :(:ccall), `;
  builder.add("Nothing", head, "C_NULL, :(", object, "), C_NULL))");
});

/** Calls that know nothing of our objects and do something to the process. */
const around: Piece = (builder: Builder, random) => {
  builder.call("invoke", "Nothing", random.pick(["Main.yield()", "Base.GC.gc()"]));
};

export const makerPieces: readonly Piece[] = [
  makeBuffer,
  makeMaybe,
  seldom(2, makeLinked),
  seldom(2, makeInside),
  seldom(2, recur),
  seldom(6, close),
  seldom(6, address),
  seldom(8, pointerFinalizer),
  seldom(4, around),
];

export const makers: string = [
  method(
    "make_buffer(::Int64)",
    "make_buffer(n::Int64)",
    bad,
    "Buffer",
    `
1 ─ %1 = $(Expr(:foreigncall, :(:malloc), Ptr{Float64}, svec(UInt64), 0, :(:ccall), 16, 16))::Ptr{Float64}
│   %2 = %new(Main.Buffer, %1)::Buffer
│          builtin (Core.finalizer)(Main.fin_free, %2)::Nothing
└──      return %2`,
  ),
  method(
    "make_maybe(::Int64, ::Bool)",
    "make_maybe(n::Int64, c::Bool)",
    bad,
    "Counted",
    `
1 ─ %1 = %new(Main.Counted, n)::Counted
└──      goto #3 if not c
2 ─        builtin (Core.finalizer)(Main.fin_bump, %1)::Nothing
3 ┄      return %1`,
  ),
  method(
    "make_linked(::Counted)",
    "make_linked(a::Counted)",
    bad,
    "Node",
    `
1 ─ %1 = %new(Main.Node, 1, a)::Node
└──      return %1`,
  ),
  method(
    "make_inside(::Int64)",
    "make_inside(n::Int64)",
    bad,
    "Tuple{Counted, Int64}",
    `
1 ─ %1 = %new(Main.Counted, n)::Counted
│          builtin (Core.finalizer)(Main.fin_bump, %1)::Nothing
│   %3 =   builtin Core.tuple(%1, n)::Tuple{Counted, Int64}
└──      return %3`,
  ),
  method(
    "recur(::Counted, ::Int64)",
    "recur(a::Counted, n::Int64)",
    bad,
    "Int64",
    `
1 ─ %1 = intrinsic Base.slt_int(0, n)::Bool
└──      goto #3 if not %1
2 ─ %3 = intrinsic Base.sub_int(n, 1)::Int64
│   %4 =    invoke Main.recur(a::Counted, %3::Int64)::Int64
└──      return %4
3 ─ %6 =   builtin Base.getfield(a, :x)::Int64
└──      return %6`,
  ),
  method(
    "close_it(::Counted)",
    "close_it(a::Counted)",
    good,
    "Nothing",
    `
1 ─         invoke Main.finalize(a::Counted)::Nothing
└──      return nothing`,
  ),
].join("\n");
