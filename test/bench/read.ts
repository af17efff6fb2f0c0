// The reading benchmark: how fast printed IR becomes units, trees and verified methods, without any
// analysis behind it, and how the time grows when the text doubles.
//
// `npm run bench:read -- [--shared DIR] [--rounds N] [--big [--only TEXT]]`: reads
// DIR/corpus/*/base (default `../shared`), or the examples repeated where that is absent, then says how
// long the first outline of 5,000 methods takes. `--big` measures the hostile texts instead, those whose
// name holds TEXT. Each row runs in a process of its own, so that `first` is cold, with everything on one
// thread, garbage collector and compiler included. Times are CPU time where Linux tells it, so that
// other load does not disturb them; a megabyte is 10⁶ bytes of UTF-8. The status is 1 where a hostile
// text fails: a throw, or a time that grows clearly more than the text.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { documentSymbols } from "../../server/src/features/document-symbol.ts";
import { dominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { lower } from "../../server/src/ir/method.ts";
import { verify } from "../../server/src/ir/verify.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { Document } from "../../server/src/workspace/document.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { clock } from "./clock.ts";
import { hostileLine, hostileNames, measureHostile } from "./hostile.ts";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    rounds: { type: "string", default: "15" },
    big: { type: "boolean", default: false },
    only: { type: "string", default: "" },
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

const outlineRow = "outline";

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

if (values.row === undefined) {
  process.exitCode = values.big ? runHostile() : runCorpus();
} else if (values.big) {
  const row = measureHostile(values.row);
  console.log(hostileLine(row));
  process.exitCode = row.failure === null ? 0 : 1;
} else if (values.row === outlineRow) measureOutline();
else measure(works.get(values.row) ?? ((text) => read(text, false)));

function runCorpus(): number {
  console.log(
    "work                  first    best     twice   (MB/s; growth when the text doubles)",
  );
  for (const name of [...works.keys(), outlineRow]) {
    const { stdout, status } = runRow(name);
    if (status !== 0) return 1;
    console.log(`${name.padEnd(20)} ${stdout}`);
  }
  return 0;
}

function runHostile(): number {
  console.log(
    "text                                   MB       s  growth in        (both of twice the text)",
  );
  let failed = 0;
  for (const name of hostileNames.filter((one) => one.includes(values.only))) {
    const { stdout, status } = runRow(name);
    console.log(stdout === "" ? `${name}  ✗ the process ended with ${status}` : stdout);
    if (status !== 0) failed++;
  }
  console.log(failed === 0 ? "all linear" : `${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function runRow(name: string): { stdout: string; status: number | null } {
  const script = fileURLToPath(import.meta.url);
  const args = ["--single-threaded", script, ...process.argv.slice(2), "--row", name];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  process.stderr.write(stderr);
  return { stdout: stdout.trimEnd(), status };
}

/** Prints cold speed, best speed, and the ratio of the times for one file twice and once as long. */
function measure(work: Work): void {
  const texts = corpus();
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const first = timeOf(work, texts);
  const rounds = Array.from({ length: Number(values.rounds) });
  const best = Math.min(...rounds.map(() => timeOf(work, texts)));
  // By `join`, since a sum of strings is not put together before it is read.
  const [whole, double] = [texts.join(""), [...texts, ...texts].join("")];
  const once = Math.min(...rounds.map(() => timeOf(work, [whole])));
  const twice = Math.min(...rounds.map(() => timeOf(work, [double])));
  const cells = [megabytes / first, megabytes / best, twice / once];
  console.log(cells.map((cell) => cell.toFixed(2).padStart(8)).join(""));
}

/** Prints how long a file of 5,000 methods takes until it is open, and then its first outline. */
function measureOutline(): void {
  const units = corpus().flatMap((text) => new Document(text).units.map((unit) => unit.text));
  const methods = units.filter((text) => /^\d+ ─/m.test(text));
  const wanted = 5000;
  const text = Array.from({ length: wanted }, (_, i) => methods[i % methods.length] ?? "").join("");
  const workspace = new Workspace();
  const opening = timeOf((whole) => workspace.set("a.jlir", whole) ?? 0, [text]);
  let count = 0;
  const outline = timeOf(() => {
    count = documentSymbols(workspace, "a.jlir").length;
    return count;
  }, [text]);
  const ms = (seconds: number): string => `${(seconds * 1e3).toFixed(0)} ms`;
  const size = `${count} methods, ${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB`;
  console.log(`${ms(outline)} for ${size}, first call, behind ${ms(opening)} to open them`);
}

/** Seconds. */
function timeOf(work: Work, texts: readonly string[]): number {
  const start = clock();
  for (const text of texts) work(text);
  return clock() - start;
}

function corpus(): string[] {
  const root = `${values.shared}/corpus`;
  const folders = existsSync(root)
    ? readdirSync(root)
        .sort()
        .map((release) => `${root}/${release}/base`)
    : [];
  const found = folders.filter((folder) => existsSync(folder)).flatMap(filesOf);
  if (found.length > 0) return found;
  const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
  const texts = readdirSync(examples).flatMap((folder) => filesOf(`${examples}/${folder}`));
  return Array.from({ length: 20 }, () => texts).flat();
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".jlir"))
    .sort()
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"));
}
