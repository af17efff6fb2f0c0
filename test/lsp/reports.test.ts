// Texts that a client asks for by a command, for the method at a line: its story as a page, a simulation,
// what goes into the report of a problem; and the lens behind which the client's own command stands.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeLens } from "vscode-languageserver";
import type { LanguageClient } from "./language-client.ts";
import { dataText, placeOf, scratchFolder, startServer } from "./start-server.ts";

const uri = "file:///somewhere/program.jlir";
const text = dataText("register.jlir");

function asked(
  client: LanguageClient,
  command: string,
  ...args: unknown[]
): Promise<string | null> {
  return client.connection.sendRequest("workspace/executeCommand", {
    command: `finalens.server.${command}`,
    arguments: args,
  });
}

test("explain tells of the registration at the line, else of all in the method", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const { line } = placeOf(text, "Core.finalizer");
  const page = (await asked(client, "explain", uri, line)) ?? "";
  assert.match(page, /^## Finalizers of `keeps\(::Int64\)`\n\nProfile 1\.13 \(by the text\)/);
  assert.match(page, /✗ finalizer eligible/);
  assert.equal(await asked(client, "explain", uri, 0), page);
  assert.equal(await asked(client, "explain", "file:///nowhere.jlir", 0), null);
});

test("simulate gives the table, or says in a sentence why there is none", async (context) => {
  const { client } = await startServer(context);
  await client.open(
    uri,
    `${text}\n${dataText("use-field-nothrow.jlir")}\n${dataText("body.jlir")}`,
  );
  const table = (await asked(client, "simulate", uri, 0)) ?? "";
  for (const policy of ["GC never", "GC at safepoints", "Julia's placement", "early plan"]) {
    assert.ok(table.includes(policy), policy);
  }
  const endless = "file:///endless.jlir";
  await client.open(endless, "MethodInstance for f()\n1 ─     nothing::Nothing\n2 ┄     goto #2\n");
  assert.match(
    (await asked(client, "simulate", endless, 0)) ?? "",
    /^Not simulated: .*has not ended/,
  );
});

test("a problem's description holds version, profile, configuration, method and story", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "Finalens.toml"), '[assume."Main.release"]\nnothrow = true\n');
  const { client } = await startServer(context, { folders: [folder] });
  const own = pathToFileURL(join(folder, "program.jlir")).href;
  await client.open(own, text);
  await client.publication(pathToFileURL(join(folder, "Finalens.toml")).href, () => true);
  const words = (await asked(client, "describeProblem", own, 0)) ?? "";
  assert.match(words, /^Finalens \d+\.\d+\.\d+\n/);
  assert.match(words, /```toml\n\[assume\."Main\.release"\]/);
  const [method = ""] = text.split("\n\n");
  assert.ok(words.includes(`\`\`\`julia-ir\n${method}\n\`\`\``));
  assert.match(words, /✗ finalizer eligible/);
  assert.ok(!words.includes(folder), "no path of the user's machine");
});

test("the next registration is the first below the line, and behind the last one the first", async (context) => {
  const { client } = await startServer(context);
  await client.open(uri, text);
  const lines = [1, 2, 3].map((count) => placeOf(text, "(Core.finalizer)", count).line);
  const next = async (line: number | undefined): Promise<number | undefined> =>
    (
      await client.connection.sendRequest<{ line: number } | null>("workspace/executeCommand", {
        command: "finalens.server.nextRegistration",
        arguments: [uri, line],
      })
    )?.line;
  assert.deepEqual(
    [await next(0), await next(lines[0]), await next(lines[1]), await next(lines[2])],
    [lines[0], lines[1], lines[2], lines[0]],
  );
  await client.open("file:///none.jlir", dataText("body.jlir"));
  const none = await client.connection.sendRequest("workspace/executeCommand", {
    command: "finalens.server.nextRegistration",
    arguments: ["file:///none.jlir", 0],
  });
  assert.equal(none, null);
});

test("the commands refuse what is no place", async (context) => {
  const { client } = await startServer(context);
  assert.equal(await asked(client, "explain", uri, "first"), null);
  assert.equal(await asked(client, "simulate"), null);
  await client.until(() => client.log.length === 2);
  assert.match(client.log[1] ?? "", /simulate: takes a URI and a line/);
});

test("a method's lens runs the client's command, at its first registration", async (context) => {
  const { client } = await startServer(context, {
    initializationOptions: { lensCommand: "client.explain" },
    settings: { codeLens: { blocks: true } },
  });
  await client.open(uri, text);
  await client.until(() => client.registrations.length > 0);
  await client.diagnostics(uri, 1);
  const lenses = await client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", {
    textDocument: { uri },
  });
  const [methods, blocks] = [/finalized early/, /^from /].map((title) =>
    lenses.map(({ command }) => command).filter((one) => title.test(one?.title ?? "")),
  );
  assert.equal(methods?.length, 3);
  assert.equal(methods?.[1]?.command, "client.explain");
  assert.deepEqual(methods?.[1]?.arguments, [uri, placeOf(text, "(Core.finalizer)", 2).line]);
  assert.ok(blocks !== undefined && blocks.length > 0);
  for (const one of blocks) assert.equal(one?.command, "");
});
