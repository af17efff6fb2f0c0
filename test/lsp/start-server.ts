// What the protocol tests share: a server that ends with its test, texts to open, and places in them.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { InitializeResult, Position, Range } from "vscode-languageserver";
import { type ClientOptions, LanguageClient } from "./language-client.ts";

/** A server that is killed at the end of the test, and gone before the next one begins. */
export async function startServer(
  context: TestContext,
  options: ClientOptions = {},
): Promise<{ client: LanguageClient; initialized: InitializeResult }> {
  const started = await LanguageClient.start(options);
  context.after(() => started.client.kill());
  return started;
}

/** A new folder that goes with the test. */
export function scratchFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "finalens-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A text of `test/lsp/data`. */
export function dataText(name: string): string {
  return readFileSync(
    fileURLToPath(new URL(`../../../test/lsp/data/${name}`, import.meta.url)),
    "utf8",
  );
}

/** The place of the `count`-th `needle` in `text`, by lines and UTF-16 code units. */
export function placeOf(text: string, needle: string, count = 1): Position {
  let offset = -1;
  for (let i = 0; i < count; i++) offset = text.indexOf(needle, offset + 1);
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

/** The range of the `count`-th `needle`. */
export function rangeOf(text: string, needle: string, count = 1): Range {
  const start = placeOf(text, needle, count);
  return { start, end: { line: start.line, character: start.character + needle.length } };
}
