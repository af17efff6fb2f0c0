// `finalens explain FILE:LINE | FILE#METHOD%N`: the whole story of a registration.
// Source: contract.md "Commands".

import { statSync } from "node:fs";
import pc from "picocolors";
import {
  type Chosen,
  type ExplainLine,
  explainRegistration,
  registrationOf,
  registrationsAtLine,
} from "../features/explain.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { openWorkspace, readPaths, type WorkspaceOptions } from "./files.ts";

export interface ExplainOptions extends WorkspaceOptions {
  readonly with?: readonly string[];
}

/** Where a registration is looked for. */
type Place =
  | { readonly path: string; readonly line: number }
  | { readonly path: string; readonly method: string; readonly ssa: number };

/** Runs the command; the result is the exit status. */
export function runExplain(text: string, options: ExplainOptions): number {
  const place = readPlace(text);
  if (place === null) return fail(`${text}: wanted FILE:LINE or FILE#METHOD%N`);
  const opened = openWorkspace(options, place.path);
  if ("failure" in opened) return fail(opened.failure);
  const { workspace } = opened;
  const [failure] = readPaths(workspace, [place.path, ...(options.with ?? [])]);
  if (failure !== undefined) return fail(failure);
  const chosen = find(workspace, place);
  if (chosen.length === 0) return fail(`${text}: no finalizer is registered there`);
  chosen.forEach((one, index) => {
    if (index > 0) process.stdout.write("\n");
    for (const line of explainRegistration(workspace, one)) {
      process.stdout.write(`${print(line)}\n`);
    }
  });
  return 0;
}

function fail(line: string): number {
  process.stderr.write(`finalens: ${line}\n`);
  return 2;
}

function find(workspace: Workspace, place: Place): Chosen[] {
  return "line" in place
    ? registrationsAtLine(workspace, place.path, place.line)
    : registrationOf(workspace, place.path, place.method, place.ssa);
}

/** The last `%` ends the method, and the first `#` behind an existing file's name begins it. */
function readPlace(text: string): Place | null {
  const percent = text.lastIndexOf("%");
  const ssa = /^\d+$/.test(text.slice(percent + 1)) ? Number(text.slice(percent + 1)) : 0;
  if (percent > 0 && ssa > 0) {
    for (let at = text.indexOf("#"); at > 0 && at < percent; at = text.indexOf("#", at + 1)) {
      const path = text.slice(0, at);
      if (isFile(path)) return { path, method: text.slice(at + 1, percent), ssa };
    }
    const at = text.indexOf("#");
    if (at > 0) return { path: text.slice(0, at), method: text.slice(at + 1, percent), ssa };
  }
  const [, path, line] = /^(.+):(\d+)$/.exec(text) ?? [];
  return path === undefined || Number(line) < 1 ? null : { path, line: Number(line) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function print({ mark, depth, text }: ExplainLine): string {
  const indent = "  ".repeat(depth);
  switch (mark) {
    case "title":
      return pc.bold(text);
    case "":
      return indent + text;
    case "✓":
      return `${indent}${pc.green(mark)} ${text}`;
    case "✗":
      return `${indent}${pc.red(mark)} ${text}`;
    case "?":
      return `${indent}${pc.yellow(mark)} ${text}`;
    default:
      return `${indent}${pc.dim(`${mark} ${text}`)}`;
  }
}
