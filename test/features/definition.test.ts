// Go to definition and to type definition.

import assert from "node:assert/strict";
import { test } from "node:test";
import { definition } from "../../server/src/features/definition.ts";
import { typeDefinition } from "../../server/src/features/type-definition.ts";
import type { Workspace } from "../../server/src/workspace/workspace.ts";
import { example, placeOf, shown, textIn, workspaceOf } from "./texts.ts";

const path = "a.jlir";

/** Where the `count`-th `needle` leads: `path` where it is another file, line and selected text. */
function leads(
  files: Readonly<Record<string, string>>,
  needle: string,
  count = 1,
  ask: typeof definition = definition,
  within = 0,
): string[] {
  const text = files[path] ?? "";
  const workspace: Workspace = workspaceOf(files);
  const found = ask(workspace, path, placeOf(text, needle, count, within));
  return (found?.targets ?? []).map((target) => {
    const place = shown(files[target.path] ?? "", target.selection);
    return target.path === path ? place : `${target.path} ${place}`;
  });
}

const typed = `MethodInstance for f(::Int64, ::Counted)
  from f(n, c) @ Main a.jl:1
  type Counted mutable (x::Int64)
CodeInfo(
1 ─ %1 = Base.slt_int(n, 1)::Bool
└──      goto #3 if not %1
2 ─ %3 = %new(Main.Counted, n)::Counted
└──      goto #4
3 ─      goto #4
4 ┄ %6 = φ (#2 => %3, #3 => c)::Counted
│   %7 = $(Expr(:gc_preserve_begin, :(%6), Core.Argument(3)))
│        invoke Main.use(%6::Counted)::Nothing
│        $(Expr(:gc_preserve_end, :(%7)))
└──      return %6
) => Counted
`;

test("a value leads to its statement, quoted or not, and from its own number too", () => {
  const files = { [path]: typed };
  assert.deepEqual(leads(files, "%1", 2), ["5:%1"]);
  assert.deepEqual(leads(files, ":(%6", 1, definition, 2), ["10:%6"]);
  assert.deepEqual(leads(files, ":(%7", 1, definition, 2), ["11:%7"]);
  assert.deepEqual(leads(files, "%3 ="), ["7:%3"]);
  const found = definition(workspaceOf(files), path, placeOf(typed, "return %6", 1, 7));
  assert.ok(found !== null && found.targets[0] !== undefined);
  assert.equal(textIn(typed, found.origin), "%6");
  assert.equal(textIn(typed, found.targets[0].range), "%6 = φ (#2 => %3, #3 => c)::Counted");
});

test("the place right behind a token counts as the token", () => {
  assert.deepEqual(leads({ [path]: typed }, "if not %1", 1, definition, 9), ["5:%1"]);
});

test("labels of jumps and of φ edges lead to the block", () => {
  const files = { [path]: typed };
  assert.deepEqual(leads(files, "#3 if"), ["9:3"]);
  assert.deepEqual(leads(files, "#2 =>"), ["7:2"]);
  assert.deepEqual(leads(files, "4 ┄"), ["10:4"]);
});

test("an argument leads to the from line, by name and by number", () => {
  const files = { [path]: typed };
  assert.deepEqual(leads(files, "n, 1)"), ["2:n"]);
  assert.deepEqual(leads(files, "#3 => c", 1, definition, 6), ["2:c"]);
  assert.deepEqual(leads(files, "Core.Argument(3)", 1, definition, 14), ["2:c"]);
});

test("without a from line an argument leads to the header", () => {
  const text = typed.replace(/ {2}from .*\n/, "").replaceAll("(n, 1)", "(_2, 1)");
  assert.deepEqual(leads({ [path]: text }, "_2"), ["1:MethodInstance for f(::Int64, ::Counted)"]);
});

test("slots and arguments of code_warntype lead to their lines", () => {
  const text = `MethodInstance for g(::Int64)
  from g(i::Int64) @ Main a.jl:3
Arguments
  #self#::Core.Const(g)
  i::Int64
Locals
  o::Counted
  @_4::Int64
Body::Int64
1 ─       (o = Main.counted(i))
│         (@_4 = 1)
│   %3  = @_4::Int64
└──       return %3
`;
  const files = { [path]: text };
  assert.deepEqual(leads(files, "o ="), ["7:o"]);
  assert.deepEqual(leads(files, "(i))", 1, definition, 1), ["5:i"]);
  assert.deepEqual(leads(files, "@_4::", 2), ["8:@_4"]);
});

