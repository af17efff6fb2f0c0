// Bundles the programs: the language server, the VS Code client, the command line, and the page of the
// client's views with its sheet.
//
// `node esbuild.mjs [--minify] [--watch]`. `--minify` is for the package: no source maps.
// Types are not checked here; `tsc -b` does that. An entry that does not exist is skipped.
import { existsSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";

const minify = process.argv.includes("--minify");
const watch = process.argv.includes("--watch");

const programs = [
  { name: "server", entry: "server/src/lsp/main.ts" },
  { name: "client", entry: "client/src/extension.ts" },
  { name: "cli", entry: "server/src/cli/main.ts", banner: "#!/usr/bin/env node" },
  { name: "view", entry: "client/src/views/page/main.ts", outfile: "dist/view.js" },
  { name: "view", entry: "client/src/views/page/view.css", outfile: "dist/view.css" },
];

const root = new URL("./", import.meta.url);

for (const { name, entry, banner, outfile = `dist/${name}.cjs` } of programs) {
  if (!existsSync(new URL(entry, root))) {
    console.warn(`esbuild: ${entry} does not exist, ${outfile} is not built`);
    continue;
  }
  if (minify) await rm(new URL(`${outfile}.map`, root), { force: true });
  const bundle = await context({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [entry],
    outfile,
    bundle: true,
    ...(name === "view"
      ? { format: "iife", platform: "browser", target: "es2022" }
      : { format: "cjs", platform: "node", target: "node20" }),
    // The ESM builds of the vscode-* packages bundle better than their UMD ones.
    mainFields: ["module", "main"],
    external: ["vscode"],
    banner: banner === undefined ? {} : { js: banner },
    minify,
    sourcemap: minify ? false : "linked",
    // Stack traces stay readable in the package.
    keepNames: minify,
    legalComments: "none",
    logLevel: "warning",
  });
  if (watch) {
    await bundle.watch();
  } else {
    await bundle.rebuild();
    await bundle.dispose();
    if (banner !== undefined) await chmod(new URL(outfile, root), 0o755);
  }
}
