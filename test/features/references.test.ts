// References and highlights: every use, in every form that a text has for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { documentHighlights } from "../../server/src/features/document-highlight.ts";
import { references } from "../../server/src/features/references.ts";
import { highlightsAreReferences, referencesLeadBack } from "./properties.ts";
import { placeOf, realTexts, shown, workspaceOf } from "./texts.ts";

const path = "a.jlir";

function found(
  files: Readonly<Record<string, string>>,
  needle: string,
  within = 0,
  includesDefinition = true,
): string[] {
  const text = files[path] ?? "";
  const options = { definition: includesDefinition };
  return references(workspaceOf(files), path, placeOf(text, needle, 1, within), options).map(
    (one) => {
      const place = shown(files[one.path] ?? "", one.range);
      return one.path === path ? place : `${one.path} ${place}`;
    },
  );
}

function highlighted(text: string, needle: string, within = 0): string[] {
  const workspace = workspaceOf({ [path]: text });
  return documentHighlights(workspace, path, placeOf(text, needle, 1, within)).map(
    ({ range, kind }) => `${kind} ${shown(text, range)}`,
  );
}

const typed = `MethodInstance for f(::Int64, ::Counted)
  from f(n, c) @ Main a.jl:1
CodeInfo(
1 ─ %1 = Base.slt_int(n, 1)::Bool
└──      goto #3 if not %1
2 ─ %3 = %new(Main.Counted, n)::Counted
└──      goto #4
3 ─      goto #4
4 ┄ %6 = φ (#2 => %3, #3 => c)::Counted
│   %7 = $(Expr(:gc_preserve_begin, :(%6), Core.Argument(3)))
│        invoke Main.use(%6::Counted)::Nothing     # expect: %6 kept
│        $(Expr(:gc_preserve_end, :(%7)))
└──      return %6
) => Counted
`;

test("uses of a value are found in each form, the definition only where asked for", () => {
  assert.deepEqual(found({ [path]: typed }, "%6"), ["9:%6", "10:%6", "11:%6", "11:%6", "13:%6"]);
  assert.deepEqual(found({ [path]: typed }, "%6", 0, false).length, 4);
  assert.deepEqual(found({ [path]: typed }, "%7", 0, false), ["12:%7"]);
});

test("uses of a block are jumps and φ edges", () => {
  assert.deepEqual(found({ [path]: typed }, "3 ─ "), ["5:#3", "8:3", "9:#3"]);
  assert.deepEqual(found({ [path]: typed }, "#4"), ["7:#4", "8:#4", "9:4"]);
});

test("uses of an argument are found by its name and by its number", () => {
  assert.deepEqual(found({ [path]: typed }, "c)"), ["2:c", "9:c", "10:3"]);
  assert.deepEqual(found({ [path]: typed }, "Core.Argument(3)", 14, false), ["9:c", "10:3"]);
});

test("a value of one method is not one of another with the same number", () => {
  assert.deepEqual(found({ [path]: typed + typed }, "%3"), ["6:%3", "9:%3"]);
});

test("uses in code that inference proved dead are uses", () => {
  const text = `CodeInfo(
1 ─ %1 = f()::Any
│        (o = g(%1))::Any
2 ─      Core.Const(:(o))::Union{}
│        Core.Const(:(r = Base.getproperty(%1, :o)))::Union{}
└──      Core.Const(:(goto %1))::Union{}
)
`;
  assert.deepEqual(found({ [path]: text }, "%1"), ["2:%1", "3:%1", "5:%1", "6:%1"]);
  assert.deepEqual(found({ [path]: text }, "o ="), ["3:o", "4:o"]);
});

test("numbers in strings, symbols and names are no uses", () => {
  const text = `CodeInfo(
1 ─ %1 = f("%1", :x, Symbol("%1"), var"#1#2"(), r#1)::Any
└──      return %1
)
`;
  assert.deepEqual(found({ [path]: text }, "%1"), ["2:%1", "3:%1"]);
  assert.deepEqual(found({ [path]: text }, "1 ─"), ["2:1"]);
});

test("highlights tell reading from writing", () => {
  const text = `MethodInstance for g(::Int64)
Arguments
  #self#::Core.Const(g)
  i::Int64
Locals
  o::Int64
Body::Int64
1 ─      (o = Main.h(i))
│        (o = i)
└──      return o
`;
  assert.deepEqual(highlighted(text, "o = M"), [
    "write 6:o",
    "write 8:o",
    "write 9:o",
    "read 10:o",
  ]);
  assert.deepEqual(highlighted(typed, "%3"), ["write 6:%3", "read 9:%3"]);
  assert.deepEqual(highlighted(typed, "#2"), ["write 6:2", "read 9:#2"]);
});

const caller = (name: string): string =>
  `MethodInstance for ${name}(::Counted)
CodeInfo(
1 ─      invoke Main.use(_2::Counted)::Nothing
│        invoke Main.use(_2::Any)::Nothing
│        Core.finalizer(Main.use, _2, true, CodeInstance for MethodInstance for use(::Counted))::Nothing
└──      return nothing
) => Nothing
`;

const callee =
  "MethodInstance for use(::Counted)\nCodeInfo(\n1 ─     return nothing\n) => Nothing\n";

test("a method's references are the invokes of its signature in all files, from header and from call", () => {
  const files = { [path]: callee, "b.jlir": caller("x"), "c.jlir": caller("y") };
  const all = [
    "1:MethodInstance for use(::Counted)",
    "b.jlir 3:Main.use",
    "b.jlir 5:CodeInstance for MethodInstance for use(::Counted)",
    "c.jlir 3:Main.use",
    "c.jlir 5:CodeInstance for MethodInstance for use(::Counted)",
  ];
  assert.deepEqual(found(files, "use"), all);
  assert.deepEqual(found(files, "MethodInstance", 0, false), all.slice(1));
  const swapped = { [path]: caller("x"), "b.jlir": callee };
  assert.deepEqual(found(swapped, "Main.use", 0, false), [
    "3:Main.use",
    "5:CodeInstance for MethodInstance for use(::Counted)",
  ]);
});

test("the invokes of a method without a body are references all the same", () => {
  assert.deepEqual(found({ [path]: caller("x") }, "Main.use(_2::Any)"), ["4:Main.use"]);
});

test("highlights of a call are the calls of the same method in the file", () => {
  const text = callee + caller("x") + caller("y");
  assert.deepEqual(highlighted(text, "Main.use"), [
    "text 1:MethodInstance for use(::Counted)",
    "text 7:Main.use",
    "text 9:CodeInstance for MethodInstance for use(::Counted)",
    "text 14:Main.use",
    "text 16:CodeInstance for MethodInstance for use(::Counted)",
  ]);
});

test("there is nothing in prose, in types, in builtins and behind the end", () => {
  const text = `see %3\n\n${typed}`;
  assert.deepEqual(found({ [path]: text }, "%3"), []);
  assert.deepEqual(found({ [path]: typed }, "Bool"), []);
  assert.deepEqual(found({ [path]: typed }, "Base.slt_int"), []);
  assert.deepEqual(highlighted(typed, "Bool"), []);
  const options = { definition: true };
  assert.deepEqual(references(workspaceOf({}), path, { line: 0, character: 0 }, options), []);
});

test("every reference leads back to the definition", () => {
  for (const { text } of realTexts()) if (text.length < 20_000) referencesLeadBack(text);
});

test("highlights in real texts are the references", () => {
  for (const { text } of realTexts()) if (text.length < 20_000) highlightsAreReferences(text);
});
