// The engine, with numbers in place of methods: what runs after a change, and what does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../server/src/engine/engine.ts";
import { Input, Query } from "../../server/src/engine/query.ts";

/** Cells of a spreadsheet; `log` lists what ran since it was last read. */
function sheet() {
  const engine = new Engine();
  const cells = new Map<string, number>();
  const cell = new Input<string, number>(engine, {
    name: "cell",
    read: (key) => cells.get(key) ?? 0,
    isSame: Object.is,
  });
  const events: string[] = [];
  engine.listener = ({ kind, query, key }) => {
    if (kind !== "verified") events.push(`${kind} ${query}(${String(key)})`);
  };
  const set = (key: string, value: number): void => {
    cells.set(key, value);
    cell.changed(key);
  };
  const log = (): string[] => events.splice(0);
  return { engine, cell, set, log };
}

const same = { isSame: Object.is };

test("a query whose input changed runs again, and one beside it does not", () => {
  const { engine, cell, set, log } = sheet();
  const double = new Query<string, number>(engine, {
    name: "double",
    compute: (key) => 2 * cell.get(key),
    ...same,
  });
  set("a", 1);
  assert.equal(double.get("a") + double.get("b"), 2);
  log();
  set("a", 2);
  assert.equal(double.get("a") + double.get("b"), 4);
  assert.deepEqual(log(), ["executed double(a)"]);
});

test("an answer that comes out as before is back-dated, and nobody above runs", () => {
  const { engine, cell, set, log } = sheet();
  const sign = new Query<string, number>(engine, {
    name: "sign",
    compute: (key) => Math.sign(cell.get(key)),
    ...same,
  });
  const text = new Query<string, string>(engine, {
    name: "text",
    compute: (key) => String(sign.get(key)),
    ...same,
  });
  set("a", 1);
  text.get("a");
  log();
  set("a", 5);
  assert.equal(text.get("a"), "1");
  assert.deepEqual(log(), ["backdated sign(a)"]);
  set("a", -5);
  assert.equal(text.get("a"), "-1");
  assert.deepEqual(log(), ["executed sign(a)", "executed text(a)"]);
});

test("an input that is set to what it was changes nothing", () => {
  const { engine, cell, set, log } = sheet();
  const query = new Query<string, number>(engine, { name: "q", compute: (key) => cell.get(key) });
  set("a", 1);
  query.get("a");
  const { revision } = engine;
  log();
  set("a", 1);
  query.get("a");
  assert.deepEqual(log(), []);
  assert.equal(engine.revision, revision);
});

test("what a query no longer asks for does not make it run", () => {
  const { engine, cell, set, log } = sheet();
  const either = new Query<string, number>(engine, {
    name: "either",
    compute: () => (cell.get("which") === 0 ? cell.get("a") : cell.get("b")),
    ...same,
  });
  either.get("");
  set("which", 1);
  either.get("");
  log();
  set("a", 7);
  either.get("");
  assert.deepEqual(log(), []);
  set("b", 7);
  assert.equal(either.get(""), 7);
});

test("a chain of a hundred thousand answers is brought up to date without recursion", () => {
  const { engine, cell, set } = sheet();
  const length = 100_000;
  const chain: Query<string, number> = new Query<string, number>(engine, {
    name: "chain",
    compute: (key) => (key === "0" ? cell.get("a") : chain.get(String(Number(key) - 1)) + 1),
    ...same,
  });
  // Asked for from below: the first time a chain is the workspace's to cut.
  for (let i = 0; i <= length; i++) chain.get(String(i));
  set("a", 1);
  assert.equal(chain.get(String(length)), length + 1);
});

test("an evicted value is made again without a word to who asked for it", () => {
  const { engine, cell, log } = sheet();
  const large = new Query<string, string>(engine, {
    name: "large",
    compute: (key) => key.repeat(1 + cell.get(key)),
    limit: 1,
  });
  const above = new Query<string, number>(engine, {
    name: "above",
    compute: (key) => large.get(key).length,
    ...same,
  });
  above.get("a");
  large.get("b");
  log();
  assert.equal(large.get("a"), "a");
  above.get("a");
  assert.deepEqual(log(), []);
});

test("a query that asks for itself is told so, and works again afterwards", () => {
  const { engine, cell, set } = sheet();
  const loop: Query<string, number> = new Query<string, number>(engine, {
    name: "loop",
    compute: (key) => (cell.get(key) === 0 ? loop.get(key) : 1),
    ...same,
  });
  assert.throws(() => loop.get("a"), /loop asks for itself/);
  set("a", 1);
  assert.equal(loop.get("a"), 1);
});

test("a failure leaves nothing behind that a later question trips over", () => {
  const { engine, cell, set } = sheet();
  const fragile = new Query<string, number>(engine, {
    name: "fragile",
    compute: (key) => {
      if (cell.get(key) < 0) throw new Error("negative");
      return cell.get(key);
    },
    ...same,
  });
  const above = new Query<string, number>(engine, {
    name: "above",
    compute: (key) => fragile.get(key) + 1,
    ...same,
  });
  set("a", 1);
  assert.equal(above.get("a"), 2);
  set("a", -1);
  assert.throws(() => above.get("a"), /negative/);
  set("a", 3);
  assert.equal(above.get("a"), 4);
});
