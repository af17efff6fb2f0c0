// The recorded answers of real Julias (`../shared/corpus`), and the built product's answers on the same
// texts. The texts are written out as a user would have them: header, `effects` and `type` lines, one
// printed form, statement flags as annotations where asked for; all callees of the release beside them.
// Source: corpus/README.md, contract.md.

import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { bundledCallee } from "../../server/src/analysis/bundled-callees.ts";
import { keyOfInvoke, keyOfSignature } from "../../server/src/analysis/summary.ts";
import type { MethodJson } from "../../server/src/features/check-report.ts";
import { lower, type Method } from "../../server/src/ir/method.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";

export interface RecordedEscape {
  readonly analyzed: boolean;
  readonly return: boolean;
  readonly thrown: readonly number[];
  readonly liveness: readonly number[];
  readonly alias: string;
  readonly noescape: boolean;
  readonly allescape: boolean;
}

export interface RecordedEscapes {
  readonly error?: string;
  readonly ir?: string;
  readonly args: readonly RecordedEscape[];
  readonly ssa: readonly RecordedEscape[];
}

export interface RecordedDecision {
  readonly pc: number;
  readonly resolved: boolean;
  readonly reason: string;
  readonly block?: number;
  readonly after?: number | null;
}

interface Flags {
  readonly nothrow: boolean;
  readonly effect_free: boolean;
}

interface Layout {
  readonly type: string;
  readonly mutable: boolean;
  readonly fields: readonly { name: string; type: string; const: boolean; atomic?: boolean }[];
}

export interface Recorded {
  readonly signature: string;
  readonly method: string;
  readonly effects: string;
  readonly types: readonly Layout[];
  readonly inlined: string;
  readonly final: string;
  readonly inlined_flags: readonly Flags[];
  readonly final_flags: readonly Flags[];
  readonly inlined_escapes?: RecordedEscapes;
  readonly final_escapes?: RecordedEscapes;
  readonly escapes_interprocedural?: RecordedEscapes;
  readonly decisions?: Readonly<Record<"native" | "interprocedural", readonly RecordedDecision[]>>;
}

export type Form = "inlined" | "final" | "interprocedural";

export interface Question {
  readonly shared: string;
  readonly release: string;
  readonly groups: readonly string[];
  readonly form: Form;
  readonly annotate: boolean;
  readonly profile: string;
}

export interface Answered {
  readonly path: string;
  readonly recorded: Recorded;
  readonly method: MethodJson;
  /** Functions of `Main` that it calls and of which the corpus has no text. */
  readonly missing: readonly string[];
}

/** Everything of the corpus that the question names, with what the built product says of it. */
export function ask(question: Question): Answered[] {
  const { shared, release, groups, profile } = question;
  const corpus = `${shared}/corpus/julia-${release}`;
  const folder = mkdtempSync(join(tmpdir(), "finalens-accept-"));
  try {
    const recorded = new Map<string, Recorded>();
    for (const group of groups) {
      mkdirSync(join(folder, group));
      for (const name of readdirSync(`${corpus}/${group}`).filter((one) => one.endsWith(".json"))) {
        const one: Recorded = JSON.parse(readFileSync(`${corpus}/${group}/${name}`, "utf8"));
        const text = textOf(one, question);
        if (text === null) continue;
        const path = `${folder}/${group}/${basename(name, ".json")}.jlir`;
        writeFileSync(path, text);
        recorded.set(path, one);
      }
    }
    // A method that is asked about stands for itself as a callee.
    if (!groups.includes("callees")) {
      cpSync(`${corpus}/callees`, `${folder}/callees`, {
        recursive: true,
        filter: (path) => !path.endsWith(".json"),
      });
    }
    const args = ["--format", "json", "--values", "--profile", profile, "--fail-on", "never"];
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["dist/cli.cjs", "check", ...args, folder],
      { encoding: "utf8", maxBuffer: 1 << 30 },
    );
    if (stdout === "") throw new Error(stderr);
    const report: { files: { path: string; methods: MethodJson[] }[] } = JSON.parse(stdout);
    const known = keysIn(`${corpus}/callees`);
    return report.files.flatMap(({ path, methods: [method] }) => {
      const one = recorded.get(path);
      if (one === undefined) return [];
      if (method === undefined) throw new Error(`${path}: no method`);
      const missing = missingCallees(textOf(one, question) ?? "", known);
      return [{ path: path.slice(folder.length + 1), recorded: one, method, missing }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Keys of the methods below `folder`. */
function keysIn(folder: string): Set<string> {
  const keys = new Set<string>();
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".jlir"))) {
    const signature = methodOf(readFileSync(`${folder}/${name}`, "utf8"))?.header.signature;
    const key = signature == null ? null : keyOfSignature(signature);
    if (key !== null) keys.add(key);
  }
  return keys;
}

function missingCallees(text: string, known: ReadonlySet<string>): string[] {
  const method = methodOf(text);
  if (method === null) return [];
  return method.statements.flatMap((statement) => {
    const { callee, kind } = statement;
    if (kind !== "invoke" || callee?.module !== "Main") return [];
    if (bundledCallee(callee.text, true) !== null) return [];
    const key = keyOfInvoke(method, statement);
    return key === null || known.has(key) ? [] : [key];
  });
}

function methodOf(text: string): Method | null {
  const syntax = readMethod(text);
  return syntax === null ? null : lower(syntax, text);
}

function textOf(recorded: Recorded, { form, annotate }: Question): string | null {
  if (form === "interprocedural") {
    const ir = recorded.escapes_interprocedural?.ir;
    return ir === undefined ? null : `${headerOf(recorded)}${ir.trimEnd()}\n`;
  }
  const body = recorded[form].trimEnd();
  const flags = recorded[`${form}_flags`];
  return `${headerOf(recorded)}${annotate ? annotated(body, flags) : body}\n`;
}

function headerOf({ signature, method, effects, types }: Recorded): string {
  const lines = [signature, `  from ${method}`, `  effects ${effects}`];
  for (const { type, mutable, fields } of types) {
    const texts = fields.map(
      (field) =>
        `${field.name}::${field.type}${field.const ? " const" : ""}${field.atomic === true ? " atomic" : ""}`,
    );
    lines.push(`  type ${type} ${mutable ? "mutable " : ""}(${texts.join(", ")})`);
  }
  return `${lines.join("\n")}\n`;
}

const statementLine = /^\s*\d*\s*(?:\d+ [─┄]+|│|└─+)/;

function annotated(body: string, flags: readonly Flags[]): string {
  let index = 0;
  const lines = body.split("\n").map((line) => {
    const one = statementLine.test(line) ? flags[index++] : undefined;
    if (one === undefined) return line;
    return `${line.trimEnd()}   # (${one.nothrow ? "+" : "!"}n,${one.effect_free ? "+" : "!"}e)`;
  });
  if (index !== flags.length) throw new Error(`${index} lines, ${flags.length} flags: ${body}`);
  return lines.join("\n");
}
