// The effects of a method: what its `effects` line proves, and what follows from its statements, either
// of which suffices. Statements that are not reached count for nothing, and an exception that a handler
// of the method catches does not leave it. A cycle in the control flow is not taken to end.
// Source: Compiler/src/typeinfer.jl (`adjust_effects`), optimize.jl (`refine_effects!`); spec
// effects.md §1.1 (join over statements), §6.4.

import { predecessorsOf, reachableFrom } from "../../ir/graph.ts";
import { loopsOf } from "../../ir/graph-facts.ts";
import type { Loop, LoopForest } from "../../ir/loop-forest.ts";
import { blockWithLabel, lastOf, type Method } from "../../ir/method.ts";
import type { Value } from "../body.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import {
  type EffectFact,
  type EffectName,
  effectNames,
  type FactOrigin,
  type MethodEffects,
} from "../method-summary.ts";
import { effectsOf } from "../summary.ts";
import { assume } from "./assumed.ts";
import { caughtStatements } from "./caught.ts";
import type { Sigil } from "./effects.ts";
import { localObjects } from "./local-objects.ts";
import { type Doing, StatementJudge } from "./statement-effects.ts";

/**
 * The effects of the method that `opened` holds. `no` where the text shows a statement that may do it;
 * the taint is the first such statement, else the first of which it is not known.
 *
 * @param isLocal whether a value is certainly an object that the method has made itself; the default
 *   knows allocations and what only passes them on
 */
export function inferEffects(
  opened: OpenedMethod,
  environment: Environment,
  isLocal: (value: Value) => boolean = localsOf(opened, environment),
): MethodEffects {
  const { method } = opened;
  const judge = new StatementJudge(opened, environment, isLocal);
  const found = new Map<EffectName, Join>(effectNames.map((name) => [name, new Join()]));
  const reached = reachedBlocks(method);
  const caught = caughtStatements(method);
  if (method.nStatements === 0) for (const join of found.values()) join.add(0, notShown);
  for (let position = 1; position <= method.nStatements; position++) {
    if (reached[method.blockOf[position] ?? 0] !== 1) continue;
    const doings = judge.judge(position);
    for (const [name, join] of found) {
      if (name === "nothrow" && caught[position] === 1) continue;
      join.add(position, doings[name]);
    }
  }
  const cycle = firstCycle(method, reached);
  if (cycle > 0) found.get("terminates")?.add(cycle, notShown);
  const broken = firstBroken(method);
  if (broken > 0) for (const join of found.values()) join.add(broken, notShown);
  return combined(opened, environment, found);
}

const notShown: Doing = { holds: "unknown", origin: "unknown", callee: null };

function localsOf(
  { method, body }: OpenedMethod,
  environment: Environment,
): (value: Value) => boolean {
  return localObjects(body, (position) => {
    const statement = method.statements[position - 1];
    if (statement === undefined) return false;
    const result = environment.summary(method, statement)?.result;
    return result?.fresh === true && !result.unknown;
  });
}

const trust: readonly FactOrigin[] = [
  "annotation",
  "body",
  "header",
  "bundled",
  "assumed",
  "unknown",
];

/** One effect over all statements: a proof is as good as its weakest part. */
class Join {
  private origin: FactOrigin = "annotation";
  private firstNo: { position: number; doing: Doing } | null = null;
  private firstUnknown: { position: number; doing: Doing } | null = null;

  add(position: number, doing: Doing): void {
    if (doing.holds === "yes") {
      if (trust.indexOf(doing.origin) > trust.indexOf(this.origin)) this.origin = doing.origin;
      return;
    }
    const entry = { position, doing };
    if (doing.holds === "no") this.firstNo = earlier(this.firstNo, entry);
    else this.firstUnknown = earlier(this.firstUnknown, entry);
  }

  fact(): EffectFact {
    const blamed = this.firstNo ?? this.firstUnknown;
    // That no statement takes the effect away is proven by the body, whatever each one rests on.
    const origin = this.origin === "annotation" ? "body" : this.origin;
    if (blamed === null) return { holds: "yes", origin, taint: null };
    const { position, doing } = blamed;
    return {
      holds: doing.holds,
      origin: doing.origin,
      taint: position === 0 ? null : { position, callee: doing.callee },
    };
  }
}

function earlier<T extends { position: number }>(known: T | null, entry: T): T {
  return known !== null && known.position <= entry.position ? known : entry;
}

/** The better of both proofs; an assumption about the method itself comes last. */
function combined(
  opened: OpenedMethod,
  environment: Environment,
  found: ReadonlyMap<EffectName, Join>,
): MethodEffects {
  const printed = effectsOf(opened.method);
  const assumption = environment.assumption(opened.key);
  const fact = (name: EffectName): EffectFact => {
    const derived = found.get(name)?.fact() ?? { holds: "unknown", origin: "unknown", taint: null };
    if (derived.holds === "yes" && derived.origin === "body") return derived;
    const line: Sigil | null = printed?.[name] ?? null;
    if (line === "+") return { holds: "yes", origin: "header", taint: null };
    if (derived.holds === "yes" || !assume(assumption, name)) return derived;
    return { holds: "yes", origin: "assumed", taint: null };
  };
  return {
    effectFree: fact("effectFree"),
    nothrow: fact("nothrow"),
    terminates: fact("terminates"),
    notaskstate: fact("notaskstate"),
    inaccessiblememonly: fact("inaccessiblememonly"),
  };
}

/** Blocks that control can come to. A line that could not be read may jump anywhere. */
export function reachedBlocks(method: Method): Uint8Array {
  if (method.statements.some(({ kind }) => kind === "opaque")) {
    return new Uint8Array(method.nBlocks + 1).fill(1);
  }
  return reachableFrom(method.graph, [1]);
}

/** The statement that closes the first cycle in text order; 0 without one. */
function firstCycle(method: Method, reached: Uint8Array): number {
  const forest = loopsOf(method.graph);
  let first = 0;
  for (const loop of forest.loops) {
    if (reached[loop.header] !== 1) continue;
    for (const block of predecessorsOf(method.graph, loop.header)) {
      const position = lastOf(method, block);
      if ((first === 0 || position < first) && isInside(forest, block, loop)) first = position;
    }
  }
  return first;
}

function isInside({ loops, innermost }: LoopForest, block: number, loop: Loop): boolean {
  let at = loops[(innermost[block] ?? 0) - 1];
  while (at !== undefined && at.depth > loop.depth) at = loops[at.parent - 1];
  return at === loop;
}

/** The first jump to a block that is not there, or a method's last statement that runs on; 0: none. */
function firstBroken(method: Method): number {
  const { statements } = method;
  const jump = statements.findIndex(
    ({ kind, blocks: [target] }) =>
      (kind === "goto" || kind === "gotoifnot" || kind === "enter") &&
      target !== undefined &&
      target.label !== 0 &&
      blockWithLabel(method, target.label) === 0,
  );
  if (jump >= 0) return jump + 1;
  const last = statements.at(-1)?.kind;
  const ends = last === "return" || last === "unreachable" || last === "goto";
  return ends ? 0 : statements.length;
}
