// `Finalens.toml`: places of what is wrong, edits that add and remove facts, names, and the schema for
// editors, which must be the one that the reader validates with (FINALENS_UPDATE=1 writes it).

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import fc from "fast-check";
import { assumptionFor, assumptionKey } from "../../server/src/analysis/assumption.ts";
import {
  type AssumedFact,
  addFacts,
  type ConfigEdit,
  removeFact,
} from "../../server/src/config/edit-config.ts";
import { readConfig } from "../../server/src/config/read-config.ts";
import { configSchema } from "../../server/src/config/schema.ts";

function applied(text: string, edits: readonly ConfigEdit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (made, { span, newText }) => made.slice(0, span.start) + newText + made.slice(span.end),
      text,
    );
}

/** Code and blamed text of each finding. */
function blamed(text: string): string[] {
  return readConfig(text).findings.map(
    ({ code, span }) => `${code} ${text.slice(span.start, span.end)}`,
  );
}

test("what is wrong is told at its key or value", () => {
  const text = [
    "profle = '1.13' # misspelt",
    'profile = "2.0"',
    '[assume."Main.use"]',
    "captures = 'no'",
    "nothro = true",
    "[assume]",
    '"f" = { nothrow = 1 }',
    "[severity]",
    '"finalizer/nope" = "hint"',
  ].join("\n");
  assert.deepEqual(blamed(text).sort(), [
    'assume/unknown-key "finalizer/nope"',
    "assume/unknown-key nothro",
    "assume/unknown-key profle",
    'assume/wrong-value "2.0"',
    "assume/wrong-value 'no'",
    "assume/wrong-value 1",
  ]);
});

test("of two that contradict each other neither counts, in whatever order", () => {
  for (const names of [
    ["Main.use", "use(::T)"],
    ["use(::T)", "Main.use"],
    ["Main.use", "use"],
  ]) {
    const [one = "", other = ""] = names;
    const text = `[assume."${one}"]\ncaptures = false\nnothrow = true\n[assume."${other}"]\ncaptures = true\n`;
    assert.deepEqual(blamed(text), ["assume/contradiction captures = true"]);
    const { assumptions } = readConfig(text);
    const key = assumptionKey("use(::T)") ?? "";
    const found = assumptionFor(assumptions, key) ?? {};
    assert.equal("captures" in found, false);
  }
});

test("functions, methods and closures are named as texts name them", () => {
  assert.equal(assumptionKey("Main.use"), "use");
  assert.equal(assumptionKey("use(::Main.Counted)"), assumptionKey("Main.use(::Counted)"));
  assert.equal(assumptionKey('var"#f#1"'), '(::var"#f#1")');
  assert.equal(assumptionKey('(::var"#f#1")'), '(::var"#f#1")');
  assert.equal(assumptionKey(""), null);
});

const fact: fc.Arbitrary<AssumedFact> = fc.record({
  name: fc.constantFrom("Main.use", "use(::T)", '(::var"#f#1")', "f"),
  field: fc.constantFrom("captures", "nothrow", "notaskstate"),
  value: fc.boolean(),
});

test("what is added is read back, and what is removed is gone", () => {
  const start = fc.constantFrom(
    "",
    '# mine\nprofile = "1.13"',
    "[assume.f]\nnothrow = true\n\n[severity]\n",
    "assume = { f = { nothrow = true, captures = false } }\n",
  );
  fc.assert(
    fc.property(start, fc.array(fact, { maxLength: 6 }), (text, facts) => {
      let now: string = text;
      for (const one of facts) {
        // An inline table cannot be added to from outside.
        if (now.startsWith("assume =")) break;
        now = applied(now, addFacts(now, [one]));
        const read = readConfig(now);
        assert.deepEqual(
          read.findings.filter(({ code }) => code !== "assume/contradiction"),
          [],
          now,
        );
        const entry = read.entries.find(({ key }) => key === assumptionKey(one.name));
        assert.equal(entry?.assumption[one.field], one.value, now);
      }
      for (const { name, assumption } of readConfig(now).entries) {
        for (const field of Object.keys(assumption) as AssumedFact["field"][]) {
          now = applied(now, removeFact(now, name, field));
          const left = readConfig(now);
          assert.equal(
            left.findings.some(({ code }) => code === "assume/unreadable"),
            false,
            now,
          );
          const entry = left.entries.find((one) => one.name === name);
          assert.equal(entry?.assumption[field], undefined, now);
        }
      }
    }),
  );
});

test("no text makes the reader fail", () => {
  fc.assert(fc.property(fc.string(), (text) => void readConfig(text)));
});

test("the schema for editors is the reader's", () => {
  const path = fileURLToPath(new URL("../../../syntaxes/finalens.schema.json", import.meta.url));
  const made = {
    ...toJsonSchema(configSchema, { errorMode: "ignore" }),
    title: "Finalens.toml",
  };
  const text = `${JSON.stringify(made, null, 2)}\n`;
  if (process.env["FINALENS_UPDATE"] !== undefined) writeFileSync(path, text);
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), made);
});
