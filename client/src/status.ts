// The language status item beside an IR document: whose rules apply and why, how far Julia had compiled the
// method at the cursor, how much is assumed, and how long the last analysis took. Its command restarts the
// server.
import {
  commands,
  Disposable,
  LanguageStatusSeverity,
  languages,
  type TextEditor,
  window,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { documents } from "./config.ts";
import { irEditor } from "./place.ts";
import { statusWords } from "./status-words.ts";
import { type Analysed, askStatus, type ServerStatus } from "./wire.ts";

export interface Status extends Disposable {
  /** Follows a client that was made, in place of the one before. */
  follow(client: BaseLanguageClient): void;
}

export function createStatus(): Status {
  const item = languages.createLanguageStatusItem("finalens.status", documents);
  item.name = "Finalens";
  item.command = { command: "finalens.restart", title: "Restart Server" };
  let client: BaseLanguageClient | undefined;
  let analysed: Analysed | null = null;
  let asked = 0;

  const show = (status: ServerStatus | null): void => {
    // It is asked, not told: what names the states comes with the library, which is loaded late.
    const isDown = client?.needsStop() === false;
    const { text, detail } = statusWords(isDown ? "down" : status, analysed);
    item.text = text;
    item.detail = detail;
    item.busy = client?.isRunning() !== true && !isDown;
    item.severity = isDown ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    const assumes = (status?.assumptions ?? 0) > 0;
    const { elided = 0, couldBe = 0 } = status?.method ?? {};
    // Steps of the walkthrough are done by these.
    void commands.executeCommand("setContext", "finalens.assumes", assumes);
    const isFreed = assumes && elided + couldBe > 0;
    void commands.executeCommand("setContext", "finalens.freedByAssumption", isFreed);
  };
  let shown = "";
  const update = async (): Promise<void> => {
    const editor = irEditor();
    shown = placeIn(editor);
    const turn = ++asked;
    const { document, selection } = editor ?? {};
    const uri = document?.uri.toString();
    const status =
      uri === undefined
        ? null
        : await askStatus(client, uri, selection?.active.line ?? 0).catch(() => null);
    // An answer that is late tells of another place.
    if (turn === asked) show(status);
  };
  show(null);

  const subscriptions = Disposable.from(
    item,
    window.onDidChangeActiveTextEditor(update),
    window.onDidChangeTextEditorSelection(() => {
      // Within a line nothing changes but by an edit, and that is analysed.
      if (placeIn(irEditor()) !== shown) void update();
    }),
  );
  return {
    follow(next: BaseLanguageClient): void {
      client = next;
      next.onDidChangeState(() => {
        if (client === next) void update();
      });
      next.onNotification("finalens/analysed", (told: Analysed) => {
        analysed = told;
        void update();
      });
    },
    dispose: () => subscriptions.dispose(),
  };
}

function placeIn(editor: TextEditor | undefined): string {
  return editor === undefined ? "" : `${editor.document.uri}#${editor.selection.active.line}`;
}
