// Profiles: the names that are offered are the names that are read, everywhere.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { profileBetween, profileOf, profiles } from "../../server/src/analysis/profile.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const names = profiles.map(({ name }) => name);

interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly enum: string[]; readonly enumDescriptions: string[] }>
      >;
    };
  };
}

test("the setting offers every profile, with its title", () => {
  const manifest: Manifest = JSON.parse(read("package.json"));
  const setting = manifest.contributes.configuration.properties["finalens.profile"];
  assert.deepEqual(setting?.enum, ["auto", ...names]);
  assert.deepEqual(
    setting?.enumDescriptions.slice(1),
    profiles.map(({ title }) => title),
  );
});

test("the pages name every profile that is no release", () => {
  for (const page of ["README.md", "docs/fidelity.md"]) {
    for (const name of names.filter((one) => one.includes("+"))) {
      assert.ok(read(page).includes(`\`${name}\``), `${page} does not name ${name}`);
    }
  }
});

test("a profile is found by its name only", () => {
  for (const one of profiles) assert.equal(profileOf(one.name), one);
  for (const name of ["", "1.8", "next", "next+1", "1.11+interprocedural", "1.13 "])
    assert.equal(profileOf(name), null);
});

test("a proposal is 1.13 but for one rule, and rests on reading", () => {
  const newest = profileOf("1.13");
  for (const one of profiles.filter(({ name }) => name.startsWith("next+"))) {
    const changed = Object.entries(one).filter(
      ([key, value]) => newest?.[key as keyof typeof newest] !== value,
    );
    const rules = changed.map(([key]) => key).filter((key) => key !== "name" && key !== "title");
    assert.equal(rules.length, 2, one.name);
    assert.ok(rules.includes("confirmed"), one.name);
    assert.equal(one.confirmed, false);
  }
});

test("a text proves a release, never a proposal", () => {
  assert.equal(profileBetween(9, 99).name, "1.13");
  assert.equal(profileBetween(5, 8).name, "1.9");
  assert.equal(profileBetween(5, 11).name, "1.11");
});
