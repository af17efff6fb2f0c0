// `finalens apply`: prints the IR of a file with the early plans carried out. What was done goes to
// standard error, so that the output can be read again.

import { applyToFile } from "../features/apply.ts";
import { openWorkspace, readPaths, type WorkspaceOptions } from "./files.ts";

export interface ApplyOptions extends WorkspaceOptions {
  readonly method?: string;
}

/**
 * Runs the command; the result is the exit status.
 *
 * @param callees files and folders to look into for what the file calls
 */
export function runApply(file: string, callees: readonly string[], options: ApplyOptions): number {
  const opened = openWorkspace(options, file);
  const failures =
    "failure" in opened ? [opened.failure] : readPaths(opened.workspace, [file, ...callees]);
  for (const line of failures) process.stderr.write(`finalens: ${line}\n`);
  if ("failure" in opened || failures.length > 0) return 2;
  const { workspace } = opened;
  const applied = applyToFile(workspace, file, options.method ?? null);
  if (applied === null) {
    const why =
      workspace.document(file) === null ? "is a folder" : `has no method \`${options.method}\``;
    process.stderr.write(`finalens: ${file}: ${why}\n`);
    return 2;
  }
  process.stdout.write(applied.text);
  const { methods, elided, finalized, calls, rejected } = applied;
  for (const { words, text } of rejected) {
    process.stderr.write(
      `finalens: a method is printed as it was, since our own checker rejects it with the plan carried out: ${words}. This is a mistake of Finalens; please report it with the method:\n${text.trim()}\n`,
    );
  }
  const plans = [
    ...(elided > 0 ? [`${elided} elide${elided === 1 ? "s" : ""}`] : []),
    ...(finalized > 0 ? [`${finalized} finalize${finalized === 1 ? "s" : ""} early`] : []),
  ];
  process.stderr.write(
    plans.length === 0
      ? `finalens: ${count(methods, "method")}, nothing to place early; \`finalens check\` says why\n`
      : `finalens: ${count(elided + finalized, "plan")}: ${plans.join(", ")}; ${count(calls, "call")} put in\n`,
  );
  return 0;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
