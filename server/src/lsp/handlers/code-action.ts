// `textDocument/codeAction`. Edits of `Finalens.toml` make the file where there is none yet: at the root of
// the workspace folder that holds the document, or beside it where there is no folder.

import type {
  CodeAction,
  CreateFile,
  TextDocumentEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { type Action, codeActions, configActions } from "../../features/code-action.ts";
import { configName } from "../../features/config-findings.ts";
import { toWorkspaceEdit } from "../convert-navigation.ts";
import { folderOf, inFolder, isBelow, pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";
import { isConfigPath } from "../session.ts";
import { copyCommand } from "./execute-command.ts";

export function onCodeAction(server: Server): void {
  server.connection.onCodeAction(
    guarded(server, "textDocument/codeAction", [], ({ textDocument, range, context }) => {
      const path = pathOfUri(textDocument.uri);
      const { workspace } = server.session;
      const atHand = server.session.configAtHand();
      const actions = isConfigPath(path)
        ? configActions(workspace, range.start.line, atHand)
        : codeActions(workspace, path, range.start.line, atHand);
      return actions
        .filter(({ kind }) => context.only === undefined || context.only.includes(kind))
        .map((action) => toCodeAction(server, path, textDocument.uri, action));
    }),
  );
}

function toCodeAction(server: Server, path: string, uri: string, action: Action): CodeAction {
  const { title, kind, condition, copies } = action;
  if (copies !== null) {
    const command = { title, command: copyCommand, arguments: [uri, copies.line] };
    return { title, kind, command };
  }
  const made: CodeAction = { title, kind, data: { condition } };
  const edit = editOf(server, path, action, condition);
  return edit === null
    ? {
        ...made,
        disabled: { reason: "Finalens.toml has no place yet: save this text, or open a folder" },
      }
    : { ...made, edit };
}

/** Null where there is no place for a `Finalens.toml`. */
function editOf(
  server: Server,
  path: string,
  { target, edits, title }: Action,
  condition: string,
): WorkspaceEdit | null {
  const { session } = server;
  if (target === "file") return toWorkspaceEdit(session, path, edits);
  const config = session.configAtHand().path ?? newConfigPath(server, path);
  if (config === null) return null;
  const edit = toWorkspaceEdit(session, config, edits);
  const isThere = session.configAtHand().path !== null || server.files.exists(config);
  const [changed] = (edit.documentChanges ?? []) as TextDocumentEdit[];
  if (changed === undefined) return edit;
  // The reason goes with the edit: an editor shows it where the change is previewed.
  const annotated: TextDocumentEdit = {
    ...changed,
    edits:
      !session.support.changeAnnotations || condition === ""
        ? changed.edits
        : edits.map((one) => ({ ...one, annotationId: "why" })),
  };
  // Fails where there is one that the host does not see: these edits are not about its text.
  const create: CreateFile = { kind: "create", uri: session.uriOf(config) };
  return {
    documentChanges: isThere ? [annotated] : [create, annotated],
    ...(condition === "" || !session.support.changeAnnotations
      ? {}
      : { changeAnnotations: { why: { label: title, description: condition } } }),
  };
}

/** At the root of the folder that holds the document, else beside the document; null for one without a place. */
function newConfigPath({ files }: Server, path: string): string | null {
  const folders = files.folderPaths();
  const root = folders.find((one) => isBelow(one, path)) ?? folders[0] ?? folderOf(path);
  return root === null ? null : inFolder(root, configName);
}
