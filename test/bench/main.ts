// The keystroke benchmark: drives the built server over stdio with files of real methods and measures
// from sending `didChange` to the arrival of the diagnostics of that version, read and parsed. It
// fails if an answer is wrong, so that speed cannot come from saying less; it gates no time.
//
// `npm run bench -- [--methods 100,1000,5000] [--mix sparse,dense] [--edits 90] [--opens 3]
//                   [--json FILE] [--cpu-prof FOLDER]`

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { cpus, platform, release } from "node:os";
import { parseArgs } from "node:util";
import type { Diagnostic, TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { LanguageClient } from "../lsp/language-client.ts";
import { type Mix, programText } from "./program-text.ts";

interface Timing {
  readonly median: number;
  readonly p95: number;
}

interface Row {
  readonly mix: Mix;
  readonly methods: number;
  readonly kib: number;
  readonly diagnostics: number;
  /** Length of one publication. */
  readonly answerKib: number;
  /** Opening in a server that was just started, in ms. */
  readonly open: number;
  readonly keystroke: Timing;
  readonly kinds: Readonly<Record<EditKind, Timing>>;
}

const editKinds = ["comment", "operand", "break"] as const;
type EditKind = (typeof editKinds)[number];

/** An edit and the one that takes it back, both on the same line. */
type EditPair = readonly [TextDocumentContentChangeEvent, TextDocumentContentChangeEvent];

const { values } = parseArgs({
  options: {
    methods: { type: "string", default: "100,1000,5000" },
    mix: { type: "string", default: "sparse,dense" },
    edits: { type: "string", default: "90" },
    opens: { type: "string", default: "3" },
    json: { type: "string" },
    "cpu-prof": { type: "string" },
  },
});
const profileFolder = values["cpu-prof"];
const nodeOptions =
  profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
const uri = "file:///bench/program.jlir";

const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${platform()} ${release()}, Node ${process.version}`;
console.log(machine);
console.log();
console.log(
  "| text | methods | KiB | diagnostics | answer KiB | cold open | keystroke median / p95 | comment | operand | break and mend |",
);
console.log("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
const rows: Row[] = [];
for (const mix of values.mix.split(",").filter(isMix)) {
  for (const methods of values.methods.split(",").map(Number)) {
    const row = await measure(mix, methods);
    rows.push(row);
    console.log(tableLine(row));
  }
}
console.log("\nTimes in milliseconds, over stdio.");
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}

async function measure(mix: Mix, methods: number): Promise<Row> {
  const document = TextDocument.create(uri, "julia-ir", 1, programText(mix, methods));
  const opens: number[] = [];
  for (let i = 1; i < Number(values.opens); i++) {
    const { client, time } = await open(document);
    opens.push(time);
    await client.stop();
  }
  const { client, time, diagnostics } = await open(document);
  opens.push(time);
  const pairs = editPairs(document);
  const times: Record<EditKind, number[]> = { comment: [], operand: [], break: [] };
  // The first round warms up.
  const rounds = Math.ceil(Number(values.edits) / 6) + 1;
  for (let round = 0; round < rounds; round++) {
    for (const kind of editKinds) {
      const [first, second] = pairs[kind];
      const there = await change(client, document, first);
      const back = await change(client, document, second);
      assertAnswers(kind, diagnostics, there.diagnostics, back.diagnostics);
      if (round > 0) times[kind].push(there.time, back.time);
    }
  }
  await client.stop();
  return {
    mix,
    methods,
    kib: Math.round(Buffer.byteLength(document.getText()) / 1024),
    diagnostics: diagnostics.length,
    answerKib: Math.round(JSON.stringify(diagnostics).length / 1024),
    open: timing(opens).median,
    keystroke: timing(Object.values(times).flat()),
    kinds: {
      comment: timing(times.comment),
      operand: timing(times.operand),
      break: timing(times.break),
    },
  };
}

async function open(
  document: TextDocument,
): Promise<{ client: LanguageClient; time: number; diagnostics: Diagnostic[] }> {
  const { client } = await LanguageClient.start({ nodeOptions });
  const start = performance.now();
  await client.open(uri, document.getText(), document.version);
  const diagnostics = await client.diagnostics(uri, document.version);
  return { client, time: performance.now() - start, diagnostics };
}

async function change(
  client: LanguageClient,
  document: TextDocument,
  edit: TextDocumentContentChangeEvent,
): Promise<{ time: number; diagnostics: Diagnostic[] }> {
  TextDocument.update(document, [edit], document.version + 1);
  const seen = client.published.length;
  const start = performance.now();
  await client.change(uri, document.version, edit);
  const diagnostics = await client.diagnostics(uri, document.version, seen);
  const time = performance.now() - start;
  // Kept publications would be the client's garbage, not the server's.
  client.published.length = 0;
  return { time, diagnostics };
}

/** What each edit must lead to: nothing new, but an error on the line that is broken. */
function assertAnswers(
  kind: EditKind,
  before: readonly Diagnostic[],
  there: readonly Diagnostic[],
  back: readonly Diagnostic[],
): void {
  assert.deepEqual(back, before, `taking back "${kind}" leads back to the first answer`);
  const errors = (all: readonly Diagnostic[]): number =>
    all.filter(({ code }) => code === "syntax/unreadable-statement").length;
  if (kind === "break") assert.equal(errors(there), errors(before) + 1);
  else assert.equal(there.length, before.length);
}

/** Edits of the allocation nearest behind the middle of the text. */
function editPairs(document: TextDocument): Readonly<Record<EditKind, EditPair>> {
  const text = document.getText();
  const statement = /%new\(Main\.Counted, (\w+)\)::Counted$/gm;
  statement.lastIndex = text.length >> 1;
  // Found nowhere behind it, the second search begins at the text's start.
  const found = statement.exec(text) ?? statement.exec(text);
  assert.ok(found !== null, "the text holds an allocation");
  const [whole, operand = ""] = found;
  const end = found.index + whole.length;
  const close = end - ")::Counted".length;
  const swap = (from: number, old: string, text: string): EditPair => {
    const place = (length: number) => ({
      start: document.positionAt(from),
      end: {
        ...document.positionAt(from),
        character: document.positionAt(from).character + length,
      },
    });
    return [
      { range: place(old.length), text },
      { range: place(text.length), text: old },
    ];
  };
  return {
    comment: swap(end, "", "  # note"),
    operand: swap(close - operand.length, operand, "42"),
    break: swap(close, ")", ""),
  };
}

function timing(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95) };
}

function tableLine(row: Row): string {
  const { mix, methods, kib, diagnostics, answerKib, kinds } = row;
  const both = ({ median, p95 }: Timing): string => `${median.toFixed(1)} / ${p95.toFixed(1)}`;
  const cells = [
    ...[mix, methods, kib, diagnostics, answerKib, row.open.toFixed(0), both(row.keystroke)],
    ...[kinds.comment.median, kinds.operand.median, kinds.break.median].map((one) =>
      one.toFixed(1),
    ),
  ];
  return `| ${cells.join(" | ")} |`;
}

function isMix(text: string): text is Mix {
  return text === "dense" || text === "sparse";
}
