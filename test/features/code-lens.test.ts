// Code lenses: one above a method that registers something, and one per block for who asks for it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readConfig } from "../../server/src/config/read-config.ts";
import { codeLenses } from "../../server/src/features/code-lens.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const examples = new URL("../../../examples/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, examples), "utf8");

function titles(text: string, blocks: boolean): string[] {
  const workspace = new Workspace();
  workspace.set("callee.jlir", read("callees/something_long__Int64.jlir"));
  workspace.set("a.jlir", text);
  return codeLenses(workspace, "a.jlir", { blocks }).map(({ title }) => title);
}

test("a method that registers finalizers says what becomes of them", () => {
  assert.deepEqual(titles(read("shapes/branch_then_loop.jlir"), false), [
    "1 of 1 finalized early · 1 held across a loop · profile 1.13",
  ]);
});

test("a lens counts the facts that are assumed, and stands for the first registration", () => {
  const workspace = new Workspace();
  const text = read("seed/seed_noinline_use.jlir");
  workspace.set("a.jlir", text);
  workspace.setAssumptions(
    readConfig('[assume."Main.use"]\ncaptures = false\nnothrow = true\n').assumptions,
  );
  const [lens, ...others] = codeLenses(workspace, "a.jlir", { blocks: false });
  assert.equal(lens?.title, "0 of 1 finalized early · profile 1.13 · assumptions 2");
  assert.equal(
    lens.line,
    text.split("\n").findIndex((line) => line.includes("(Core.finalizer)")),
  );
  assert.deepEqual(others, []);
});

test("a method that registers none has no lens of its own", () => {
  assert.deepEqual(titles(read("callees/bump__Int64.jlir"), false), []);
});

test("blocks tell their neighbours and loop depth", () => {
  const found = titles(read("seed/seed_branch_loop.jlir"), true);
  assert.equal(found.length, 8);
  assert.equal(found[1], "from none · to #2, #6");
  assert.equal(found[3], "from #2, #4 · to #4, #5 · loop depth 1");
});
