// Texts that the tests of features share: the examples of this repository, and a workspace of one file.

import { readdirSync, readFileSync } from "node:fs";
import { Workspace } from "../../server/src/workspace/workspace.ts";

export const root: URL = new URL("../../../", import.meta.url);

/** Every example, by its path below `examples/`. */
export const examples: ReadonlyMap<string, string> = new Map(
  ["seed", "callees", "shapes"].flatMap((folder) =>
    readdirSync(new URL(`examples/${folder}/`, root)).map((file) => [
      `${folder}/${file}`,
      readFileSync(new URL(`examples/${folder}/${file}`, root), "utf8"),
    ]),
  ),
);

/** Where the text of a test stands. */
export const path = "test.jlir";

export function workspaceOf(text: string): Workspace {
  const workspace = new Workspace();
  workspace.set(path, text);
  return workspace;
}

/** The text without its `<|>`, and where that stood, 0-based. */
export function cursorIn(marked: string): {
  text: string;
  position: { line: number; character: number };
} {
  const at = marked.indexOf("<|>");
  const before = marked.slice(0, at).split("\n");
  return {
    text: marked.replace("<|>", ""),
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}
