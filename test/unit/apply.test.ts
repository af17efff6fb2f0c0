// A method with its plans carried out reads back whole and well formed, differs from the old one by the
// plans' calls and nothing else, and leaves nothing more to do.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import type { AppliedMethod } from "../../server/src/analysis/plan/apply.ts";
import { applyToFile, applyToUnit, plansOf } from "../../server/src/features/apply.ts";
import { lower, type Method } from "../../server/src/ir/method.ts";
import { printMethod } from "../../server/src/ir/print.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import type { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { methodShape } from "../fuzz/method-shape.ts";

const root = new URL("../../../", import.meta.url);
/** Recorded programs beside the repository; the examples hold a part of them. */
const corpus = new URL("../shared/corpus/", root);

type Texts = ReadonlyMap<string, string>;

function textsBelow(url: URL): Map<string, string> {
  const texts = new Map<string, string>();
  if (!existsSync(url)) return texts;
  for (const file of readdirSync(url).sort()) {
    if (!file.endsWith(".jlir")) continue;
    texts.set(file, readFileSync(new URL(file, url), "utf8"));
  }
  return texts;
}

interface Recorded {
  readonly signature: string;
  readonly method: string;
  readonly effects: string;
  readonly types: readonly {
    readonly type: string;
    readonly mutable: boolean;
    readonly fields: readonly {
      readonly name: string;
      readonly type: string;
      readonly const: boolean;
    }[];
  }[];
  readonly [form: string]: unknown;
}

/** The canonical text of a recorded program in one of its printed forms; null where it has none. */
function canonical(recorded: Recorded, form: string): string | null {
  const body = recorded[form];
  if (typeof body !== "string") return null;
  const types = recorded.types.map(({ type, mutable, fields }) => {
    const list = fields.map((one) => `${one.name}::${one.type}${one.const ? " const" : ""}`);
    return `  type ${type} ${mutable ? "mutable " : ""}(${list.join(", ")})\n`;
  });
  const { signature, method, effects } = recorded;
  const head = `${signature}\n  from ${method}\n  effects ${effects}\n${types.join("")}`;
  return `${head}${body.trimEnd()}\n\n`;
}

function recorded(folder: string, form: string): Map<string, string> {
  const texts = new Map<string, string>();
  const url = new URL(`${folder}/`, corpus);
  if (!existsSync(url)) return texts;
  for (const file of readdirSync(url).sort()) {
    if (!file.endsWith(".json")) continue;
    const data = JSON.parse(readFileSync(new URL(file, url), "utf8")) as Recorded;
    const text = canonical(data, form);
    if (text !== null) texts.set(`${basename(file, ".json")}.jlir`, text);
  }
  return texts;
}

/** What Julia knows of `finalize`: without it a call of it is one to fear. */
const finalize = `MethodInstance for finalize(::Any)
  effects (!c,!e,+n,!t,+s,!m,+u,+o,+r)
CodeInfo(
1 ─ %1 = $(Expr(:foreigncall, :(:jl_get_current_task), Ref{Task}, svec(), 0, :(:ccall)))::Task
│        $(Expr(:foreigncall, :(:jl_finalize_th), Nothing, svec(Any, Any), 0, :(:ccall), :(%1), Core.Argument(2), Core.Argument(2), :(%1)))::Nothing
└──      return nothing
) => Nothing
`;

function workspaceOf(texts: Texts, callees: Texts): Workspace {
  const workspace = new Workspace(null);
  workspace.set("callees/finalize.jlir", finalize);
  for (const [path, text] of callees) workspace.set(`callees/${path}`, text);
  for (const [path, text] of texts) workspace.set(path, text);
  return workspace;
}

/** Checks every method of the texts; the number of those that a plan changed. */
function checkAll(texts: Texts, callees: Texts): number {
  const workspace = workspaceOf(texts, callees);
  const after = new Map<string, string>();
  let count = 0;
  for (const path of texts.keys()) {
    for (const unit of workspace.document(path)?.units ?? []) {
      const applied = applyToUnit(workspace, unit);
      if (applied === null) continue;
      checkMethod(path, workspace, unit, applied);
      count++;
    }
    after.set(path, applyToFile(workspace, path, null)?.text ?? "");
  }
  checkNothingLeft(workspaceOf(after, callees), [...texts.keys()]);
  return count;
}

