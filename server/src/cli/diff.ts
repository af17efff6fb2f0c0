// `finalens diff A B`: two folders of dumps, registration by registration. Source: contract.md "Commands".

import pc from "picocolors";
import { type Change, countChanges, type DiffRow, type DiffSide, diff } from "../features/diff.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { openWorkspace, readPaths, type WorkspaceOptions } from "./files.ts";

export interface DiffOptions extends WorkspaceOptions {
  readonly format: string;
  /** Show the registrations too that are as before. */
  readonly all?: boolean;
}

/** Runs the command; the result is the exit status: 1 where a free was lost. */
export function runDiff(before: string, after: string, options: DiffOptions): number {
  const [old, now] = [open(before, options), open(after, options)];
  if (old === null || now === null) return 2;
  const rows = diff(old, now);
  const counts = countChanges(rows);
  if (options.format === "json") {
    const profiles = { before: old.profile.name, after: now.profile.name };
    process.stdout.write(
      `${JSON.stringify({ schema: 1, profiles, counts, registrations: rows })}\n`,
    );
  } else {
    for (const row of rows) if (options.all === true || row.change !== "same") printRow(row);
    const parts = (["lost", "gained", "moved", "same", "gone", "new"] as const)
      .filter((one) => counts[one] > 0)
      .map((one) => `${counts[one]} ${words[one]}`);
    process.stdout.write(
      `${parts.length === 0 ? "no registrations in either" : parts.join(", ")}\n`,
    );
  }
  return counts.lost > 0 ? 1 : 0;
}

const words: Readonly<Record<Change, string>> = {
  lost: "lost",
  gained: "gained",
  moved: "decided otherwise",
  same: "as before",
  gone: "gone",
  new: "new",
};

const colours: Readonly<Record<Change, (text: string) => string>> = {
  lost: pc.red,
  gained: pc.green,
  moved: pc.yellow,
  same: pc.dim,
  gone: pc.dim,
  new: pc.cyan,
};

function open(path: string, options: DiffOptions): Workspace | null {
  const opened = openWorkspace(options, path);
  const failures = "failure" in opened ? [opened.failure] : readPaths(opened.workspace, [path]);
  for (const line of failures) process.stderr.write(`finalens: ${line}\n`);
  return "failure" in opened || failures.length > 0 ? null : opened.workspace;
}

function printRow({ method, change, before, after }: DiffRow): void {
  const side = after ?? before;
  const at = side === null ? "" : `${side.path}:${side.line}`;
  const names = [before, after].flatMap((one) => (one === null ? [] : `%${one.statement}`));
  const label = [...new Set(names)].join(" → ");
  process.stdout.write(
    `${at}: ${colours[change](words[change])}: ${method} ${label}\n${pair("Julia", before?.julia, after?.julia)}${pair("early", before?.early, after?.early)}`,
  );
}

function pair(
  title: string,
  before: DiffSide["julia"] | DiffSide["early"] | undefined,
  after: DiffSide["julia"] | DiffSide["early"] | undefined,
): string {
  const texts = [before, after].flatMap((one) => (one === undefined ? [] : one.words));
  return pc.dim(`    ${title}: ${[...new Set(texts)].join("  →  ")}\n`);
}
