// The language server: puts a session, its schedule and the host's files around one connection. What is
// said is made in `features`; this room only knows the protocol, the settings, and when something is sent.

import type { Connection } from "vscode-languageserver";
import { onCallHierarchy } from "./handlers/call-hierarchy.ts";
import { onCodeAction } from "./handlers/code-action.ts";
import { onCodeLens } from "./handlers/code-lens.ts";
import { onCompletion } from "./handlers/completion.ts";
import { onConfiguration } from "./handlers/configuration.ts";
import { onDefinition } from "./handlers/definition.ts";
import { onDocumentLink } from "./handlers/document-link.ts";
import { onDocumentSymbol, onWorkspaceSymbol } from "./handlers/document-symbol.ts";
import { onExecuteCommand } from "./handlers/execute-command.ts";
import { onFoldingRange } from "./handlers/folding-range.ts";
import { onHover } from "./handlers/hover.ts";
import { onInitialize } from "./handlers/initialize.ts";
import { onInlayHint } from "./handlers/inlay-hint.ts";
import { onReferences } from "./handlers/references.ts";
import { onRename } from "./handlers/rename.ts";
import { onSemanticTokens } from "./handlers/semantic-tokens.ts";
import { onStatus } from "./handlers/status.ts";
import { onTextSync } from "./handlers/text-sync.ts";
import { onViews } from "./handlers/views.ts";
import { onWatchedFiles } from "./handlers/watched-files.ts";
import type { Host } from "./host.ts";
import { Log } from "./log.ts";
import { Schedule } from "./schedule.ts";
import type { Server } from "./server.ts";
import { Session } from "./session.ts";

/** Answers on the connection, which begins to listen, until it is closed. */
export function serve(connection: Connection, host: Host): void {
  const log = new Log(connection.console);
  const session = new Session();
  const schedule = new Schedule(connection, host, log, session);
  const files = host.files(log, session, schedule);
  const server: Server = { connection, log, session, schedule, files };

  onInitialize(server);
  onConfiguration(server);
  onWatchedFiles(server);
  onTextSync(server);
  onHover(server);
  onInlayHint(server);
  onCodeLens(server);
  onCodeAction(server);
  onSemanticTokens(server);
  onCompletion(server);
  onDocumentLink(server);
  onDocumentSymbol(server);
  onWorkspaceSymbol(server);
  onFoldingRange(server);
  onDefinition(server);
  onReferences(server);
  onRename(server);
  onCallHierarchy(server);
  onExecuteCommand(server);
  onStatus(server);
  onViews(server);

  connection.listen();
}
