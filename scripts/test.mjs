// Runs the compiled tests with Node's own runner: everything under `test/` but `fuzz`, `bench`, and what
// needs a browser (`scripts/e2e.mjs`).
//
// `npm test -- [--filter TEXT] [--only PATH] [--update]`
//   --filter TEXT  test files whose path holds TEXT, and in those that read FINALENS_FILTER (the
//                  fixture suites) the cases whose path or title holds it
//   --only PATH    test files below PATH, say `test/lsp`
//   --update       sets FINALENS_UPDATE: expected texts owned by the updater are rewritten
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

process.chdir(fileURLToPath(new URL("../", import.meta.url)));

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    only: { type: "string", default: "test" },
    update: { type: "boolean", default: false },
  },
});

const apart = ["test/fuzz", "test/bench", "test/browser", "test/e2e"];

// From the sources, so that a stale output of a removed test is not run.
const files = walk(values.only.replace(/\/$/, ""))
  .filter((path) => path.endsWith(".test.ts") && (values.filter === "" || isWanted(path)))
  .map((path) => `out/${path.replace(/\.ts$/, ".js")}`);

if (files.length === 0) {
  console.error(`No test file under ${values.only} matches "${values.filter}".`);
  process.exit(1);
}

const { status } = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    "--test",
    "--test-timeout=120000",
    `--test-concurrency=${availableParallelism()}`,
    "--test-reporter=spec",
    ...files,
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      ...(values.filter === "" ? {} : { FINALENS_FILTER: values.filter }),
      ...(values.update ? { FINALENS_UPDATE: "1" } : {}),
    },
  },
);
process.exit(status ?? 1);

function isWanted(path) {
  return path.includes(values.filter) || readFileSync(path, "utf8").includes("FINALENS_FILTER");
}

function walk(path) {
  if (path.endsWith(".ts")) return existsSync(path) ? [path] : [];
  if (apart.includes(path) || !existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith(".ts"))
    .flatMap((entry) => walk(`${path}/${entry.name}`));
}
