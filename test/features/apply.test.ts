// `finalens apply` and `finalens suggest` from outside: what is printed where, exit statuses, and that
// nothing but the methods with a plan changes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { applyToFile } from "../../server/src/features/apply.ts";
import { suggestionsOf } from "../../server/src/features/suggest.ts";
import { path, root, workspaceOf } from "./examples.ts";

const cli = fileURLToPath(new URL("dist/cli.cjs", root));

const planned = `MethodInstance for f(::Int64)
  from f(x) @ Main f.jl:1
  type H mutable (x::Int64)
2 1 ─ %1 = %new(Main.H, _2)::H
  │          builtin (Core.finalizer)(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
3 │   %3 =   builtin Base.getfield(%1, :x)::Int64
4 └──      return %3
   => Int64
`;

const text = `Prose before.

${planned}
Prose between, with a method that registers nothing:
MethodInstance for g(::Int64)
CodeInfo(
1 ─     return   nothing
) => Nothing

Prose behind.
`;

function inFolder(run: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "finalens-"));
  try {
    const file = join(folder, "methods.txt");
    writeFileSync(file, text);
    run(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function finalens(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

test("text around the planned methods stays", () => {
  const applied = applyToFile(workspaceOf(text), path, null)?.text ?? "";
  const isNew = (line: string): boolean => !text.split("\n").includes(line);
  assert.deepEqual(applied.split("\n").filter(isNew), [
    "  stage final",
    "  │           invoke Base.finalize(%1::Any)::Nothing",
  ]);
  assert.equal(applied.split("\n").length, text.split("\n").length + 2);
});

test("line ends are those of the text", () => {
  for (const end of ["\r\n", "\r"]) {
    const applied = applyToFile(workspaceOf(text.replaceAll("\n", end)), path, null);
    const plain = applyToFile(workspaceOf(text), path, null);
    assert.equal(applied?.text, plain?.text.replaceAll("\n", end));
  }
});

test("carried out twice is carried out once", () => {
  const once = applyToFile(workspaceOf(text), path, null);
  const twice = applyToFile(workspaceOf(once?.text ?? ""), path, null);
  assert.equal(once?.calls, 1);
  assert.equal(twice?.calls, 0);
  assert.equal(twice?.text, once?.text);
});

test("apply prints the file, and what it did on the side", () => {
  inFolder((file) => {
    const whole = finalens("apply", file);
    assert.equal(whole.status, 0);
    assert.match(whole.stdout, /^Prose before\.\n.*Base\.finalize\(%1::Any\).*Prose behind\.\n$/s);
    assert.match(whole.stderr, /1 finalizes early; 1 call put in/);
    const one = finalens("apply", "--method", "g", file);
    assert.match(one.stdout, /g\(::Int64\)/);
    assert.doesNotMatch(one.stdout, /f\(::Int64\)/);
    assert.match(one.stderr, /nothing to place early/);
  });
});

test("calls that cannot be answered have status 2 and one line", () => {
  inFolder((file) => {
    const calls = [
      ["apply", "--method", "h", file],
      ["apply", `${file}.gone`],
      ["suggest", `${file}.gone`],
      ["apply"],
      ["apply", "--profile", "0.6", file],
    ];
    for (const call of calls) {
      const { status, stdout, stderr } = finalens(...call);
      assert.equal(status, 2, call.join(" "));
      assert.equal(stdout, "");
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    }
  });
});

test("suggest names source lines in text and JSON", () => {
  inFolder((file) => {
    const { status, stdout } = finalens("suggest", file);
    assert.equal(status, 0);
    assert.match(stdout, /insert `finalize\(a\)` after f\.jl:3 \(after %3\)/);
    const json = JSON.parse(finalens("suggest", "--format", "json", file).stdout);
    assert.equal(json.schema, 1);
    assert.equal(json.suggestions.length, 1);
    assert.deepEqual(json.suggestions[0].edits[0].line, { file: "f.jl", line: 3 });
  });
});

test("a branch is named by the line of its condition", () => {
  const suggestions = suggestionsOf(
    workspaceOf(`MethodInstance for f(::Int64, ::Bool)
  from f(n, c) @ Main f.jl:1
  type H mutable (x::Int64)
2 1 ─ %1 = %new(Main.H, _2)::H
  │          builtin (Core.finalizer)(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::H))::Nothing
3 └──      goto #5 if not _3
4 2 ─ %4 =   builtin Base.getfield(%1, :x)::Int64
  3 ┄ %5 = φ (#2 => %4, #4 => %8)::Int64
5 │   %6 = intrinsic Base.slt_int(%5, 10)::Bool
  └──      goto #5 if not %6
6 4 ─ %8 = intrinsic Base.add_int(%5, 1)::Int64
  └──      goto #3
7 5 ┄      return nothing
   => Nothing
`),
    path,
  );
  assert.deepEqual(
    suggestions.flatMap(({ edits }) => edits.map(({ words }) => words)),
    [
      "after f.jl:4, then-branch of the condition at f.jl:3",
      "at the start of the else-branch of the condition at f.jl:3",
    ],
  );
});

test("both commands go by the Finalens.toml above the file", () => {
  inFolder((file) => {
    const use = "2 │            invoke Main.use(%1::H)::Any\n3 │   %3 =";
    writeFileSync(file, text.replace("3 │   %3 =", use).replaceAll("%3", "%4"));
    const fate = '[assume."Main.use"]\ncaptures = false\nnothrow = true\n';
    assert.match(finalens("apply", file).stderr, /nothing to place early/);
    writeFileSync(join(file, "..", "Finalens.toml"), fate);
    assert.match(finalens("apply", file).stderr, /1 plan/);
    assert.match(finalens("suggest", file).stdout, /assumed/);
    const bad = finalens("apply", "--config", join(file, "..", "none.toml"), file);
    assert.equal(bad.status, 2);
    assert.match(bad.stderr, /^finalens: .*none\.toml: no such file or directory\n$/);
  });
});
