// Bundles the hunt with one fault put into the analyses.

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Fault } from "./fault.ts";
import type * as Hunt from "./hunt.ts";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const analysis = join(root, "server/src/analysis");

/** The source of the fault's file with the fault in it. Throws where its text does not occur exactly once. */
export function faultySource({ name, file, find, replace }: Fault): string {
  const source = readFileSync(join(analysis, file), "utf8");
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(`${name}: occurs ${parts.length - 1} times in ${file}:\n${find}`);
  }
  return parts.join(replace);
}

/** The hunt, on the sources with the fault; without one where it is null. */
export async function bundleHunt(fault: Fault | null): Promise<typeof Hunt> {
  const folder = await mkdtemp(join(tmpdir(), "finalens-fault-"));
  try {
    const outfile = join(folder, "hunt.mjs");
    const changed = fault === null ? "" : join(analysis, fault.file);
    await build({
      entryPoints: [join(root, "test/fuzz/plans/faults/hunt.ts")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "error",
      plugins: [
        {
          name: "fault",
          setup({ onLoad }) {
            onLoad({ filter: /\.ts$/ }, ({ path }) =>
              fault !== null && path === changed
                ? { contents: faultySource(fault), loader: "ts" }
                : null,
            );
          },
        },
      ],
    });
    return (await import(pathToFileURL(outfile).href)) as typeof Hunt;
  } finally {
    await rm(folder, { recursive: true });
  }
}
