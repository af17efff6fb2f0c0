// Julia's intrinsics on numbers. Integers wrap at the width of the statement's type; what may throw does.
// Source: Julia's src/intrinsics.h, base/int.jl, base/float.jl.

import type { Machine } from "./machine.ts";
import { Thrown } from "./outcome.ts";
import { nameOf, Real, type Value } from "./value.ts";

/** How wide a type of integers is, and whether it has a sign. */
interface Width {
  readonly bits: number;
  readonly signed: boolean;
}

const int64: Width = { bits: 64, signed: true };

/** The width of a printed integer type; 64 bits with sign for others. */
export function widthOf(key: string): Width {
  const match = /^(U?)Int(\d*)$/.exec(key);
  if (match !== null) return { bits: Number(match[2] || 64), signed: match[1] === "" };
  return key === "Bool" ? { bits: 1, signed: false } : int64;
}

/** A number wrapped to a width. */
export function wrap(value: number | bigint, width: Width): number | bigint {
  if (typeof value === "number") {
    const limit = 2 ** Math.min(width.bits - (width.signed ? 1 : 0), 53);
    if (value < limit && value >= (width.signed ? -limit : 0)) return value;
  }
  const exact = BigInt(value);
  const wrapped = width.signed
    ? BigInt.asIntN(width.bits, exact)
    : BigInt.asUintN(width.bits, exact);
  const short = Number(wrapped);
  return Number.isSafeInteger(short) ? short : wrapped;
}

type Int = number | bigint;

function int(value: Value | undefined): Int {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Real) return Math.trunc(value.value) || 0;
  return 0;
}

function real(value: Value | undefined): number {
  return value instanceof Real ? value.value : Number(int(value));
}

/** Fast on numbers that stay exact, by bigints otherwise. */
function arithmetic(
  quick: (a: number, b: number) => number,
  exact: (a: bigint, b: bigint) => bigint,
): (a: Int, b: Int) => Int {
  return (a, b) => {
    if (typeof a === "number" && typeof b === "number") {
      const value = quick(a, b);
      if (Number.isSafeInteger(value)) return value;
    }
    return narrow(exact(BigInt(a), BigInt(b)));
  };
}

const binary: Readonly<Record<string, (a: Int, b: Int) => Int>> = {
  add: arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  sub: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  mul: arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  and: (a, b) => narrow(BigInt(a) & BigInt(b)),
  or: (a, b) => narrow(BigInt(a) | BigInt(b)),
  xor: (a, b) => narrow(BigInt(a) ^ BigInt(b)),
};

function narrow(value: bigint): Int {
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

const compare: Readonly<Record<string, (a: Int, b: Int) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  slt: (a, b) => a < b,
  sle: (a, b) => a <= b,
  ult: (a, b) => BigInt.asUintN(64, BigInt(a)) < BigInt.asUintN(64, BigInt(b)),
  ule: (a, b) => BigInt.asUintN(64, BigInt(a)) <= BigInt.asUintN(64, BigInt(b)),
};

const floats: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  add_float: (a, b) => a + b,
  sub_float: (a, b) => a - b,
  mul_float: (a, b) => a * b,
  div_float: (a, b) => a / b,
  rem_float: (a, b) => a % b,
  lt_float: (a, b) => a < b,
  le_float: (a, b) => a <= b,
  eq_float: (a, b) => a === b,
  ne_float: (a, b) => a !== b,
  neg_float: (a) => -a,
  abs_float: (a) => Math.abs(a),
  sqrt_llvm: (a) => Math.sqrt(a),
  floor_llvm: (a) => Math.floor(a),
  ceil_llvm: (a) => Math.ceil(a),
  trunc_llvm: (a) => Math.trunc(a),
};

export type Intrinsic = (
  args: readonly (Value | undefined)[],
  resultKey: string,
  machine: Machine,
) => Value | undefined;

/** The intrinsic of a name; null where it is none of numbers. */
export function intrinsicOf(name: string): Intrinsic | null {
  const float = Object.hasOwn(floats, name.replace(/_fast$/, ""))
    ? floats[name.replace(/_fast$/, "")]
    : undefined;
  if (float !== undefined) {
    return ([a, b]) => {
      const value = float(real(a), real(b));
      return typeof value === "boolean" ? value : new Real(value);
    };
  }
  const [, checked = "", base = "", suffix = ""] =
    /^(checked_)?([a-z]+)_(int|ptr)$/.exec(name) ?? [];
  const comparison = Object.hasOwn(compare, base) ? compare[base] : undefined;
  if (comparison !== undefined && suffix !== "") return ([a, b]) => comparison(int(a), int(b));
  const plain = base.replace(/^[su](?=add|sub|mul)/, "");
  const operation = Object.hasOwn(binary, plain) ? binary[plain] : undefined;
  if (operation !== undefined && suffix !== "") {
    if (checked === "") return ([a, b], key) => booleanOr(operation(int(a), int(b)), key);
    return ([a, b], key, machine) => checkedPair(operation(int(a), int(b)), key, machine);
  }
  return Object.hasOwn(others, name) ? (others[name] ?? null) : null;
}

