// What `finalens check` answers other programs: its exit status, for which what Julia gets wrong counts only
// where the user names a severity, and its log in SARIF.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Log } from "sarif";
import { root } from "./examples.ts";

interface Diagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

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

test("SARIF has each finding with its rule, level and region, and the places that explain it", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [cli, "check", "--format", "sarif", wrong],
    {
      encoding: "utf8",
    },
  );
  const json = JSON.parse(
    spawnSync(process.execPath, [cli, "check", "--format", "json", wrong], { encoding: "utf8" })
      .stdout,
  );
  const log: Log = JSON.parse(stdout);
  assert.equal(status, 0);
  assert.equal(log.version, "2.1.0");
  const [run] = log.runs;
  const rules = run?.tool.driver.rules ?? [];
  const told = (run?.results ?? []).map(({ ruleId, ruleIndex, level, message, locations }) => {
    const region = locations?.[0]?.physicalLocation?.region;
    assert.equal(rules[ruleIndex ?? -1]?.id, ruleId);
    return [ruleId, level, message.text, region?.startLine, region?.startColumn];
  });
  const levels: Readonly<Record<string, string>> = { information: "note", hint: "note" };
  const wanted = json.diagnostics.map((one: Diagnostic) => [
    one.code,
    levels[one.severity] ?? one.severity,
    one.message,
    one.line,
    one.column,
  ]);
  assert.deepEqual(told, wanted);
  assert.ok(told.length > 0);
  const uri = run?.results?.[0]?.relatedLocations?.[0]?.physicalLocation?.artifactLocation?.uri;
  assert.equal(uri, pathToFileURL(wrong).href);
});

test("a file that cannot be read is a notification in SARIF", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [cli, "check", "--format", "sarif", "no-such-file.jlir"],
    { encoding: "utf8" },
  );
  const log: Log = JSON.parse(stdout);
  assert.equal(status, 2);
  assert.equal(log.runs[0]?.invocations?.[0]?.executionSuccessful, false);
});
