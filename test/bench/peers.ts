// The same edit script through other language servers for code of the same shape, where they are
// installed: `mlir-lsp-server` and `clangd`, in any of Debian's versions (`apt-get install
// mlir-19-tools clangd-19`). A file has N functions of some twenty statements and one error, so that
// there is something to publish; a key replaces one digit of a constant.
//
// `npm run bench:peers -- [--functions 100,1000,5000] [--edits 40]`

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import { timing } from "./keystroke.ts";
import { type Language, languages } from "./peer-text.ts";

interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  readonly language: Language;
  /** Members that the server wants beside those of `didChange`. */
  readonly extra: object;
}

interface Result {
  readonly open: number;
  readonly median: number;
  readonly p95: number;
}

const { values } = parseArgs({
  options: {
    functions: { type: "string", default: "100,1000,5000" },
    edits: { type: "string", default: "40" },
  },
});

const server = fileURLToPath(new URL("../../../dist/server.cjs", import.meta.url));
const versions = ["", ...Array.from({ length: 12 }, (_, index) => `-${25 - index}`)];
const peers: Peer[] = [
  {
    name: "finalens",
    command: [process.execPath, server, "--stdio"],
    language: "julia",
    extra: {},
  },
  ...installed("mlir-lsp-server").map(
    (name): Peer => ({ name, command: [name], language: "mlir", extra: {} }),
  ),
  // Without its debouncing, which would be most of the time.
  ...installed("clangd").map(
    (name): Peer => ({
      name,
      command: [name, "--background-index=0", "--log=error", "--pch-storage=memory"],
      language: "c",
      extra: { wantDiagnostics: true },
    }),
  ),
];

console.log("\n| server | functions | KiB | open | keystroke median / p95 | times ours |");
console.log("|---|--:|--:|--:|--:|--:|");
for (const count of values.functions.split(",").map(Number)) {
  let ours = Number.NaN;
  for (const peer of peers) {
    const { text } = languages[peer.language](count);
    const { open, median, p95 } = await drive(peer, count);
    if (peer.language === "julia") ours = median;
    const kib = Math.round(Buffer.byteLength(text) / 1024);
    const keys = `${median.toFixed(1)} / ${p95.toFixed(1)}`;
    console.log(
      `| ${peer.name} | ${count} | ${kib} | ${open.toFixed(0)} | ${keys} | ${(median / ours).toFixed(0)} |`,
    );
  }
}
if (peers.length === 1) console.log("\nNeither mlir-lsp-server nor clangd is installed.");

/** The newest version of a program that is there. */
function installed(program: string): string[] {
  const found = versions.find(
    (version) => spawnSync(`${program}${version}`, ["--version"]).error === undefined,
  );
  return found === undefined ? [] : [`${program}${found}`];
}

async function drive({ command, language, extra }: Peer, count: number): Promise<Result> {
  const { text, uri, editAt } = languages[language](count);
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let published = (_params: PublishDiagnosticsParams): void => {};
  connection.onNotification("textDocument/publishDiagnostics", (params) => published(params));
  connection.onRequest("workspace/configuration", () => [null]);
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  const { capabilities } = await connection.sendRequest<InitializeAnswer>("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } },
  });
  await connection.sendNotification("initialized", {});
  const isIncremental = syncKind(capabilities.textDocumentSync) === 2;
  const lines = text.split("\n");
  /** Milliseconds from sending to the diagnostics of that version. */
  const timed = async (version: number, method: string, params: object): Promise<number> => {
    const arrival = new Promise<number>((resolve) => {
      published = (one) => {
        if (one.uri === uri && (one.version ?? version) >= version) resolve(performance.now());
      };
    });
    const start = performance.now();
    await connection.sendNotification(method, params);
    return (await arrival) - start;
  };
  const textDocument = { uri, languageId: language, version: 1, text };
  const open = await timed(1, "textDocument/didOpen", { textDocument });
  const times: number[] = [];
  for (let i = 0; i < Number(values.edits) + 5; i++) {
    const { line, character } = editAt(i);
    const old = lines[line] ?? "";
    const digit = String((Number(old[character]) + 1) % 10);
    lines[line] = old.slice(0, character) + digit + old.slice(character + 1);
    const range = { start: { line, character }, end: { line, character: character + 1 } };
    const change = isIncremental ? { range, text: digit } : { text: lines.join("\n") };
    const time = await timed(i + 2, "textDocument/didChange", {
      textDocument: { uri, version: i + 2 },
      contentChanges: [change],
      ...extra,
    });
    // The first ones warm up.
    if (i >= 5) times.push(time);
  }
  await stop(child);
  connection.dispose();
  return { open, ...timing(times) };
}

interface InitializeAnswer {
  readonly capabilities: { readonly textDocumentSync?: number | { readonly change?: number } };
}

function syncKind(sync: number | { readonly change?: number } | undefined): number {
  return typeof sync === "object" ? (sync.change ?? 0) : (sync ?? 0);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await ended;
}
