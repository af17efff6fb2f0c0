/**
 * The TextMate grammar, run as VS Code runs it: real lines in, the innermost scope of each piece
 * out. Colours before the server answers, and the only ones in viewers without it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);
const grammarFile = new URL("../../../syntaxes/julia-ir.tmLanguage.json", import.meta.url);
const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));

const registry = new textmate.Registry({
  onigLib: oniguruma.loadWASM({ data: wasm }).then(() => ({
    createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text: string) => new oniguruma.OnigString(text),
  })),
  loadGrammar: () =>
    Promise.resolve(
      textmate.parseRawGrammar(readFileSync(grammarFile, "utf8"), "julia-ir.tmLanguage.json"),
    ),
});
const loaded = registry.loadGrammar("source.julia-ir");

/** Non-blank pieces of a line with their innermost scope, each written `piece → scope`. */
async function scopesOf(line: string): Promise<string[]> {
  const grammar = await loaded;
  assert.ok(grammar);
  const { tokens, ruleStack } = grammar.tokenizeLine(line, textmate.INITIAL);
  assert.equal(ruleStack.depth, 1, `a rule stays open after: ${line}`);
  return tokens
    .map(({ startIndex, endIndex, scopes }) => {
      const piece = line.slice(startIndex, endIndex).trim();
      return piece === "" ? "" : `${piece} → ${scopes.at(-1)?.replace(/\.julia-ir$/, "")}`;
    })
    .filter((piece) => piece !== "");
}

/** Every wanted piece occurs, in the order given. */
async function check(line: string, wanted: readonly string[]): Promise<void> {
  const got = await scopesOf(line);
  let at = 0;
  for (const piece of wanted) {
    const found = got.indexOf(piece, at);
    assert.notEqual(found, -1, `wanted "${piece}" in\n  ${line}\ngot\n  ${got.join("\n  ")}`);
    at = found + 1;
  }
}

test("a statement has gutter, definition, call and type", () =>
  check("1 ─ %1 =   builtin Base.getfield(o, :x)::Int64", [
    "1 → entity.name.label.block",
    "─ → punctuation.definition.comment.gutter",
    "%1 → variable.other.definition.ssa",
    "= → keyword.operator.assignment",
    "builtin → storage.type.call",
    "Base. → entity.name.namespace",
    "getfield → entity.name.function",
    "o → variable.other.slot",
    ":x → constant.other.symbol",
    ":: → punctuation.separator.type",
    "Int64 → entity.name.type",
  ]));

test("a registration stands out", () =>
  check(
    '│           builtin (Core.finalizer)(var"#counted##0#counted##1"(), %1, true, CodeInstance for MethodInstance for (::var"#counted##0#counted##1")(::Counted))::Nothing',
    [
      "│ → punctuation.definition.comment.gutter",
      "finalizer → support.function.finalizer",
      'var"#counted##0#counted##1" → entity.name.function',
      "%1 → variable.other.ssa",
      "true → constant.language",
      "CodeInstance for MethodInstance for → storage.type.method",
      "Counted → entity.name.type",
      "Nothing → entity.name.type",
    ],
  ));

test("branches name their blocks", async () => {
  await check("└───       goto #12 if not %22", [
    "goto → keyword.control.goto",
    "#12 → entity.name.label.block",
    "if → keyword.control.conditional",
    "%22 → variable.other.ssa",
  ]);
  await check(
    "10 ┄ %17 = φ (#9 => %13, #14 => #undef)::Union{Nothing, Array{T, 1} where T<:Real}",
    [
      "10 → entity.name.label.block",
      "φ → keyword.control.node",
      "#9 → entity.name.label.block",
      "=> → keyword.operator",
      "#undef → constant.language.undef",
      "where → keyword.operator.type",
      "<: → keyword.operator.type",
      "Real → entity.name.type",
    ],
  );
  await check("2 ─ %3  = enter #5 with scope %2", ["enter → keyword.control.enter"]);
});

test("expressions without syntax of their own show their head", () =>
  check(
    "│   %2 = $(Expr(:foreigncall, :(:malloc), Ptr{Float64}, svec(UInt64), 0, :(:ccall), :(%1)))::Ptr{Float64}",
    [
      ":foreigncall → keyword.other.expr-head",
      ":malloc → constant.other.symbol",
      "{ → punctuation.section.type.begin",
      "0 → constant.numeric",
      "%1 → variable.other.ssa",
      ")) → punctuation.section.group.end",
      "Ptr → entity.name.type",
    ],
  ));

test("a comment starts at a number sign between blanks, not in a string", async () => {
  await check('│   %3 = invoke Main.f("a # b"::String)::Any   # (+n,!e)   # expect: %3 kept', [
    "a # b → string.quoted.double",
    "Any → entity.name.type",
    "# → punctuation.definition.comment",
    "+ → keyword.operator.sigil",
    "n → constant.language.effect",
    "expect → keyword.other.expect",
    "%3 → variable.other.ssa",
  ]);
  await check("│   %4 = Main.f(r#311, #self#)", [
    "r#311 → variable.other.slot",
    "#self# → variable.language.self",
  ]);
});

test("debug information is dimmed, inline rails too", async () => {
  await check("   │┌ @ /home/a b/boot.jl:86 within `finalizer`", [
    "@ → punctuation.separator.at",
    "/home/a b/boot.jl → string.unquoted.path",
    "86 → constant.numeric.line",
    "within → keyword.other.within",
  ]);
  await check("│  └└", ["│  └└ → punctuation.definition.comment.gutter"]);
  await check("1 ─││ %1 = %new(Main.Counted, i)::Counted", [
    "││ → punctuation.definition.comment.gutter",
    "%new → keyword.operator.new",
    "Counted → entity.name.type",
  ]);
});

test("header lines are keywords with their own parts", async () => {
  await check("MethodInstance for main(::Int64)", ["MethodInstance for → storage.type.method"]);
  await check("  from main(N) @ Main mwe.jl:11", [
    "from → storage.modifier.from",
    "Main → entity.name.namespace",
    "mwe.jl → string.unquoted.path",
  ]);
  await check("  effects (+c,!e,?m)", [
    "! → keyword.operator.sigil",
    "m → constant.language.effect",
  ]);
  await check("  stage final", ["final → constant.language.stage"]);
  await check("  type Buffer{Float64} mutable (ptr::Ptr{Float64} const, n::Int64)", [
    "Buffer → entity.name.type",
    "mutable → storage.modifier",
    "ptr → variable.other.member",
    "const → storage.modifier",
    "Int64 → entity.name.type",
  ]);
  await check(") => Union{}", ["=> → keyword.operator.result", "Union → entity.name.type"]);
});

test("the other printed forms begin with line numbers or escape marks", async () => {
  await check("46 1 ─ %1 = %new(Main.Counted, _2)::Counted", [
    "46 → constant.numeric.line",
    "1 → entity.name.label.block",
    "_2 → variable.parameter",
  ]);
  await check("✓  1 ─ %1 = %new(Main.Counted, _2)::Counted", [
    "✓ → markup.other.escape",
    "%1 → variable.other.definition.ssa",
  ]);
  await check("julia> @code_typed f(1)", ["julia> → punctuation.definition.prompt"]);
});

test("prose is left alone", async () => {
  assert.deepEqual(await scopesOf("Then we return 1 => it's %3."), [
    "Then we return 1 => it's %3. → source",
  ]);
});
