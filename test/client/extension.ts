// The extension under test: its own modules, in an editor of this folder, with a real server.

import { readFileSync } from "node:fs";
import { register } from "node:module";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { ClientOptions, LanguageClient } from "../lsp/language-client.ts";
import { startServer } from "../lsp/start-server.ts";
import { EventEmitter, type Position, TextDocument, Uri, window, world } from "./vscode.ts";

register("./resolve.js", import.meta.url);

const root = new URL("../../../", import.meta.url);

export interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly languages: readonly { readonly firstLine: string }[];
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly snippets: readonly { readonly path: string }[];
  };
}

export const manifest: Manifest = JSON.parse(
  readFileSync(new URL("package.json", root), "utf8"),
) as Manifest;

interface Extension {
  activateWith(makeClient: () => Promise<unknown>, context: unknown): void;
  deactivate(): Promise<void>;
}

/**
 * Activates the extension; it is deactivated with the test.
 *
 * @param whenStarted what the extension's client waits for before its server runs
 */
export async function activate(
  context: TestContext,
  options: ClientOptions = {},
  whenStarted: Promise<void> = Promise.resolve(),
): Promise<LanguageClient> {
  const path = new URL("out/client/src/extension.js", root).href;
  const { activateWith, deactivate } = (await import(path)) as Extension;
  const wire = (await import(new URL("out/client/src/wire.js", root).href)) as {
    initializationOptions: unknown;
  };
  const { initializationOptions } = wire;
  const { client } = await startServer(context, { ...options, initializationOptions });
  const subscriptions: { dispose(): unknown }[] = [];
  const extensionUri = Uri.file(fileURLToPath(root).replace(/\/$/, ""));
  const example = "client/walkthrough/first-look.jlir";
  world.files.set(`${extensionUri.path}/${example}`, readFileSync(new URL(example, root), "utf8"));
  activateWith(async () => clientOf(client, whenStarted), {
    subscriptions,
    extensionUri,
    globalStorageUri: Uri.file("/storage"),
    extension: { packageJSON: manifest },
  });
  context.after(async () => {
    for (const one of subscriptions) one.dispose();
    window.activeTextEditor = undefined;
    window.visibleTextEditors = [];
    world.settings.clear();
    await deactivate();
  });
  return client;
}

/** A document that is open in the editor and in the server, with the cursor on a line. */
export async function openDocument(
  client: LanguageClient,
  name: string,
  text: string,
  line = 0,
): Promise<TextDocument> {
  const document = new TextDocument(Uri.parse(name), "julia-ir", text);
  await client.open(name, text);
  await client.diagnostics(name, 1);
  const editor = await window.showTextDocument(document);
  const at: Position = { line, character: 0 };
  editor.selection = Object.assign(editor.selection, { start: at, end: at });
  return document;
}

/** The server of the extension's client, the last one made, has ended. */
export function endServer(): void {
  setState("ended");
}

/** How many clients run. */
export const clients = { running: 0 };

let setState: (state: "starting" | "running" | "ended") => void;

/** What the extension uses of the client library, over the tests' own connection. */
function clientOf(client: LanguageClient, whenStarted: Promise<void>): unknown {
  const changes = new EventEmitter<void>();
  let state = "starting";
  setState = (next) => {
    state = next;
    changes.fire();
  };
  return {
    onDidChangeState: changes.event,
    onNotification: client.connection.onNotification.bind(client.connection),
    sendRequest: (method: string, params: unknown) => client.connection.sendRequest(method, params),
    isRunning: () => state === "running",
    needsStop: () => state !== "ended",
    async start(): Promise<void> {
      await whenStarted;
      clients.running++;
      setState("running");
    },
    dispose(): Promise<void> {
      if (state === "running") clients.running--;
      setState("ended");
      return Promise.resolve();
    },
    error: (message: string) => client.log.push(message),
    code2ProtocolConverter: { asUri: String, asPosition: (at: Position) => ({ ...at }) },
    protocol2CodeConverter: {
      asLocation: ({ uri, range }: { uri: string; range: unknown }) => ({
        uri: Uri.parse(uri),
        range,
      }),
    },
  };
}
