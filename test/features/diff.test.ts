// `finalens diff` from outside, and what counts as a free that was lost.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { countChanges, diff } from "../../server/src/features/diff.ts";
import { path, root, workspaceOf } from "./examples.ts";

const cli = fileURLToPath(new URL("dist/cli.cjs", root));

const freed = `MethodInstance for f(::Int64)
  from f(x) @ Main f.jl:1
  stage inlined
  type H mutable (x::Int64)
CodeInfo(
1 ─ %1 = %new(Main.H, _2)::H
│          builtin (Core.finalizer)(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
│   %3 =   builtin Base.getfield(%1, :x)::Int64
└──      return %3
) => Int64
`;

/** The object is handed to something that nobody knows. */
const kept = freed.replace("│   %3 =", "│          invoke Main.use(%1::H)::Nothing\n│   %4 =");

/** A statement more, which changes every number. */
const renumbered = freed
  .replace("1 ─ %1 =", "1 ─      nothing::Nothing\n│   %2 =")
  .replaceAll("(%1,", "(%2,")
  .replaceAll("fin, %1", "fin, %2")
  .replaceAll("%3", "%4");

const other = freed.replaceAll("f(", "g(");

function changes(before: string, after: string): string[] {
  const rows = diff(workspaceOf(before), workspaceOf(after));
  return rows.map(({ method, change }) => `${method} ${change}`);
}

test("a finalizer that Julia elided and now keeps is lost", () => {
  assert.deepEqual(changes(freed, kept), ["f(::Int64) lost"]);
  assert.deepEqual(changes(kept, freed), ["f(::Int64) gained"]);
});

test("other statement numbers are no change", () => {
  assert.match(renumbered, /finalizer\)\(Main\.fin, %2,/);
  assert.deepEqual(changes(freed, renumbered), ["f(::Int64) same"]);
});

test("closures are the same whatever numbers they have", () => {
  const numbered = (n: number): string =>
    freed.replaceAll("Main.fin", `var"#f##${n}#f##${n + 1}"()`);
  assert.deepEqual(changes(numbered(0), numbered(7)), ["f(::Int64) same"]);
});

test("methods and registrations of one side are new or gone, not lost", () => {
  assert.deepEqual(changes(freed, `${freed}\n${other}`), ["f(::Int64) same", "g(::Int64) new"]);
  assert.deepEqual(changes(`${freed}\n${other}`, other), ["f(::Int64) gone", "g(::Int64) same"]);
  const resolved = freed.replace(/│ +builtin \(Core\.finalizer.*\n/, "");
  assert.deepEqual(changes(freed, resolved), ["f(::Int64) gone"]);
});

test("of two registrations of one finalizer the first is held against the first", () => {
  const twice = freed
    .replace(
      "│   %3 =   builtin Base.getfield(%1, :x)::Int64\n",
      `│   %3 = %new(Main.H, _2)::H
│          builtin (Core.finalizer)(Main.fin, %3, true, CodeInstance for MethodInstance for fin(::H))::Nothing
│          invoke Main.use(%3::H)::Nothing
│   %6 =   builtin Base.getfield(%1, :x)::Int64
`,
    )
    .replace("return %3", "return %6");
  const rows = diff(workspaceOf(twice), workspaceOf(twice));
  assert.deepEqual(countChanges(rows), { lost: 0, gained: 0, moved: 0, same: 2, gone: 0, new: 0 });
  assert.equal(rows[0]?.before?.path, path);
});

function finalens(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

test("the command says what was lost, and its status is 1 only then", () => {
  const folder = mkdtempSync(join(tmpdir(), "finalens-"));
  try {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    for (const [one, text] of [
      [a, freed],
      [b, kept],
    ] as const) {
      mkdirSync(one);
      writeFileSync(join(one, "f.jlir"), text);
    }
    const lost = finalens("diff", a, b);
    assert.equal(lost.status, 1);
    assert.match(lost.stdout, /f\.jlir:7: lost: f\(::Int64\) %2\n {4}Julia: elided.* {2}→ {2}kept/);
    assert.match(lost.stdout, /\n1 lost\n$/);
    assert.equal(finalens("diff", b, a).status, 0);
    assert.equal(finalens("diff", a, a).stdout, "1 as before\n");
    const json = JSON.parse(finalens("diff", "--format", "json", a, b).stdout);
    assert.equal(json.registrations[0].after.julia.code, "finalizer/escapes-unknown-call");
    assert.equal(finalens("diff", a, join(folder, "none")).status, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
