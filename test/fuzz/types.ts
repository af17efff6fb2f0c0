// Parses every printed type in the bodies of the corpus: annotations of statements and of operands, and
// what a method returns; not those of headers. A type is parsed if no part of it is `unknown`; the
// bounds of `where` variables are not looked into.
//
// `node out/test/fuzz/types.js [--shared DIR] [--min PERCENT] [--verbose]`: DIR/corpus/*/base and
// DIR/corpus/forms (default `../shared`). Prints a row for each folder; exits 1 where less than
// PERCENT (default 99.9) is parsed, or nothing was found.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { eachOperand } from "../../server/src/ir/method.ts";
import { type JuliaType, parseType } from "../../server/src/syntax/type.ts";
import type { Span } from "../../server/src/text/span.ts";
import { Document } from "../../server/src/workspace/document.ts";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    min: { type: "string", default: "99.9" },
    verbose: { type: "boolean", default: false },
  },
});

const corpus = `${values.shared}/corpus`;
const folders = [
  ...["julia-1.13-dev", "julia-1.11", "julia-1.10"].map((release) => `${corpus}/${release}/base`),
  ...["1.13-dev", "1.11", "1.10", "1.5.3"].map((release) => `${corpus}/forms/${release}`),
];

let [all, parsed] = [0, 0];
let isBelow = false;
for (const folder of folders) {
  let [n, good] = [0, 0];
  for (const type of typesBelow(folder)) {
    n++;
    if (isParsed(parseType(type))) good++;
    else if (values.verbose) console.log(`${folder}: ${type}`);
  }
  // A release alone must reach the bar too: many others would hide it.
  if (n === 0 || (100 * good) / n < Number(values.min)) isBelow = true;
  console.log(`${folder}: ${good} of ${n} types parsed`);
  all += n;
  parsed += good;
}
console.log(`all: ${parsed} of ${all} types parsed, ${((100 * parsed) / all).toFixed(3)} %`);
process.exitCode = isBelow ? 1 : 0;

function* typesBelow(folder: string): Generator<string> {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!/\.(?:jlir|txt)$/.test(file)) continue;
    for (const unit of new Document(readFileSync(join(folder, file), "utf8")).units) {
      const method = unit.read();
      if (method === null) continue;
      const spans: Span[] = [];
      if (method.syntax.returnType !== null) spans.push(method.syntax.returnType);
      for (const statement of method.statements) {
        if (statement.type !== null) spans.push(statement.type);
        eachOperand(statement, ({ annotation }) => {
          if (annotation !== null) spans.push(annotation);
        });
      }
      for (const { start, end } of spans) yield method.text.slice(start, end).replace(/^::/, "");
    }
  }
}

function isParsed(type: JuliaType): boolean {
  switch (type.kind) {
    case "unknown":
      return false;
    case "data":
      return type.parameters.every(isParsed);
    case "union":
      return type.members.every(isParsed);
    case "namedtuple":
      return type.types.every(isParsed);
    case "where":
      return isParsed(type.body);
    case "bound":
    case "partial":
      return isParsed(type.type);
    default:
      return true;
  }
}
