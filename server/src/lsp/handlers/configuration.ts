// `workspace/didChangeConfiguration`: settings are pulled where the client can be asked, else taken
// from the notification. They take effect at once.

import { DidChangeConfigurationNotification } from "vscode-languageserver/node";
import { readSettings, section } from "../config.ts";
import { logFailure } from "../log.ts";
import { guarded, type Server } from "../server.ts";

export function onConfiguration(server: Server): void {
  const complaints = new Set<string>();
  server.connection.onDidChangeConfiguration(
    guarded(server, "workspace/didChangeConfiguration", undefined, ({ settings }) => {
      if (server.session.support.configuration) pull(server);
      else apply(server, (settings as Record<string, unknown> | null)?.[section]);
    }),
  );
}
