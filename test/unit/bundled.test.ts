// The bundled tables, and that nothing which rests on a method's own text alone contradicts what a real
// Julia printed in its header.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { foreignFacts, foreignNames } from "../../server/src/analysis/bundled/foreign-functions.ts";
import { bundledFunctions } from "../../server/src/analysis/bundled/functions.ts";
import { knownBy } from "../../server/src/analysis/bundled/known-functions.ts";
import { bundledSummary, summaryFromEffects } from "../../server/src/analysis/bundled/summaries.ts";
import { readEffects } from "../../server/src/analysis/effects/effects.ts";
import { inferEffects } from "../../server/src/analysis/effects/infer.ts";
import { topSummary } from "../../server/src/analysis/method-summary.ts";
import { keyOfInvoke } from "../../server/src/analysis/summary.ts";
import { chooseProfile } from "../../server/src/features/profile.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

function workspaceOf(text: string): Workspace {
  const workspace = new Workspace(chooseProfile("1.13"));
  workspace.set("f.jlir", text);
  return workspace;
}

test("every bundled effects line can be read", () => {
  assert.ok(bundledFunctions.size > 20);
  for (const [key, printed] of bundledFunctions) assert.ok(readEffects(printed), key);
});

test("a thrower has to be printed as one", () => {
  const key = "throw_boundserror(Vector{Int64}, Int64)";
  assert.equal(knownBy("throw_boundserror", key, true)?.role, "throws");
  assert.equal(knownBy("throw_boundserror", key, false), null);
  // With more than a string it builds a message, which is not done without effects.
  assert.equal(knownBy("error", "error(String, Int64)", true), null);
  assert.equal(knownBy("error", "error(String)", true)?.role, "throws");
});

test("no C function of the table both frees and lets the memory live", () => {
  for (const name of foreignNames()) {
    const facts = foreignFacts(name);
    assert.ok(facts);
    assert.equal(facts.releases > 0, facts.acts.includes("releases") && facts.releases > 0, name);
    assert.ok(!(facts.effectFree && facts.releases > 0), name);
    assert.ok(!(facts.notaskstate && facts.acts.includes("locks")), name);
  }
  assert.equal(foreignFacts("free")?.releases, 1);
  assert.equal(foreignFacts("device_free"), null);
});

test("an exception holds what its constructor was given", () => {
  const workspace = workspaceOf(`MethodInstance for f(::Any)
1 1 ─ %1 = invoke Base.BoundsError(_2::Any, 1::Int64)::BoundsError
  │        invoke Base.throw_boundserror(_2::Any, 1::Int64)::Union{}
  └──      unreachable
`);
  const unit = workspace.document("f.jlir")?.units[0];
  const method = unit === undefined ? undefined : workspace.openUnit(unit)?.method;
  const [made, thrown] = method?.statements ?? [];
  assert.ok(method && made && thrown);
  const wrapped = bundledSummary(made, keyOfInvoke(method, made), false);
  assert.deepEqual(wrapped?.result, {
    fresh: true,
    aliases: [],
    holds: [2, 3],
    unknown: false,
    registrations: [],
  });
  const leaving = bundledSummary(thrown, keyOfInvoke(method, thrown), true);
  assert.equal(leaving?.arguments[1]?.self.thrown, true);
  assert.equal(leaving?.arguments[1]?.self.global, false);
  assert.equal(leaving?.effects.nothrow.holds, "unknown");
});

test("a method without effects keeps nothing, one of which nothing is known may keep all", () => {
  const free = workspaceOf(`MethodInstance for f(::Any)
1 1 ─      return _2
`);
  const unit = free.document("f.jlir")?.units[0];
  const opened = unit === undefined ? null : free.openUnit(unit);
  assert.ok(unit && opened);
  const effects = inferEffects(opened, free.environmentOf(unit));
  const { self } = summaryFromEffects("f(Any)", "f(::Any)", effects, 2).arguments[1] ?? {};
  assert.deepEqual(self, {
    returned: true,
    thrown: false,
    global: false,
    unknown: false,
    storedIn: [],
  });
  const top = topSummary(null, "g");
  const unknown = summaryFromEffects(null, "g", top.effects, 2);
  assert.deepEqual(unknown.arguments, top.arguments);
});

test("what a text alone proves of task state, Julia printed too", () => {
  let proven = 0;
  for (const name of ["base.jlir", "programs.jlir"]) {
    const text = readFileSync(new URL(`../../../test/data/${name}`, import.meta.url), "utf8");
    const workspace = workspaceOf(text);
    for (const unit of workspace.document("f.jlir")?.units ?? []) {
      const opened = workspace.openUnit(unit);
      const printed = opened?.method.header.effects ?? null;
      if (opened === null || printed === null) continue;
      const header = { ...opened.method.header, effects: null };
      const bare = { ...opened, method: { ...opened.method, header } };
      const { notaskstate } = inferEffects(bare, workspace.environmentOf(unit));
      if (notaskstate.holds !== "yes" || notaskstate.origin !== "body") continue;
      proven++;
      // The inliner erased a registration here. Julia's effects are of the method as it was inferred,
      // and registering a finalizer takes all of them; the text is right.
      if (opened.key === "sh_empty_finalizer(Int64)") continue;
      assert.equal(readEffects(printed)?.notaskstate, "+", opened.key);
    }
  }
  assert.ok(proven > 5, `${proven}`);
});
