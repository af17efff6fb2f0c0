// Bundles the programs: the language server and the VS Code client, each for Node and for browsers, the
// command line, and the page of the client's views with its sheet.
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
  { outfile: "dist/server.cjs", entry: "server/src/node/main.ts", banner: "#!/usr/bin/env node" },
  { outfile: "dist/client.cjs", entry: "client/src/main.ts" },
  { outfile: "dist/cli.cjs", entry: "server/src/cli/main.ts", banner: "#!/usr/bin/env node" },
  // What imports a module of Node's cannot be built for these.
  { outfile: "dist/server.browser.js", entry: "server/src/browser/main.ts", format: "iife" },
  // By any other ending VS Code's worker takes it for a module of the kind that package.json names, which it
  // does not load.
  { outfile: "dist/client.browser.cjs", entry: "client/src/main-browser.ts", format: "cjs" },
  { outfile: "dist/view.js", entry: "client/src/views/page/main.ts", format: "iife" },
  { outfile: "dist/view.css", entry: "client/src/views/page/view.css", format: "iife" },
];

const root = new URL("./", import.meta.url);

for (const { outfile, entry, format, banner } of programs) {
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
    ...(format === undefined
      ? { format: "cjs", platform: "node", target: "node20" }
      : { format, platform: "browser", target: "es2023" }),
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
