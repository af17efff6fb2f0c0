// What must not change a verdict: other numbers for the same values, `nothing` between statements, and
// the order of methods and files. Seeded changes of the captured programs, under every profile; what is
// said afterwards must be what was said before, numbers translated.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { profiles } from "../../server/src/analysis/profile.ts";
import { methodsOf, type RegistrationJson } from "../../server/src/features/check-report.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const path = new URL("../../../test/data/programs.jlir", import.meta.url);
const methods = readFileSync(path, "utf8")
  .split(/(?=^MethodInstance for )/m)
  .filter((text) => text.startsWith("MethodInstance for "))
  .map((text) => `${text.trimEnd()}\n`);

/** Numbers below `limit`, the same ones in every run (mulberry32). */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Renumber = (statement: number) => number;
const same: Renumber = (statement) => statement;

/** What is said of a method's registrations, with the numbers of its statements translated. */
function said(registrations: readonly RegistrationJson[], renumber: Renumber): unknown {
  const place = (insert: RegistrationJson["julia"]["insert"]): unknown =>
    insert !== null && "after" in insert ? { after: renumber(insert.after) } : insert;
  return registrations.map(({ statement, object, julia }) => ({
    statement: renumber(statement),
    object: object === null ? null : renumber(object),
    verdict: julia.verdict,
    code: julia.code,
    insert: place(julia.insert),
    early: place(julia.early ?? null),
    blockers: julia.blockers.map((one) => [renumber(one.statement), one.code]).sort(),
  }));
}

/** Name → what is said of the method of that name, over all files of a workspace. */
function answers(
  profile: (typeof profiles)[number],
  files: readonly string[],
  renumber: (name: string) => Renumber = () => same,
): Map<string, unknown> {
  const workspace = new Workspace(profile);
  files.forEach((text, index) => {
    workspace.set(`${index}.jlir`, text);
  });
  const found = new Map<string, unknown>();
  for (const one of files.keys()) {
    for (const { signature, registrations } of methodsOf(workspace, `${one}.jlir`, false)) {
      if (registrations.length === 0) continue;
      const name = signature ?? "";
      found.set(name, said(registrations, renumber(name)));
    }
  }
  return found;
}

const statementLine = /^\s*\d*\s*(?:\d+ [─┄]+|│|└─+)/;
const terminator = /^(?:goto|return|unreachable|\$\(Expr\(:leave|enter|%\d+ *= enter)/;

interface Changed {
  readonly text: string;
  readonly renumber: Renumber;
}

const nameOf = (text: string): string =>
  (text.split("\n")[0] ?? "").slice("MethodInstance for ".length);

/** Puts `nothing` behind some statements and renumbers everything. */
function withNothings(text: string, random: (limit: number) => number): Changed {
  const lines = text.split("\n");
  const made: string[] = [];
  const numbers = [0];
  let next = 1;
  lines.forEach((line, index) => {
    made.push(line);
    if (!statementLine.test(line)) return;
    numbers.push(next++);
    const body = line.replace(statementLine, "").trimStart();
    const isPhi = /= φ|= φᶜ/.test(lines[index + 1] ?? "");
    // Behind a terminator a block ends; before a φ nothing may stand.
    const isEnd = terminator.test(body) || (lines[index + 1] ?? "").match(/^\s*\d*\s*\d+ [─┄]/);
    if (isPhi || isEnd || random(3) > 0) return;
    made.push("   │          nothing::Nothing");
    next++;
  });
  const renumber: Renumber = (statement) => numbers[statement] ?? statement;
  return { text: renamed(made.join("\n"), renumber), renumber };
}

function renamed(text: string, renumber: Renumber): string {
  const [header = "", ...lines] = text.split("\n");
  const rename = (line: string): string =>
    line.replace(/%(\d+)/g, (_, number: string) => `%${renumber(Number(number))}`);
  return [header, ...lines.map((line) => (statementLine.test(line) ? rename(line) : line))].join(
    "\n",
  );
}

/** Gives every value another number; a method whose first statement has no label keeps its own. */
function withOtherNumbers(text: string): Changed {
  const first = text.split("\n").find((line) => statementLine.test(line)) ?? "";
  const renumber: Renumber = / %1 +=/.test(first) ? (statement) => statement + 1000 : same;
  return { text: renamed(text, renumber), renumber };
}

function shuffled<T>(items: readonly T[], random: (limit: number) => number): T[] {
  const left = [...items];
  return items.map(() => left.splice(random(left.length), 1)[0] as T);
}

for (const profile of profiles) {
  const before = answers(profile, methods);

  test(`${profile.name}: numbers of values change no verdict`, () => {
    const changed = new Map(methods.map((text) => [nameOf(text), withOtherNumbers(text)]));
    const translated = answers(profile, methods, (name) => changed.get(name)?.renumber ?? same);
    const after = answers(
      profile,
      [...changed.values()].map(({ text }) => text),
    );
    assert.deepEqual(after, translated);
  });

  test(`${profile.name}: nothing between statements changes no verdict`, () => {
    const random = seeded(55990);
    const changed = new Map(methods.map((text) => [nameOf(text), withNothings(text, random)]));
    const translated = answers(profile, methods, (name) => changed.get(name)?.renumber ?? same);
    const after = answers(
      profile,
      [...changed.values()].map(({ text }) => text),
    );
    assert.deepEqual(after, translated);
  });

  test(`${profile.name}: the order of methods and files changes no verdict`, () => {
    const random = seeded(45272);
    const sorted = (found: Map<string, unknown>): [string, unknown][] =>
      [...found].sort(([x], [y]) => (x < y ? -1 : 1));
    for (let round = 0; round < 3; round++) {
      const order = shuffled(methods, random);
      const cut = random(order.length);
      const files = [order.slice(0, cut).join("\n"), order.slice(cut).join("\n")];
      assert.deepEqual(sorted(answers(profile, files)), sorted(before));
    }
  });
}

test("the programs hold registrations of both kinds, and their callees", () => {
  const texts = [...answers(profiles[4] ?? assert.fail(), methods).values()].map((one) =>
    JSON.stringify(one),
  );
  assert.ok(texts.filter((one) => one.includes('"elided"')).length > 10);
  assert.ok(texts.filter((one) => one.includes('"kept"')).length > 10);
  assert.ok(methods.length > 50);
});
