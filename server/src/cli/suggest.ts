// `finalens suggest`: the early plans of a file as edits of the Julia source, in text or JSON.

import pc from "picocolors";
import { lineWords } from "../features/source-lines.ts";
import { type Suggestion, suggestionsOf } from "../features/suggest.ts";
import { openWorkspace, readPaths, type WorkspaceOptions } from "./files.ts";

export interface SuggestOptions extends WorkspaceOptions {
  readonly format: string;
}

/**
 * Runs the command; the result is the exit status.
 *
 * @param callees files and folders to look into for what the file calls
 */
export function runSuggest(
  file: string,
  callees: readonly string[],
  options: SuggestOptions,
): number {
  const opened = openWorkspace(options, file);
  const failures = "failure" in opened ? [opened.failure] : readPaths(opened.workspace, [file]);
  const own = "failure" in opened ? [] : opened.workspace.paths();
  if (!("failure" in opened)) failures.push(...readPaths(opened.workspace, callees));
  for (const line of failures) process.stderr.write(`finalens: ${line}\n`);
  if ("failure" in opened || failures.length > 0) return 2;
  const { workspace } = opened;
  const suggestions = own.flatMap((path) => suggestionsOf(workspace, path));
  if (options.format === "json") {
    const { name } = workspace.profile;
    process.stdout.write(`${JSON.stringify({ schema: 1, profile: name, suggestions })}\n`);
  } else if (suggestions.length === 0) {
    process.stdout.write(`${file}: nothing to finalize early; \`finalens check\` says why\n`);
  } else for (const one of suggestions) printSuggestion(one);
  return 0;
}

function printSuggestion(suggestion: Suggestion): void {
  const { method, path, registrations, verdict, tier, object, edits, notes } = suggestion;
  const at = registrations.map(({ statement, line }) =>
    line === null ? `%${statement}` : `%${statement} (${lineWords(line)})`,
  );
  const out = [pc.bold(`${method ?? path}: finalizer registered at ${at.join(", ")}`)];
  out.push(`  ${object.name} is ${object.words}`);
  for (const { insert, words, ir } of edits) {
    const where = words === ir ? "" : pc.dim(` (${ir})`);
    out.push(`  insert ${pc.green(`\`${insert}\``)} ${words}${where}`);
  }
  out.push(pc.dim(`  ${verdict}, ${tier}`));
  for (const note of notes) out.push(pc.dim(`  - ${note}`));
  process.stdout.write(`${out.join("\n")}\n\n`);
}
