// What a method may do, itself or through callees, that matters where a finalizer's body is to run at
// another place than the garbage collector's: take a lock, wait, register a finalizer, do input or output,
// allocate or free foreign memory. `yes` where a statement is shown that does it, on whichever path;
// `no` only where every call on the way is known. An effects line is taken at its word where nothing is
// shown.
// Source: spec early-plan.md §1, §2, §3; effects.md §8.

import type { Statement } from "../../syntax/tree.ts";
import type { BodyStatement, Tri } from "../body.ts";
import { type Act, actOf, acts, hasAct } from "../bundled/acts.ts";
import { foreignFacts } from "../bundled/foreign-functions.ts";
import { knownFunction } from "../bundled/known-functions.ts";
import { effectsFromPrinted } from "../bundled/summaries.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { MethodEffects } from "../method-summary.ts";
import { effectsOf, keyOfInvoke } from "../summary.ts";
import { assume, assumptionFor } from "./assumed.ts";
import { runsOtherCode } from "./builtin-effects.ts";
import { effectMask } from "./foreigncall.ts";
import { reachedBlocks } from "./infer.ts";
import { isProcessName } from "./statement-effects.ts";

/** A statement of the method with `key`. */
export interface ActPlace {
  readonly key: string;
  readonly position: number;
}

export interface ActFact {
  readonly holds: Tri;
  /** From a statement of the method itself through callees to the one that acts; empty for `no`. */
  readonly path: readonly ActPlace[];
  /** Whether a `no` rests on an assumption of the user's. */
  readonly assumed: boolean;
}

export type BodyActs = Readonly<Record<Act, ActFact>>;

/** More callees than this are not looked into: what they do is unknown. */
const methodLimit = 500;

/** Acts that a method without task state cannot do. */
const taskBound: ReadonlySet<Act> = new Set(["locks", "waits", "registers"]);

/** What the method that `opened` holds may do. */
export function actsOf(opened: OpenedMethod, environment: Environment): BodyActs {
  return new ActSearch(environment).run(opened);
}

interface Visit {
  readonly opened: OpenedMethod;
  readonly path: readonly ActPlace[];
  /** An effects line, or an annotation on the way, says that no task state is touched. */
  readonly isQuiet: boolean;
}

class ActSearch {
  private readonly environment: Environment;
  private readonly shown = new Map<Act, readonly ActPlace[]>();
  private readonly unknown = new Map<Act, readonly ActPlace[]>();
  /** Methods that were looked into, and whether what they leave open was taken for said. */
  private readonly visited = new Map<string, boolean>();
  private readonly queue: Visit[] = [];
  private assumed = false;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  run(opened: OpenedMethod): BodyActs {
    this.visited.set(opened.key, false);
    this.queue.push({ opened, path: [], isQuiet: false });
    for (let next = 0; next < this.queue.length; next++) {
      const visit = this.queue[next];
      if (visit !== undefined) this.search(visit);
    }
    const fact = (act: Act): ActFact => {
      const shown = this.shown.get(act);
      if (shown !== undefined) return { holds: "yes", path: shown, assumed: false };
      const unknown = this.unknown.get(act);
      if (unknown !== undefined) return { holds: "unknown", path: unknown, assumed: false };
      return { holds: "no", path: [], assumed: this.assumed && taskBound.has(act) };
    };
    return {
      locks: fact("locks"),
      waits: fact("waits"),
      registers: fact("registers"),
      io: fact("io"),
      allocates: fact("allocates"),
      releases: fact("releases"),
    };
  }

  private search({ opened, path, isQuiet }: Visit): void {
    const { method, body, key } = opened;
    const reached = reachedBlocks(method);
    const quiet = isQuiet || effectsOf(method)?.notaskstate === "+" || this.isAssumed(key);
    body.statements.forEach((made, index) => {
      const statement = method.statements[index];
      if (statement === undefined || reached[method.blockOf[index + 1] ?? 0] !== 1) return;
      const here = [...path, { key, position: index + 1 }];
      const isSaid = quiet || statement.facts?.get("s") === "+";
      this.statement(opened, statement, made, here, isSaid);
    });
  }

  private isAssumed(key: string): boolean {
    const isPromised = assume(this.environment.assumption(key), "notaskstate");
    if (isPromised) this.assumed = true;
    return isPromised;
  }