test("a slot that no header declares leads to its first assignment", () => {
  const text = "CodeInfo(\n1 ─     x = 1\n│       y = x\n└──     return y\n)\n";
  assert.deepEqual(leads({ [path]: text }, "= x", 1, definition, 2), ["2:x"]);
  assert.deepEqual(leads({ [path]: text }, "return y", 1, definition, 7), ["3:y"]);
});

test("the end of a try leads to its enter, in each of its forms", () => {
  const old = `CodeInfo(
1 ─ %1 = $(Expr(:enter, #4))
2 ─ %2 = $(Expr(:enter, #3))
└──      goto #3
3 ┄      $(Expr(:leave, 2))
└──      goto #5
4 ┄      $(Expr(:leave, 1))
│        $(Expr(:pop_exception, :(%1)))::Any
└──      goto #5
5 ┄      return nothing
)
`;
  assert.deepEqual(leads({ [path]: old }, ":leave, 1"), ["2:%1"]);
  assert.deepEqual(leads({ [path]: old }, ":leave, 2"), ["3:%2", "2:%1"]);
  assert.deepEqual(leads({ [path]: old }, "pop_exception"), ["2:%1"]);
  assert.deepEqual(leads({ [path]: old }, "#4"), ["7:4"]);
  const late =
    "CodeInfo(\n1 ─ %1 = enter #3\n2 ─      $(Expr(:leave, :(%1)))\n└──      return 1\n3 ┄      return 2\n)\n";
  assert.deepEqual(leads({ [path]: late }, ":leave"), ["2:%1"]);
  assert.deepEqual(leads({ [path]: late }, "#3"), ["5:3"]);
});

test("a static parameter leads to its line", () => {
  const text =
    "MethodInstance for f(::Int64)\n  from f(x::T) where T @ Main a.jl:1\nStatic Parameters\n  T = Int64\nArguments\n  #self#::Any\n  x::Int64\nBody::Type{Int64}\n1 ─ %1 = $(Expr(:static_parameter, 1))::Core.Const(Int64)\n└──      return %1\n";
  assert.deepEqual(leads({ [path]: text }, "static_parameter"), ["4:T"]);
});

const callee = (signature: string): string =>
  `MethodInstance for ${signature}\nCodeInfo(\n1 ─     return nothing\n) => Nothing\n`;

test("a call leads to the method's header in another file", () => {
  const files = {
    [path]: typed,
    "b.jlir": callee("use(::Counted)"),
    "c.jlir": callee("use(::Int64)"),
  };
  assert.deepEqual(leads(files, "Main.use"), ["b.jlir 1:MethodInstance for use(::Counted)"]);
});

test("an invoke of another signature leads nowhere", () => {
  assert.deepEqual(leads({ [path]: typed, "c.jlir": callee("use(::Int64)") }, "Main.use"), []);
});

test("of several methods with one signature all are offered", () => {
  const files = {
    [path]: typed,
    "b.jlir": callee("use(::Counted)"),
    "c.jlir": callee("use(::Counted)"),
  };
  assert.deepEqual(leads(files, "Main.use"), [
    "b.jlir 1:MethodInstance for use(::Counted)",
    "c.jlir 1:MethodInstance for use(::Counted)",
  ]);
});

test("a call that prints no signature leads to methods of that name and number of arguments", () => {
  const text =
    "CodeInfo(\n1 ─ %1 = Main.use\n│   %2 = dynamic (%1)(x)\n│   %3 = dynamic Main.use(x, y)\n└──      return %2\n)\n";
  const files = {
    [path]: text,
    "b.jlir": callee("use(::Counted)") + callee("use(::Int64)"),
    "c.jlir": callee("use(::Int64, ::Int64)"),
  };
  assert.deepEqual(leads(files, "Main.use(x, y)"), [
    "c.jlir 1:MethodInstance for use(::Int64, ::Int64)",
  ]);
  assert.equal(leads(files, "Main.use").length, 3);
  // The callee is a value here, and leads to where it comes from.
  assert.deepEqual(leads(files, "%1)("), ["2:%1"]);
});

test("a method under a prompt is meant by an invoke of its name", () => {
  const prompt = "julia> @code_typed use(c)\nCodeInfo(\n1 ─     return nothing\n) => Nothing\n";
  assert.deepEqual(leads({ [path]: typed, "b.jlir": prompt }, "Main.use"), [
    "b.jlir 1:julia> @code_typed use(c)",
  ]);
});

