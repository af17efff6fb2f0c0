// Random edits of a small workspace of methods that call each other, also recursively: after each one
// the workspace must say what a fresh one with the same texts and assumptions says. Edits are those of a
// programmer: operands, effects, calls, stores, layouts, headers, files, promises, and nonsense.

import assert from "node:assert/strict";
import type { Assumption } from "../../server/src/analysis/assumption.ts";
import { methodsOf } from "../../server/src/features/check-report.ts";
import { diagnose } from "../../server/src/features/diagnostics.ts";
import { lineStartsOf, positionAt } from "../../server/src/text/line-index.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { Random } from "./random.ts";

const paths = ["a.jlir", "b.jlir", "c.jlir"] as const;
const names = ["f", "g", "h", "k", "w!"] as const;

/** A method that makes an object with a finalizer and hands it to some of the others. */
function registering(random: Random): string {
  const calls = callLines(random, "%1");
  return [
    `MethodInstance for main${random.below(3)}(::Int64)`,
    "  stage inlined",
    ...layoutLine(random),
    "1 1 ─ %1 = %new(Main.H, _2)::H",
    "  │          Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for f(::H))::Nothing",
    ...calls,
    "  └──      return nothing",
    "",
  ].join("\n");
}

function callee(random: Random): string {
  const store = ["  │          builtin Base.setfield!(_2, :x, 1)::Int64"];
  const leak = ["  │          builtin Base.setfield!(Main.KEEP, :x, _2)::H"];
  const body = random.pick([[], store, leak]);
  const effects = random.pick([
    ["  effects (+c,?e,+n,+t,+s,?m,+u,+o,+r)"],
    ["  effects (+c,+e,!n,+t,+s,+m,+u,+o,+r)"],
    [],
  ]);
  return [
    `MethodInstance for ${random.pick(names)}(::H)`,
    ...effects,
    ...layoutLine(random),
    "1 1 ─      nothing::Nothing",
    ...body,
    ...callLines(random, "_2"),
    `  └──      return ${random.pick(["nothing", "_2"])}`,
    "",
  ].join("\n");
}

function callLines(random: Random, object: string): string[] {
  return Array.from(
    { length: random.below(3) },
    () => `  │          invoke Main.${random.pick(names)}(${object}::H)::Any`,
  );
}

function layoutLine(random: Random): string[] {
  if (random.below(3) > 0) return [];
  return [`  type H mutable (x::${random.pick(["Int64", "Any", "Int64 atomic"])})`];
}

function someText(random: Random): string {
  const methods = Array.from({ length: 1 + random.below(4) }, () =>
    random.below(3) === 0 ? registering(random) : callee(random),
  );
  return methods.join("\n");
}

const fragments = ["", "x", "%1", "\n", "_2", "+", "!", "invoke Main.g(_2::H)::Any\n", " # note"];

/**
 * Makes `count` random edits and holds the workspace against a fresh one after every one of them, or
 * after every `step`-th.
 */
export function runEdits(seed: number, count: number, step = 1): void {
  const random = new Random(seed);
  const texts = new Map<string, string>();
  let assumptions = new Map<string, Assumption>();
  const warm = new Workspace();
  for (const path of paths) {
    texts.set(path, someText(random));
    warm.set(path, texts.get(path) ?? "");
  }
  for (let n = 1; n <= count; n++) {
    const path = random.pick(paths);
    const text = texts.get(path);
    switch (random.below(12)) {
      case 0:
        if (text === undefined) break;
        warm.remove(path);
        texts.delete(path);
        break;
      case 1:
        assumptions = new Map(
          random.below(2) === 0 ? [] : [[random.pick(names), { captures: false, nothrow: true }]],
        );
        warm.setAssumptions(assumptions);
        break;
      case 2:
      case 3:
      case 4: {
        // A method in place of another, or a file that comes back.
        const made = text === undefined ? someText(random) : withMethod(random, text);
        texts.set(path, made);
        warm.set(path, made);
        break;
      }
      default:
        if (text !== undefined) texts.set(path, typed(random, warm, path, text));
    }
    if (n % step !== 0) continue;
    const cold = new Workspace();
    cold.setAssumptions(assumptions);
    // In the same order: files are listed as they came.
    for (const one of warm.paths()) cold.set(one, texts.get(one) ?? "");
    assert.deepEqual(everything(warm), everything(cold), `seed ${seed}, edit ${n}`);
  }
}

/** One method of the text replaced, doubled or taken away. */
function withMethod(random: Random, text: string): string {
  const methods = text.split(/^(?=MethodInstance for )/m);
  const at = random.below(methods.length);
  const made = random.below(3) === 0 ? registering(random) : callee(random);
  const replacement = random.pick([[made], [methods[at] ?? "", made], []]);
  methods.splice(at, 1, ...replacement);
  return methods.join("");
}

/** A few characters replaced, as a keyboard would do it. */
function typed(random: Random, warm: Workspace, path: string, text: string): string {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + random.below(4));
  const added = random.pick(fragments);
  const starts = lineStartsOf(text);
  warm.edit(path, { start: positionAt(starts, from), end: positionAt(starts, to) }, added);
  return text.slice(0, from) + added + text.slice(to);
}

function everything(workspace: Workspace): unknown {
  return workspace
    .paths()
    .map((path) => [path, diagnose(workspace, path), methodsOf(workspace, path, true)])
    .concat([names.map((name) => workspace.summary(`${name}(H)`))] as never);
}
