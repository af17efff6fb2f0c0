// Escape analysis against a real Julia: every field of every value of 65 programs, from the facts
// that were recorded beside the answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { aliasesOf, analyseEscapes, escapeOf } from "../../server/src/analysis/escape/analyse.ts";
import {
  type AliasInfo,
  hasAllEscape,
  hasNoEscape,
} from "../../server/src/analysis/escape/lattice.ts";
import { bodyOf, type RecordedFacts, readData } from "./oracle.ts";

interface RecordedEscape {
  readonly analyzed: boolean;
  readonly return: boolean;
  readonly thrown: readonly number[];
  readonly alias: boolean | { indexable: string[][] } | { unindexable: string[] };
  readonly liveness: readonly number[];
  readonly aliases: readonly string[] | null;
  readonly all: boolean;
  readonly no_escape: boolean;
}

interface Scenario extends RecordedFacts {
  readonly id: string;
  readonly args: readonly RecordedEscape[];
  readonly ssa: readonly RecordedEscape[];
}

const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

function aliasInfo(alias: AliasInfo): unknown {
  if (alias === "none") return false;
  if (alias === "all") return true;
  const names = (field: { defs: ReadonlySet<number>; uses: ReadonlySet<number> }): string[] =>
    [...[...field.defs].map((n) => `def${n}`), ...[...field.uses].map((n) => `use${n}`)].sort();
  return alias.kind === "fields"
    ? { indexable: alias.fields.map(names) }
    : { unindexable: names(alias.field) };
}

function recorded(one: RecordedEscape): unknown {
  const alias =
    typeof one.alias === "boolean"
      ? one.alias
      : "indexable" in one.alias
        ? { indexable: one.alias.indexable.map((field) => [...field].sort()) }
        : { unindexable: [...one.alias.unindexable].sort() };
  return {
    ...one,
    alias,
    thrown: ascending(one.thrown),
    liveness: ascending(one.liveness),
    aliases: one.aliases === null ? null : [...one.aliases].sort(),
  };
}

const { scenarios } = readData<{ scenarios: Scenario[] }>("ea-oracle-1.13dev.json");

test("there are 65 programs", () => {
  assert.equal(scenarios.length, 65);
});

for (const scenario of scenarios) {
  test(scenario.id, () => {
    assert.equal(scenario.args.length, scenario.identity_free_args.length);
    assert.equal(scenario.ssa.length, scenario.structured.length);
    const body = bodyOf(scenario);
    const state = analyseEscapes(body);
    const found = (value: number): unknown => {
      const info = escapeOf(state, value);
      assert.ok(info);
      const aliases = aliasesOf(state, value);
      return {
        analyzed: info.analyzed,
        return: info.returnEscape,
        thrown: ascending(info.thrown),
        alias: aliasInfo(info.alias),
        liveness: ascending(info.liveness),
        aliases:
          aliases === null ? null : aliases.map((one) => (one > 0 ? `%${one}` : `_${-one}`)).sort(),
        all: hasAllEscape(info),
        no_escape: hasNoEscape(info),
      };
    };
    scenario.args.forEach((one, index) => {
      assert.deepEqual(found(-(index + 1)), recorded(one), `argument ${index + 1}`);
    });
    scenario.ssa.forEach((one, index) => {
      assert.deepEqual(found(index + 1), recorded(one), `%${index + 1}`);
    });
  });
}
