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
import type { Value } from "../../server/src/check/interpreter/value.ts";
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
  const { ending } = run(body, args);
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
  const { ending, peak, releases, faults } = run(memory("nothing::Nothing"));
  assert.deepEqual([ending.value, peak, releases, faults], ["2.5f", 16, 1, []]);
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
