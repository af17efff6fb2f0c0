// Findings as text for a terminal: one line each, the places that explain it indented below.

import pc from "picocolors";
import type { Severity } from "../diagnostics/codes.ts";
import { countRegistrations } from "../features/count.ts";
import type { PlacedFinding } from "../features/diagnostics.ts";
import { ranking } from "../features/ranking.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The colour of a severity's word. */
export function paint(severity: Severity, text: string): string {
  switch (severity) {
    case "error":
      return pc.red(text);
    case "warning":
      return pc.yellow(text);
    case "information":
      return pc.cyan(text);
    case "hint":
      return pc.dim(text);
  }
}

/** Prints a file's findings; a file without any method is said to be so. */
export function printFile(
  workspace: Workspace,
  path: string,
  findings: readonly PlacedFinding[],
): void {
  const units = workspace.document(path)?.units;
  if (units?.every((unit) => unit.facts() === null)) {
    process.stdout.write(`${path}: no printed method found\n`);
  }
  for (const { range, severity, message, code, related } of findings) {
    const at = `${path}:${range.start.line + 1}:${range.start.character + 1}`;
    process.stdout.write(
      `${at}: ${paint(severity, severity)}: ${message} ${pc.dim(`[${code}]`)}\n`,
    );
    for (const one of related) {
      process.stdout.write(pc.dim(`    ${one.path}:${one.range.start.line + 1}: ${one.message}\n`));
    }
  }
}

const rankingLimit = 5;

/** Prints which callees block the most registrations, where several registrations are blocked. */
export function printRanking(workspace: Workspace): void {
  const ranked = ranking(workspace).filter(({ blocked }) => blocked.length > 1);
  if (ranked.length === 0) return;
  process.stdout.write(`\n${pc.bold("Fix these first")}\n`);
  const shown = ranked.slice(0, rankingLimit);
  const width = Math.max(...shown.map(({ callee }) => callee.length));
  for (const { callee, blocked, codes, location } of shown) {
    const alone = blocked.filter((one) => one.alone).length;
    const reasons = codes.map((code) => code.slice(code.indexOf("/") + 1)).join(", ");
    const at = location === null ? "" : `  ${location.path}:${location.range.start.line + 1}`;
    process.stdout.write(
      `  ${callee.padEnd(width)}  blocks ${blocked.length}${alone > 0 ? `, ${alone} alone` : ""}  ${pc.dim(reasons + at)}\n`,
    );
  }
  process.stdout.write("\n");
}

/** Prints the one line at the end: how many registrations there are, and what becomes of them. */
export function printSummary(workspace: Workspace): void {
  const { methods, registrations, elided, early, extended } = countRegistrations(workspace);
  const held = extended > 0 ? `, ${extended} held over a loop` : "";
  const could = early > 0 ? ` (${early} of them could run early)` : "";
  process.stdout.write(
    `${methods} methods, ${registrations} registrations: ${elided} elided, ${registrations - elided} kept${could}${held} (profile ${workspace.profile.name})\n`,
  );
}