function checkMethod(path: string, workspace: Workspace, unit: Unit, applied: AppliedMethod): void {
  const before = workspace.openUnit(unit)?.method;
  assert.ok(before !== undefined);
  const { method, text, positions, blocks, calls } = applied;
  const facts = workspaceOf(new Map([[path, text]]), new Map())
    .document(path)
    ?.units[0]?.facts();
  // Julia itself prints a φ behind another statement here and there.
  const codes = (one: typeof facts): string[] => one?.findings.map(({ code }) => code) ?? [];
  assert.deepEqual(codes(facts), codes(unit.facts()), `${path}\n${text}`);
  assert.equal(facts?.unreadable, unit.facts()?.unreadable);
  // Numbers, marks and widths are what the printer would make of them.
  assert.deepEqual(methodShape(reread(printMethod(method))), methodShape(method), path);
  const plans = plansOf(workspace, unit).filter(({ verdict }) => verdict !== "none");
  const dropped = new Set(
    plans.flatMap((plan) => (plan.verdict === "elide" ? plan.registrations : [])),
  );
  checkStatements(before, method, positions, dropped);
  for (let block = 1; block <= before.nBlocks; block++) {
    const first = positions.slice(before.firstOf[block]).find((one) => one > 0) ?? 0;
    assert.ok(first >= (method.firstOf[blocks[block] ?? 0] ?? 0));
  }
  for (const plan of plans) {
    const made = calls.filter((one) => one.plan === plan);
    const each: number =
      plan.verdict === "finalize" ? 1 : plan.registrations.filter(callsSomething(before)).length;
    assert.equal(made.length, plan.placements.length * each, path);
  }
  const gotos = method.nBlocks - before.nBlocks;
  const kept = [...positions].filter((one) => one > 0).length;
  assert.ok(method.nStatements >= kept + calls.length);
  assert.ok(method.nStatements <= kept + calls.length + gotos);
}

const callsSomething =
  (method: Method) =>
  (registration: number): boolean =>
    method.statements[registration - 1]?.operands[2]?.text !== "nothing";

function checkStatements(
  before: Method,
  after: Method,
  positions: Int32Array,
  dropped: ReadonlySet<number>,
): void {
  before.statements.forEach(({ kind, callee, facts }, index) => {
    const now = after.statements[(positions[index + 1] ?? 0) - 1];
    if (dropped.has(index + 1)) return;
    assert.equal(now?.kind, kind);
    assert.equal(now?.callee?.text, callee?.text);
    assert.deepEqual(now?.facts, facts);
  });
}

function reread(text: string): Method {
  const syntax = readMethod(text);
  assert.ok(syntax !== null);
  return lower(syntax, text);
}

function checkNothingLeft(workspace: Workspace, paths: readonly string[]): void {
  for (const path of paths) {
    for (const unit of workspace.document(path)?.units ?? []) {
      for (const plan of plansOf(workspace, unit)) {
        assert.equal(plan.verdict, "none", `${path} ${plan.registrations}\n${unit.text}`);
      }
    }
  }
}

test("plans of the examples are carried out", () => {
  const callees = textsBelow(new URL("examples/callees/", root));
  let count = 0;
  for (const folder of ["seed", "shapes"]) {
    count += checkAll(textsBelow(new URL(`examples/${folder}/`, root)), callees);
  }
  assert.ok(count > 2, `${count} methods`);
});

/** Groups of recorded programs by release and form; the random ones take long. */
const runs = {
  "1.13-dev": {
    inlined: ["seed", "shapes", "random"],
    final: ["seed", "shapes"],
    typed: ["seed", "shapes"],
    typed_source: ["seed", "shapes", "random"],
  },
  "1.11": { inlined: ["seed", "shapes"], typed: ["seed", "shapes"] },
  "1.10": { inlined: ["seed", "shapes", "random"], typed_source: ["seed", "shapes"] },
};

for (const [release, forms] of Object.entries(runs)) {
  const skip = !existsSync(new URL(`julia-${release}/`, corpus));
  for (const [form, groups] of Object.entries(forms)) {
    test(`plans of the programs of ${release} are carried out (${form})`, { skip }, () => {
      const callees = textsBelow(new URL(`julia-${release}/callees/`, corpus));
      let count = 0;
      for (const group of groups) {
        count += checkAll(recorded(`julia-${release}/${group}`, form), callees);
      }
      assert.ok(count > 20, `${count} methods`);
    });
  }
}
