// Prints every clean method of the corpus and reads it again: the two must be equal, and what `check`
// says of both texts must be equal, lines aside.
//
// `node out/test/fuzz/roundtrip.js [--shared DIR] [--verbose]`: DIR/corpus (default `../shared`) and
// the examples; of a `.json` every text in it. Prints a row for each folder; exits 1 if a method
// differs.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { methodsOf } from "../../server/src/features/check-report.ts";
import { diagnose } from "../../server/src/features/diagnostics.ts";
import { lower, type Method } from "../../server/src/ir/method.ts";
import { printMethod } from "../../server/src/ir/print.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { methodShape } from "./method-shape.ts";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    verbose: { type: "boolean", default: false },
  },
});

const corpus = `${values.shared}/corpus`;
const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
const folders = [
  examples,
  ...["julia-1.13-dev", "julia-1.11", "julia-1.10"].map((release) => `${corpus}/${release}`),
  ...["1.13-dev", "1.11", "1.10", "1.5.3"].map((release) => `${corpus}/forms/${release}`),
].filter((folder) => existsSync(folder));

/** Keys of the corpus' JSON that hold printed IR. */
const textKeys = "typed typed_source unoptimized warntype inlined sroa final".split(" ");

interface Counts {
  methods: number;
  clean: number;
  equal: number;
  texts: number;
  sameFacts: number;
}

const total: Counts = { methods: 0, clean: 0, equal: 0, texts: 0, sameFacts: 0 };
for (const folder of folders) {
  const counts: Counts = { methods: 0, clean: 0, equal: 0, texts: 0, sameFacts: 0 };
  for (const path of filesBelow(folder)) {
    for (const text of textsOf(path)) roundTrip(path, text, counts);
  }
  console.log(`${folder}: ${inWords(counts)}`);
  for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
}
console.log(`all: ${inWords(total)}`);
process.exitCode = total.equal < total.clean || total.sameFacts < total.texts ? 1 : 0;

function inWords({ methods, clean, equal, texts, sameFacts }: Counts): string {
  const equals = `${equal} of ${clean} clean methods equal (${methods} in all)`;
  return `${equals}, facts equal in ${sameFacts} of ${texts} texts`;
}

function roundTrip(path: string, text: string, counts: Counts): void {
  const workspace = new Workspace();
  workspace.set(path, text);
  const printed: string[] = [];
  for (const unit of workspace.document(path)?.units ?? []) {
    const method = unit.read();
    if (method === null) continue;
    counts.methods++;
    if (method.syntax.problems.length > 0) {
      printed.push(method.text);
      continue;
    }
    counts.clean++;
    const made = printMethod(method);
    printed.push(made);
    if (isEqual(method, made)) counts.equal++;
    else if (values.verbose) console.log(`${path}: ${method.header.signature}\n${made}`);
  }
  const again = new Workspace();
  again.set(path, printed.join("\n"));
  counts.texts++;
  if (isDeepStrictEqual(factsOf(again, path), factsOf(workspace, path))) counts.sameFacts++;
  else if (values.verbose) console.log(`${path}: facts differ`);
}

function isEqual(method: Method, printed: string): boolean {
  const syntax = readMethod(printed);
  return (
    syntax !== null && isDeepStrictEqual(methodShape(lower(syntax, printed)), methodShape(method))
  );
}

/** All that `check --format json --values` says, without lines and columns. */
function factsOf(workspace: Workspace, path: string): unknown {
  const findings = diagnose(workspace, path).map(({ code, message, severity, related }) => ({
    code,
    message,
    severity,
    related: related.map((one) => one.message),
  }));
  return JSON.parse(JSON.stringify([methodsOf(workspace, path, true), findings]), withoutLines);
}

function withoutLines(key: string, value: unknown): unknown {
  return key === "line" ? undefined : value;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:jlir|txt|json)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function textsOf(path: string): string[] {
  const content = readFileSync(path, "utf8");
  if (!path.endsWith(".json")) return [content];
  const record: Record<string, unknown> = JSON.parse(content);
  return textKeys.map((key) => record[key]).filter((text) => typeof text === "string");
}
