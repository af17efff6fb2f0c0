// The reading benchmark: how fast printed IR becomes units, trees and verified methods, without any
// analysis behind it, and how the time grows when the text doubles.
//
// `npm run bench:read -- [--shared DIR] [--rounds N]`: reads DIR/corpus/*/base (default
// `../shared`), or the examples repeated where that is absent. Times are wall time of one thread; a
// megabyte is 10⁶ bytes of UTF-8.

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
    rounds: { type: "string", default: "9" },
  },
});

type Work = (text: string) => number;

/** What is measured; each answers with a number that depends on all of its work. */
const works: Readonly<Record<string, Work>> = {
  cut: (text) => new Document(text).units.length,
  read: (text) => {
    let nStatements = 0;
    for (const unit of new Document(text).units) {
      nStatements += readMethod(unit.cleaned().text)?.statements.length ?? 0;
    }
    return nStatements;
  },
  "read, lower, verify": (text) => {
    let nFindings = 0;
    for (const unit of new Document(text).units) {
      const { text: clean } = unit.cleaned();
      const syntax = readMethod(clean);
      if (syntax === null) continue;
      const method = lower(syntax, clean);
      nFindings += method.nStatements + verify(method, dominatorTree(method.graph)).length;
    }
    return nFindings;
  },
};

const texts = corpus();
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
const rounds = Number(values.rounds);
console.log(`${texts.length} files, ${megabytes.toFixed(1)} MB, best of ${rounds} rounds\n`);
console.log("work                   first   best   (MB/s)");
for (const [name, work] of Object.entries(works)) {
  const times = Array.from({ length: rounds }, () => timeOf(work, texts));
  const [first = 0] = times;
  const speed = (time: number): string => ((megabytes / time) * 1000).toFixed(1).padStart(6);
  console.log(`${name.padEnd(20)} ${speed(first)} ${speed(Math.min(...times))}`);
}

function timeOf(work: Work, all: readonly string[]): number {
  const start = performance.now();
  for (const text of all) work(text);
  return performance.now() - start;
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
