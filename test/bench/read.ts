// The reading benchmark: how fast printed IR becomes units, trees and verified methods, without any
// analysis behind it, and how the time grows when the text doubles.
//
// `npm run bench:read -- [--shared DIR] [--rounds N] [--big]`: reads DIR/corpus/*/base (default
// `../shared`), or the examples repeated where that is absent. `--big` adds hostile texts. Each row
// runs in a process of its own, so that `first` is cold, with everything on one thread, garbage
// collector and compiler included. Times are CPU time where Linux tells it, so that other load does
// not disturb them; a megabyte is 10⁶ bytes of UTF-8.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { lower } from "../../server/src/ir/method.ts";
import { verify } from "../../server/src/ir/verify.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { Document } from "../../server/src/workspace/document.ts";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    rounds: { type: "string", default: "15" },
    big: { type: "boolean", default: false },
    /** The row that this process measures; none in the process that a person starts. */
    row: { type: "string" },
  },
});

type Work = (text: string) => number;

/** What is measured; each answers with a number that depends on all of its work. */
const works: ReadonlyMap<string, Work> = new Map([
  ["cut", (text) => new Document(text).units.length],
  ["read", (text) => read(text, false)],
  ["read, lower, verify", (text) => read(text, true)],
]);

function read(text: string, withVerifier: boolean): number {
  let count = 0;
  for (const unit of new Document(text).units) {
    const { text: clean } = unit.cleaned();
    const syntax = readMethod(clean);
    if (syntax === null) continue;
    count += syntax.statements.length;
    if (!withVerifier) continue;
    const method = lower(syntax, clean);
    count += verify(method, dominatorTree(method.graph)).length;
  }
  return count;
}

if (values.row === undefined) runRows();
else measure(works.get(values.row) ?? read.bind(null, "", false));

function runRows(): void {
  console.log(
    "work                  first    best     twice   (MB/s; growth when the text doubles)",
  );
  for (const name of works.keys()) {
    const script = fileURLToPath(import.meta.url);
    const args = ["--single-threaded", script, ...process.argv.slice(2), "--row", name];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    process.stderr.write(stderr);
    if (status !== 0) process.exit(1);
    console.log(`${name.padEnd(20)} ${stdout.trimEnd()}`);
  }
}

/** Prints cold speed, best speed, and the ratio of the times for the text twice and once. */
function measure(work: Work): void {
  const texts = corpus();
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const first = timeOf(work, texts);
  const rounds = Array.from({ length: Number(values.rounds) });
  const best = Math.min(...rounds.map(() => timeOf(work, texts)));
  const twice = Math.min(...rounds.map(() => timeOf(work, [...texts, ...texts])));
  const cells = [megabytes / first, megabytes / best, twice / best];
  console.log(cells.map((cell) => cell.toFixed(2).padStart(8)).join(""));
}

/** Seconds. */
function timeOf(work: Work, texts: readonly string[]): number {
  const start = clock();
  for (const text of texts) work(text);
  return clock() - start;
}

/** Seconds of CPU time that this thread has had; of wall time where that cannot be known. */
function clock(): number {
  const known = "/proc/thread-self/schedstat";
  if (!existsSync(known)) return performance.now() / 1e3;
  return Number(readFileSync(known, "utf8").split(" ")[0]) / 1e9;
}

function corpus(): string[] {
  const root = `${values.shared}/corpus`;
  const folders = existsSync(root)
    ? readdirSync(root)
        .sort()
        .map((release) => `${root}/${release}/base`)
    : [];
  return folders.filter((folder) => existsSync(folder)).flatMap(filesOf);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".jlir"))
    .sort()
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"));
}
