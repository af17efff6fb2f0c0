// The hostile benchmark: texts that no Julia prints in this size (`hostile-text.ts`), each read in one
// size and in twice that, with everything that an editor asks of a file right after it opens.

import { diagnose } from "../../server/src/features/diagnostics.ts";
import { documentSymbols } from "../../server/src/features/document-symbol.ts";
import { foldingRanges } from "../../server/src/features/folding-range.ts";
import { semanticTokensIn } from "../../server/src/features/semantic-tokens.ts";
import { dominatorTree, postDominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { loopForest } from "../../server/src/ir/loop-forest.ts";
import { lower } from "../../server/src/ir/method.ts";
import { printMethod } from "../../server/src/ir/print.ts";
import { verify } from "../../server/src/ir/verify.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { tokensOf } from "../../server/src/syntax/tokens.ts";
import { Document } from "../../server/src/workspace/document.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { clock } from "./clock.ts";
import { type HostileText, longLines, manyLines } from "./hostile-text.ts";

const path = "hostile.jlir";

/** What is asked of a text; each is timed alone. */
const works: Readonly<Record<string, (text: string) => void>> = {
  cut: (text) => {
    new Document(text);
  },
  read: (text) => {
    for (const unit of new Document(text).units) readMethod(unit.cleaned().text);
  },
  verify: (text) => {
    for (const unit of new Document(text).units) {
      const { text: clean } = unit.cleaned();
      const syntax = readMethod(clean);
      if (syntax === null) continue;
      const method = lower(syntax, clean);
      verify(method, dominatorTree(method.graph));
      postDominatorTree(method.graph);
      loopForest(method.graph);
    }
  },
  tokens: (text) => {
    for (const unit of new Document(text).units) {
      const cleaned = unit.cleaned();
      tokensOf(unit.text, cleaned, readMethod(cleaned.text));
    }
  },
  print: (text) => {
    for (const unit of new Document(text).units) {
      const method = unit.read();
      if (method !== null) printMethod(method);
    }
  },
  colours: (text) => {
    const end = { line: Number.MAX_SAFE_INTEGER, character: 0 };
    semanticTokensIn(opened(text), path, { start: { line: 0, character: 0 }, end });
  },
  outline: (text) => {
    documentSymbols(opened(text), path);
  },
  folds: (text) => {
    foldingRanges(opened(text), path);
  },
  findings: (text) => {
    diagnose(opened(text), path);
  },
};

function opened(text: string): Workspace {
  const workspace = new Workspace();
  workspace.set(path, text);
  return workspace;
}

/** Pieces of the smaller text, where they are not `size`; twice `values` is a million. */
const sizes: Readonly<Record<string, number>> = {
  values: 5e5,
  "blocks in a row": 1e5,
  "blocks that lead to one": 1e5,
  "a φ of many edges": 1e4,
};

const size = 2e4;

/** What doubling the text may do to the time before it counts as more than linear. */
const growthLimit = 3;
/** Seconds below which a ratio says nothing: one collection is as long. */
const noise = 0.05;

export interface HostileRow {
  readonly name: string;
  readonly megabytes: number;
  /** Seconds for the text twice as large, by work. */
  readonly seconds: ReadonlyMap<string, number>;
  /** Where the time grew most, and how. */
  readonly worst: string;
  readonly growth: number;
  /** Why the row fails; null where it does not. */
  readonly failure: string | null;
}

/** Names of all texts. */
export const hostileNames: readonly string[] = [
  ...Object.keys(longLines),
  ...Object.keys(manyLines),
];

/** Measures the text of this name. Failures of the code under test are part of the row. */
export function measureHostile(name: string): HostileRow {
  const make: HostileText | undefined = longLines[name] ?? manyLines[name];
  if (make === undefined) throw new Error(`no hostile text is called ${name}`);
  const n = sizes[name] ?? size;
  const once = make(n);
  const twice = make(2 * n);
  const seconds = new Map<string, number>();
  const failures: string[] = [];
  let worst = "";
  let growth = 0;
  for (const [work, run] of Object.entries(works)) {
    try {
      const { time, ratio } = compare(run, once, twice);
      seconds.set(work, time);
      if (time < noise) continue;
      if (ratio > growth) [worst, growth] = [work, ratio];
      if (ratio > growthLimit) failures.push(`${work}: ${ratio.toFixed(1)} times the time`);
    } catch (error) {
      failures.push(`${work}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const megabytes = Buffer.byteLength(twice) / 1e6;
  const failure = failures.length > 0 ? failures.join("; ") : null;
  return { name, megabytes, seconds, worst, growth, failure };
}

/**
 * Seconds for `twice`, and how many times those of `once`. Tried again while the ratio is bad: a
 * collection or the compiler may come between, but not each time.
 */
function compare(
  run: (text: string) => void,
  once: string,
  twice: string,
): { time: number; ratio: number } {
  let [short, long] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let tries = 0; tries < 5; tries++) {
    short = Math.min(short, timeOf(run, once));
    long = Math.min(long, timeOf(run, twice));
    const isGood = long < noise || long / short <= growthLimit * 0.8;
    // A long run has the compiler behind it after its first half.
    if (isGood && (tries > 0 || long > 0.5)) break;
  }
  return { time: long, ratio: long / short };
}

function timeOf(run: (text: string) => void, text: string): number {
  const start = clock();
  run(text);
  return clock() - start;
}

/** The row as a line of the table. */
export function hostileLine({
  name,
  megabytes,
  seconds,
  worst,
  growth,
  failure,
}: HostileRow): string {
  const total = [...seconds.values()].reduce((sum, one) => sum + one, 0);
  const cells = [
    name.padEnd(34),
    megabytes.toFixed(1).padStart(7),
    total.toFixed(2).padStart(8),
    growth === 0 ? "       –" : growth.toFixed(2).padStart(8),
    ` ${worst.padEnd(8)}`,
  ];
  return `${cells.join("")}${failure === null ? "" : `  ✗ ${failure}`}`.trimEnd();
}
