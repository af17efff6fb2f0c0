// The exit status of `finalens check`: what Julia gets wrong counts only where the user names a severity.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "./examples.ts";

const cli = fileURLToPath(new URL("dist/cli.cjs", root));
const wrong = fileURLToPath(
  new URL("test/fixtures/julia/finalizer-inside-a-loop-runs-several-times-or-never.jlir", root),
);

function statusOf(...args: string[]): number | null {
  return spawnSync(process.execPath, [cli, "check", ...args, wrong]).status;
}

test("an error about Julia's placement does not fail the check by itself", () => {
  assert.equal(statusOf(), 0);
});

test("an error about Julia's placement fails the check where errors are asked for", () => {
  assert.equal(statusOf("--fail-on", "error"), 1);
  assert.equal(statusOf("--fail-on", "never"), 0);
});
