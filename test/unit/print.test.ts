// What the printer writes reads back as an equal method, and is what Julia itself would print; methods
// whose statements were put in or moved are numbered anew.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { lower, type Method } from "../../server/src/ir/method.ts";
import { printMethod } from "../../server/src/ir/print.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { readStatement } from "../../server/src/syntax/statement.ts";
import type { BlockHead, MethodSyntax, Statement } from "../../server/src/syntax/tree.ts";
import { Document } from "../../server/src/workspace/document.ts";
import type { Unit } from "../../server/src/workspace/unit.ts";
import { methodShape } from "../fuzz/method-shape.ts";

const root = new URL("../../../", import.meta.url);

function filesBelow(folder: string): string[] {
  const url = new URL(`${folder}/`, root);
  return readdirSync(url, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".jlir"))
    .map((file) => readFileSync(new URL(file, url), "utf8"));
}

const units: readonly Unit[] = [...filesBelow("examples"), ...filesBelow("test/data")].flatMap(
  (text) => new Document(text).units,
);

function read(text: string): Method {
  const syntax = readMethod(text);
  assert.ok(syntax !== null, "the text holds a method");
  return lower(syntax, text);
}

test("printed methods read back equal", () => {
  let count = 0;
  for (const unit of units) {
    const method = unit.read();
    if (method === null || method.syntax.problems.length > 0) continue;
    assert.deepEqual(methodShape(read(printMethod(method))), methodShape(method));
    count++;
  }
  assert.ok(count > 100, `${count} methods`);
});

