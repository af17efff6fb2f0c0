// What the extension answers for, and the settings that the client itself reads, typed. The server
// asks for the whole section over the wire (`workspace/configuration`), so what only the server
// needs is not repeated here.
import { type ConfigurationScope, workspace } from "vscode";

export const section = "finalens";

export const language = "julia-ir";

/** `git:` and the like are left out: an old revision should not fill the Problems panel. */
export const documents: { scheme: string; language?: string; pattern?: string }[] = [
  { scheme: "file", pattern: "**/Finalens.toml" },
  { scheme: "file", language },
  { scheme: "untitled", language },
  { scheme: "vscode-vfs", language },
];

export function profile(scope?: ConfigurationScope): string {
  return workspace.getConfiguration(section, scope).get<string>("profile", "auto");
}
