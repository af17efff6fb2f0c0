// `finalens check`: analyses what it is given, prints text or JSON, and answers with an exit status.

import manifest from "../../../package.json" with { type: "json" };
import type { Severity } from "../diagnostics/codes.ts";
import { methodsOf } from "../features/check-report.ts";
import { configFindings } from "../features/config-findings.ts";
import { diagnose, type PlacedFinding } from "../features/diagnostics.ts";
import { ranking, rankingJson } from "../features/ranking.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { openWorkspace, readPaths, type WorkspaceOptions } from "./files.ts";
import { sarifLog } from "./sarif.ts";
import { printFile, printRanking, printSummary } from "./text-report.ts";

export interface CheckOptions extends WorkspaceOptions {
  readonly format: string;
  readonly values?: boolean;
  /** Absent where the user did not name a severity. */
  readonly failOn?: string;
}

const ranks: readonly Severity[] = ["error", "warning", "information", "hint"];

/** Runs the command; the result is the exit status. */
export function runCheck(paths: readonly string[], options: CheckOptions): number {
  const opened = openWorkspace(options, paths[0] ?? ".");
  if ("failure" in opened) {
    process.stderr.write(`finalens: ${opened.failure}\n`);
    return 2;
  }
  const { workspace, configured } = opened;
  const { config } = configured;
  const failures = readPaths(workspace, paths);
  for (const line of failures) process.stderr.write(`finalens: ${line}\n`);
  const found = workspace.paths().map((path) => ({
    path,
    findings: diagnose(workspace, path, { severities: config.severities }),
  }));
  const { path: configPath, text } = configured;
  if (configPath !== null) {
    found.push({ path: configPath, findings: configFindings(workspace, configPath, text, config) });
  }
  if (options.format === "json") {
    const files = workspace.paths();
    const made = report(workspace, files, found, options.values === true);
    process.stdout.write(`${JSON.stringify(made)}\n`);
  } else if (options.format === "sarif") {
    const { version } = manifest;
    process.stdout.write(`${JSON.stringify(sarifLog(found, { version, failures }), null, 2)}\n`);
  } else {
    for (const { path, findings } of found) printFile(workspace, path, findings);
    printRanking(workspace);
    printSummary(workspace);
  }
  if (failures.length > 0) return 2;
  const worst = found.some(({ findings }) =>
    findings.some((one) => isCounted(one, options.failOn)),
  );
  return worst ? 1 : 0;
}

/**
 * Whether the finding gives exit status 1. `julia/…` findings count only where the user asks for a severity
 * by name: a package cannot repair its compiler.
 *
 * @param named what the user named; undefined for the default
 */
function isCounted({ severity, code }: PlacedFinding, named: string | undefined): boolean {
  if (named === undefined) return severity === "error" && !code.startsWith("julia/");
  return ranks.indexOf(severity) <= ranks.indexOf(named as Severity);
}

function report(
  workspace: Workspace,
  files: readonly string[],
  found: readonly { path: string; findings: readonly PlacedFinding[] }[],
  withValues: boolean,
): unknown {
  return {
    schema: 1,
    profile: workspace.profile.name,
    files: files.map((path) => ({ path, methods: methodsOf(workspace, path, withValues) })),
    ranking: rankingJson(ranking(workspace)),
    diagnostics: found.flatMap(({ path, findings }) =>
      findings.map(({ code, severity, message, range, related }) => ({
        path,
        line: range.start.line + 1,
        column: range.start.character + 1,
        endLine: range.end.line + 1,
        endColumn: range.end.character + 1,
        code,
        severity,
        message,
        related: related.map((one) => ({
          path: one.path,
          line: one.range.start.line + 1,
          message: one.message,
        })),
      })),
    ),
  };
}
