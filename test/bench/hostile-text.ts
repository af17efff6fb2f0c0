// Texts that no Julia prints in this size: what a reader that is not linear, or that recurses, would
// fail on. Each grows with `n`; the tests take small ones, the benchmark takes large ones twice.

/** Makes a text of about `n` pieces. */
type Hostile = (n: number) => string;

const header = "MethodInstance for f(::Int64)\n  from f(x::Int64) @ Main a.jl:1\nCodeInfo(\n";
const footer = ") => Int64\n";

/** A method whose second statement is `statement`. */
function around(statement: string): string {
  return `${header}1 ─      nothing::Nothing\n│   %2 = ${statement}\n└──      return %2\n${footer}`;
}

function lines(n: number, line: (index: number) => string): string {
  return Array.from({ length: n }, (_, index) => line(index)).join("");
}

/** `n` blocks, of which `statements` gives the text of each but the last. */
function blocks(n: number, statements: (block: number) => string): string {
  return `${header}${lines(n - 1, (index) => statements(index + 1))}${n} ┄      return x\n${footer}`;
}

export const hostileTexts: Readonly<Record<string, Hostile>> = {
  "parentheses in parentheses": (n) => around(`Main.f(${"(".repeat(n)}1${")".repeat(n)})::Int64`),
  "calls in calls": (n) => around(`${"Main.f(".repeat(n)}1${")".repeat(n)}::Int64`),
  "expressions in expressions": (n) =>
    around(`${"$(Expr(:tuple, ".repeat(n)}1${"))".repeat(n)}::Int64`),
  "quotations in quotations": (n) => around(`Main.f(${":(".repeat(n)}x${")".repeat(n)})::Any`),
  "assignments in assignments": (n) => around(`${"x = ".repeat(n)}1`),
  "assignments in parentheses": (n) => around(`${"(x = ".repeat(n)}1${")".repeat(n)}::Any`),
  "types in types": (n) => around(`Main.f(x)::${"Tuple{".repeat(n)}Int64${"}".repeat(n)}`),
  "types in parentheses": (n) => around(`Main.f(x)::${"(".repeat(n)}Int64${")".repeat(n)}`),
  "where behind where": (n) => around(`Main.f(x)::Tuple${" where T".repeat(n)}`),
  "calls of calls": (n) => around(`Main.f${"(x)".repeat(n)}::Any`),
  "a chain of operators": (n) => around(`(1${" + 1".repeat(n)})::Any`),
  "a run of unary operators": (n) => around(`${"!".repeat(n)}x::Any`),
  "a path of many names": (n) => around(`Main${".a".repeat(n)}(x)::Any`),
  "a call of many arguments": (n) => around(`Main.f(x${", %1".repeat(n)})::Any`),
  "a string": (n) => around(`Main.f("${"a\\n".repeat(n)}")::Any`),
  "an integer": (n) => around(`Main.f(${"1".repeat(n)})::Any`),
  "a signature of many types": (n) =>
    around("Main.f(x)::Any").replace("f(::Int64)", `f(::Int64${", ::Int64".repeat(n)})`),
  "a signature of nested types": (n) =>
    around("Main.f(x)::Any").replace("f(::Int64)", `f(::${"Tuple{".repeat(n)}${"}".repeat(n)})`),
  "a type of many fields": (n) =>
    around("Main.f(x)::Any").replace(
      "CodeInfo",
      `  type A (a::Int64${", b::Int64".repeat(n)})\nCodeInfo`,
    ),
  "quotes behind backslashes": (n) => around(`Main.f("${'\\"'.repeat(n)})::Any`),
  "comments that do not close": (n) => around(`Main.f(${"#= ".repeat(n)})::Any`),
  apostrophes: (n) => around(`Main.f(${"' ".repeat(n)})::Any`),
  "brackets that do not close": (n) => around(`Main.f(${"[".repeat(n)})::Any`),
  "lines with a quote each": (n) =>
    `${header}1 ─      nothing\n${lines(n, () => '│        Main.f(")::Any\n')}${footer}`,
  "lines with a bracket each": (n) =>
    `${header}1 ─      nothing\n${lines(n, () => "│        Main.f(x::Any\n")}${footer}`,
  "a bracket and lines without gutter": (n) =>
    `${header}${lines(n, (i) => (i % 100 === 0 ? `${i / 100 + 1} ─      Main.f(x\n` : "y,\n"))}`,
  values: (n) =>
    `${header}1 ─ %1 = Main.g(x)::Int64\n${lines(
      n,
      (i) => `│   %${i + 2} = intrinsic Base.add_int(%${i + 1}, 1)::Int64\n`,
    )}└──      return %${n + 1}\n${footer}`,
  "one value of many uses": (n) =>
    `${header}1 ─ %1 = Main.g(x)::Int64\n${lines(
      n,
      () => "│        Main.h(%1)::Nothing\n",
    )}└──      return %1\n${footer}`,
  "one number for all values": (n) =>
    `${header}1 ─      nothing\n${lines(n, () => "│   %7 = Main.h(%7)::Int64\n")}${footer}`,
  "blocks in a row": (n) => blocks(n, (b) => `${b} ─      goto #${b + 1}\n`),
  "blocks that all end in one": (n) => blocks(n, (b) => `${b} ─      goto #${n} if not x\n`),
  "loops in loops": (n) =>
    blocks(n, (b) => `${b} ┄      goto #${b <= n / 2 ? b + 1 : n - b + 1} if not x\n`),
  "handlers in handlers": (n) => blocks(n, (b) => `${b} ─      enter #${n}\n`),
  "a jump to nowhere each": (n) => blocks(n, (b) => `${b} ─      goto #${n + b} if not x\n`),
  "a φ of many edges": (n) =>
    `${header}${lines(n, (i) => `${i + 1} ─      goto #${n + 2} if not x\n`)}${n + 1} ─      goto #${
      n + 2
    }\n${n + 2} ┄ %${n + 2} = φ (#1 => 1${lines(n, (i) => `, #${i + 2} => x`)})::Int64\n└──      return %${
      n + 2
    }\n${footer}`,
  methods: (n) => lines(n, (i) => around("Main.g(x)::Any").replace("f(", `f${i}(`)),
  "headers without a body": (n) => lines(n, () => "MethodInstance for f(::Int64)\n"),
  prose: (n) => lines(n, () => "The quick brown fox, and so on.\n"),
  "prose with a `\\r`": (n) => `a\rb\n${lines(n, () => "The quick brown fox, and so on.\n")}`,
  expectations: (n) => `${around("Main.g(x)::Any")}${lines(n, () => "# expect: %2 kept\n")}`,
  "an expectation at the end": (n) =>
    `${header}1 ─      nothing\n${lines(n, () => "│        nothing # note\n")}${footer}# expect: %1 kept\n`,
  "escape sequences": (n) => around(`Main.f(${"\x1b[36mx\x1b[39m, ".repeat(n)}x)::Any`),
  "escape sequences that do not end": (n) => around(`Main.f(${"\x1b]".repeat(n)})::Any`),
  "columns that do not end": (n) => around(`Main.f(${"\x1b[5G".repeat(n)})::Any`),
  "a quotation": (n) =>
    lines(n, (i) => (i === 0 ? "> 1 ─      nothing\n" : "> │        nothing::Nothing\n")),
  "a commented dump": (n) =>
    lines(n, (i) => (i === 0 ? "# 1 ─      nothing\n" : "# │        nothing::Nothing\n")),
};
