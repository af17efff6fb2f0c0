// Walks through a method and through the same method with calls put in at random places, deciding alike
// at every condition: the same statements in the same order, the same choice at every φ, and the calls
// exactly where they were asked for, on whatever edges.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPlans } from "../../server/src/analysis/plan/apply.ts";
import { noExtraUses, type Placement, type Plan } from "../../server/src/analysis/plan/plan.ts";
import { dominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { predecessorsOf, successorsOf } from "../../server/src/ir/graph.ts";
import { lastOf, lower, type Method } from "../../server/src/ir/method.ts";
import { printMethod } from "../../server/src/ir/print.ts";
import { verify } from "../../server/src/ir/verify.ts";
import { readMethod } from "../../server/src/syntax/read-method.ts";
import { methodShape } from "../fuzz/method-shape.ts";
import { Random } from "../fuzz/random.ts";

function read(text: string): Method {
  const syntax = readMethod(text);
  assert.ok(syntax !== null);
  return lower(syntax, text);
}

/** A method of up to twelve blocks with any edges, φ at every merge, and an object made at its start. */
function randomMethod(random: Random): Method {
  const nBlocks = 2 + random.below(11);
  const ends = Array.from({ length: nBlocks }, (_, index) => endOf(random, index + 1, nBlocks));
  const heads = ends.map((end, index) => {
    const label = index + 1;
    const body = [label === 1 ? "%1 = %new(Main.H, 0)::H" : ""];
    if (label === 1) body.push("Core.finalizer(Main.fin, %1)::Nothing");
    for (let n = random.below(3); n > 0; n--) body.push(`Main.f${label}(_2)::Any`);
    if (end !== "") body.push(end);
    return body.filter((one) => one !== "");
  });
  for (const body of heads) if (body.length === 0) body.push("Main.g(_2)::Any");
  const plain = read(textOf(heads));
  // With the edges known, merges get their φ.
  const withPhi = heads.map((body, index) => {
    const from = [...new Set(predecessorsOf(plain.graph, index + 1))];
    const isMerge = index > 0 && from.length > 1 && !plain.handlers.has(index + 1);
    const edges = from.map((block) => `#${block} => ${block}`);
    return isMerge ? [`φ (${edges.join(", ")})::Int64`, ...body] : body;
  });
  return read(textOf(withPhi));
}

function endOf(random: Random, block: number, nBlocks: number): string {
  const target = 2 + random.below(nBlocks - 1);
  const kind = random.below(block === nBlocks ? 2 : 6);
  if (kind === 0) return "return nothing";
  if (kind === 1) return `goto #${target}`;
  if (kind < 5) return `goto #${target} if not _3`;
  return "";
}

function textOf(blocks: readonly (readonly string[])[]): string {
  const lines = blocks.flatMap((body, index) =>
    body.map((statement, at) => {
      const gutter = at === 0 ? `${index + 1} ─` : at === body.length - 1 ? "└──" : "│  ";
      return `${gutter} ${statement}`;
    }),
  );
  return `CodeInfo(\n${lines.join("\n")}\n) => Nothing\n`;
}

function randomPlacements(random: Random, method: Method): Placement[] {
  const placements: Placement[] = [];
  for (let n = 1 + random.below(4); n > 0; n--) {
    const block = 1 + random.below(method.nBlocks);
    const edges = [...new Set(successorsOf(method.graph, block))];
    const last = lastOf(method, block);
    const to = edges[random.below(edges.length + 1)];
    if (to !== undefined) {
      placements.push({ point: { edge: [block, to] }, value: 1 });
      continue;
    }
    const after =
      (method.firstOf[block] ?? 0) + random.below(last - (method.firstOf[block] ?? 0) + 1);
    const kind = method.statements[after - 1]?.kind;
    if (kind !== "call" || (block === 1 && after === 1)) continue;
    placements.push({ point: { after }, value: 1 });
  }
  const seen = new Set<string>();
  return placements.filter(({ point }) => {
    const key = JSON.stringify(point);
    return !seen.has(key) && seen.add(key);
  });
}

/** What happens along one walk: names of statements, choices of φ, and calls of `finalize`. */
function walk(
  method: Method,
  decisions: Random,
  nameOf: (position: number) => string,
  onEdge: (from: number, to: number) => readonly string[],
  behind: (position: number) => readonly string[],
): string[] {
  const events: string[] = [];
  let from = 0;
  let block = 1;
  for (let position = 1; events.length < 60; position++) {
    const statement = method.statements[position - 1];
    if (statement === undefined) return events;
    block = method.blockOf[position] ?? 0;
    if (statement.kind === "phi") {
      const edge = statement.blocks.findIndex(({ label }) => label === from);
      const operand = statement.operands[edge];
      events.push(`φ ${operand?.text}`);
    } else if (nameOf(position) !== "") events.push(nameOf(position));
    if (statement.kind === "return") return events;
    events.push(...behind(position));
    let to = position === lastOf(method, block) ? block + 1 : block;
    if (statement.kind === "goto") to = statement.blocks[0]?.label ?? 0;
    if (statement.kind === "gotoifnot" && decisions.below(2) === 0) {
      to = statement.blocks[0]?.label ?? 0;
    }
    if (position !== lastOf(method, block)) continue;
    events.push(...onEdge(block, to));
    from = block;
    position = (method.firstOf[to] ?? 0) - 1;
  }
  return events;
}

const nothing = (): readonly string[] => [];

function check(seed: number): boolean {
  const random = new Random(seed);
  const before = randomMethod(random);
  const placements = randomPlacements(random, before);
  if (placements.length === 0) return false;
  const plan: Plan = {
    verdict: "finalize",
    registrations: [2],
    sites: [1],
    placements,
    blockers: [],
    tier: "proven",
    assumptions: [],
    notElided: [],
    everyPath: true,
    rank: 0,
    waits: noExtraUses,
  };
  const applied = applyPlans(before, [plan]);
  assert.ok(applied !== null);
  const { method, positions, text } = applied;
  const findings = verify(method, dominatorTree(method.graph)).map(({ code }) => code);
  const known = verify(before, dominatorTree(before.graph)).map(({ code }) => code);
  assert.deepEqual(findings, known, text);
  assert.deepEqual(methodShape(read(printMethod(method))), methodShape(method), text);
  const old = new Map([...positions].map((now, position) => [now, position]));
  const names = (position: number): string => {
    const { kind, callee } = method.statements[position - 1] ?? {};
    if (callee?.text === "finalize") return "finalize";
    return kind === "goto" || kind === "gotoifnot" ? "" : `%${old.get(position)}`;
  };
  const oldNames = (position: number): string => {
    const kind = before.statements[position - 1]?.kind;
    return kind === "goto" || kind === "gotoifnot" ? "" : `%${position}`;
  };
  const at = (matches: (placement: Placement) => boolean): readonly string[] =>
    placements.filter(matches).map(() => "finalize");
  for (let run = 0; run < 8; run++) {
    const wanted = walk(
      before,
      new Random(run),
      oldNames,
      (from, to) =>
        at(({ point }) => "edge" in point && point.edge[0] === from && point.edge[1] === to),
      (position) => at(({ point }) => "after" in point && point.after === position),
    );
    const got = walk(method, new Random(run), names, nothing, nothing);
    const length = Math.min(wanted.length, got.length, 50);
    assert.deepEqual(
      withoutOrder(got.slice(0, length)),
      withoutOrder(wanted.slice(0, length)),
      `${seed}\n${printMethod(before)}\n${JSON.stringify(placements)}\n${text}`,
    );
  }
  return true;
}

/** A φ happens on the edge; calls behind it or before it are the same. */
function withoutOrder(events: readonly string[]): string[] {
  const sorted: string[] = [];
  for (const event of events) {
    let at = sorted.length;
    if (event.startsWith("φ")) while (sorted[at - 1] === "finalize") at--;
    sorted.splice(at, 0, event);
  }
  return sorted;
}

test("calls stand exactly where they were asked for", () => {
  let count = 0;
  for (let seed = 1; seed <= 600; seed++) if (check(seed)) count++;
  assert.ok(count > 400, `${count} methods`);
});
