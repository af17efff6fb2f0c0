// What the extension answers for, and which settings somebody has changed. What they mean is the server's
// business, which asks for the whole section over the wire (`workspace/configuration`).
import { workspace } from "vscode";

export const section = "finalens";

export const language = "julia-ir";

/** `git:` and the like are left out: an old revision should not fill the Problems panel. */
export const documents: { scheme: string; language?: string; pattern?: string }[] = [
  { scheme: "file", pattern: "**/Finalens.toml" },
  { scheme: "file", language },
  { scheme: "untitled", language },
  { scheme: "vscode-vfs", language },
  { scheme: "vscode-vfs", pattern: "**/Finalens.toml" },
];

export const schemes: readonly string[] = [...new Set(documents.map(({ scheme }) => scheme))];

/** Those of the settings that somebody has changed. */
export function changedSettings(names: readonly string[]): Record<string, unknown> {
  const settings = workspace.getConfiguration();
  const changed: Record<string, unknown> = {};
  for (const name of names) {
    const { globalValue, workspaceValue, workspaceFolderValue } = settings.inspect(name) ?? {};
    const value = workspaceFolderValue ?? workspaceValue ?? globalValue;
    if (value !== undefined) changed[name] = value;
  }
  return changed;
}
