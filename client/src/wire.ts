// What the client and the server say to each other beyond the protocol: commands of the server's own, and
// the status. The types are the server's, written again: the two meet on the wire only.
import type { BaseLanguageClient, Location } from "vscode-languageclient";

/** The server's commands; the client library registers each under its own name. */
export const serverCommands = {
  renumber: "finalens.server.renumberMethod",
  ranking: "finalens.ranking",
  copy: "finalens.server.explainAsMarkdown",
  explain: "finalens.server.explain",
  simulate: "finalens.server.simulate",
  describeProblem: "finalens.server.describeProblem",
  nextRegistration: "finalens.server.nextRegistration",
} as const;

/** Behind the lens of a method: a command of the client's, which gets a URI and a line. */
export const lensCommand = "finalens.explain";

/**
 * The client once its server runs, undefined where it does not come to that. It changes with a restart.
 */
export type Running = () => Promise<BaseLanguageClient | undefined>;

/** One row of the ranking. */
export interface RankedCallee {
  readonly callee: string;
  readonly codes: readonly string[];
  readonly location: Location | null;
  readonly blocked: readonly { readonly location: Location }[];
}

/** `finalens/status`. */
export interface ServerStatus {
  readonly profile: string;
  readonly profileBy: "setting" | "file" | "text" | "newest";
  readonly assumptions: number;
  /** URI of the `Finalens.toml` that counts. */
  readonly config: string | null;
  readonly method: {
    readonly signature: string | null;
    readonly stage: "lowered" | "typed" | "optimized" | "final" | "unknown";
    readonly registrations: number;
    readonly elided: number;
    readonly couldBe: number;
  } | null;
}

/** `finalens/analysed`: all is said that there was to say. */
export interface Analysed {
  readonly documents: number;
  readonly milliseconds: number;
}

/** Told by `onAnalysed`; sent because `initializationOptions` ask for it. */
export const initializationOptions: { lensCommand: string; analysed: boolean } = {
  lensCommand,
  analysed: true,
};

/** The answer to one of the server's commands; null where the server does not run. */
export async function ask<Answer>(
  client: BaseLanguageClient | undefined,
  command: string,
  ...args: unknown[]
): Promise<Answer | null> {
  if (!client?.isRunning()) return null;
  return client.sendRequest<Answer | null>("workspace/executeCommand", {
    command,
    arguments: args,
  });
}

/** @param line 0-based */
export async function askStatus(
  client: BaseLanguageClient | undefined,
  uri: string,
  line: number,
): Promise<ServerStatus | null> {
  if (!client?.isRunning()) return null;
  return client.sendRequest<ServerStatus | null>("finalens/status", {
    textDocument: { uri },
    position: { line, character: 0 },
  });
}
