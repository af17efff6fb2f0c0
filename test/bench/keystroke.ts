// What the benchmarks share: a server with a file, edits that are taken back again, and the time from
// sending one to the arrival of the diagnostics of that version, read and parsed.

import assert from "node:assert/strict";
import type { Diagnostic, TextDocumentContentChangeEvent } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { LanguageClient } from "../lsp/language-client.ts";

export interface Timing {
  readonly median: number;
  readonly p95: number;
}

export const editKinds = ["comment", "operand", "break"] as const;
export type EditKind = (typeof editKinds)[number];

/** An edit and the one that takes it back, both on the same line. */
export type EditPair = readonly [TextDocumentContentChangeEvent, TextDocumentContentChangeEvent];

/** Starts a server and opens the document in it; `time` from `didOpen` to its diagnostics. */
export async function open(
  document: TextDocument,
  nodeOptions: readonly string[] = [],
): Promise<{ client: LanguageClient; time: number; diagnostics: Diagnostic[] }> {
  const { client } = await LanguageClient.start({ nodeOptions });
  const start = performance.now();
  await client.open(document.uri, document.getText(), document.version);
  const diagnostics = await client.diagnostics(document.uri, document.version);
  return { client, time: performance.now() - start, diagnostics };
}

/** A document as far as edits need it. Its text is not kept up: they are taken back again. */
export interface Sent {
  readonly uri: string;
  version: number;
}

/** Sends one edit and waits for the diagnostics of its version. */
export async function change(
  client: LanguageClient,
  document: Sent,
  edit: TextDocumentContentChangeEvent,
): Promise<{ time: number; diagnostics: Diagnostic[] }> {
  document.version++;
  const seen = client.published.length;
  const start = performance.now();
  await client.change(document.uri, document.version, edit);
  const diagnostics = await client.diagnostics(document.uri, document.version, seen);
  const time = performance.now() - start;
  // Kept publications would be the client's garbage, not the server's.
  client.published.length = 0;
  return { time, diagnostics };
}

/** What each edit must lead to: nothing new, but an error on the line that is broken. */
export function assertAnswers(
  kind: EditKind,
  before: readonly Diagnostic[],
  there: readonly Diagnostic[],
  back: readonly Diagnostic[],
): void {
  assert.deepEqual(back, before, `taking back "${kind}" leads back to the first answer`);
  const errors = (all: readonly Diagnostic[]): number =>
    all.filter(({ code }) => code === "syntax/unreadable-statement").length;
  if (kind === "break") assert.equal(errors(there), errors(before) + 1);
  else assert.equal(there.length, before.length);
}

/** Edits of the allocation nearest behind the middle of the text. */
export function editPairs(document: TextDocument): Readonly<Record<EditKind, EditPair>> {
  const text = document.getText();
  const statement = /%new\(Main\.Counted, (\w+)\)::Counted$/gm;
  statement.lastIndex = text.length >> 1;
  // Found nowhere behind it, the second search begins at the text's start.
  const found = statement.exec(text) ?? statement.exec(text);
  assert.ok(found !== null, "the text holds an allocation");
  const [whole, operand = ""] = found;
  const end = found.index + whole.length;
  const close = end - ")::Counted".length;
  const swap = (from: number, old: string, text: string): EditPair => {
    const place = (length: number) => ({
      start: document.positionAt(from),
      end: {
        ...document.positionAt(from),
        character: document.positionAt(from).character + length,
      },
    });
    return [
      { range: place(old.length), text },
      { range: place(text.length), text: old },
    ];
  };
  return {
    comment: swap(end, "", "  # note"),
    operand: swap(close - operand.length, operand, "42"),
    break: swap(close, ")", ""),
  };
}

/** Median and 95th percentile. */
export function timing(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95) };
}
