// Files on disk beside the open ones: callees are found in them, and what happens when they change.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import type { LanguageClient } from "./language-client.ts";
import { dataText, placeOf, scratchFolder, startServer } from "./start-server.ts";

const text = dataText("register.jlir");
const body = dataText("body.jlir");
const callee = dataText("use-field-nothrow.jlir");

const uriIn = (folder: string, name: string): string => pathToFileURL(join(folder, name)).href;

/** `FileChangeType` of the protocol. */
const fileChange = { created: 1, changed: 2, deleted: 3 };

function watched(client: LanguageClient, uri: string, type: number): Promise<void> {
  return client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri, type }] });
}

/** Whether a publication has a diagnostic with that code. */
const has =
  (code: string) =>
  ({ diagnostics }: PublishDiagnosticsParams): boolean =>
    diagnostics.some((one) => one.code === code);

test("a callee in a file that nobody opened is found", async (context) => {
  const folder = scratchFolder(context);
  mkdirSync(join(folder, "deep/er"), { recursive: true });
  writeFileSync(join(folder, "deep/er/body.jlir"), `\u{feff}${body}`);
  const { client } = await startServer(context, { folders: [folder] });
  const uri = uriIn(folder, "program.jlir");
  await client.open(uri, text);
  const { version, diagnostics } = await client.publication(uri, has("finalizer/body-may-throw"));
  assert.equal(version, 1);
  const related = diagnostics[0]?.relatedInformation?.at(-1);
  assert.equal(related?.location.uri, uriIn(folder, "deep/er/body.jlir"));
  assert.deepEqual(related.location.range.start.line, placeOf(body, "invoke Main.bump").line);
});

test("dot-folders, node_modules and other extensions are left out", async (context) => {
  const folder = scratchFolder(context);
  for (const name of [".hidden", "node_modules", "kept"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, ".hidden/body.jlir"), body);
  writeFileSync(join(folder, "node_modules/body.jlir"), body);
  writeFileSync(join(folder, "body.txt"), body);
  writeFileSync(join(folder, "kept/callee.jlir"), callee);
  const { client } = await startServer(context, { folders: [folder] });
  const uri = uriIn(folder, "program.jlir");
  await client.open(uri, text);
  // The callee's file is related now, so the folder was read; the body is still unknown.
  const read = await client.publication(uri, ({ diagnostics }) =>
    diagnostics.some(({ relatedInformation }) =>
      relatedInformation?.some(({ location }) => location.uri.endsWith("callee.jlir")),
    ),
  );
  assert.ok(has("finalizer/body-unknown")(read));
});

test("what cannot be read is skipped with a line in the log", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "binary.jlir"), `${body}\0`);
  writeFileSync(join(folder, "long.jlir"), body);
  truncateSync(join(folder, "long.jlir"), 64 * 1024 * 1024 + 1);
  symlinkSync(folder, join(folder, "circle.jlir"));
  const { client } = await startServer(context, { folders: [folder] });
  await client.until(() => client.log.length === 3);
  for (const [name, reason] of [
    ["binary.jlir", "is a binary file, not printed IR"],
    ["long.jlir", "is longer than 64 MiB (finalens.limits.fileSize)"],
    ["circle.jlir", "is not a file"],
  ]) {
    assert.ok(client.log.includes(`${join(folder, name ?? "")}: ${reason}`));
  }
  const uri = uriIn(folder, "program.jlir");
  await client.open(uri, text);
  assert.equal((await client.diagnostics(uri, 1))[0]?.code, "finalizer/body-unknown");
});

test("files that come, change and go on disk are followed", async (context) => {
  const folder = scratchFolder(context);
  const { client } = await startServer(context, { folders: [folder] });
  const uri = uriIn(folder, "program.jlir");
  const bodyFile = join(folder, "body.jlir");
  await client.open(uri, text);
  await client.publication(uri, has("finalizer/body-unknown"));

  writeFileSync(bodyFile, body);
  await watched(client, uriIn(folder, "body.jlir"), fileChange.created);
  await client.publication(uri, has("finalizer/body-may-throw"));
  await client.until(() => client.refreshes > 0);

  let seen = client.published.length;
  writeFileSync(bodyFile, body.replace("!n", "+n").replace("+s", "!s"));
  await watched(client, uriIn(folder, "body.jlir"), fileChange.changed);
  await client.publication(uri, has("finalizer/body-task-state"), seen);

  seen = client.published.length;
  rmSync(bodyFile);
  await watched(client, uriIn(folder, "body.jlir"), fileChange.deleted);
  await client.publication(uri, has("finalizer/body-unknown"), seen);
});

