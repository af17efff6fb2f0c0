// `initialize` and `initialized`: what each side can do, then settings and files are fetched.

import {
  type InitializeParams,
  PositionEncodingKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import manifest from "../../../../package.json" with { type: "json" };
import { clientSupport } from "../client-support.ts";
import { legend } from "../convert-presentation.ts";
import type { Server } from "../server.ts";
import { startConfiguration } from "./configuration.ts";
import { serverCommands } from "./execute-command.ts";
import { startWatching } from "./watched-files.ts";

const capabilities: ServerCapabilities = {
  positionEncoding: PositionEncodingKind.UTF16,
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  inlayHintProvider: true,
  codeLensProvider: {},
  semanticTokensProvider: { legend, full: true, range: true },
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
  callHierarchyProvider: true,
  codeActionProvider: { codeActionKinds: ["quickfix", "refactor"] },
  executeCommandProvider: { commands: serverCommands },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

export function onInitialize(server: Server): void {
  const { connection, session } = server;
  let folders: readonly string[] = [];
  connection.onInitialize((params) => {
    session.support = clientSupport(params.capabilities, params.initializationOptions);
    folders = foldersOf(params);
    const renameProvider = session.support.prepareRename ? { prepareProvider: true } : true;
    return {
      capabilities: { ...capabilities, renameProvider },
      serverInfo: { name: manifest.displayName, version: manifest.version },
    };
  });
  connection.onInitialized(() => {
    startConfiguration(server);
    startWatching(server, folders);
  });
}

/** URIs of the workspace folders; an older client names at most one root. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}
