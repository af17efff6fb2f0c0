// Builds the language client: `dist/server.cjs` as a child process over stdio, asked for every
// document of language `julia-ir`. No workspace folder is needed, and none is trusted: the server
// only reads text.
import type { ExtensionContext } from "vscode";
import { LanguageClient, type ServerOptions, TransportKind } from "vscode-languageclient/node";
import { options } from "./client-options.ts";
import { section } from "./config.ts";

/** Where "Attach Server" in `.vscode/launch.json` looks for the server. */
const inspectPort = 6009;

export function createClient(context: ExtensionContext): LanguageClient {
  const run = {
    module: context.asAbsolutePath("dist/server.cjs"),
    transport: TransportKind.stdio,
  } as const;
  const server: ServerOptions = {
    run,
    debug: { ...run, options: { execArgv: ["--nolazy", `--inspect=${inspectPort}`] } },
  };
  return new LanguageClient(section, "Finalens", server, options);
}
