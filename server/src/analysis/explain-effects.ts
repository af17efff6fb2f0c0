// Follows an effect that a method lacks down to the statement that takes it away: `%2 → invoke freed!
// → setglobal! at %5`. What our own analysis blames comes first; where it proves the effect although Julia
// does not, the first statement that carries no flag of Julia's is named.
// Source: spec effects.md §8.2.

import type { Statement } from "../syntax/tree.ts";
import type { Span } from "../text/span.ts";
import type { BodyStatement } from "./body.ts";
import { inferEffects } from "./effects/infer.ts";
import type { Environment, OpenedMethod } from "./environment.ts";
import type { ChainStep } from "./explain.ts";
import type { EffectName, MethodEffects, Taint } from "./method-summary.ts";

/** Chains with more steps are cut. */
export const chainLimit = 8;

/** The chain that starts in the method with `key`; empty where that is null or gone. */
export function chainInto(
  environment: Environment,
  key: string | null | undefined,
  effect: EffectName,
): ChainStep[] {
  const opened = key ? environment.open(key) : null;
  return opened === null ? [] : effectChain(environment, opened, effect);
}

/**
 * The steps from `opened` through callees whose text is there to the first statement that takes
 * `effect` away. Empty where no statement does.
 */
export function effectChain(
  environment: Environment,
  opened: OpenedMethod,
  effect: EffectName,
): ChainStep[] {
  const steps: ChainStep[] = [];
  const visited = new Set<string>();
  let at: OpenedMethod | null = opened;
  while (at !== null && !visited.has(at.key) && steps.length < chainLimit) {
    visited.add(at.key);
    const taint: Taint | null = taintOf(environment, at, effect);
    const statement = at.method.statements[(taint?.position ?? 0) - 1];
    const made: BodyStatement | undefined = at.body.statements[(taint?.position ?? 0) - 1];
    if (taint === null || statement === undefined || made === undefined) break;
    steps.push(step(at, statement, effectReason(statement, made, effect)));
    at = taint.callee === null ? null : environment.open(taint.callee);
  }
  return steps;
}

/** What is to blame in one method: by our own analysis, else by Julia's flags. */
function taintOf(environment: Environment, opened: OpenedMethod, effect: EffectName): Taint | null {
  const { signature } = opened.method.header;
  const known = signature === null ? null : environment.summaryOf(signature);
  const effects: MethodEffects = known?.effects ?? inferEffects(opened, environment);
  return effects[effect].taint ?? flagTaint(opened, effect);
}

/** The first statement that Julia does not flag, one that surely may do it before one of which it is unknown. */
function flagTaint({ body: { statements } }: OpenedMethod, effect: EffectName): Taint | null {
  let index = -1;
  if (effect === "nothrow") {
    index = statements.findIndex(({ nothrow }) => nothrow === "no");
    if (index < 0) index = statements.findIndex(({ nothrow }) => nothrow === "unknown");
  } else if (effect === "notaskstate") {
    index = statements.findIndex(isTaskBound);
  }
  const callee = statements[index]?.callee?.key ?? null;
  return index < 0 ? null : { position: index + 1, callee };
}

/** Whether Julia takes the statement to touch task state. */
function isTaskBound({ kind, name, notaskstate, callee }: BodyStatement): boolean {
  if (kind === "foreigncall") return !notaskstate;
  if (kind === "invoke") return callee?.effects?.notaskstate !== "+";
  if (kind === "builtin") return name === "current_scope" || name === "finalizer";
  return kind === "call" || kind === "conservative";
}

/** What the statement does to the effect, without a final stop. */
function effectReason(statement: Statement, made: BodyStatement, effect: EffectName): string {
  const name = subject(statement, made);
  switch (effect) {
    case "nothrow":
      return throwReason(made, name);
    case "notaskstate":
      return `${name} may touch task state`;
    case "effectFree":
      return `${name} may have effects`;
    case "inaccessiblememonly":
      return `${name} may touch memory that others see`;
    case "terminates":
      return made.kind === "none" ? "a loop is not known to end" : `${name} is not known to return`;
  }
}

/** A short name for what a statement does, in backticks. */
export function subject(statement: Statement, made: BodyStatement): string {
  switch (statement.kind) {
    case "invoke":
      return `\`invoke ${statement.callee?.text ?? ""}\``;
    case "call":
      return `\`${statement.callee?.text ?? "call"}\``;
    case "foreigncall":
      return `the C call \`${made.name}\``;
    case "phi":
      return "a φ";
    case "new":
      return "`%new`";
    case "expression":
    case "leave":
      return `\`${statement.name}\``;
    case "opaque":
      return "a line that could not be read";
    case "value":
      return "a read of a global";
    default:
      return `\`${statement.kind}\``;
  }
}

/** Why a statement may throw. */
export function throwReason(made: BodyStatement, name: string): string {
  if (made.nothrow === "unknown") return `it is not known whether ${name} can throw`;
  if (made.kind === "foreigncall") return `${name} may throw: it carries no \`:nothrow\``;
  if (made.name === "leave") return "the end of a `try` counts as throwing";
  if (made.kind === "call") return `${name} is called dynamically and may throw`;
  return `${name} may throw`;
}

/** A step in the method that `opened` holds. */
export function step(opened: OpenedMethod, span: Span, message: string): ChainStep {
  return {
    key: opened.key,
    signature: opened.method.header.signature ?? opened.key,
    span: { start: span.start, end: span.end },
    message,
  };
}
