// Makes this checkout ready: installs packages if they are not those of the lockfile, and builds
// if a source changed since the last build. Does nothing, quickly, where nothing is to be done.
//
// `node scripts/setup.mjs [--deps | --build]`. `--deps` only installs; `--build` always builds.
// Plain Node, no packages: it runs before there are any.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
process.chdir(root);

const stamp = "out/.stamp";
const outputs = [
  "dist/client.cjs",
  "dist/server.cjs",
  "dist/cli.cjs",
  "dist/client.browser.cjs",
  "dist/server.browser.js",
  "dist/view.js",
  "dist/view.css",
];

if (!isInstalled()) {
  console.log("Installing packages (npm ci) …");
  const npm = process.env["npm_execpath"];
  // Started by npm, its own program is at hand; `npm` itself is a shell script on Windows.
  if (npm?.endsWith(".js")) run(process.execPath, [npm, "ci", "--no-progress"]);
  else run("npm", ["ci", "--no-progress"]);
}
if (process.argv.includes("--build") || (!process.argv.includes("--deps") && !isBuilt())) build();

/** Whether `node_modules` holds the versions that the lockfile names. */
function isInstalled() {
  const installed = readJson("node_modules/.package-lock.json")?.packages;
  if (installed === undefined) return false;
  return Object.entries(readJson("package-lock.json").packages).every(
    ([path, wanted]) =>
      path === "" ||
      installed[path]?.version === wanted.version ||
      (wanted.optional && installed[path] === undefined),
  );
}

/** Whether the outputs were made from the sources as they are; a removed source counts too. */
function isBuilt() {
  if (!outputs.every((path) => existsSync(path)) || !existsSync(stamp)) return false;
  const files = sources();
  const built = statSync(stamp).mtimeMs;
  return (
    readFileSync(stamp, "utf8") === files.join("\n") &&
    files.every((path) => statSync(path).mtimeMs <= built)
  );
}

function build() {
  const files = sources();
  // The stamp is as old as the start of the build: what is saved meanwhile is built next time.
  const start = new Date();
  const tsc = "node_modules/typescript/bin/tsc";
  console.log("Building (tsc -b, esbuild) …");
  run(process.execPath, [tsc, "-b"]);
  run(process.execPath, ["esbuild.mjs"]);
  mkdirSync("out", { recursive: true });
  writeFileSync(stamp, files.join("\n"));
  utimesSync(stamp, start, start);
}

function sources() {
  return [
    "esbuild.mjs",
    "package-lock.json",
    "tsconfig.base.json",
    "tsconfig.json",
    ...["server", "client", "test"].flatMap((folder) => walk(folder)),
  ];
}

/** Programs and their configuration below a folder; fixtures and dumps are read, not built. */
function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return entry.name === "fixtures" || entry.name === "corpus" ? [] : walk(path);
    }
    return /\.(ts|mjs|json|css)$/.test(entry.name) ? [path] : [];
  });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
