// Prints every clean method of the corpus and reads it again: the two must be equal, and what `check`
// says of both texts must be equal, lines aside.
//
// `node out/test/fuzz/roundtrip.js [--shared DIR] [--verbose]`: DIR/corpus (default `../shared`) and
// the examples. Prints a row for each folder; exits 1 if a method differs.

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

let failed = false;
for (const folder of folders) {
  const counts = { methods: 0, clean: 0, equal: 0, files: 0, sameFacts: 0 };
  for (const path of filesBelow(folder)) roundTrip(path, counts);
  const { methods, clean, equal, files, sameFacts } = counts;
  const equals = `${equal} of ${clean} clean methods equal (${methods} in all)`;
  console.log(`${folder}: ${equals}, facts equal in ${sameFacts} of ${files} files`);
  if (equal < clean || sameFacts < files) failed = true;
}
process.exitCode = failed ? 1 : 0;

function roundTrip(path: string, counts: Record<string, number>): void {
  const add = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const workspace = new Workspace();
  workspace.set(path, readFileSync(path, "utf8"));
  const printed: string[] = [];
  for (const unit of workspace.document(path)?.units ?? []) {
    const method = unit.read();
    if (method === null) continue;
    add("methods");
    if (unit.facts()?.findings.length !== 0) {
      printed.push(method.text);
      continue;
    }
    add("clean");
    const text = printMethod(method);
    printed.push(text);
    if (isEqual(method, text)) add("equal");
    else if (values.verbose) console.log(`${path}: ${method.header.signature}\n${text}`);
  }
  const again = new Workspace();
  again.set(path, printed.join("\n"));
  add("files");
  if (isDeepStrictEqual(factsOf(again, path), factsOf(workspace, path))) add("sameFacts");
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
    .filter((file) => file.endsWith(".jlir") || file.endsWith(".txt"))
    .sort()
    .map((file) => join(folder, file));
}
