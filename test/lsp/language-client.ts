// A small language client for tests and benchmarks: starts the built server as a child process and
// talks JSON-RPC with it over stdio, as an editor does. Nothing here sleeps: what a test waits for is a
// message. It keeps every publication and every line of the server's log.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type {
  ClientCapabilities,
  CodeLens,
  Diagnostic,
  Hover,
  InitializeResult,
  InlayHint,
  LogMessageParams,
  Position,
  PublishDiagnosticsParams,
  Range,
  Registration,
  RegistrationParams,
  TextDocumentContentChangeEvent,
} from "vscode-languageserver";

const server = fileURLToPath(new URL("../../../dist/server.cjs", import.meta.url));

/** How long a message may stay away, in ms; only a failing test waits so long. */
const patience = 60_000;

export interface ClientOptions {
  /** Paths of the workspace folders. */
  readonly folders?: readonly string[];
  /** What the client answers to `workspace/configuration`; without it the client cannot be asked. */
  readonly settings?: unknown;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Options of Node itself, before the program. */
  readonly nodeOptions?: readonly string[];
  /** The program and its arguments; the built server by default. */
  readonly program?: readonly string[];
}

/** What a usual editor can do. */
export const usualCapabilities: ClientCapabilities = {
  workspace: {
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    inlayHint: { refreshSupport: true },
    codeLens: { refreshSupport: true },
  },
  textDocument: {
    hover: { contentFormat: ["markdown", "plaintext"] },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
  },
};

export class LanguageClient {
  readonly process: ChildProcessWithoutNullStreams;
  readonly connection: MessageConnection;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly log: string[] = [];
  readonly registrations: Registration[] = [];
  /** How often hints, and how often lenses, were to be fetched anew. */
  refreshes = 0;
  lensRefreshes = 0;
  settings: unknown;
  private readonly waiting = new Set<() => void>();
  private readonly exited: Promise<unknown[]>;

  constructor({ settings, nodeOptions = [], program = [server, "--stdio"] }: ClientOptions) {
    this.settings = settings;
    this.process = spawn(process.execPath, [...nodeOptions, ...program], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.log.push(`stderr: ${text}`);
      this.wake();
    });
    this.exited = once(this.process, "exit");
    const reader = new StreamMessageReader(this.process.stdout);
    // Of a server that is killed in the middle of a message the reader would wait for the rest for ever, by a timer
    // that it sets again and again, and the tests' process with it.
    reader.partialMessageTimeout = 0;
    this.connection = createMessageConnection(reader, new StreamMessageWriter(this.process.stdin));
    this.listen();
  }

  /** Starts the server and takes it through `initialize` and `initialized`. */
  static async start(
    options: ClientOptions = {},
  ): Promise<{ client: LanguageClient; initialized: InitializeResult }> {
    const { folders = [], settings, capabilities = usualCapabilities } = options;
    const { initializationOptions } = options;
    const client = new LanguageClient(options);
    const uris = folders.map((folder) => pathToFileURL(folder).href);
    const initialized = await client.connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      clientInfo: { name: "test" },
      rootUri: uris[0] ?? null,
      initializationOptions,
      workspaceFolders: uris.map((uri) => ({ uri, name: uri })),
      capabilities: {
        ...capabilities,
        workspace: { ...capabilities.workspace, configuration: settings !== undefined },
      },
    });
    await client.notify("initialized", {});
    return { client, initialized };
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    const textDocument = { uri, languageId: "julia-ir", version, text };
    return this.notify("textDocument/didOpen", { textDocument });
  }

  change(
    uri: string,
    version: number,
    ...contentChanges: TextDocumentContentChangeEvent[]
  ): Promise<void> {
    const textDocument = { uri, version };
    return this.notify("textDocument/didChange", { textDocument, contentChanges });
  }

  close(uri: string): Promise<void> {
    return this.notify("textDocument/didClose", { textDocument: { uri } });
  }

  hover(uri: string, position: Position): Promise<Hover | null> {
    return this.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
  }

  inlayHints(uri: string, range: Range = everywhere): Promise<InlayHint[] | null> {
    return this.connection.sendRequest("textDocument/inlayHint", { textDocument: { uri }, range });
  }

  /** The document's lenses, each with what it says. */
  async lenses(uri: string): Promise<CodeLens[]> {
    const params = { textDocument: { uri } };
    const all = await this.connection.sendRequest<CodeLens[]>("textDocument/codeLens", params);
    return Promise.all(
      all.map((one) =>
        one.command === undefined
          ? this.connection.sendRequest<CodeLens>("codeLens/resolve", one)
          : one,
      ),
    );
  }

  /** The diagnostics first published for that version, from publication number `from` on. */
  async diagnostics(uri: string, version: number, from = 0): Promise<Diagnostic[]> {
    return (await this.publication(uri, (one) => one.version === version, from)).diagnostics;
  }

  /** The first publication from number `from` on that fits, once it is there. */
  async publication(
    uri: string,
    fits: (params: PublishDiagnosticsParams) => boolean,
    from = 0,
  ): Promise<PublishDiagnosticsParams> {
    let found: PublishDiagnosticsParams | undefined;
    await this.until(() => {
      found = this.published.slice(from).find((one) => one.uri === uri && fits(one));
      return found !== undefined;
    });
    return found ?? { uri, diagnostics: [] };
  }

  /** Resolves when `holds` does after a message; fails when the server ends or says nothing more. */
  async until(holds: () => boolean): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.wake();
    }, patience);
    try {
      while (!holds()) {
        const { exitCode, signalCode } = this.process;
        if (exitCode !== null || signalCode !== null || isLate) {
          throw new Error(
            `${isLate ? "nothing came" : "the server ended"}: ${this.log.join("\n")}`,
          );
        }
        await new Promise<void>((resolve) => this.waiting.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** `shutdown` and `exit`; the exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest("shutdown");
    await this.notify("exit", undefined);
    await this.exited;
    return this.process.exitCode;
  }

  /** Ends the server, however it is, and leaves nothing open that would keep the tests' process alive. */
  async kill(): Promise<void> {
    const { stdin, stdout, stderr } = this.process;
    this.process.kill("SIGKILL");
    await this.exited;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  }

  /** Resolves when the server has ended by itself. */
  async ended(): Promise<number | null> {
    await this.exited;
    return this.process.exitCode;
  }

  private listen(): void {
    const { connection } = this;
    connection.onNotification("textDocument/publishDiagnostics", (params) => {
      this.published.push(params as PublishDiagnosticsParams);
      this.wake();
    });
    connection.onNotification("window/logMessage", (params) => {
      this.log.push((params as LogMessageParams).message);
      this.wake();
    });
    connection.onRequest("workspace/configuration", () => [this.settings]);
    connection.onRequest("client/registerCapability", (params) => {
      this.registrations.push(...(params as RegistrationParams).registrations);
      this.wake();
      return null;
    });
    connection.onRequest("workspace/codeLens/refresh", () => {
      this.lensRefreshes++;
      this.wake();
      return null;
    });
    connection.onRequest("workspace/inlayHint/refresh", () => {
      this.refreshes++;
      this.wake();
      return null;
    });
    this.process.on("exit", () => {
      // Rejects the requests that were not answered.
      connection.dispose();
      this.wake();
    });
    connection.listen();
  }

  private wake(): void {
    const resolvers = [...this.waiting];
    this.waiting.clear();
    for (const resolve of resolvers) resolve();
  }
}

const everywhere: Range = {
  start: { line: 0, character: 0 },
  end: { line: 1_000_000, character: 0 },
};