test("canonical text is printed byte for byte", () => {
  let count = 0;
  for (const unit of units) {
    const method = unit.read();
    if (method?.syntax.frame !== "codeinfo" || method.syntax.problems.length > 0) continue;
    if (!unit.text.startsWith("MethodInstance for ") || /# | within `/.test(unit.text)) continue;
    assert.equal(printMethod(method), `${unit.text.trimEnd()}\n`);
    count++;
  }
  assert.ok(count > 15, `${count} methods`);
});

/** Texts of every frame that are printed as they stand. */
const forms: Readonly<Record<string, string>> = {
  "header lines of the canonical text": `MethodInstance for f(::Box{Int64})
  from f(b) @ Main f.jl:1
  effects (+c,!e,+n,+t,+s,!m,+u,+o,+r)
  stage inlined
  type Box{Int64} mutable (value::Int64, link::Any const atomic)
CodeInfo(
1 ─ %1 = %new(Box{Int64}, 1)::Box{Int64}   # (+n,!e)
│          builtin Core.setfield!(%1, :value, 2)::Int64
└──      return %1
) => Box{Int64}
`,
  "a prompt and no value that is used": `julia> @code_typed f(1)
CodeInfo(
1 ─     goto #3 if not x
2 ─     return 1
3 ─     return 2
)
`,
  "labels before Julia 1.12": `CodeInfo(
1 ─ %1 = invoke Main.f(x::Int64)::Int64
│        invoke Main.g(%1::Int64)::Nothing
└──      return %1
) => Int64
`,
  "labels since Julia 1.12": `CodeInfo(
1 ─        invoke Main.g(x::Int64)::Union{}
└──     unreachable
) => Union{}
`,
  IRCode: `1 ─ %1 = Main.f(_2)::Core.Const(1)
└──      return %1
    => Int64
`,
  code_warntype: `MethodInstance for f(::Int64)
  from f(x::T) where T @ Main f.jl:1
Static Parameters
  T = Int64
Arguments
  #self#::Core.Const(Main.f)
  x::Int64
Locals
  y::Int64
Body::Int64
1 ─      (y = x)
│   %2 = y::Int64
└──      return %2
`,
  "handlers, and dead code that uses nothing": `CodeInfo(
1 ─ %1 = enter #3
2 ─      Core.Const(:(f(%1)))::Union{}
│        $(Expr(:leave, :(%1)))
└──      return 1
3 ┄      $(Expr(:pop_exception, :(%1)))::Core.Const(nothing)
└──      return 2
) => Int64
`,
  "a quotation over several lines": `CodeInfo(
1 ─     Core.eval(Main, $(QuoteNode(quote
    f(1)
end)))::Any
└──     return nothing
) => Nothing
`,
};

for (const [title, text] of Object.entries(forms)) {
  test(`printed as read: ${title}`, () => {
    const method = read(text);
    assert.deepEqual(method.syntax.problems, []);
    assert.equal(printMethod(method), text);
  });
}

test("numbers that stay are kept as they are written", () => {
  const method = read("1 ─ %1 = g()::Any\n│      f(%01)::Any\n└──    goto #01\n");
  assert.deepEqual(methodShape(read(printMethod(method))), methodShape(method));
});

test("lines that a terminal broke are put together", () => {
  const full = `│   %2 = invoke Main.${"g".repeat(35)}(%1::Int64)::AbstractVe`.padEnd(80, "c");
  const method = read(`1 ─ %1 = h()::Int64\n${full}\ntor{Any}\n└──    return %2\n`);
  assert.deepEqual(method.syntax.problems, []);
  const printed = printMethod(method);
  assert.ok(printed.includes(`${full.slice(-12)}tor{Any}\n`), printed);
  assert.deepEqual(methodShape(read(printed)), methodShape(method));
});

test("rails, columns, remarks and escape marks are left out", () => {
  const method = read(`some prose
    @ f.jl:2 within \`f\`
✓′ 12 1 ─ %1 = %new(Main.A)::A  # a remark
        │┌ @ g.jl:3 within \`g\`
◌     │││  Main.g(%1)::Any
◌     └──      return %1
           => A
`);
  assert.equal(
    printMethod(method),
    "1 ─ %1 = %new(Main.A)::A\n│        Main.g(%1)::Any\n└──      return %1\n    => A\n",
  );
});

/** The method with other lists; `added` are texts of new statements with their numbers. */
function changed(
  { syntax, text }: Method,
  added: Readonly<Record<number, string>>,
  change: (one: (id: number) => Statement) => Pick<MethodSyntax, "statements" | "blocks">,
): Method {
  let longer = text;
  const made = new Map<number, Statement>();
  for (const [id, line] of Object.entries(added)) {
    const at = longer.length;
    longer += `${line}\n`;
    const statement = readStatement(longer, at, longer.length - 1, Number(id), 0);
    assert.ok(statement !== null, line);
    made.set(Number(id), statement);
  }
  const one = (id: number): Statement => {
    const found = made.get(id) ?? syntax.statements[id - 1];
    assert.ok(found !== undefined, `%${id}`);
    return found;
  };
  return lower({ ...syntax, ...change(one) }, longer);
}

const loop = `CodeInfo(
1 ─ %1 = %new(Main.A, x)::A
│   %2 = Main.g(%1, "%1", :(%1 + 1))::Bool
└──      goto #3 if not %2
2 ─      return 1
3 ─      invoke Main.h(%1::A)::Any
└──      return 2
) => Int64
`;

function head(label: number, first: number): BlockHead {
  return { label, merge: false, first, line: 0, start: 0, end: 0 };
}

test("a statement in the middle moves the numbers behind it", () => {
  const method = changed(read(loop), { 10: "Main.k(%10, %2)::Int64" }, (one) => ({
    statements: [one(10), ...[1, 2, 3, 4, 5, 6].map(one)],
    blocks: [head(1, 0), head(2, 4), head(3, 5)],
  }));
  assert.equal(
    printMethod(method),
    `CodeInfo(
1 ─ %1 = Main.k(%1, %3)::Int64
│   %2 = %new(Main.A, x)::A
│   %3 = Main.g(%2, "%1", :(%2 + 1))::Bool
└──      goto #3 if not %3
2 ─      return 1
3 ─      invoke Main.h(%2::A)::Any
└──      return 2
) => Int64
`,
  );
});

test("a block on an edge moves the labels behind it", () => {
  const added = { 10: "Main.free(%1)::Nothing", 11: "goto #3" };
  const method = changed(read(loop.replace("goto #3 if", "goto #9 if")), added, (one) => ({
    statements: [1, 2, 3, 4, 10, 11, 5, 6].map(one),
    blocks: [head(1, 0), head(2, 3), head(9, 4), head(3, 6)],
  }));
  assert.equal(
    printMethod(method),
    `CodeInfo(
1 ─ %1 = %new(Main.A, x)::A
│   %2 = Main.g(%1, "%1", :(%1 + 1))::Bool
└──      goto #3 if not %2
2 ─      return 1
3 ─      Main.free(%1)::Nothing
└──      goto #4
4 ─      invoke Main.h(%1::A)::Any
└──      return 2
) => Int64
`,
  );
});

test("without its last use a value loses its number, and ten blocks widen the gutter", () => {
  const blocks = Array.from({ length: 9 }, (_, i) => `${i + 2} ── goto #${i + 3}\n`).join("");
  const text = `CodeInfo(\n1 ── %1 = Main.a()::A\n└─── goto #2 if not %1\n${blocks}11 ─ return 1\n)\n`;
  const whole = read(text);
  const first = whole.syntax.statements.map(({ id }) => id);
  const method = changed(whole, { 20: "goto #2" }, (one) => ({
    statements: first.map((id) => one(id === 2 ? 20 : id)),
    blocks: whole.syntax.blocks,
  }));
  const lines = printMethod(method).split("\n");
  assert.deepEqual(lines.slice(1, 4), [
    "1 ──     Main.a()::A",
    "└───     goto #2",
    "2 ──     goto #3",
  ]);
  assert.equal(lines.at(-3), "11 ─     return 1");
});
