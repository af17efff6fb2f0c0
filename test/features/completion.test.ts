// Completion offers what fits the place and is true there, and never a value that may not be computed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { builtinNames, intrinsicNames } from "../../server/src/analysis/effects/builtins.ts";
import { builtinWords } from "../../server/src/features/builtin-words.ts";
import { type Completion, complete } from "../../server/src/features/completion.ts";
import { cursorIn, path, workspaceOf } from "./examples.ts";

function completions(marked: string): Completion[] {
  const { text, position } = cursorIn(marked);
  return complete(workspaceOf(text), path, position);
}

const labels = (marked: string): string =>
  completions(marked)
    .map(({ label }) => label)
    .join(" ");

/** The text after the item with that label was taken. */
function taken(marked: string, label: string): string {
  const { text } = cursorIn(marked);
  const item = completions(marked).find((one) => one.label === label);
  assert.ok(item, `${label} is not offered in ${marked}`);
  const lines = text.split("\n");
  const { start, end } = item.range;
  const line = lines[start.line] ?? "";
  return line.slice(0, start.character) + item.text + line.slice(end.character);
}

const diamond = (last: string): string => `MethodInstance for f(::Int64, ::Bool)
1 ─ %1 = Base.f(_2)::Int64
│   %2 = Base.g(%1)::Float64
└──      goto #3 if not _3
2 ─ %4 = Base.h(%2)::Int64
└──      goto #4
3 ─ %6 = Base.h(%1)::Int64
│        nothing::Nothing
4 ┄ ${last}
└──      return nothing
`;

test("behind a percent sign stand the values that dominate the place, nearest first", () => {
  assert.equal(labels(diamond("%8 = Base.f(%<|>)::Any")), "%2 %1");
  assert.equal(
    labels(diamond("%8 = Base.f(1)::Any\\n│ %9 = Base.f(%<|>").replace("\\n", "\n")),
    "%8 %2 %1",
  );
});

test("a value of one branch is not offered behind both", () => {
  assert.ok(!labels(diamond("%8 = Base.f(%<|>)::Any")).includes("%4"));
  const inBranch = diamond("return %1").replace("%6 = Base.h(%1)", "%6 = Base.h(%<|>)");
  assert.equal(labels(inBranch), "%2 %1");
});

test("a φ takes the values that its edge can bring", () => {
  assert.equal(labels(diamond("%8 = φ (#2 => %<|>)::Int64")), "%4 %2 %1");
  assert.equal(labels(diamond("%8 = φ (#2 => %4, #3 => %<|>")), "%6 %2 %1");
  assert.equal(labels(diamond("%8 = φ (#9 => %<|>)::Int64")), "");
});

test("a value in a loop may come from the round before only through a φ", () => {
  const loop = (operand: string): string => `1 ─      nothing::Nothing
2 ┄ %2 = φ (#1 => 0, #3 => ${operand})::Int64
│   %3 = Base.slt_int(OPERAND, 9)::Bool
└──      goto #4 if not %3
3 ─ %5 = Base.add_int(%2, 1)::Int64
└──      goto #2
4 ─      return %2
`;
  assert.equal(labels(loop("%<|>")), "%5 %3 %2");
  assert.equal(labels(loop("%5").replace("OPERAND", "%<|>")), "%2");
});

test("in code that is never reached only the block's own values are offered", () => {
  const dead =
    "1 ─ %1 = f()::Int64\n└──      return %1\n2 ─ %3 = g()::Int64\n│   %4 = h(%<|>)::Any\n";
  assert.equal(labels(dead), "%3");
});

test("an unfinished line is enough", () => {
  assert.equal(labels(diamond("%8 = Base.f(%2, %<|>")), "%2 %1");
  assert.equal(labels("1 ─ %1 = f()::A\n│   %2 = g()::B\n└──      return %<|>"), "%2 %1");
  assert.equal(labels("1 ─ %1 = f()::A\n└──      goto #3 if not %<|>\n2 ─ return 1\n"), "%1");
});

test("a value shows its type and statement, and takes the place of what is typed", () => {
  const [value] = completions(diamond("%8 = Base.f(%1<|>)::Any"));
  assert.equal(value?.label, "%2");
  assert.equal(value?.detail, "::Float64");
  assert.match(value?.documentation ?? "", /Base\.g\(%1\)/);
  assert.equal(taken(diamond("%8 = Base.f(%1<|>)::Any"), "%2"), "4 ┄ %8 = Base.f(%2)::Any");
});

test("behind a number sign stand the blocks", () => {
  const text = diamond("     goto #<|>");
  assert.equal(labels(text), "#1 #2 #3 #4");
  assert.equal(completions(text)[3]?.detail, "from #2 #3, to none");
  assert.equal(labels(diamond("%8 = f(r#<|>)")), "");
});

test("builtins and intrinsics are offered where a callee can stand", () => {
  assert.equal(labels("1 ─ %1 = getfi<|>"), "getfield");
  assert.equal(taken("1 ─ %1 = getfi<|>", "getfield"), "1 ─ %1 = Core.getfield");
  assert.equal(taken("1 ─ %1 = Base.add_i<|>", "add_int"), "1 ─ %1 = Base.add_int");
  assert.equal(labels("1 ─ %1 = Base.f(getfi<|>"), "");
  assert.equal(labels("Prose about getfi<|>"), "");
  assert.equal(labels("1 ─ %1 = <|>"), "");
});

test("every builtin and intrinsic has its words", () => {
  for (const name of [...builtinNames, ...intrinsicNames]) {
    const words = builtinWords(name);
    assert.ok(words !== null && words.length > 10, `no words for ${name}`);
  }
  assert.equal(
    builtinWords("checked_sadd_int"),
    "the signed sum of integers, and whether it overflowed",
  );
  assert.equal(builtinWords("println"), null);
});

test("header lines complete below their method, and above its body", () => {
  const method = "MethodInstance for f()\n  <|>\n1 ─     return 1\n";
  assert.equal(labels(method), "from effects stage inlined stage final type");
  assert.equal(labels("MethodInstance for f()\n  stage <|>\n"), "inlined final");
  assert.equal(labels("MethodInstance for f()\n1 ─     return 1\n  <|>\n"), "");
  assert.equal(labels("  <|>\n1 ─     return 1\n"), "");
});

test("effects complete in their line and in a statement's facts", () => {
  const line = completions("MethodInstance for f()\n  effects (+c,<|>\n");
  const offered = line.map(({ label }) => label);
  assert.ok(offered.includes("!n") && offered.includes("?m") && !offered.includes("?n"));
  assert.ok(!offered.includes("!c"), "a letter that is there already");
  assert.equal(taken("1 ─ %1 = f()  # (+<|>", "+n"), "1 ─ %1 = f()  # (+n");
  assert.equal(labels("1 ─ %1 = f()  # (+n) <|>"), "");
});

test("an expectation is offered as it holds", () => {
  const registers = `MethodInstance for f(::Int64)
  stage inlined
1 ─ %1 = %new(Main.Counted, _2)::Counted
│          builtin (Core.finalizer)(Main.g, %1)::Nothing   # expect: <|>
└──      return nothing
`;
  assert.equal(labels(registers), "%2 kept finalizer/body-unknown");
  assert.equal(labels("1 ─ %1 = f()  # exp<|>"), "expect: (…)");
  assert.equal(labels("1 ─ %1 = f()  # in other words, <|>"), "");
});

test("strings are no place for completion of comments", () =>
  assert.equal(labels('1 ─ %1 = f("# (<|>'), ""));
