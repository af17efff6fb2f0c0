// By which first lines the editor takes a text without a telling name for Julia IR: all forms in which a
// dump begins, and nothing that anything else begins with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const manifest = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as { contributes: { languages: readonly { firstLine: string }[] } };
const firstLine = new RegExp(manifest.contributes.languages[0]?.firstLine ?? "");

/** First lines of corpus/forms, one of each form. */
const dumps: Readonly<Record<string, string>> = {
  "a header": "MethodInstance for seed_main(::Int64, ::Int64)",
  "code_typed, a CodeInfo": "CodeInfo(",
  "code_ircode, a block": "17 1 ─ %1 = %new(Main.Counted, _2)::Counted",
  "a block that branches": "29 1 ─       goto #3 if not _3",
  "a wide block": "30 1 ── %1  = Base.sle_int(1, _2)::Bool",
  "a body alone": "1 ─ %1 = f()::Int64",
  "a body alone, indented": "   1 ┄ %1 = φ (#1 => %2)::Int64",
  "a coloured block":
    "\x1b[90m\x1b[63G│╻╷ counted\x1b[1G\x1b[39m\x1b[90m17 \x1b[39m\x1b[0m1 ─ %1 = %new(Main.Counted, _2)\x1b[36m::Counted\x1b[39m",
  "a prompt with a macro": "julia> @code_typed debuginfo=:source sh_thrown_branch(1)",
  "a prompt with a call": "julia> code_typed(sh_dynamic_call, (Int64, Any))",
  "a prompt with an element of a vector": "julia> code_typed(sh_kwargs, (Int64,))[1]",
  "a prompt with a module": 'julia> Base.code_ircode(f, (Int,); optimize_until = "compact 2")',
  "a prompt with code_warntype": "julia> @code_warntype sh_dynamic_call(1, identity)",
  "a prompt with code_lowered": "julia> @code_lowered sh_setfield(1)",
  "a prompt with code_escapes": "julia> code_escapes(sh_setfield, (Int64,))",
  "a prompt that keeps the answer": "julia> ir = code_typed(f, (Int,))",
  "a coloured prompt": "\x1b[32m\x1b[1mjulia> \x1b[22m\x1b[39m@code_warntype sh_thrown_branch(1)",
  "code_lowered, a vector": "1-element Vector{Core.CodeInfo}:",
  "code_lowered of 1.5, a vector": "1-element Array{Core.CodeInfo,1}:",
  code_escapes: "sh_thrown_branch(✓ i::Int64) in Main at /home/dev/programs/20_shapes.jl:17",
  "code_escapes, coloured":
    "sh_copyto(\x1b[32m✓ n::Int64\x1b[39m)\x1b[39m in Main at /home/dev/programs/20_shapes.jl:120",
  "code_warntype of 1.5, its body": "Body::Int64",
};

for (const [form, line] of Object.entries(dumps)) {
  test(`${form} is known`, () => {
    assert.match(line, firstLine);
  });
}

/** What begins like a dump to a careless eye. */
const others: Readonly<Record<string, string>> = {
  "a Julia program": "function f(x)",
  "a prompt with anything else": "julia> finalizer(f, x)",
  "a prompt that talks of it": "julia> # see code_typedness",
  "a vector of anything": "1-element Vector{Any}:",
  "the variables of an old code_warntype": "Variables",
  "a numbered list": "1. code_typed",
  "a table": "│ 1 │ 2 │",
  "a rule": "── 1 ──",
  "a method listing": "f(x::Int64) in Main at REPL[1]:1",
  "a stack trace": " [1] f(x::Int64) at ./REPL[1]:1",
  "LLVM IR": "define i64 @julia_f_100(i64 signext %0) {",
  Markdown: "# How MethodInstance for f is printed",
  "nothing at all": "",
};

for (const [what, line] of Object.entries(others)) {
  test(`${what} is left alone`, () => {
    assert.doesNotMatch(line, firstLine);
  });
}
