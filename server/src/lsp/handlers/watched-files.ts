// `workspace/didChangeWatchedFiles` and `didChangeWorkspaceFolders`: the disk's side of the workspace.

import { DidChangeWatchedFilesNotification } from "vscode-languageserver";
import { configName } from "../../features/config-findings.ts";
import { extension } from "../host.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export function onWatchedFiles(server: Server): void {
  const { connection, files } = server;
  connection.onDidChangeWatchedFiles(
    guarded(server, "workspace/didChangeWatchedFiles", undefined, ({ changes }) => {
      for (const { uri } of changes) files.fileChanged(pathOfUri(uri));
    }),
  );
}

/** Reads the folders and asks to be told of changes in them. */
export function startWatching(server: Server, folders: readonly string[]): void {
  const { connection, log, session, files } = server;
  for (const uri of folders) files.addFolder(pathOfUri(uri));
  if (session.support.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(
      guarded(server, "workspace/didChangeWorkspaceFolders", undefined, ({ added, removed }) => {
        for (const { uri } of removed) files.removeFolder(pathOfUri(uri));
        for (const { uri } of added) files.addFolder(pathOfUri(uri));
      }),
    );
  }
  if (session.support.registersWatchedFiles) {
    connection.client
      .register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: `**/*${extension}` }, { globPattern: `**/${configName}` }],
      })
      .catch((error: unknown) => log.failure("client/registerCapability", error));
  }
}
