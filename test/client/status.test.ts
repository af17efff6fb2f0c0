// The status item, and the steps of the walkthrough that hang on it.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { dataText, scratchFolder } from "../lsp/start-server.ts";
import { activate, endServer, manifest, openDocument } from "./extension.ts";
import { commands, LanguageStatusSeverity, seen, window } from "./vscode.ts";

const text = dataText("register.jlir");

/** Resolves when the item says so: every message of the server may bring another status. */
async function shows(words: RegExp): Promise<void> {
  const holds = (): boolean => words.test(`${seen.statusItem.text}: ${seen.statusItem.detail}`);
  for (let turn = 0; turn < 2000 && !holds(); turn++) await setTimeout(5);
  assert.ok(holds(), `${seen.statusItem.text}: ${seen.statusItem.detail} is not ${words}`);
}

test("the status tells profile and why, stage, assumptions and how long the analysis took", async (context) => {
  const client = await activate(context, { settings: {} });
  await openDocument(client, "file:///program.jlir", text);
  await shows(
    /^Julia rules: 1\.13: by the text · optimised code · 0 assumptions · analysed in \d+ ms$/,
  );
  client.settings = { profile: "1.11" };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await shows(/^Julia rules: 1\.11: by the setting finalens\.profile ·/);
});

test("a server that has ended is an error in the status", async (context) => {
  const client = await activate(context);
  await openDocument(client, "file:///program.jlir", text);
  assert.equal(seen.statusItem.severity, LanguageStatusSeverity.Information);
  endServer();
  await shows(/^Finalens: the server does not run$/);
  assert.equal(seen.statusItem.severity, LanguageStatusSeverity.Error);
});

test("assuming what frees the example ends the walkthrough", async (context) => {
  const folder = scratchFolder(context);
  writeFileSync(join(folder, "Finalens.toml"), '[assume."Main.use"]\ncaptures = false\n');
  const client = await activate(context, { folders: [folder] });
  await commands.executeCommand("finalens.openExample");
  const { document } = window.activeTextEditor ?? {};
  const uri = pathToFileURL(join(folder, "first-look.jlir")).href;
  await openDocument(client, uri, document?.getText() ?? "", 9);
  await shows(/1 assumption ·/);
  assert.equal(seen.contexts.get("finalens.assumes"), true);
  assert.equal(seen.contexts.get("finalens.freedByAssumption"), true);
});

test("every step of the walkthrough has its page, and can be ended", () => {
  const root = new URL("../../../", import.meta.url);
  const commandNames = manifest.contributes.commands.map(({ command }) => command);
  for (const { steps } of manifest.contributes.walkthroughs) {
    for (const { id, description, media, completionEvents } of steps) {
      assert.ok(existsSync(fileURLToPath(new URL(media.markdown, root))), media.markdown);
      for (const [, command = ""] of description.matchAll(/\(command:([\w.]+)\)/g)) {
        assert.ok(commandNames.includes(command), `${id}: ${command}`);
      }
      for (const event of completionEvents) {
        const [, kind, name = ""] = /^on(Command|Context):(.*)$/.exec(event) ?? [];
        assert.ok(
          kind === "Command" ? commandNames.includes(name) : seen.contexts.has(name),
          `${id}: ${event}`,
        );
      }
    }
  }
});