test("files that change on disk while they are read end up as they are last", async (context) => {
  const folder = scratchFolder(context);
  const bodyFile = join(folder, "z-body.jlir");
  for (let i = 0; i < 200; i++) {
    writeFileSync(join(folder, `m${i}.jlir`), callee.replaceAll("use_field_nothrow", `other${i}`));
  }
  const states = [body, body.replace("!n", "+n").replace("+s", "!s")];
  writeFileSync(bodyFile, states[0] ?? "");
  const { client } = await startServer(context, { folders: [folder] });
  const uri = uriIn(folder, "program.jlir");
  await client.open(uri, text);
  for (let i = 1; i < 20; i++) {
    writeFileSync(bodyFile, states[i % 2] ?? "");
    await watched(client, uriIn(folder, "z-body.jlir"), fileChange.changed);
  }
  await client.publication(uri, has("finalizer/body-task-state"));
  // Nothing that is still on its way may bring an older text back.
  await client.change(uri, 2, { text });
  assert.equal((await client.diagnostics(uri, 2))[0]?.code, "finalizer/body-task-state");
  assert.deepEqual(client.log, []);
});

test("without a folder, the Finalens.toml beside an opened file counts", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "Finalens.toml"), '[severity]\n"finalizer/body-unknown" = "error"\n');
  const { client } = await startServer(context);
  const uri = uriIn(folder, "program.jlir");
  await client.open(uri, text);
  await client.publication(uri, ({ diagnostics }) =>
    diagnostics.some(({ code, severity }) => code === "finalizer/body-unknown" && severity === 1),
  );
  // With a folder it is the folder's that counts.
  const seen = client.published.length;
  const other = { uri: pathToFileURL(scratchFolder(context)).href, name: "other" };
  await client.notify("workspace/didChangeWorkspaceFolders", {
    event: { added: [other], removed: [] },
  });
  await client.publication(
    uri,
    ({ diagnostics }) => diagnostics.every(({ severity }) => severity !== 1),
    seen,
  );
});

test("an edit in one open file is published for the others that it changes", async (context) => {
  const { client } = await startServer(context);
  const [uri, bodyUri, otherUri] = ["file:///a.jlir", "file:///body.jlir", "file:///c.jlir"];
  await client.open(uri, text, 5);
  await client.open(otherUri, callee.replaceAll("use_field_nothrow", "nobody"), 6);
  await client.diagnostics(otherUri, 6);
  const seen = client.published.length;
  await client.open(bodyUri, body);
  const { version } = await client.publication(uri, has("finalizer/body-may-throw"), seen);
  assert.equal(version, 5);
  await client.until(() => client.refreshes > 0);
  const untouched = client.published.slice(seen).filter((one) => one.uri === otherUri);
  assert.deepEqual(untouched, [], "a file that says the same as before is not sent again");
});

test("an open document wins over its file, and closing it falls back to the disk", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "body.jlir"), body);
  const { client } = await startServer(context, { folders: [folder] });
  const [uri, bodyUri] = [uriIn(folder, "program.jlir"), uriIn(folder, "body.jlir")];
  await client.open(bodyUri, body.replace("!n", "+n").replace("+s", "!s"));
  await client.open(uri, text);
  await client.publication(uri, has("finalizer/body-task-state"));

  await watched(client, bodyUri, fileChange.changed);
  await client.change(uri, 2, { text });
  assert.equal((await client.diagnostics(uri, 2))[0]?.code, "finalizer/body-task-state");

  const seen = client.published.length;
  await client.close(bodyUri);
  await client.publication(uri, has("finalizer/body-may-throw"), seen);
});

test("a file deleted while open stays as the editor has it, until it is closed", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "body.jlir"), body);
  const { client } = await startServer(context, { folders: [folder] });
  const [uri, bodyUri] = [uriIn(folder, "program.jlir"), uriIn(folder, "body.jlir")];
  await client.open(bodyUri, body);
  await client.open(uri, text);
  rmSync(join(folder, "body.jlir"));
  await watched(client, bodyUri, fileChange.deleted);
  await client.change(uri, 2, { text });
  assert.equal((await client.diagnostics(uri, 2))[0]?.code, "finalizer/body-may-throw");
  await client.change(bodyUri, 2, { text: `${body}\n` });
  assert.deepEqual(await client.diagnostics(bodyUri, 2), []);

  const seen = client.published.length;
  await client.close(bodyUri);
  await client.publication(uri, has("finalizer/body-unknown"), seen);
});

test("an untitled document's methods go when it is closed", async (context) => {
  const { client } = await startServer(context);
  const [uri, bodyUri] = ["file:///a.jlir", "untitled:Untitled-1"];
  await client.open(bodyUri, body);
  await client.open(uri, text);
  await client.publication(uri, has("finalizer/body-may-throw"));
  await client.close(bodyUri);
  await client.publication(uri, has("finalizer/body-unknown"));
});

test("workspace folders come and go", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "body.jlir"), body);
  const { client } = await startServer(context);
  const uri = "file:///a.jlir";
  await client.open(uri, text);
  await client.publication(uri, has("finalizer/body-unknown"));
  const one = { uri: pathToFileURL(folder).href, name: "one" };
  const change = (added: unknown[], removed: unknown[]): Promise<void> =>
    client.notify("workspace/didChangeWorkspaceFolders", { event: { added, removed } });

  await change([one], []);
  await client.publication(uri, has("finalizer/body-may-throw"));
  const seen = client.published.length;
  await change([], [one]);
  await client.publication(uri, has("finalizer/body-unknown"), seen);
});
