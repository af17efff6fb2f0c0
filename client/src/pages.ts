// Pages beside the text that the server writes: the story of the finalizers at the cursor, as a Markdown
// preview, and a simulation, as a text. They are read-only, and asked for again by their command.
import {
  commands,
  Disposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { placeOf, placeWords } from "./place.ts";
import { ask, lensCommand, type Running, serverCommands } from "./wire.ts";

const scheme = "finalens";

class Pages implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Writes the page of that name, anew where it is open. */
  write(name: string, text: string): Uri {
    const uri = Uri.from({ scheme, path: `/${name}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

export function registerPages(running: Running): Disposable {
  const pages = new Pages();
  const register = (
    command: string,
    serverCommand: string,
    name: string,
    show: (page: Uri) => Promise<void>,
  ): Disposable =>
    commands.registerCommand(command, async (...given: unknown[]) => {
      const place = placeOf(given);
      if (place === null) return tell("Open a text of Julia IR first.");
      const text = await ask<string>(await running(), serverCommand, place.uri, place.line);
      if (text === null) return tell(`There is no method at ${placeWords(place)}.`);
      await show(pages.write(name, text));
    });
  return Disposable.from(
    pages,
    workspace.registerTextDocumentContentProvider(scheme, pages),
    register(lensCommand, serverCommands.explain, "Finalizers.md", preview),
    register("finalens.simulate", serverCommands.simulate, "Simulation.txt", showText),
  );
}

async function preview(page: Uri): Promise<void> {
  try {
    await commands.executeCommand("markdown.showPreviewToSide", page);
  } catch {
    // Somebody has switched the Markdown extension off.
    await showText(page);
  }
}

async function showText(page: Uri): Promise<void> {
  const document = await workspace.openTextDocument(page);
  await window.showTextDocument(document, {
    viewColumn: ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
}

async function tell(words: string): Promise<void> {
  await window.showInformationMessage(words);
}
