// The views as VS Code knows them: a command and a panel each, which comes back after a reload of the window.

import {
  commands,
  Disposable,
  languages,
  type TextEditor,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";
import { language } from "../config.ts";
import type { Running } from "../wire.ts";
import { documentOf } from "./page/document.ts";
import type { PageState, ViewKind } from "./page/wire.ts";
import { ViewPanel } from "./panel.ts";

interface ViewRow {
  readonly kind: ViewKind;
  readonly command: string;
  readonly title: string;
}

const views: readonly ViewRow[] = [
  { kind: "controlFlow", command: "finalens.showControlFlow", title: "Control Flow" },
  { kind: "lifetimes", command: "finalens.showLifetimes", title: "Lifetimes" },
  { kind: "foreignMemory", command: "finalens.showForeignMemory", title: "Foreign Memory" },
];

/** @param root the extension's folder */
export function registerViews(root: Uri, running: Running): Disposable {
  const panels = new Map<ViewKind, ViewPanel>();
  const adopt = ({ kind, title }: ViewRow, panel: WebviewPanel, state?: PageState): ViewPanel => {
    const view = new ViewPanel(panel, kind, running, state?.shown ?? null);
    panels.set(kind, view);
    panel.onDidDispose(() => {
      if (panels.get(kind) === view) panels.delete(kind);
    });
    const { webview } = panel;
    const dist = Uri.joinPath(root, "dist");
    const address = (name: string): string =>
      webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.html = documentOf({
      kind,
      title,
      script: address("view.js"),
      sheet: address("view.css"),
      source: webview.cspSource,
      nonce: crypto.randomUUID(),
    });
    return view;
  };
  const open = (row: ViewRow): void => {
    const editor = editorOfIr();
    const known = panels.get(row.kind);
    const panel = (): WebviewPanel =>
      window.createWebviewPanel(
        `finalens.${row.kind}`,
        row.title,
        { viewColumn: ViewColumn.Beside, preserveFocus: true },
        { enableFindWidget: true },
      );
    (known ?? adopt(row, panel())).open(editor);
  };
  const refreshAll = (): void => {
    for (const view of panels.values()) view.refresh();
  };
  const follow = (editor: TextEditor | undefined): void => {
    if (editor?.document.languageId !== language) return;
    for (const view of panels.values()) view.follow(editor);
  };
  return Disposable.from(
    ...views.map((row) => commands.registerCommand(row.command, () => open(row))),
    ...views.map((row) =>
      window.registerWebviewPanelSerializer(`finalens.${row.kind}`, {
        deserializeWebviewPanel: async (panel, state?: PageState) => {
          adopt(row, panel, state);
        },
      }),
    ),
    window.onDidChangeTextEditorSelection(({ textEditor }) => follow(textEditor)),
    window.onDidChangeActiveTextEditor(follow),
    // Another file may hold a callee, and settings another profile; the server publishes when it is through.
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === language) refreshAll();
    }),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const changed = new Set(uris.map(String));
      const isIr = workspace.textDocuments.some(
        ({ languageId, uri }) => languageId === language && changed.has(uri.toString()),
      );
      if (isIr) refreshAll();
    }),
  );
}

/** The editor to begin with: the active one, else one that shows IR. */
function editorOfIr(): TextEditor | undefined {
  const isIr = ({ document }: TextEditor): boolean => document.languageId === language;
  const { activeTextEditor: active, visibleTextEditors } = window;
  return active !== undefined && isIr(active) ? active : visibleTextEditors.find(isIr);
}
