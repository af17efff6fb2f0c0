// The keystroke benchmark: drives the built server over stdio with files of real methods and measures
// from sending `didChange` to the arrival of the diagnostics of that version, read and parsed. It
// fails if an answer is wrong, so that speed cannot come from saying less; it gates no time.
//
// `npm run bench -- [--methods 100,1000,5000] [--mix sparse,dense] [--edits 90] [--opens 3]
//                   [--json FILE] [--cpu-prof FOLDER]`

import { writeFileSync } from "node:fs";
import { cpus, platform, release } from "node:os";
import { parseArgs } from "node:util";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  assertAnswers,
  change,
  type EditKind,
  editKinds,
  editPairs,
  open,
  type Timing,
  timing,
} from "./keystroke.ts";
import { type Mix, programText } from "./program-text.ts";

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
    const { client, time } = await open(document, nodeOptions);
    opens.push(time);
    await client.stop();
  }
  const { client, time, diagnostics } = await open(document, nodeOptions);
  opens.push(time);
  const pairs = editPairs(document);
  const sent = { uri, version: document.version };
  const times: Record<EditKind, number[]> = { comment: [], operand: [], break: [] };
  // The first round warms up.
  const rounds = Math.ceil(Number(values.edits) / 6) + 1;
  for (let round = 0; round < rounds; round++) {
    for (const kind of editKinds) {
      const [first, second] = pairs[kind];
      const there = await change(client, sent, first);
      const back = await change(client, sent, second);
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
