// What single forms mean when the interpreter runs them: arithmetic, handlers of all generations, the
// collector and finalizers as Julia has them, C memory, locks, opaque callees.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultRun,
  Interpreter,
  type RunOptions,
} from "../../server/src/check/interpreter/interpreter.ts";
import type { Outcome } from "../../server/src/check/interpreter/outcome.ts";
import { Obj, type Value } from "../../server/src/check/interpreter/value.ts";
import { Layouts } from "../../server/src/check/layout.ts";
import { readProgram } from "../../server/src/check/program.ts";

const head = "MethodInstance for main(::Int64)\n  type H mutable (x::Int64)\n";
const fin = `
MethodInstance for fin(::H)
1 ─ %1 = Base.getfield(_2, :x)::Int64
│        Base.setfield!(Main.FREED, :x, %1)::Int64
└──      return nothing
`;

function run(
  body: string,
  args: readonly Value[] = [3],
  options: Partial<RunOptions> = {},
): Outcome {
  const program = readProgram(`${head}${body.trim()}\n${fin}`);
  const interpreter = new Interpreter(program);
  const [method] = program.methods;
  assert.ok(method !== undefined);
  const code = interpreter.prepare({ method, placements: [], dropped: [] });
  return interpreter.run(code, { ...defaultRun, ...options }, args);
}

function result(body: string, ...args: readonly Value[]): string {
  const { ending } = run(body, args.length === 0 ? [3] : args);
  return `${ending.kind} ${ending.value}`;
}

const statement = (text: string): string => `1 ─ %1 = ${text}\n└──      return %1`;

const arithmetic: readonly (readonly [text: string, wanted: string])[] = [
  ["Base.add_int(_2, 4)::Int64", "7"],
  ["Base.add_int(9223372036854775807, 1)::Int64", "-9223372036854775808"],
  ["Base.mul_int(4611686018427387904, 4)::Int64", "0"],
  ["Core.trunc_int(Core.UInt8, 257)::UInt8", "1"],
  ["Base.neg_int(_2)::Int64", "-3"],
  ["Base.not_int(true)::Bool", "false"],
  ["Core.lshr_int(-1, 63)::Int64", "1"],
  ["Base.ashr_int(-8, 1)::Int64", "-4"],
  ["Base.ult_int(-1, 1)::Bool", "false"],
  ["Base.slt_int(-1, 1)::Bool", "true"],
  ["Base.checked_srem_int(-7, 3)::Int64", "-1"],
  [
    "Base.checked_sadd_int(9223372036854775807, 1)::Tuple{Int64, Bool}",
    "Tuple{Any, Any}(-9223372036854775808,true)",
  ],
  ["Base.add_float(1.5, 2.0)::Float64", "3.5f"],
  ["(1 === 1)::Bool", "true"],
  ["((1, 2) isa Tuple{Int64, Int64})::Bool", "true"],
  ["Core.ifelse(true, 1, 2)::Int64", "1"],
];

for (const [text, wanted] of arithmetic) {
  test(text, () => assert.equal(result(statement(text), 3), `returned ${wanted}`));
}

test("division by zero throws", () => {
  assert.match(result(statement("Base.checked_sdiv_int(1, 0)::Int64"), 0), /^thrown/);
});

test("handlers of all generations catch, and the exception is at hand", () => {
  const bodies = {
    "1.10": ["$(Expr(:enter, #3))", "$(Expr(:leave, 1))", "$(Expr(:leave, 1))"],
    "1.13": ["enter #3", "$(Expr(:leave, :(%1)))", "nothing::Nothing"],
    scope: ["enter #3 with scope _2", "$(Expr(:leave, :(%1)))", "nothing::Nothing"],
  };
  for (const [enter, leave, own] of Object.values(bodies)) {
    const body = `
1 ─ %1 = ${enter}
2 ─ %2 = Base.checked_srem_int(8, _2)::Int64
└──      ${leave}
3 ┄      ${own}
4 ─ %5 = $(Expr(:the_exception))::Any
│        $(Expr(:pop_exception, :(%1)))::Any
└──      return %5`;
    assert.equal(result(body, 0), "returned :DivideError", enter);
  }
});