  private statement(
    opened: OpenedMethod,
    statement: Statement,
    made: BodyStatement,
    here: readonly ActPlace[],
    isQuiet: boolean,
  ): void {
    switch (made.kind) {
      case "builtin":
      case "intrinsic":
        if (made.name === "finalizer") this.show(["registers"], here);
        else if (runsOtherCode(made.name)) this.doubt(here, isQuiet, false);
        return;
      case "foreigncall":
        this.foreign(statement, made, here, isQuiet);
        return;
      case "call":
        this.named(statement, here);
        if (knownFunction(statement, null, false) === null) this.doubt(here, isQuiet, false);
        return;
      case "invoke":
        this.invoke(opened, statement, made, here, isQuiet);
        return;
      case "conservative":
        this.doubt(here, isQuiet, false);
        return;
      default:
        if (made.name === "dead") this.doubt(here, isQuiet, false);
    }
  }

  private foreign(
    statement: Statement,
    made: BodyStatement,
    here: readonly ActPlace[],
    isQuiet: boolean,
  ): void {
    const facts = isProcessName(statement) ? foreignFacts(made.name) : null;
    if (facts !== null) this.show(facts.acts, here);
    else this.doubt(here, isQuiet || (effectMask(statement.operands[4]) & 32) !== 0, false);
  }

  private invoke(
    { method }: OpenedMethod,
    statement: Statement,
    made: BodyStatement,
    here: readonly ActPlace[],
    isQuiet: boolean,
  ): void {
    const key = made.callee?.key ?? keyOfInvoke(method, statement);
    const target = key === null ? null : this.environment.open(key);
    // A name of Base's says more than its text does; a user's `write` is whatever its text says.
    if (target === null || isOfBase(statement))
      this.named(statement, here, typesOf(method.text, statement));
    const before = target === null ? undefined : this.visited.get(target.key);
    if (before === false || (before === true && isQuiet)) return;
    if (target !== null && this.queue.length < methodLimit) {
      this.visited.set(target.key, isQuiet);
      this.queue.push({ opened: target, path: here, isQuiet });
      return;
    }
    const known = knownFunction(statement, key, isBottom(method.text, statement));
    const printed = made.callee?.key ? made.callee.effects : (known?.effects ?? null);
    const effects: MethodEffects | null =
      this.environment.summary(method, statement)?.effects ??
      (printed === null ? null : effectsFromPrinted(printed, "header"));
    const assumption = assumptionFor(this.environment, statement, key);
    const isPromised = assume(assumption, "notaskstate");
    if (isPromised) this.assumed = true;
    const isTaskFree = isQuiet || isPromised || effects?.notaskstate.holds === "yes";
    this.doubt(here, isTaskFree, effects?.effectFree.holds === "yes");
  }

  /** An act that the function's name gives away. */
  private named(
    statement: Statement,
    here: readonly ActPlace[],
    types: readonly string[] = [],
  ): void {
    const { callee } = statement;
    if (callee === null || (callee.kind !== "global" && callee.kind !== "name")) return;
    const act = actOf(callee.text, types);
    if (act !== null) this.show([act], here);
  }

  private show(list: readonly Act[], here: readonly ActPlace[]): void {
    for (const act of list) if (!this.shown.has(act)) this.shown.set(act, here);
  }

  /** Nothing is known of a call but that it touches no task state, or has no effects. */
  private doubt(here: readonly ActPlace[], isQuiet: boolean, isEffectFree: boolean): void {
    for (const act of acts) {
      const isExcluded = taskBound.has(act) ? isQuiet : isEffectFree;
      if (!isExcluded && !this.unknown.has(act)) this.unknown.set(act, here);
    }
  }
}

function isOfBase({ callee }: Statement): boolean {
  if (callee?.kind !== "global" || !hasAct(callee.text)) return false;
  return /^(?:Base|Core)(?:\.|$)/.test(callee.module);
}

function isBottom(text: string, { type }: Statement): boolean {
  return type !== null && text.slice(type.start, type.end).trim() === "Union{}";
}

function typesOf(text: string, statement: Statement): string[] {
  return statement.operands.map(({ annotation }) =>
    annotation === null ? "" : text.slice(annotation.start, annotation.end),
  );
}
