// The figures that the product is to reach, beside what it does: keystroke, opening and memory in a file
// of 5,000 methods of which one in fifty registers; and how a keystroke grows from 500 methods to 50,000
// where the same ten register. `npm run bench` prints it; it gates nothing.

import { TextDocument } from "vscode-languageserver-textdocument";
import { LanguageClient } from "../lsp/language-client.ts";
import { change, editKinds, editPairs, open, type Timing, timing } from "./keystroke.ts";
import { programText, programWith } from "./program-text.ts";

const uri = "file:///bench/program.jlir";

interface Memory {
  /** Heap and external memory after a collection, in bytes. */
  readonly retained: number;
  readonly rss: number;
}

console.log("\n| | reach | got |\n|---|--:|--:|");
await printReach();

async function printReach(): Promise<void> {
  const large = programText("sparse", 5000);
  const opens: number[] = [];
  for (let i = 0; i < 5; i++) opens.push(await openTime(large));
  row("open 5,000 methods, median of 5", "≤ 400 ms", `${timing(opens).median.toFixed(0)} ms`);
  const keystroke = await keystrokes(large, 60);
  row("keystroke there, median", "≤ 5 ms", `${keystroke.median.toFixed(1)} ms`);
  row("keystroke there, p95", "≤ 15 ms", `${keystroke.p95.toFixed(1)} ms`);
  const small = await keystrokes(programWith(500, 10), 60);
  const huge = await keystrokes(programWith(50_000, 10), 60);
  const medians = `${huge.median.toFixed(1)} / ${small.median.toFixed(1)} ms`;
  row("keystroke, 50,000 methods / 500", "≤ 2", `${ratio(huge.median, small.median)} (${medians})`);
  const { retained, rss, text } = await memory(large);
  row("retained memory / text", "≤ 15", `${ratio(retained, text)} (${mib(retained)} MiB)`);
  row("resident set beside it", "", `${mib(rss)} MiB`);
}

function row(what: string, reach: string, got: string): void {
  console.log(`| ${what} | ${reach} | ${got} |`);
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(1);
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function documentOf(text: string): TextDocument {
  return TextDocument.create(uri, "julia-ir", 1, text);
}

async function openTime(text: string): Promise<number> {
  const { client, time } = await open(documentOf(text));
  await client.stop();
  return time;
}

/** Edits of all kinds, each taken back, after a round that warms up. */
async function keystrokes(text: string, count: number): Promise<Timing> {
  const document = documentOf(text);
  const { client } = await open(document);
  const pairs = editPairs(document);
  const sent = { uri, version: document.version };
  const times: number[] = [];
  for (let round = 0; times.length < count; round++) {
    for (const kind of editKinds) {
      for (const edit of pairs[kind]) {
        const { time } = await change(client, sent, edit);
        if (round > 0) times.push(time);
      }
    }
  }
  await client.stop();
  return timing(times);
}

/** What the file adds to what the server holds right after `initialized`. */
async function memory(text: string): Promise<Memory & { readonly text: number }> {
  const { client } = await LanguageClient.start({ nodeOptions: ["--expose-gc"] });
  const ask = (): Promise<Memory> => client.connection.sendRequest("finalens/memoryUsage");
  const before = await ask();
  await client.open(uri, text, 1);
  await client.diagnostics(uri, 1);
  const after = await ask();
  await client.stop();
  return {
    retained: after.retained - before.retained,
    rss: after.rss,
    text: Buffer.byteLength(text),
  };
}