test("a φᶜ gives what the last ϒ stored", () => {
  const body = `
1 ─ %1 = ϒ (1)::Int64
└── %2 = enter #4
2 ─ %3 = Base.checked_srem_int(8, _2)::Int64
│   %4 = ϒ (2)::Int64
│        invoke Main.error("late"::String)::Union{}
└──      unreachable
3 ─      return 0
4 ┄ %8 = φᶜ (%1, %4)::Int64
└──      return %8`;
  assert.equal(result(body, 0), "returned 1");
  assert.equal(result(body, 3), "returned 2");
});

const loses = `
1 ─ %1 = %new(Main.H, _2)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│        invoke Main.far()::Nothing
└──      return nothing`;

test("a collector finalizes what is dead, and not what is live", () => {
  assert.equal(run(loses, [3], { gc: "always" }).runs[0]?.cause, "gc");
  assert.equal(run(loses, [3], { gc: "never" }).runs[0]?.cause, "exit");
  const kept = loses.replace("return nothing", "return %1");
  assert.equal(run(kept, [3], { gc: "always" }).runs[0]?.cause, "exit");
  assert.deepEqual(run(kept, [3], { gc: "always" }).faults, []);
});

test("a body's writes to globals are its own", () => {
  const { runs, trace } = run(loses, [3], { gc: "always" });
  assert.deepEqual(
    runs.map((one) => one.effects),
    ["store Main.FREED.x 3"],
  );
  assert.deepEqual(trace, ["call far()"]);
});

test("explicit finalize runs all registrations, last first, and only once", () => {
  const body = `
1 ─ %1 = %new(Main.H, _2)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│        (Core.finalizer)(Main.last, %1)::Nothing
│        invoke Main.finalize(%1::H)::Nothing
│        invoke Main.finalize(%1::H)::Nothing
└──      return nothing`;
  assert.deepEqual(
    run(body).runs.map((one) => `${one.key} ${one.cause}`),
    ["@0 last finalize", "@0 fin finalize"],
  );
});

test("an exception in a body is swallowed", () => {
  const body = loses.replace("Main.fin,", "Main.error,");
  assert.equal(run(body, [3], { gc: "always" }).ending.kind, "returned");
});

test("finalizers wait while a lock is held", () => {
  const body = `
1 ─ %1 = %new(Main.H, _2)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│        invoke Main.lock(Main.LOCK::ReentrantLock)::Nothing
│        invoke Main.far()::Nothing
│        invoke Main.unlock(Main.LOCK::ReentrantLock)::Nothing
└──      return nothing`;
  const { runs } = run(body, [3], { gc: "always" });
  assert.ok((runs[0]?.time ?? 0) > 5, "it ran inside of the region");
});

test("a spin lock that is taken twice is a deadlock", () => {
  const body = `
1 ─      invoke Main.lock(Main.SPIN::SpinLock)::Nothing
│        invoke Main.lock(Main.SPIN::SpinLock)::Nothing
└──      return nothing`;
  assert.equal(run(body).ending.kind, "deadlock");
});

test("weak references are cleared before finalizers run", () => {
  const body = `
1 ─ %1 = %new(Main.H, _2)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│   %3 = invoke Main.WeakRef(%1::H)::WeakRef
│        invoke Main.far()::Nothing
│   %5 = Base.getfield(%3, :value)::Any
│   %6 = (%5 === nothing)::Bool
└──      return %6`;
  assert.equal(run(body, [3], { gc: "always" }).ending.value, "true");
  assert.equal(run(body, [3], { gc: "never" }).ending.value, "false");
});

