// Makes `dist/finalens.vsix`: minified bundles without source maps, packed by vsce, then the
// ordinary bundles again, so that `dist/` is what a build leaves.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("../", import.meta.url)));

const vsix = "dist/finalens.vsix";

run("esbuild.mjs", "--minify");
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
console.log(`${vsix}: ${Math.round(statSync(vsix).size / 1024)} KiB`);

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
