// Flags of statements against those of a real Julia: every line of
// spec/samples/statement-flags-1.13dev.txt, turned into the form that the reader reads. A flag that Julia
// sets and we do not must have a cause; one that we set and Julia does not is a fault.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chooseProfile } from "../../server/src/features/profile.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const text = readFileSync(
  new URL("../../../test/data/statement-flags-1.13dev.txt", import.meta.url),
  "utf8",
);

/** Layouts of the sample's types, which its text does not print. */
const layouts = [
  "type H mutable (x::Int64)",
  "type Cst mutable (p::Ptr{Nothing} const, q::Any)",
  "type At mutable (x::Int64 atomic)",
  "type SP{Int64} mutable (x::Int64)",
  "type Base.ScopedValues.Scope (values::Base.PersistentDict{ScopedValue, Any})",
  'type var"#a15##0#a15##1"{Int64} (x::Int64)',
  "type IdDict{Any, Any} mutable (ht::Memory{Any}, count::Int64, ndel::Int64)",
  "type Task mutable (next::Any, queue::Any, storage::Any)",
];

/** A statement of the sample in the form that `code_typed` prints. */
function printed(statement: string, isTerminator: boolean): string {
  let code = statement
    .replace(/Core\.Argument\((\d+)\)/g, "_$1")
    .replace(/:\((%\d+)\)/g, "$1")
    .replace(/ :: ([^\n]*)$/, isTerminator ? "" : "::$1")
    .replace(/^goto %(\d+)/, "goto #$1")
    .replace(/Core\.EnterNode\((\d+), (.*)\)/, (_, block: string, scope: string) =>
      scope === "#undef" ? `enter #${block}` : `enter #${block} with scope ${scope}`,
    )
    .replace(/Core\.PiNode\((.*), ([^,()]*)\)/, "π ($1, $2)")
    .replace(/^(φ|φᶜ) \((.*)\)/, (_, name: string, list: string) =>
      name === "φ" ? `φ (${list.replace(/(^|, )%(\d+) =>/g, "$1#$2 =>")})` : `${name} (${list})`,
    );
  const invoke =
    /^\$\(Expr\(:invoke, CodeInstance for MethodInstance for .*?\((.*?)\), (?::\()?([^()]*?)\)?(?:, (.*))?\)\)::(.*)$/.exec(
      code,
    );
  if (invoke !== null) {
    const [, types = "", callee = "", list = "", type = ""] = invoke;
    const names = types.split(/, (?=::)/);
    const args = list.split(", ").map((one, i) => `${one}${names[i] ?? ""}`);
    code = `invoke ${callee}(${list === "" ? "" : args.join(", ")})::${type}`;
  }
  return code;
}

interface Sampled {
  readonly place: string;
  readonly flags: string;
  readonly statement: string;
}

const functions = text
  .split(/^--- /m)
  .slice(1)
  .map((part) => {
    const [title = "", ...lines] = part.trimEnd().split("\n");
    const sampled = lines.map((line): Sampled => {
      const [, flags = "", id = "", statement = ""] =
        /^ {2}(\S+) {2}%(\d+) = (.*)$/.exec(line) ?? [];
      return { place: `${title} %${id}`, flags, statement };
    });
    return { title, sampled };
  });

const terminators = /^(?:goto|return|unreachable|Core\.EnterNode|\$\(Expr\(:(?:leave|loopinfo))/;

/** Statement → why Julia has a flag there that we have not. */
const causes: readonly [RegExp, string][] = [
  [/^%new\(Base\.var"#_growend!/, "the closure's layout is not among the sample's types"],
  [/^Base\.setglobal!/, "the declared type of a binding is not printed"],
  [/^Base\.getfield\(\$\(QuoteNode/, "a constant's fields are not read out of its printed form"],
  [/^\$\(Expr\(:invoke/, "the callee's effects are not printed with the statement"],
  [/^Base\.getfield\(%1, :storage\)/, "which fields a task's constructor sets is not printed"],
  [/^\$\(Expr\(:static_parameter/, "whether a static parameter is defined is not printed"],
  [/^Core\.apply_type/, "the bounds of the head's parameters are not printed"],
  [/^%new\(%\d+,/, "the type is a value"],
  [/^unreachable/, "nothing asks for the effects of what is never reached"],
];

function causeOf(statement: string): string | null {
  return causes.find(([form]) => form.test(statement))?.[1] ?? null;
}

test("flags of statements", () => {
  const wrong: string[] = [];
  let same = 0;
  for (const { title, sampled } of functions) {
    const [, name = "f", list = ""] = /^(\w+)\((.*?),?\)$/.exec(title) ?? [];
    const types = list === "" ? [] : list.split(/, (?![^{]*\})/);
    const lines = sampled.map(({ statement }, index) => {
      const code = printed(statement, terminators.test(statement));
      return `${index === 0 ? "1 ─" : "│  "} %${index + 1} = ${code}`;
    });
    const source = [
      `MethodInstance for ${name}(${types.map((type) => `::${type}`).join(", ")})`,
      ...layouts.map((line) => `  ${line}`),
      "CodeInfo(",
      ...lines,
      ") => Any",
      "",
    ].join("\n");
    const workspace = new Workspace(chooseProfile("1.13"));
    workspace.set("f.jlir", source);
    const unit = workspace.document("f.jlir")?.units[0];
    const opened = unit === undefined ? null : workspace.openUnit(unit);
    assert.ok(opened, title);
    assert.equal(opened.method.nStatements, sampled.length, source);
    sampled.forEach(({ place, flags, statement }, index) => {
      const made = opened.body.statements[index];
      const julia = [flags[0] === "N", flags[1] === "E"];
      const ours = [made?.nothrow === "yes", made?.effectFree === "yes"];
      if (String(julia) === String(ours)) same++;
      const isUnsafe = ours.some((flag, i) => flag && julia[i] === false);
      if (isUnsafe || (String(julia) !== String(ours) && causeOf(statement) === null)) {
        wrong.push(`${place}: Julia ${julia}, ours ${ours}: ${made?.kind} ${statement}`);
      }
    });
  }
  assert.deepEqual(wrong, []);
  assert.ok(same > 300);
});
