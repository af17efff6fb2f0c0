// A mistake of ours in one method is a finding in that method, and nothing worse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unitFindings } from "../../server/src/features/unit-findings.ts";
import { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

test("a unit whose analysis fails says so with `internal/bug`", () => {
  class Broken extends Unit {
    override facts(): never {
      throw new Error("broken for the test");
    }
  }
  const findings = unitFindings(new Workspace(), new Broken("1 ─     return 1\n"));
  assert.deepEqual(
    findings.map(({ code, message }) => [code, message]),
    [["internal/bug", "this method could not be analysed: broken for the test"]],
  );
});
