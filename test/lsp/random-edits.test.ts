// After random edits the server says what it would say if the text had just been opened. The text is
// kept beside it by vscode-languageserver-textdocument, which shares no code with ours.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import type {
  PublishDiagnosticsParams,
  TextDocumentContentChangeEvent,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { LanguageClient } from "./language-client.ts";

const programs = readFileSync(
  fileURLToPath(new URL("../../../test/data/programs.jlir", import.meta.url)),
  "utf8",
);

/** An edit by fractions of the text's length, so that it fits any text. */
interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const fragments = [
  "",
  "",
  "x",
  "%1",
  "\n",
  "\r\n",
  "\r",
  "φ",
  "😀",
  "\u{d800}",
  "# note\n",
  "CodeInfo(",
];

const anyEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(3_000) }),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fragments) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(40_000), fc.nat(2_000))
        .map(([from, length]) => programs.slice(from, from + length)),
    },
  ),
});

function changeOf(
  document: TextDocument,
  { at, length, text }: Edit,
): TextDocumentContentChangeEvent {
  const offset = Math.floor(at * document.getText().length);
  const range = { start: document.positionAt(offset), end: document.positionAt(offset + length) };
  return { range, text };
}

test("edits over the wire lead to the diagnostics of a fresh opening", async (context) => {
  const [{ client: warm }, { client: cold }] = await Promise.all([
    LanguageClient.start(),
    LanguageClient.start(),
  ]);
  context.after(() => {
    warm.process.kill();
    cold.process.kill();
  });
  let runs = 0;
  const sameAsFresh = async (batches: readonly (readonly Edit[])[]): Promise<void> => {
    const uri = `file:///run-${++runs}.jlir`;
    const document = TextDocument.create(uri, "julia-ir", 1, programs.slice(0, 20_000));
    await warm.open(uri, document.getText(), document.version);
    for (const edits of batches) {
      const changes: TextDocumentContentChangeEvent[] = [];
      for (const edit of edits) {
        const change = changeOf(document, edit);
        changes.push(change);
        TextDocument.update(document, [change], document.version + 1);
      }
      await warm.change(uri, document.version, ...changes);
      await cold.open(uri, document.getText(), document.version);
      const isCurrent = ({ version }: PublishDiagnosticsParams): boolean =>
        version === document.version;
      const [after, fresh] = await Promise.all([
        warm.publication(uri, isCurrent),
        cold.publication(uri, isCurrent),
      ]);
      assert.deepEqual(after.diagnostics, fresh.diagnostics);
      await cold.close(uri);
    }
    await warm.close(uri);
  };
  const anyBatches = fc.array(fc.array(anyEdit, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
  await fc.assert(fc.asyncProperty(anyBatches, sameAsFresh), { seed: 20261122, numRuns: 25 });
});
