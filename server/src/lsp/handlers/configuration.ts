// `workspace/didChangeConfiguration`: settings are asked for where the client answers, else taken from
// the notification. They take effect at once.

import { DidChangeConfigurationNotification } from "vscode-languageserver";
import { readSettings, section } from "../config.ts";
import { guarded, type Server } from "../server.ts";

export function onConfiguration(server: Server): void {
  server.connection.onDidChangeConfiguration(
    guarded(server, "workspace/didChangeConfiguration", undefined, ({ settings }) => {
      if (server.session.support.configuration) pull(server);
      else apply(server, (settings as Readonly<Record<string, unknown>> | null)?.[section]);
    }),
  );
}

/** Fetches the settings and asks to be told of changes. */
export function startConfiguration(server: Server): void {
  const { connection, log, session } = server;
  if (session.support.configuration) pull(server);
  if (session.support.registersConfiguration) {
    connection.client
      .register(DidChangeConfigurationNotification.type, { section })
      .catch((error: unknown) => log.failure("client/registerCapability", error));
  }
}

function pull(server: Server): void {
  server.connection.workspace
    .getConfiguration(section)
    .then((value: unknown) => apply(server, value))
    .catch((error: unknown) => server.log.failure("workspace/configuration", error));
}

function apply({ log, session, schedule, files }: Server, value: unknown): void {
  const { fileSize } = session.limits;
  if (!session.configure(readSettings(value, (message) => log.warnOnce(message)))) return;
  if (session.limits.fileSize !== fileSize) files.readAgain();
  schedule.inputsChanged();
  schedule.hintsChanged();
}