test("finalizers and code operands lead to the body's method", () => {
  const text = `CodeInfo(
1 ─ %1 = %new(Main.Counted, n)::Counted
│        Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::Counted))::Nothing
│        Core.finalizer(var"#5#6"(), %1)::Nothing
└──      return nothing
) => Nothing
`;
  const files = {
    [path]: text,
    "b.jlir": callee("fin(::Counted)"),
    "c.jlir": callee('(::var"#5#6")(::Counted)'),
  };
  const fin = ["b.jlir 1:MethodInstance for fin(::Counted)"];
  assert.deepEqual(leads(files, "CodeInstance"), fin);
  assert.deepEqual(leads(files, "Main.fin"), fin);
  assert.deepEqual(leads(files, 'var"#5#6"'), [
    'c.jlir 1:MethodInstance for (::var"#5#6")(::Counted)',
  ]);
});

test("calls of the examples lead to the examples' callees", () => {
  const files = {
    [path]: example("seed/seed_main.jlir"),
    "use.jlir": example("callees/use__ForeignBufferFloat64.jlir"),
    "malloc.jlir": example("callees/tracked_malloc__Int64.jlir"),
  };
  const text = files[path];
  for (const name of ["tracked_malloc"].filter((one) => text.includes(`invoke Main.${one}`))) {
    assert.deepEqual(leads(files, `Main.${name}`), [
      "malloc.jlir 1:MethodInstance for tracked_malloc(::Int64)",
    ]);
  }
});

test("a value's type leads to its type line, the own method's first", () => {
  const other = `MethodInstance for h()\n  type Counted mutable (x::Int64)\n  type Pair (a::Int64)\n${"CodeInfo(\n1 ─     return nothing\n) => Nothing\n"}`;
  const files = { [path]: typed, "b.jlir": other };
  assert.deepEqual(leads(files, "return %6", 1, typeDefinition, 7), ["3:Counted"]);
  assert.deepEqual(leads(files, "::Counted\n", 1, typeDefinition, 3), ["3:Counted"]);
  assert.deepEqual(leads(files, "Main.Counted", 1, typeDefinition, 6), ["3:Counted"]);
  assert.deepEqual(leads(files, "#3 => c", 1, typeDefinition, 6), ["3:Counted"]);
  const without = typed
    .replace(/ {2}type .*\n/, "")
    .replace("=> Counted", "=> Union{Nothing, Pair}");
  assert.deepEqual(leads({ ...files, [path]: without }, "return %6", 1, typeDefinition, 7), [
    "b.jlir 2:Counted",
  ]);
  assert.deepEqual(leads({ ...files, [path]: without }, "Pair}", 1, typeDefinition), [
    "b.jlir 3:Pair",
  ]);
});

test("types without a line lead nowhere, nor do blocks", () => {
  assert.deepEqual(leads({ [path]: typed }, "%1", 1, typeDefinition), []);
  assert.deepEqual(leads({ [path]: typed }, "#3 if", 1, typeDefinition), []);
});

test("prose, unknown numbers and places outside lead nowhere", () => {
  const text = `see %1 and #2\n\n${typed}\nand %3 again\n`;
  const workspace = workspaceOf({ [path]: text });
  assert.equal(definition(workspace, path, { line: 0, character: 4 }), null);
  assert.equal(definition(workspace, path, placeOf(text, "%3 again")), null);
  assert.equal(definition(workspace, path, { line: 9999, character: 0 }), null);
  assert.equal(definition(workspace, "nowhere", { line: 0, character: 0 }), null);
  assert.deepEqual(leads({ [path]: typed.replace("not %1", "not %99") }, "%99"), []);
  assert.deepEqual(leads({ [path]: typed.replace("goto #3", "goto #9") }, "#9"), []);
});

test("a character behind the line's end is its end", () => {
  const workspace = workspaceOf({ [path]: typed });
  const { line } = placeOf(typed, "if not %1");
  const found = definition(workspace, path, { line, character: 10_000 });
  assert.equal(found?.targets[0]?.selection.start.line, 4);
});

test("through colours and quotation marks places are those of the file", () => {
  const coloured = typed
    .replace("return %6", "return \x1b[36m%6\x1b[39m")
    .replace("%6 = ", "\x1b[1m%6\x1b[22m = ");
  const found = definition(
    workspaceOf({ [path]: coloured }),
    path,
    placeOf(coloured, "%6\x1b[39m"),
  );
  assert.ok(found?.targets[0] !== undefined);
  assert.equal(shown(coloured, found.targets[0].selection), "10:%6");
  const quoted = typed.replace(/^/gm, "> ");
  assert.deepEqual(leads({ [path]: quoted }, "if not %1", 1, definition, 7), ["5:%1"]);
});
