// Text that did not come from a `.jlir` file: pasted, untitled, of another language, or on the clipboard.
import { commands, Disposable, env, languages, type TextEditor, window, workspace } from "vscode";
import { language, schemes } from "./config.ts";

export function registerAnalyse(): Disposable {
  return Disposable.from(
    commands.registerCommand("finalens.analyseText", () => analyse(window.activeTextEditor)),
    commands.registerCommand("finalens.analyseClipboard", analyseClipboard),
  );
}

async function analyse(editor: TextEditor | undefined): Promise<void> {
  if (editor === undefined) return analyseClipboard();
  const { document } = editor;
  if (schemes.includes(document.uri.scheme)) {
    await languages.setTextDocumentLanguage(document, language);
  } else await open(document.getText());
}

async function analyseClipboard(): Promise<void> {
  const text = await env.clipboard.readText();
  if (text.trim() === "") {
    await window.showInformationMessage("The clipboard holds no text.");
  } else await open(text);
}

async function open(content: string): Promise<void> {
  const document = await workspace.openTextDocument({ language, content });
  await window.showTextDocument(document);
}
