// What runs again after changes that are no edits in a fixture: of promises, of files, in large files; and
// shapes of workspaces that would be too much for a recursive walk.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "../../server/src/features/diagnostics.ts";
import { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const main = (name: string, callee: string): string =>
  `MethodInstance for ${name}(::Int64)
  stage inlined
  type H mutable (x::Int64)
1 1 ─ %1 = %new(Main.H, _2)::H
  │          Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
  │          invoke Main.${callee}(%1::H)::Any
  └──      return nothing
`;

/** A method that writes to its argument, and calls the others. */
const callee = (name: string, ...calls: string[]): string =>
  [
    `MethodInstance for ${name}(::H)`,
    "  effects (+c,?e,+n,+t,+s,?m,+u,+o,+r)",
    "1 1 ─      builtin Base.setfield!(_2, :x, 1)::Int64",
    ...calls.map((call) => `  │        invoke Main.${call}(_2::H)::Any`),
    "  └──      return nothing",
    "",
  ].join("\n");

/** Names of the methods that are reported anew while all diagnostics are made. */
function reported(workspace: Workspace, change: () => void): string[] {
  const all = (): void => {
    for (const path of workspace.paths()) diagnose(workspace, path);
  };
  all();
  const names: string[] = [];
  workspace.listen(({ kind, query, key }) => {
    if (kind === "executed" && query === "report" && key instanceof Unit) {
      names.push(key.facts()?.name ?? "?");
    }
  });
  change();
  all();
  workspace.listen(null);
  return names.sort();
}

function open(texts: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace();
  for (const [path, text] of Object.entries(texts)) workspace.set(path, text);
  return workspace;
}

test("a promise re-runs those who asked about that method", () => {
  const workspace = open({ "a.jlir": main("one", "f") + main("two", "g") });
  const promise = new Map([["f", { nothrow: true, captures: false }]]);
  assert.deepEqual(
    reported(workspace, () => workspace.setAssumptions(promise)),
    // Reports under a promise are held against those without: the same method twice.
    ["one", "one"],
  );
  assert.deepEqual(
    reported(workspace, () => workspace.setAssumptions(new Map(promise))),
    [],
  );
  assert.deepEqual(
    reported(workspace, () => workspace.setAssumptions(new Map())),
    ["one"],
  );
});

test("a file that comes or goes re-runs those who call into it", () => {
  const workspace = open({ "a.jlir": main("one", "f") + main("two", "g") });
  assert.deepEqual(
    reported(workspace, () => workspace.set("f.jlir", callee("f"))),
    ["one"],
  );
  assert.deepEqual(
    reported(workspace, () => workspace.set("other.jlir", callee("h"))),
    [],
  );
  assert.deepEqual(
    reported(workspace, () => workspace.remove("f.jlir")),
    ["one"],
  );
});

test("an edit in one of 5,000 methods runs one method's analysis", () => {
  const methods = Array.from({ length: 2500 }, (_, i) => main(`m${i}`, `f${i}`) + callee(`f${i}`));
  const workspace = open({ "large.jlir": methods.join("") });
  const ran: string[] = [];
  diagnose(workspace, "large.jlir");
  workspace.listen(({ kind, query, key }) => {
    if (kind === "executed" || kind === "backdated") {
      ran.push(`${query}(${key instanceof Unit ? key.facts()?.name : String(key)})`);
    }
  });
  const document = workspace.document("large.jlir");
  const line = (document?.startOf(2500) ?? 0) + 3;
  const start = { line, character: 24 };
  workspace.edit("large.jlir", { start, end: { line, character: 25 } }, "3");
  diagnose(workspace, "large.jlir");
  assert.deepEqual(ran, ["body(m1250)", "report(m1250)", "trial(m1250)"]);
});

test("a cycle of a thousand methods is solved, and mended where it breaks", () => {
  const count = 1000;
  const ring = Array.from({ length: count }, (_, i) => callee(`c${i}`, `c${(i + 1) % count}`));
  const workspace = open({ "main.jlir": main("top", "c0"), "ring.jlir": ring.join("") });
  assert.equal(diagnose(workspace, "main.jlir").length, 1);
  assert.notEqual(workspace.summary("c500(H)"), null);
  workspace.set("ring.jlir", ring.slice(0, -1).join("") + callee(`c${count - 1}`));
  const cold = open({
    "main.jlir": main("top", "c0"),
    "ring.jlir": ring.slice(0, -1).join("") + callee(`c${count - 1}`),
  });
  assert.deepEqual(diagnose(workspace, "main.jlir"), diagnose(cold, "main.jlir"));
  assert.deepEqual(workspace.summary("c0(H)"), cold.summary("c0(H)"));
});

test("a chain of ten thousand methods is followed to its end and back", () => {
  const count = 10_000;
  const chain = Array.from({ length: count }, (_, i) => callee(`c${i}`, `c${i + 1}`));
  const workspace = open({ "main.jlir": main("top", "c0"), "chain.jlir": chain.join("") });
  diagnose(workspace, "main.jlir");
  const ran: string[] = [];
  workspace.set("end.jlir", callee(`c${count}`));
  workspace.listen(({ kind, query }) => {
    if (kind === "executed") ran.push(query);
  });
  diagnose(workspace, "main.jlir");
  assert.ok(ran.includes("report"));
});

test("of two methods of one signature that differ nothing is told", () => {
  const leak = callee("f").replace("Base.setfield!(_2, :x, 1)", "Base.setfield!(Main.K, :x, _2)");
  const workspace = open({ "a.jlir": main("one", "f"), "f.jlir": callee("f") });
  assert.deepEqual(diagnose(workspace, "a.jlir"), []);
  workspace.set("g.jlir", leak);
  assert.equal(workspace.summary("f(H)"), null);
  assert.equal(diagnose(workspace, "a.jlir").length, 1);
  workspace.set("g.jlir", callee("f"));
  assert.deepEqual(diagnose(workspace, "a.jlir"), []);
});
