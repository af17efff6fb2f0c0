// The example of the walkthrough: a copy in the extension's own storage, so that it can be edited, and
// begins anew whenever it is opened. Also how one gets from registration to registration.
import {
  commands,
  Disposable,
  type ExtensionContext,
  Position,
  Range,
  Selection,
  Uri,
  window,
  workspace,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { irEditor } from "./place.ts";
import { ask, type Running, serverCommands } from "./wire.ts";

const example = "first-look.jlir";

export function registerExample(context: ExtensionContext, running: Running): Disposable {
  return Disposable.from(
    commands.registerCommand("finalens.openExample", () => openExample(context)),
    commands.registerCommand("finalens.nextRegistration", async () =>
      nextRegistration(await running()),
    ),
  );
}

async function openExample({ extensionUri, globalStorageUri }: ExtensionContext): Promise<void> {
  const folder = Uri.joinPath(globalStorageUri, "example");
  // With it go assumptions of the last time.
  await workspace.fs.delete(folder, { recursive: true }).then(undefined, () => undefined);
  await workspace.fs.createDirectory(folder);
  const copy = Uri.joinPath(folder, example);
  await workspace.fs.copy(Uri.joinPath(extensionUri, "client/walkthrough", example), copy);
  await window.showTextDocument(await workspace.openTextDocument(copy));
}

/** Moves the cursor to the next registration, at the end to the first, and shows its ladder. */
async function nextRegistration(client: BaseLanguageClient | undefined): Promise<void> {
  const editor = irEditor();
  if (editor === undefined) return;
  const { document, selection, viewColumn } = editor;
  const uri = document.uri.toString();
  const place = await ask<{ line: number; character: number }>(
    client,
    serverCommands.nextRegistration,
    uri,
    selection.active.line,
  );
  if (place === null) {
    await window.showInformationMessage("No finalizer is registered in this text.");
    return;
  }
  const at = new Position(place.line, place.character);
  const shown = await window.showTextDocument(
    document,
    viewColumn === undefined ? {} : { viewColumn },
  );
  shown.selection = new Selection(at, at);
  shown.revealRange(new Range(at, at));
  await commands.executeCommand("editor.action.showHover");
}
