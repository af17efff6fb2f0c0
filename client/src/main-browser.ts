// The extension in a browser, where no process can be started: the server is a Web Worker, and sees the
// open documents only.
import { type ExtensionContext, Uri } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { LanguageClient } from "vscode-languageclient/browser";
import { options } from "./client-options.ts";
import { section } from "./config.ts";
import { activateWith } from "./extension.ts";

export { deactivate } from "./extension.ts";

export function activate(context: ExtensionContext): void {
  activateWith(createClient, context);
}

function createClient(context: ExtensionContext): BaseLanguageClient {
  const program = Uri.joinPath(context.extensionUri, "dist/server.browser.js").toString(true);
  return new WorkerClient(new Worker(program));
}

class WorkerClient extends LanguageClient {
  private readonly worker: Worker;

  constructor(worker: Worker) {
    super(section, "Finalens", worker, options);
    this.worker = worker;
  }

  /** A server that does not answer any more ends as well. */
  override async dispose(timeout?: number): Promise<void> {
    try {
      await super.dispose(timeout);
    } finally {
      this.worker.terminate();
    }
  }
}
