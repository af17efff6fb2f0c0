// Every fixture below test/fixtures as one test. `npm test -- --filter TEXT` (FINALENS_FILTER) runs
// those whose path or title holds the text, `npm test -- --update` (FINALENS_UPDATE) rewrites their
// `#|` blocks. The form of a fixture is in docs/testing.md.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runFixture } from "./harness/run.ts";

const root = fileURLToPath(new URL("../../test/fixtures/", import.meta.url));
const filter = process.env["FINALENS_FILTER"] ?? "";
const update = (process.env["FINALENS_UPDATE"] ?? "") !== "";

const paths = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".jlir"))
  .sort();

for (const path of paths) {
  const title = path.replace(/\.jlir$/, "").replaceAll("-", " ");
  if (!path.includes(filter) && !title.includes(filter)) continue;
  test(title, () => {
    const failure = runFixture(root, path, update);
    if (failure !== "") assert.fail(failure);
  });
}

test("there are fixtures", () => {
  assert.ok(paths.length > 0, `no *.jlir below ${root}`);
});
