// Opens a workspace for a command, and reads the files that it names. A file that cannot be read is reported and
// left out; the others are still analysed.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type Config, configName, noConfig, readConfig } from "../features/config-findings.ts";
import { chosenProfile } from "../features/profile.ts";
import { Workspace } from "../workspace/workspace.ts";

/** Files of a folder have this extension; a file that is named itself may have any. */
const extension = ".jlir";

/**
 * Adds every file that `paths` name to the workspace, under the path as given plus the rest.
 *
 * @returns one line for each path or file that could not be read
 */
export function readPaths(workspace: Workspace, paths: readonly string[]): string[] {
  const failures: string[] = [];
  for (const path of paths) {
    try {
      if (statSync(path).isDirectory()) {
        for (const file of listFolder(path)) readFile(workspace, file, failures);
      } else readFile(workspace, path, failures);
    } catch (error) {
      failures.push(`${path}: ${reasonOf(error)}`);
    }
  }
  return failures;
}

function listFolder(folder: string): string[] {
  const found: string[] = [];
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...listFolder(path));
    else if (entry.name.endsWith(extension)) found.push(path);
  }
  return found;
}

function readFile(workspace: Workspace, path: string, failures: string[]): void {
  try {
    const bytes = readFileSync(path);
    if (bytes.includes(0)) {
      failures.push(`${path}: is a binary file, not printed IR`);
      return;
    }
    workspace.set(path, bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    failures.push(`${path}: ${reasonOf(error)}`);
  }
}

/** A system error in words: `no such file or directory` rather than its number. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]*)/.exec(text)?.[1] ?? text;
}

/** A configuration with the path as it is to be shown; null where there is none. */
export interface FoundConfig {
  readonly path: string | null;
  readonly text: string;
  readonly config: Config;
}

/** What every command can be told about its workspace. */
export interface WorkspaceOptions {
  readonly profile?: string;
  readonly config?: string;
}

/**
 * An empty workspace with the profile and the assumptions that apply.
 *
 * @param first the path by which the configuration is looked for
 * @returns a line that says why, where the configuration cannot be read
 */
export function openWorkspace(
  options: WorkspaceOptions,
  first: string,
):
  | { readonly workspace: Workspace; readonly configured: FoundConfig }
  | { readonly failure: string } {
  const configured = findConfig(options.config, first);
  if ("failure" in configured) return configured;
  const { config } = configured;
  const workspace = new Workspace(chosenProfile(options.profile ?? config.profile ?? undefined));
  workspace.setAssumptions(config.assumptions);
  return { workspace, configured };
}

/**
 * The configuration that was named, else the nearest above the first path.
 *
 * @returns a line that says why, where it cannot be read
 */
function findConfig(
  named: string | undefined,
  first: string,
): FoundConfig | { readonly failure: string } {
  const path = named ?? nearestConfig(first);
  if (path === null) return { path: null, text: "", config: noConfig };
  try {
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    return { path, text, config: readConfig(text) };
  } catch (error) {
    return { failure: `${path}: ${reasonOf(error)}` };
  }
}

function nearestConfig(first: string): string | null {
  for (let folder = resolve(first); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    if (existsSync(path)) {
      const short = relative(process.cwd(), path);
      return short.startsWith("..") ? path : short;
    }
    if (dirname(folder) === folder) return null;
  }
}