const memory = (last: string): string => `
1 ─ %1 = $(Expr(:foreigncall, :(:malloc), Ptr{Float64}, svec(UInt64), 0, :(:ccall), 16, 16))::Ptr{Float64}
│        Base.pointerset(%1, 2.5, 2, 1)::Ptr{Float64}
│   %3 = Base.pointerref(%1, 2, 1)::Float64
│        $(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Float64}), 0, :(:ccall), :(%1), :(%1)))::Nothing
│        ${last}
└──      return %3`;

test("C memory is tracked", () => {
  const { ending, memory: usage, faults } = run(memory("nothing::Nothing"));
  assert.deepEqual([ending.value, usage.peak, usage.falls, faults], ["2.5f", 16, 1, []]);
  const again =
    "$(Expr(:foreigncall, :(:free), Nothing, svec(Ptr{Float64}), 0, :(:ccall), :(%1), :(%1)))::Nothing";
  assert.equal(run(memory(again)).faults[0]?.kind, "double-free");
  const late = "Base.pointerref(%1, 1, 1)::Float64";
  assert.equal(run(memory(late)).faults[0]?.kind, "use-after-free");
});

test("a loop without an end stops for want of fuel", () => {
  assert.equal(run("1 ─      goto #2\n2 ┄      goto #2").ending.kind, "fuel");
});

test("an opaque callee answers by its name and count, whatever a collector does", () => {
  const body = `
1 ─ %1 = %new(Main.H, _2)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│   %3 = invoke Main.far(1::Int64)::Int64
│   %4 = invoke Main.far(2::Int64)::Int64
│   %5 = Core.tuple(%3, %4)::Tuple{Int64, Int64}
└──      return %5`;
  for (let seed = 1; seed < 40; seed++) {
    const [one, other] = (["never", "always"] as const).map((gc) => run(body, [3], { seed, gc }));
    assert.deepEqual(other?.ending, one?.ending);
    assert.deepEqual(other?.trace, one?.trace);
  }
});

const registered = (made: string, rest: string): string => `
1 ─ %1 = %new(Main.H, 0)::H
│   %2 = ${made}
│        (Core.finalizer)(Main.fin, %1)::Nothing
${rest}
└──      return nothing`;

/** Steps at which finalizers ran, in statements of the program. */
function falls(body: string, gc: RunOptions["gc"]): number[] {
  const { held } = run(body, [3], { gc });
  return held.history
    .slice(0, held.nUntilEnd)
    .flatMap(([time, level], index, all) => (level < (all[index - 1]?.[1] ?? 0) ? [time] : []));
}

test("counted references: the last use of the last name ends an object", () => {
  const body = registered(
    "nothing::Nothing",
    "│   %4 = Base.getfield(%1, :x)::Int64\n│        nothing::Nothing\n│        invoke Main.far()::Nothing",
  );
  assert.deepEqual(falls(body, "counting"), [4]);
  assert.deepEqual(falls(body, "always"), [5]);
  assert.deepEqual(falls(body, "never"), []);
});

test("counted references: a container counts while it is held itself", () => {
  const box = registered(
    "%new(Main.Pouch, %1)::Pouch",
    "│        invoke Main.far()::Nothing\n│        Base.getfield(%2, :x)::Any\n│        nothing::Nothing",
  );
  assert.deepEqual(falls(box, "counting"), [5]);
});

test("counted references: a cycle is never gone, whatever a collector says", () => {
  const cycle = registered(
    "%new(Main.Pouch, %1)::Pouch",
    "│        Base.setfield!(%1, :x, %2)::Pouch\n│        invoke Main.far()::Nothing\n│        nothing::Nothing",
  );
  assert.deepEqual(falls(cycle, "counting"), []);
  assert.deepEqual(falls(cycle, "always"), [4]);
});

test("counted references: what a finalizer's object holds is gone behind the finalizer", () => {
  const { runs } = run(
    `
1 ─ %1 = %new(Main.H, 0)::H
│   %2 = %new(Main.H, %1)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│        (Core.finalizer)(Main.fin, %2)::Nothing
│        nothing::Nothing
└──      return nothing`,
    [3],
    { gc: "counting" },
  );
  assert.deepEqual(
    runs.map(({ key, cause }) => `${key} ${cause}`),
    ["@1 fin gc", "@0 fin gc"],
  );
});

