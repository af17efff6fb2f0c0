// Straight-line pieces of generated programs: objects are made, registered, used, stored, kept, locked.

import type { Random } from "../random.ts";
import type { Builder, Val } from "./builder.ts";
import { bodies } from "./callees.ts";
import { containerPieces } from "./containers.ts";
import { expressionPieces } from "./expressions.ts";
import { heldBack, tried } from "./held-back.ts";
import { makerPieces } from "./makers.ts";
import { type Piece, seldom, withSome } from "./piece.ts";
import { bodyPieces } from "./unusual-bodies.ts";

/** Some pieces in a row. */
export function addPieces(builder: Builder, random: Random, count: number): void {
  for (let n = 0; n < count; n++) random.pick(pieces)(builder, random);
}

export function register(builder: Builder, random: Random, object: Val): void {
  const body = random.pick(bodies[object.type] ?? ["fin_bump"]);
  builder.call("builtin", "Nothing", "(Core.finalizer)(Main.", body, ", ", object, ")");
}

function makeCounted(builder: Builder, random: Random): Val {
  const object = builder.make("Counted", "%new(Main.Counted, ", builder.some(random, "Int64"), ")");
  if (!random.oneIn(6)) register(builder, random, object);
  if (random.oneIn(6)) register(builder, random, object);
  return object;
}

function makeBuffer(builder: Builder, random: Random): void {
  const size = `${8 * (1 + random.below(4))}`;
  const pointer = builder.add(
    "Ptr{Float64}",
    `$(Expr(:foreigncall, :(:malloc), Ptr{Float64}, svec(UInt64), 0, :(:ccall), ${size}, ${size}))`,
  );
  const buffer = builder.make("Buffer", "%new(Main.Buffer, ", pointer, ")");
  if (!random.oneIn(8)) register(builder, random, buffer);
}

function usePointer(builder: Builder, buffer: Val, random: Random): void {
  const isKept = !random.oneIn(4);
  const token = isKept ? builder.add(null, "$(Expr(:gc_preserve_begin, :(", buffer, ")))") : null;
  const pointer = builder.call("builtin", "Ptr{Float64}", "Base.getfield(", buffer, ", :ptr)");
  builder.call("intrinsic", "Ptr{Float64}", "Base.pointerset(", pointer, ", 1.5, 1, 1)");
  builder.call("intrinsic", "Float64", "Base.pointerref(", pointer, ", 1, 1)");
  if (token !== null) builder.add(null, "$(Expr(:gc_preserve_end, :(", token, ")))");
}

function load(builder: Builder, object: Val): void {
  builder.scope.push(builder.call("builtin", "Int64", "Base.getfield(", object, ", :x)"));
}

function throughTuple(builder: Builder, object: Val, random: Random): void {
  const count = builder.some(random, "Int64");
  const tuple = builder.call(
    "builtin",
    "Tuple{Counted, Int64}",
    "Core.tuple(",
    object,
    ", ",
    count,
    ")",
  );
  const back = builder.call("builtin", "Counted", "Base.getfield(", tuple, ", 1, true)");
  if (random.oneIn(2)) builder.scope.push(back);
  else load(builder, back);
}

function throughBox(builder: Builder, object: Val, random: Random): void {
  const box = builder.add("Core.Box", "%new(Core.Box)");
  builder.call("builtin", "Counted", "Core.setfield!(", box, ", :contents, ", object, ")");
  const inside = builder.call("builtin", "Any", "Core.getfield(", box, ", :contents)");
  if (random.oneIn(2)) return;
  if (random.oneIn(2)) {
    const same = builder.call("builtin", "Counted", "Core.typeassert(", inside, ", Main.Counted)");
    load(builder, same);
    return;
  }
  const narrow = builder.add(null, "π (", inside, ", Counted)");
  load(builder, narrow);
}

function eitherOf(builder: Builder, object: Val, random: Random): void {
  const condition = builder.some(random, "Bool");
  const other = random.pick(builder.ofType("Counted"));
  const parts = ["Core.ifelse(", condition, ", ", object, ", ", other, ")"];
  builder.scope.push(builder.call("builtin", "Counted", ...parts));
}

/** A finalizer that closes over an object. */
function registerClosure(builder: Builder, object: Val, random: Random): void {
  const type = 'var"#fin#2"{Counted}';
  const made = builder.add(type, `%new(${type}, `, random.pick(builder.ofType("Counted")), ")");
  builder.call("builtin", "Nothing", "(Core.finalizer)(", made, ", ", object, ")");
}

function toC(builder: Builder, object: Val): void {
  const parts = [":(", object, "), :(", object, ")))"];
  const head = "$(Expr(:foreigncall, :(:c_mystery), Nothing, svec(Any), 0, :(:ccall), ";
  builder.add("Nothing", head, ...parts);
}

function intoPair(builder: Builder, object: Val, random: Random): void {
  const pair = builder.make("Pair2", "%new(Main.Pair2, ", object, ", nothing)");
  if (!random.oneIn(2)) return;
  builder.call("invoke", "Nothing", "Main.use_quiet(", pair, "::Any)");
}

function fromPair(builder: Builder, pair: Val): void {
  const inside = builder.call("builtin", "Any", "Base.getfield(", pair, ", :a)");
  builder.call("builtin", "Nothing", "(Core.donotdelete)(", inside, ")");
}

function intoNode(builder: Builder, object: Val, random: Random): void {
  const node = builder.make(
    "Node",
    "%new(Main.Node, ",
    builder.some(random, "Int64"),
    ", ",
    object,
    ")",
  );
  if (!random.oneIn(3)) register(builder, random, node);
}

