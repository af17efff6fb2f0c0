// The example of the walkthrough does what its steps say: kept at first, with the callee to blame; the
// assumption that the light bulb offers frees it, and the hints say so.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CodeAction, TextDocumentEdit } from "vscode-languageserver";
import type { LanguageClient } from "./language-client.ts";
import { placeOf, scratchFolder, startServer } from "./start-server.ts";

const example = new URL("../../../client/walkthrough/first-look.jlir", import.meta.url);

test("one assumption frees the object of the example", async (context) => {
  const text = readFileSync(fileURLToPath(example), "utf8");
  const folder = scratchFolder(context);
  const uri = pathToFileURL(join(folder, "first-look.jlir")).href;
  const { client } = await startServer(context, {
    capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
  });
  await client.open(uri, text);
  await client.diagnostics(uri, 1);
  assert.deepEqual(await labels(client, uri), ["✗ kept: finalizer may throw"]);

  const place = placeOf(text, "Core.finalizer");
  const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: place, end: place },
    context: { diagnostics: [] },
  });
  const [first] = actions;
  assert.equal(first?.title, "Assume `use` does not capture: +1 freed, −0");
  const [, change] = first.edit?.documentChanges ?? [];
  const { textDocument, edits } = change as TextDocumentEdit;
  const config = edits.map((edit) => ("newText" in edit ? edit.newText : "")).join("");
  await client.open(textDocument.uri, config);
  await client.diagnostics(textDocument.uri, 1);
  assert.match((await labels(client, uri)).join("\n"), /⟵ %4 can be freed here/);
  assert.match((await labels(client, uri)).join("\n"), /\(assumed\)/);
});

async function labels(client: LanguageClient, uri: string): Promise<string[]> {
  return ((await client.inlayHints(uri)) ?? []).map(({ label }) => String(label));
}
