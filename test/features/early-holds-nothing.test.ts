// The early plan never holds an object over a loop in which nobody needs it: over every method of the
// fixtures, the examples and the recorded programs.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("no plan of ours extends a lifetime over a loop", () => {
  let plans = 0;
  for (const folder of ["test/fixtures", "examples", "test/data"]) {
    const paths = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
    for (const path of paths.filter((one) => one.endsWith(".jlir"))) {
      const workspace = new Workspace(null);
      workspace.set(path, readFileSync(`${root}${folder}/${path}`, "utf8"));
      for (const unit of workspace.document(path)?.units ?? []) {
        for (const { early, lifetime } of workspace.report(unit).registrations) {
          if (early !== null && early.plan.verdict !== "none") plans++;
          const held = lifetime.extended.filter(({ policy }) => policy === "early");
          assert.deepEqual(held, [], `${folder}/${path}`);
        }
      }
    }
  }
  assert.ok(plans > 50, `${plans} plans`);
});