function relink(builder: Builder, node: Val, random: Random): void {
  const next = builder.some(random, random.oneIn(2) ? "Counted" : "Node");
  builder.call("builtin", "Any", "Base.setfield!(", node, ", :next, ", next, ")");
}

function closure(builder: Builder, object: Val): void {
  const type = 'var"#grab#1"{Counted}';
  const made = builder.add(type, `%new(${type}, `, object, ")");
  builder.scope.push(builder.call("invoke", "Int64", made, "()"));
}

function locked(builder: Builder, random: Random): void {
  builder.call("invoke", "Nothing", "Main.lock(Main.LOCK::ReentrantLock)");
  addPieces(builder, random, 1 + random.below(2));
  builder.call("invoke", "Nothing", "Main.unlock(Main.LOCK::ReentrantLock)");
}

function weak(builder: Builder, object: Val, random: Random): void {
  const head =
    "$(Expr(:foreigncall, :(:jl_gc_new_weakref_th), WeakRef, svec(Ptr{Nothing}, Any), 0, :(:ccall), ";
  const reference = random.oneIn(2)
    ? builder.call("invoke", "WeakRef", "Main.WeakRef(", object, "::Counted)")
    : builder.add("WeakRef", head, "C_NULL, :(", object, "), :(", object, ")))");
  const target = builder.call("builtin", "Any", "Base.getfield(", reference, ", :value)");
  builder.scope.push(builder.call("builtin", "Bool", "(", target, " === nothing)"));
}

function makers(name: string, rest = ""): Piece {
  return (builder, random) => {
    const count = builder.some(random, "Int64");
    const parts = [`Main.${name}(`, count, `::Int64${rest})`];
    builder.scope.push(builder.call("invoke", "Counted", ...parts));
  };
}

function pairCalls(name: string, type: string): Piece {
  return withSome("Pair2", (builder, pair) => {
    builder.call("invoke", type, `Main.${name}(`, pair, "::Pair2)");
  });
}

function calls(name: string, type: string, ...rest: string[]): Piece {
  return withSome("Counted", (builder, object) => {
    const value = builder.call(
      "invoke",
      type,
      `Main.${name}(`,
      object,
      `::Counted${rest.join("")})`,
    );
    if (type !== "Nothing") builder.scope.push(value);
  });
}

const countedPieces: readonly Piece[] = [
  makeCounted,
  makeCounted,
  makers("make_counted"),
  seldom(3, makers("maybe_make", ", _4::Bool")),
  seldom(4, makers("make_kept")),
  seldom(2, withSome("Counted", eitherOf)),
  seldom(2, withSome("Counted", registerClosure)),
  seldom(5, withSome("Counted", toC)),
  withSome("Counted", load),
  withSome("Counted", (builder, object, random) => {
    const value = builder.some(random, "Int64");
    builder.call("builtin", "Int64", "Base.setfield!(", object, ", :x, ", value, ")");
  }),
  withSome("Counted", throughTuple),
  withSome("Counted", throughBox),
  withSome("Counted", intoPair),
  withSome("Counted", intoNode),
  withSome("Counted", closure),
  withSome("Counted", (builder, object, random) => {
    if (random.oneIn(3)) register(builder, random, object);
  }),
  withSome("Counted", (builder, object, random) => {
    if (random.oneIn(5)) weak(builder, object, random);
  }),
  withSome("Counted", (builder, object, random) => {
    if (random.oneIn(5)) builder.call("invoke", "Nothing", "Main.finalize(", object, "::Counted)");
  }),
];

const callPieces: readonly Piece[] = [
  withSome("Counted", (builder, object) => {
    builder.call("invoke", "Nothing", "Main.use_quiet(", object, "::Any)");
  }),
  calls("use_field", "Int64"),
  calls("use_throwing", "Int64"),
  calls("swallow", "Int64"),
  calls("give_back", "Counted"),
  seldom(4, calls("keep", "Nothing")),
  seldom(4, calls("mystery", "Int64")),
  seldom(4, calls("hand_over", "Nothing")),
  seldom(4, calls("maybe_keep", "Int64", ", _4::Bool")),
  calls("wrap", "Pair2"),
  pairCalls("first_of", "Any"),
  seldom(4, pairCalls("keep_inside", "Nothing")),
  seldom(3, locked),
  seldom(5, (builder, random) => heldBack(builder, random, addPieces)),
  seldom(6, (builder, random) => tried(builder, random, addPieces)),
];

const otherPieces: readonly Piece[] = [
  makeBuffer,
  withSome("Buffer", usePointer),
  withSome("Pair2", fromPair),
  withSome("Node", relink),
  withSome("Node", load),
  (builder, random) => {
    builder.call("invoke", "Nothing", "Main.bump(", builder.some(random, "Int64"), "::Int64)");
  },
  (builder, random) => {
    const [a, b] = [builder.some(random, "Int64"), builder.some(random, "Int64")];
    builder.scope.push(builder.call("intrinsic", "Int64", "Base.add_int(", a, ", ", b, ")"));
  },
  (builder, random) => {
    const [a, b] = [builder.some(random, "Int64"), builder.some(random, "Int64")];
    builder.scope.push(builder.call("intrinsic", "Bool", "Base.slt_int(", a, ", ", b, ")"));
  },
  (builder, random) => {
    const [a, b] = [builder.some(random, "Int64"), builder.some(random, "Int64")];
    builder.scope.push(
      builder.call("intrinsic", "Int64", "Base.checked_srem_int(", a, ", ", b, ")"),
    );
  },
];

const pieces: readonly Piece[] = [
  ...countedPieces,
  ...callPieces,
  ...otherPieces,
  ...expressionPieces,
  ...containerPieces,
  ...makerPieces,
  ...bodyPieces,
];
