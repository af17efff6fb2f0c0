// What the built product says about Julia's own placements: the `julia/…` diagnostics of `check --format json`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MethodJson } from "../../server/src/features/check-report.ts";

interface Report {
  readonly files: readonly { readonly path: string; readonly methods: readonly MethodJson[] }[];
  readonly diagnostics: readonly {
    readonly path: string;
    readonly line: number;
    readonly code: string;
    readonly severity: string;
  }[];
}

export interface Shown {
  /** `name %registration` → codes, sorted. */
  readonly codes: ReadonlyMap<string, readonly string[]>;
  /** The same of those that are errors. */
  readonly errors: ReadonlyMap<string, readonly string[]>;
  /** How many plans of ours did not pass the checker. */
  readonly refused: number;
}

/**
 * Checks texts as files of one workspace.
 *
 * @param texts name of a file → its text, whose first method is asked about
 * @param callees text of what they call
 */
export function shownMistakes(
  texts: ReadonlyMap<string, string>,
  callees: string,
  profile: string,
): Shown {
  const folder = mkdtempSync(join(tmpdir(), "finalens-mistakes-"));
  try {
    for (const [name, text] of texts) writeFileSync(join(folder, `${name}.jlir`), text);
    writeFileSync(join(folder, "~callees.jlir"), callees);
    const args = ["dist/cli.cjs", "check", "--format", "json", "--profile", profile, folder];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      maxBuffer: 1 << 30,
    });
    if (stdout === "") throw new Error(stderr);
    return shownIn(JSON.parse(stdout), texts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shownIn({ files, diagnostics }: Report, texts: ReadonlyMap<string, string>): Shown {
  const codes = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  for (const { path, methods } of files) {
    const name = path.slice(path.lastIndexOf("/") + 1, -".jlir".length);
    const [method] = methods;
    if (!texts.has(name) || method === undefined) continue;
    for (const { statement } of method.registrations) {
      const line = lineOf(texts.get(name) ?? "", statement);
      const own = diagnostics.filter(
        (one) => one.path === path && one.line === line && one.code.startsWith("julia/"),
      );
      const key = `${name} %${statement}`;
      codes.set(key, own.map(({ code }) => code).sort());
      const loud = own.filter(({ severity }) => severity === "error");
      errors.set(key, loud.map(({ code }) => code).sort());
    }
  }
  const refused = diagnostics.filter(({ code }) => code === "internal/plan-rejected").length;
  return { codes, errors, refused };
}

/** The 1-based line of a statement, in a text whose statements have a line each. */
function lineOf(text: string, statement: number): number {
  let count = 0;
  const lines = text.split("\n");
  const at = lines.findIndex(
    (line) => /^\d* *(?:\d+ [─┄]|[│└])/.test(line) && ++count === statement,
  );
  return at + 1;
}