function booleanOr(value: Int, key: string): Value {
  return key === "Bool" ? value !== 0 : wrap(value, widthOf(key));
}

/** `checked_sadd_int` gives a tuple of the value and whether it did not fit. */
function checkedPair(value: Int, key: string, machine: Machine): Value {
  const width = widthOf(/Tuple\{(\w+)/.exec(key)?.[1] ?? "");
  const wrapped = wrap(value, width);
  return machine.interpreter.tuple([wrapped, wrapped !== value]);
}

function division(
  quick: (a: number, b: number) => number,
  exact: (a: bigint, b: bigint) => bigint,
): Intrinsic {
  const divide = arithmetic(quick, exact);
  return ([a, b], key) => {
    if (int(b) === 0) throw new Thrown(nameOf("DivideError"));
    return wrap(divide(int(a), int(b)), widthOf(key));
  };
}

const quotient = division(
  (a, b) => Math.trunc(a / b),
  (a, b) => a / b,
);
const remainder = division(
  (a, b) => a % b || 0,
  (a, b) => a % b,
);

/** Keeps the value; the type of the result says what it is from now on. */
const convert: Intrinsic = (args, key) => {
  const value = args.at(-1);
  if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") {
    return value;
  }
  if (key === "Bool") return Number(int(value)) % 2 !== 0;
  return wrap(int(value), widthOf(key));
};

const toReal: Intrinsic = (args) => new Real(real(args.at(-1)));
const toInt: Intrinsic = (args, key) => wrap(int(args.at(-1)), widthOf(key));

function shift(by: (a: bigint, n: bigint) => bigint, isLogical: boolean): Intrinsic {
  return ([a, n], key) => {
    const width = widthOf(key);
    const count = int(n);
    const value = BigInt(int(a));
    if (count >= width.bits) return isLogical || value >= 0n ? 0 : -1;
    return wrap(by(isLogical ? BigInt.asUintN(width.bits, value) : value, BigInt(count)), width);
  };
}

const others: Readonly<Record<string, Intrinsic>> = {
  checked_sdiv_int: quotient,
  checked_udiv_int: quotient,
  sdiv_int: quotient,
  udiv_int: quotient,
  checked_srem_int: remainder,
  checked_urem_int: remainder,
  srem_int: remainder,
  urem_int: remainder,
  neg_int: ([a], key) => wrap(-BigInt(int(a)), widthOf(key)),
  flipsign_int: ([a, b], key) => wrap(int(b) < 0 ? -BigInt(int(a)) : int(a), widthOf(key)),
  abs_int: ([a], key) => wrap(int(a) < 0 ? -BigInt(int(a)) : int(a), widthOf(key)),
  not_int: ([a], key) => (typeof a === "boolean" ? !a : wrap(~BigInt(int(a)), widthOf(key))),
  shl_int: shift((a, n) => a << n, true),
  lshr_int: shift((a, n) => a >> n, true),
  ashr_int: shift((a, n) => a >> n, false),
  ctlz_int: ([a]) =>
    64 -
    BigInt.asUintN(64, BigInt(int(a)))
      .toString(2)
      .replace(/^0$/, "").length,
  bitcast: convert,
  sext_int: convert,
  zext_int: convert,
  trunc_int: convert,
  checked_trunc_sint: convert,
  checked_trunc_uint: convert,
  sitofp: toReal,
  uitofp: toReal,
  fptrunc: toReal,
  fpext: toReal,
  fptosi: toInt,
  fptoui: toInt,
  have_fma: () => false,
  cglobal: ([name], _, machine) => machine.interpreter.symbolAddress(name),
  atomic_pointerref: (args, key, machine) => machine.interpreter.load(machine, args[0], 1, key),
  pointerref: ([pointer, index], key, machine) =>
    machine.interpreter.load(machine, pointer, Number(int(index)), key),
  pointerset: ([pointer, value, index], _, machine) =>
    machine.interpreter.store(machine, pointer, Number(int(index)), value),
};
