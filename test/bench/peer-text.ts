// Files of functions of the same shape in three languages, for `peers.ts`: some twenty statements in
// three blocks, each calling the one before, and at the end a function with one error.

export type Language = "julia" | "mlir" | "c";

export interface PeerText {
  readonly text: string;
  readonly uri: string;
  /** Where the digit of the `i`-th key stands; keys jump about in the file. */
  editAt(i: number): { line: number; character: number };
}

export const languages: Readonly<Record<Language, (count: number) => PeerText>> = {
  julia: (count) =>
    made("file:///bench/f.jlir", count, juliaFunction, juliaError, 3, "%1  = intrinsic"),
  mlir: (count) => made("file:///bench/f.mlir", count, mlirFunction, mlirError, 1, "constant 1"),
  c: (count) => made("file:///bench/f.c", count, cFunction, cError, 1, "c = 1"),
};

/** `line` is the line of the constant in each function; its digit stands right behind `mark`. */
function made(
  uri: string,
  count: number,
  lines: (i: number) => string[],
  error: readonly string[],
  line: number,
  mark: string,
): PeerText {
  const all = Array.from({ length: count }, (_, i) => lines(i));
  const height = all[0]?.length ?? 1;
  const at = all[0]?.[line] ?? "";
  const character = mark.startsWith("%") ? at.lastIndexOf(")") - 1 : at.indexOf(mark) + mark.length;
  return {
    uri,
    text: [...all.flat(), ...error, ""].join("\n"),
    editAt: (i) => ({ line: ((i * 7919) % count) * height + line, character }),
  };
}

function juliaFunction(i: number): string[] {
  const call =
    i === 0 ? "intrinsic Base.add_int(%11, _3)" : `invoke Main.f${i - 1}(%11::Int64, _3::Int64)`;
  return [
    `MethodInstance for f${i}(::Int64, ::Int64)`,
    `  from f${i}(a::Int64, b::Int64) @ Main f.jl:${i + 1}`,
    "  effects (+c,+e,+n,+t,+s,+m,+u,+o,+r)",
    "1 1 ─ %1  = intrinsic Base.add_int(_2, 10)::Int64",
    "  │   %2  = intrinsic Base.mul_int(%1, _3)::Int64",
    "  │   %3  = intrinsic Base.sub_int(%2, _2)::Int64",
    "  │   %4  = intrinsic Base.xor_int(%3, %1)::Int64",
    "  │   %5  = intrinsic Base.and_int(%4, %2)::Int64",
    "  │   %6  = intrinsic Base.or_int(%5, %3)::Int64",
    "  │   %7  = intrinsic Base.slt_int(%6, _3)::Bool",
    "  └──       goto #3 if not %7",
    "2 2 ─ %9  = intrinsic Base.add_int(%6, %1)::Int64",
    "  │   %10 = intrinsic Base.mul_int(%9, %5)::Int64",
    "  │   %11 = intrinsic Base.shl_int(%10, %1)::Int64",
    `  │   %12 = ${call}::Int64`,
    "  └──       goto #3",
    "3 3 ┄ %14 = φ (#1 => %6, #2 => %12)::Int64",
    "  │   %15 = intrinsic Base.add_int(%14, _2)::Int64",
    "  │   %16 = intrinsic Base.sub_int(%15, %1)::Int64",
    "  └──       return %16",
    "",
  ];
}

const juliaError: readonly string[] = [
  "MethodInstance for err(::Int64)",
  "1 1 ─ %1 = intrinsic Base.add_int(_2, %9)::Int64",
  "  └──      return %1",
];

function mlirFunction(i: number): string[] {
  return [
    `func.func @f${i}(%a: i64, %b: i64) -> i64 {`,
    "  %c = arith.constant 10 : i64",
    "  %0 = arith.addi %a, %c : i64",
    "  %1 = arith.muli %0, %b : i64",
    "  %2 = arith.subi %1, %a : i64",
    "  %3 = arith.xori %2, %0 : i64",
    "  %4 = arith.andi %3, %1 : i64",
    "  %5 = arith.ori %4, %2 : i64",
    "  %6 = arith.cmpi slt, %5, %b : i64",
    "  cf.cond_br %6, ^bb1, ^bb2(%5 : i64)",
    "^bb1:",
    "  %7 = arith.addi %5, %c : i64",
    "  %8 = arith.muli %7, %4 : i64",
    "  %9 = arith.shli %8, %c : i64",
    i === 0
      ? "  %11 = arith.addi %9, %b : i64"
      : `  %11 = func.call @f${i - 1}(%9, %b) : (i64, i64) -> i64`,
    "  cf.br ^bb2(%11 : i64)",
    "^bb2(%p: i64):",
    "  %13 = arith.addi %p, %a : i64",
    "  %14 = arith.subi %13, %c : i64",
    "  return %14 : i64",
    "}",
    "",
  ];
}

const mlirError: readonly string[] = [
  "func.func @err(%a: i64) -> i64 {",
  "  %0 = arith.addi %a, %nope : i64",
  "  return %0 : i64",
  "}",
];

function cFunction(i: number): string[] {
  return [
    `long f${i}(long a, long b) {`,
    "  long c = 10;",
    "  long v0 = a + c;",
    "  long v1 = v0 * b;",
    "  long v2 = v1 - a;",
    "  long v3 = v2 ^ v0;",
    "  long v4 = v3 & v1;",
    "  long v5 = v4 | v2;",
    "  long p;",
    "  if (v5 < b) goto bb1;",
    "  p = v5; goto bb2;",
    "bb1:;",
    "  long v7 = v5 + c;",
    "  long v8 = v7 * v4;",
    "  long v9 = v8 << (c & 7);",
    i === 0 ? "  long v11 = v9 + b;" : `  long v11 = f${i - 1}(v9, b);`,
    "  p = v11;",
    "bb2:;",
    "  long v13 = p + a;",
    "  long v14 = v13 - c;",
    "  return v14;",
    "}",
    "",
  ];
}

const cError: readonly string[] = [
  "long err(long a) {",
  "  long r = a + nope;",
  "  return r;",
  "}",
];
