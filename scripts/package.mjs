// Makes `dist/finalens.vsix`: minified bundles without source maps, packed by vsce, then the
// ordinary bundles again, so that `dist/` is what a build leaves.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("../", import.meta.url)));

const vsix = "dist/finalens.vsix";

run("esbuild.mjs", "--minify");
for (const name of readdirSync("dist")) {
  if (/\.c?js$/.test(name)) console.log(`dist/${name}: ${kibibytes(`dist/${name}`)}`);
}
run(
  "node_modules/@vscode/vsce/vsce",
  "package",
  "--no-dependencies",
  // Until the project has a public address, links in README stay as they are written.
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--out",
  vsix,
);
run("esbuild.mjs");
console.log(`${vsix}: ${kibibytes(vsix)}`);

function kibibytes(path) {
  return `${Math.round(statSync(path).size / 1024)} KiB`;
}

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
