// One panel of a view: shows the method at the editor's cursor, follows the cursor and every change, and takes the
// editor to what is picked. There is at most one question to the server at a time, and what changes meanwhile is
// asked when its answer is there: so it keeps up with typing, and needs no timer.

import {
  Range as EditorRange,
  Position,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";
import type { Running } from "../wire.ts";
import type { FromPage, Inputs, Range, Shown, ToPage, ViewData, ViewKind } from "./page/wire.ts";

const failed: ViewData = {
  nothing: "the server has no answer",
  next: "Look into the *Finalens* output, or run *Finalens: Restart Server*.",
};

const noEditor: ViewData = {
  nothing: "no printed IR is open",
  next: "Open a `.jlir` file, or choose the language *Julia typed IR* for an editor.",
};

/** The request of each view. */
const methods: Readonly<Record<ViewKind, string>> = {
  controlFlow: "finalens/controlFlow",
  lifetimes: "finalens/lifetimes",
  foreignMemory: "finalens/foreignMemory",
};

export class ViewPanel {
  private readonly panel: WebviewPanel;
  private readonly kind: ViewKind;
  private readonly running: Running;
  private shown: Shown | null;
  private inputs: Inputs = { arguments: "", seed: null };
  /** Of the method that is drawn; null where none is. */
  private range: Range | null = null;
  private isReady = false;
  private isAsking = false;
  private isStale = false;
  private isGone = false;

  /** @param shown which method to begin with; null waits for an editor */
  constructor(panel: WebviewPanel, kind: ViewKind, running: Running, shown: Shown | null) {
    this.panel = panel;
    this.kind = kind;
    this.running = running;
    this.shown = shown;
    panel.webview.onDidReceiveMessage((message: FromPage) => this.receive(message));
    panel.onDidDispose(() => {
      this.isGone = true;
    });
    panel.onDidChangeViewState(() => {
      if (panel.visible && this.isStale) this.refresh();
    });
  }

  /** Brings the panel to the front, with the method at the editor's cursor. */
  open(editor: TextEditor | undefined): void {
    this.panel.reveal(undefined, true);
    if (editor !== undefined) this.follow(editor);
  }

  /** The editor's cursor has moved, or another editor is active. */
  follow({ document, selection: { active } }: TextEditor): void {
    const uri = document.uri.toString();
    const isInside =
      this.shown?.uri === uri &&
      this.range !== null &&
      this.range.start.line <= active.line &&
      active.line <= this.range.end.line;
    this.shown = { uri, position: { line: active.line, character: active.character } };
    if (isInside) this.send({ type: "cursor", line: active.line });
    else this.refresh();
  }

  /** Something has changed that the view may rest on. */
  refresh(): void {
    this.isStale = true;
    if (this.isGone || this.isAsking || !this.isReady || !this.panel.visible) return;
    this.isAsking = true;
    this.ask().finally(() => {
      this.isAsking = false;
      if (this.isStale) this.refresh();
    });
  }

  private async ask(): Promise<void> {
    const { shown } = this;
    this.isStale = false;
    if (shown === null) {
      this.send({ type: "show", shown, data: noEditor });
      return;
    }
    const client = await this.running();
    if (client === undefined) {
      this.send({ type: "show", shown, data: failed });
      return;
    }
    const params = {
      textDocument: { uri: client.code2ProtocolConverter.asUri(Uri.parse(shown.uri)) },
      position: shown.position,
      ...(this.kind === "foreignMemory" ? this.inputs : {}),
    };
    let data: ViewData = failed;
    try {
      data = (await client.sendRequest<ViewData | null>(methods[this.kind], params)) ?? failed;
    } catch (error) {
      client.error(`${methods[this.kind]} failed`, error, false);
    }
    this.range = "nothing" in data ? null : data.range;
    // First the cursor: of a large method what is around it is drawn.
    const editor = window.activeTextEditor;
    if (editor?.document.uri.toString() === shown.uri)
      this.send({ type: "cursor", line: editor.selection.active.line });
    this.send({ type: "show", shown, data });
  }

  private send(message: ToPage): void {
    if (this.isReady && !this.isGone) void this.panel.webview.postMessage(message);
  }

  private receive(message: FromPage): void {
    switch (message.type) {
      case "ready":
        this.isReady = true;
        this.inputs = message.inputs;
        this.refresh();
        break;
      case "inputs":
        this.inputs = message.inputs;
        this.refresh();
        break;
      case "reveal":
        void this.reveal(message.range);
    }
  }

  /** Selects a place in the editor that shows the document, or beside the panel where none does. */
  private async reveal({ start, end }: Range): Promise<void> {
    if (this.shown === null) return;
    const { uri } = this.shown;
    const range = new EditorRange(
      new Position(start.line, start.character),
      new Position(end.line, end.character),
    );
    const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    const document = open?.document ?? (await workspace.openTextDocument(Uri.parse(uri)));
    const editor = await window.showTextDocument(document, {
      viewColumn: open?.viewColumn ?? ViewColumn.One,
      selection: range,
    });
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
