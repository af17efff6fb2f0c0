// The server's life: what it says at `initialize`, and how it ends.

import assert from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tokenModifiers, tokenTypes } from "../../server/src/features/semantic-tokens.ts";
import { dataText, scratchFolder, startServer } from "./start-server.ts";

const packageFile = fileURLToPath(new URL("../../../package.json", import.meta.url));

test("initialize tells name, version and capabilities", async (context) => {
  const { initialized } = await startServer(context);
  const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };
  assert.deepEqual(initialized.serverInfo, { name: "Finalens", version });
  assert.deepEqual(initialized.capabilities, {
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: 2 },
    hoverProvider: true,
    inlayHintProvider: true,
    codeLensProvider: {},
    semanticTokensProvider: { legend: { tokenTypes, tokenModifiers }, full: true, range: true },
    completionProvider: { triggerCharacters: ["%", "#", "(", ","] },
    documentLinkProvider: {},
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    definitionProvider: true,
    typeDefinitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: true,
    callHierarchyProvider: true,
    codeActionProvider: { codeActionKinds: ["quickfix", "refactor"] },
    executeCommandProvider: {
      commands: [
        "finalens.server.renumberMethod",
        "finalens.ranking",
        "finalens.server.explainAsMarkdown",
        "finalens.server.explain",
        "finalens.server.simulate",
        "finalens.server.describeProblem",
        "finalens.server.nextRegistration",
      ],
    },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  });
});

test("changes are asked for only from a client that lets itself be asked", async (context) => {
  const { client } = await startServer(context, { settings: {} });
  await client.until(() => client.registrations.length >= 2);
  assert.deepEqual(
    client.registrations.map(({ method, registerOptions }) => [method, registerOptions]).sort(),
    [
      ["workspace/didChangeConfiguration", { section: "finalens" }],
      [
        "workspace/didChangeWatchedFiles",
        { watchers: [{ globPattern: "**/*.jlir" }, { globPattern: "**/Finalens.toml" }] },
      ],
    ],
  );

  const { client: plain } = await startServer(context, { capabilities: {} });
  await plain.stop();
  assert.deepEqual(plain.registrations, []);
  assert.deepEqual(plain.log, []);
});

test("a server that was killed is started anew, and says the same", async (context) => {
  const uri = "file:///program.jlir";
  const text = dataText("register.jlir");
  const { client } = await startServer(context);
  await client.open(uri, text);
  const before = await client.diagnostics(uri, 1);
  client.process.kill("SIGKILL");
  await client.ended();
  const { client: next } = await startServer(context);
  await next.open(uri, text, 7);
  assert.deepEqual(await next.diagnostics(uri, 7), before);
  assert.equal(await next.stop(), 0);
});

test("shutdown and exit end it with 0", async (context) => {
  const { client } = await startServer(context);
  assert.equal(await client.stop(), 0);
  assert.deepEqual(client.log, []);
});

test("finalens serve is the server, and is found through a link on the path", async (context) => {
  const link = join(scratchFolder(context), "finalens");
  symlinkSync(fileURLToPath(new URL("../../../dist/cli.cjs", import.meta.url)), link);
  const { client, initialized } = await startServer(context, {
    program: [link, "serve", "--stdio"],
  });
  assert.equal(initialized.serverInfo?.name, "Finalens");
  assert.equal(await client.stop(), 0);
});

test("exit without shutdown ends it with 1", async (context) => {
  const { client } = await startServer(context);
  await client.notify("exit", undefined);
  assert.equal(await client.ended(), 1);
});

test("a closed input ends it", async (context) => {
  const { client } = await startServer(context);
  client.process.stdin.end();
  assert.equal(await client.ended(), 1);
});
