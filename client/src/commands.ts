// Commands that act on the method at the cursor: each asks the server by a command of its own, and the
// server sends the edit, or says why there is none.
import { commands, type Disposable, type TextEditor } from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";

/** The server's name for it; the client registers that one by itself, without a place to act on. */
const renumberCommand = "finalens.server.renumberMethod";

/** @param running the client, where there is one; it changes with a restart */
export function registerCommands(running: () => LanguageClient | undefined): Disposable {
  return commands.registerTextEditorCommand("finalens.renumberMethod", (editor: TextEditor) => {
    const client = running();
    if (!client?.isRunning()) return;
    const { code2ProtocolConverter: convert } = client;
    const place = [convert.asUri(editor.document.uri), convert.asPosition(editor.selection.active)];
    client
      .sendRequest(ExecuteCommandRequest.type, { command: renumberCommand, arguments: place })
      .catch((error: unknown) => client.error("Renumber Method failed", error));
  });
}
