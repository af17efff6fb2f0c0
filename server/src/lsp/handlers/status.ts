// `finalens/status`: what the status item of an editor says beside a text. Asked for, since it hangs on the
// place of the cursor; `finalens/analysed` says when to ask again (`schedule.ts`). Null while texts are still
// being read: to read the rest at once would hold up everything else.

import type { Position, TextDocumentIdentifier } from "vscode-languageserver";
import { type Status, statusAt } from "../../features/status.ts";
import { pathOfUri } from "../paths.ts";
import { guarded, type Server } from "../server.ts";

export const statusMethod = "finalens/status";

export interface StatusParams {
  readonly textDocument: TextDocumentIdentifier;
  /** The line decides which method is told of. */
  readonly position: Position;
}

export interface StatusResult extends Omit<Status, "profileBy"> {
  readonly profileBy: "setting" | "file" | "text" | "newest";
  /** URI of the `Finalens.toml` that counts; null where there is none. */
  readonly config: string | null;
}

export function onStatus(server: Server): void {
  const { connection, session } = server;
  connection.onRequest(
    statusMethod,
    guarded<StatusParams, StatusResult | null>(server, statusMethod, null, (params) => {
      const { textDocument, position } = params;
      if (session.workspace.nUnread > 0) return null;
      const status = statusAt(session.workspace, pathOfUri(textDocument.uri), position.line);
      const { path } = session.configAtHand();
      return {
        ...status,
        profileBy:
          status.profileBy === "choice" ? (session.profileChosenBy ?? "newest") : status.profileBy,
        config: path === null ? null : session.uriOf(path),
      };
    }),
  );
}
