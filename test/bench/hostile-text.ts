// Texts that no Julia prints in this size: what a reader that recurses, or that is not linear, would
// fail on. Each grows with `n`. The tests take small ones; the benchmark takes large ones, and the same
// twice as large.

/** Makes a text of `n` pieces. */
export type HostileText = (n: number) => string;

const header = "MethodInstance for f(::Int64)\n  from f(x::Int64) @ Main a.jl:1\nCodeInfo(\n";
const footer = ") => Int64\n";

/** A method whose second statement is `statement`. */
function around(statement: string): string {
  return `${header}1 ─      nothing::Nothing\n│   %2 = ${statement}\n└──      return %2\n${footer}`;
}

/** A method whose header is another one. */
function under(signature: string, types = ""): string {
  return around("Main.f(x)::Any")
    .replace("f(::Int64)", signature)
    .replace("CodeInfo", `${types}CodeInfo`);
}

function lines(n: number, line: (index: number) => string): string {
  return Array.from({ length: n }, (_, index) => line(index)).join("");
}

/** A method of one block, with `n` statements more than its first. */
function block(n: number, line: (number: number) => string): string {
  const first = "1 ─ %1 = Main.g(x)::Int64\n";
  return `${header}${first}${lines(n, (i) => line(i + 2))}└──      return %1\n${footer}`;
}

/** A method of `n` blocks. */
function blocks(n: number, line: (block: number) => string): string {
  return `${header}${lines(n - 1, (i) => line(i + 1))}${n} ┄      return x\n${footer}`;
}

/** Long and deep within one line. */
export const longLines: Readonly<Record<string, HostileText>> = {
  "parentheses in parentheses": (n) => around(`Main.f(${"(".repeat(n)}1${")".repeat(n)})::Int64`),
  "calls in calls": (n) => around(`${"Main.f(".repeat(n)}1${")".repeat(n)}::Int64`),
  "expressions in expressions": (n) => around(`${"$(Expr(:a, ".repeat(n)}1${"))".repeat(n)}::Any`),
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
  "quotes behind backslashes": (n) => around(`Main.f("${'\\"'.repeat(n)})::Any`),
  "comments that do not close": (n) => around(`Main.f(${"#= ".repeat(n)})::Any`),
  "facts that do not close": (n) => `${around("x")}# ${"(+n,".repeat(n)}\n`,
  "places in a remark": (n) => `${around("x")}# ${" @ a".repeat(n)}\n`,
  "types in a remark": (n) => `${around("x")}# ${"A{".repeat(n)}\n`,
  "operators by name": (n) => `${around("x")}# ${".:(".repeat(n)}\n`,
  apostrophes: (n) => around(`Main.f(${"' ".repeat(n)})::Any`),
  "brackets that do not close": (n) => around(`Main.f(${"[".repeat(n)})::Any`),
  "escape sequences": (n) => around(`Main.f(${"\x1b[36mx\x1b[39m, ".repeat(n)}x)::Any`),
  "titles that do not end": (n) => around(`Main.f(${"\x1b]".repeat(n)})::Any`),
  "columns that do not end": (n) => around(`Main.f(${"\x1b[5G".repeat(n)})::Any`),
  "a signature of many types": (n) => under(`f(::Int64${", ::Int64".repeat(n)})`),
  "a signature of nested types": (n) => under(`f(::${"Tuple{".repeat(n)}${"}".repeat(n)})`),
  "a type of many fields": (n) => under("f()", `  type A (a::Int64${", b::Int64".repeat(n)})\n`),
};

/** Of many lines. */
export const manyLines: Readonly<Record<string, HostileText>> = {
  values: (n) => block(n, (id) => `│   %${id} = intrinsic Base.add_int(%${id - 1}, 1)::Int64\n`),
  "one value of many uses": (n) => block(n, () => "│        Main.h(%1)::Nothing\n"),
  "one number for all values": (n) => block(n, () => "│   %7 = Main.h(%7)::Int64\n"),
  "a quote on each line": (n) => block(n, () => '│        Main.f(")::Any\n'),
  "a bracket on each line": (n) => block(n, () => "│        Main.f(x::Any\n"),
  "brackets and lines without gutter": (n) =>
    block(n, (id) => (id % 100 === 0 ? "│        Main.f(x\n" : "y,\n")),
  "blocks in a row": (n) => blocks(n, (b) => `${b} ─      goto #${b + 1}\n`),
  "blocks that lead to one": (n) => blocks(n, (b) => `${b} ─      goto #${n} if not x\n`),
  "loops in loops": (n) =>
    blocks(n, (b) => `${b} ┄      goto #${b <= n / 2 ? b + 1 : n - b + 1} if not x\n`),
  "handlers in handlers": (n) => blocks(n, (b) => `${b} ─      enter #${n}\n`),
  "jumps to nowhere": (n) => blocks(n, (b) => `${b} ─      goto #${n + b} if not x\n`),
  "a φ of many edges": (n) => {
    const phi = `φ (${lines(n, (i) => `${i > 0 ? ", " : ""}#${i + 1} => x`)})::Int64`;
    const jumps = lines(n, (i) => `${i + 1} ─      goto #${n + 1} if not x\n`);
    return `${header}${jumps}${n + 1} ┄ %${n + 1} = ${phi}\n└──      return %${n + 1}\n${footer}`;
  },
  methods: (n) => lines(n, (i) => under(`f${i}()`)),
  "headers without a body": (n) => lines(n, () => "MethodInstance for f(::Int64)\n"),
  prose: (n) => lines(n, () => "The quick brown fox, and so on.\n"),
  "prose with a lone return": (n) => `a\rb\n${lines(n, () => "The quick brown fox.\n")}`,
  expectations: (n) => `${around("Main.g(x)::Any")}${lines(n, () => "# expect: %2 kept\n")}`,
  "an expectation behind remarks": (n) =>
    `${block(n, () => "│        nothing # note\n")}# expect: %1 kept\n`,
  "a quotation": (n) => lines(n, (i) => `> ${i === 0 ? "1 ─" : "│  "}      nothing::Nothing\n`),
  "a commented dump": (n) =>
    lines(n, (i) => `# ${i === 0 ? "1 ─" : "│  "}      nothing::Nothing\n`),
};