test("counted references: the caller holds the arguments, and what they hold", () => {
  const { ending, held } = run(
    `
1 ─ %1 = %new(Main.H, 0)::H
│        (Core.finalizer)(Main.fin, %1)::Nothing
│        Base.setfield!(_2, :x, %1)::H
│        nothing::Nothing
└──      return nothing`,
    [new Obj("argument", new Layouts().of("Pouch"), "argument", true, [])],
    { gc: "counting" },
  );
  assert.equal(ending.value, "nothing");
  assert.equal(held.atEnd, 1);
});

test("finalizers take no time, and a statement takes one step with a placement behind it", () => {
  const ends = (["never", "always", "random", "counting"] as const).map((gc) => {
    const body = registered("nothing::Nothing", "│        invoke Main.far()::Nothing");
    return run(body, [3], { gc }).time;
  });
  assert.deepEqual(new Set(ends), new Set([5]));
});

test("a dictionary gives back what was put in", () => {
  const use = (last: string): string =>
    result(`
1 ─ %1 = Base.getfield(Main.TRACKER, :dict)::Dict{Int64, Int64}
│        invoke Base.setindex!(%1::Dict{Int64, Int64}, 7::Int64, _2::Int64)::Any
│   %3 = invoke Base.${last}::Int64
└──      return %3`);
  assert.equal(use("getindex(%1::Dict{Int64, Int64}, 3::Int64)"), "returned 7");
  assert.equal(use("ht_keyindex(%1::Dict{Int64, Int64}, 4::Int64)"), "returned -1");
  assert.match(use("pop!(%1::Dict{Int64, Int64}, 4::Int64)"), /^thrown/);
});

test("an atomic field is modified by + and -", () => {
  const modify = (operator: string): string =>
    result(`
1 ─ %1 = %new(Main.H, 5)::H
│        $(Expr(:invoke_modify, CodeInstance for MethodInstance for ${operator}(::Int64, ::Int64), modifyfield!, :(%1), :(:x), :(Main.:${operator}), Core.Argument(2), :(:sequentially_consistent)))::Pair{Int64, Int64}
│   %3 = Base.getfield(%1, :x)::Int64
└──      return %3`);
  assert.deepEqual([modify("+"), modify("-")], ["returned 8", "returned 2"]);
});

test("further arguments are one tuple", () => {
  const program = readProgram(`MethodInstance for main(::Int64, ::Int64, ::Int64)
  from main(x, ys...) @ Main a.jl:1
CodeInfo(
1 ─ %1 = Base.getfield(ys, 2)::Int64
└──      return %1
) => Int64`);
  const interpreter = new Interpreter(program);
  const [method] = program.methods;
  assert.ok(method !== undefined);
  const code = interpreter.prepare({ method, placements: [], dropped: [] });
  assert.equal(interpreter.run(code, defaultRun, [1, 2, 3]).ending.value, "3");
});

test("an object that its finalizer in C keeps may be looked at behind it", () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);
  const outcomes = seeds.map((seed) =>
    run(
      `
1 ─ %1 = %new(Main.H, _2)::H
│        $(Expr(:foreigncall, :(:jl_gc_add_ptr_finalizer), Nothing, svec(Ptr{Nothing}, Any, Ptr{Nothing}), 0, :(:ccall), C_NULL, :(%1), C_NULL))::Nothing
│        invoke Main.far()::Nothing
│        invoke Main.farther()::Nothing
└──      return nothing`,
      [3],
      { gc: "always", seed },
    ),
  );
  const kept = outcomes.filter(({ unknown }) =>
    unknown.some(({ acts }) => acts.has("kept its argument")),
  );
  assert.ok(kept.length > 0);
  assert.deepEqual(
    outcomes.flatMap(({ faults }) => faults.map(({ kind }) => kind)),
    [],
  );
});
