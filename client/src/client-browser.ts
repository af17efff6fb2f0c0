// Builds the language client of a browser: `dist/server.browser.js` in a Web Worker, which ends with the client.
import { type ExtensionContext, Uri } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { LanguageClient } from "vscode-languageclient/browser";
import { options } from "./client-options.ts";
import { section } from "./config.ts";

export function createClient(context: ExtensionContext): BaseLanguageClient {
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
