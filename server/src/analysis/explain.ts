// Says in words why a rung failed: what the blamed statement does to the object, and through which
// callees, step by step. Data in, sentences out; no positions beyond the unit's own offsets.

import { idOf, type Method } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";
import type { Span } from "../text/span.ts";
import type { BodyStatement } from "./body.ts";
import type { CalleeFacts, Environment, OpenedMethod } from "./environment.ts";
import { analyseEscapes, causeOf } from "./escape/analyse.ts";
import { chainInto, chainLimit, step, subject, throwReason } from "./explain-effects.ts";
import type { Blocker } from "./finalizer/ladder.ts";
import type { Registration } from "./finalizer/registration.ts";

/** One step of a chain, in the method with `key`. */
export interface ChainStep {
  readonly key: string;
  readonly signature: string;
  readonly span: Span;
  readonly message: string;
}

/** What the blamed statement does, as one sentence without a final stop. */
export function describeBlocker(
  opened: OpenedMethod,
  blocker: Blocker,
  registration: Registration,
): string {
  const { method, body } = opened;
  const statement = method.statements[blocker.position - 1];
  const made = body.statements[blocker.position - 1];
  if (statement === undefined || made === undefined) return "a statement that is not there";
  const name = subject(statement, made);
  switch (blocker.code) {
    case "finalizer/not-core-call":
      return registration.via === "foreigncall"
        ? "a pointer finalizer is registered by a C call, which Julia never resolves"
        : "`finalizer` was not inlined to `Core.finalizer`";
    case "finalizer/arity":
      return "`Core.finalizer` takes a function, an object and at most two arguments of the inliner";
    case "finalizer/body-unknown":
      return `nothing is known about the finalizer${signatureOf(registration)}`;
    case "finalizer/body-may-throw":
      return `the finalizer${signatureOf(registration)} may throw`;
    case "finalizer/body-task-state":
      return `the finalizer${signatureOf(registration)} may touch task state`;
    case "finalizer/body-may-not-end":
      return `the finalizer${signatureOf(registration)} is not proven to end`;
    case "finalizer/body-undefined-behavior":
      return `the finalizer${signatureOf(registration)} is not proven free of undefined behavior`;
    case "finalizer/body-free-typevars":
      return "the finalizer's type has free parameters";
    case "finalizer/body-not-single-case":
      return "the inliner found no single target for the finalizer, although its effects allow it";
    case "finalizer/object-type-unknown":
      return "the object's type is not a single data type";
    case "finalizer/object-atomic-fields":
      return "the object's type has an `@atomic` field";
    case "finalizer/object-immutable":
      return "the object is not known to be mutable";
    case "finalizer/object-not-ssa":
      return "the object is an argument or a constant, not a value made here";
    case "finalizer/allocation-not-new":
      return `the object is made by ${name}, not by a \`%new\` in this method`;
    case "finalizer/multiple-registrations":
      return `\`%${statement.id}\` registers another finalizer of the same object`;
    case "finalizer/unaccounted-use":
      return `${name} uses the object beyond its fields`;
    case "finalizer/aliased":
      return aliasReason(made, statement, name);
    case "finalizer/escapes-return":
      return "the object is returned";
    case "finalizer/escapes-thrown":
      return `${name} may throw the object`;
    case "finalizer/escapes-unknown-call":
      return escapeReason(method, statement, made, name);
    case "finalizer/escapes-argument":
      return `${name} stores the object where the caller can see it`;
    case "finalizer/escapes-finalizer":
      return "a finalizer registered here can reach the object later";
    case "finalizer/allocation-not-dominating":
      return "the allocation does not dominate the registration";
    case "finalizer/registration-not-dominating":
      return `the object can be used at ${name} without having been registered`;
    case "finalizer/insertion-not-dominated":
      return "the point after all uses can be reached without this registration";
    case "finalizer/no-post-dominator":
      return `the method can end at ${name} without passing all uses of the object`;
    case "finalizer/region-may-throw":
      return throwReason(made, name);
    default:
      return `${name} stands in the way`;
  }
}

function signatureOf(registration: Registration): string {
  return registration.bodySignature === null ? "" : ` \`${registration.bodySignature}\``;
}

function aliasReason(made: BodyStatement, statement: Statement, name: string): string {
  if (made.kind === "alias")
    return `\`%${statement.id}\` (${made.name === "phi" ? "φ" : made.name}) may be the same object`;
  if (made.name === "getfield")
    return `\`%${statement.id}\`, loaded from a field, may be the same object`;
  return `the result of ${name} may be the same object`;
}

function escapeReason(
  method: Method,
  statement: Statement,
  made: BodyStatement,
  name: string,
): string {
  if (made.kind === "invoke") {
    if (made.callee === null)
      return `nothing is known about ${name}: the object is taken as captured`;
    if (made.callee.escapes !== "opaque") return `${name} lets the object escape`;
    return `Julia keeps no escape summary of ${name}: the object is taken as captured`;
  }
  if (made.kind === "call") return `${name} is called dynamically: the object is taken as captured`;
  if (made.nothrow !== "yes" && isThrower(made))
    return `${name} may throw the object inside a \`try\``;
  if (made.kind === "foreigncall") return `${name} takes the object as \`Any\``;
  if (made.kind === "global") return "the object meets the value of a global";
  if (made.kind === "new" || made.name === "tuple")
    return `${name} stores the object into something that escapes`;
  if (made.name === "setfield!") return "the object is stored into something that escapes";
  if (made.name.startsWith("memoryref"))
    return "the object is stored into memory, which Julia does not follow";
  if (statement.kind === "opaque") return "a line that could not be read may let the object escape";
  return `${name} at \`%${idOf(method, statement.id)}\` lets the object escape`;
}

/** Builtins that let an operand go only by throwing it. */
function isThrower({ kind, name }: BodyStatement): boolean {
  const names = ["throw", "getfield", "typeassert", "isa", "===", "sizeof", "isdefined"];
  return kind === "builtin" && names.includes(name);
}

/**
 * The chain behind a blocker: for a call, the statement in the callee that is to blame, and so on
 * through callees that are present. Empty where the blamed statement explains itself.
 */
export function chainOf(
  environment: Environment,
  opened: OpenedMethod,
  blocker: Blocker,
  registration: Registration,
): ChainStep[] {
  const made = opened.body.statements[blocker.position - 1];
  switch (blocker.code) {
    case "finalizer/escapes-unknown-call":
      return made?.kind === "invoke" ? escapeChain(environment, made, blocker.value) : [];
    case "finalizer/region-may-throw":
      return chainInto(environment, made?.callee?.key, "nothrow");
    case "finalizer/body-may-throw":
      return chainInto(environment, registration.body?.key, "nothrow");
    case "finalizer/body-task-state":
      return chainInto(environment, registration.body?.key, "notaskstate");
    default:
      return [];
  }
}

/** Follows the argument at which `value` goes into callees, down to the statement that captures it. */
function escapeChain(environment: Environment, call: BodyStatement, value: number): ChainStep[] {
  const steps: ChainStep[] = [];
  const visited = new Set<string>();
  let at: BodyStatement | undefined = call;
  let passed = value;
  while (at?.kind === "invoke" && at.callee?.key && steps.length < chainLimit) {
    const target: CalleeFacts = at.callee;
    const { key, effects, escapes } = target;
    const opened: OpenedMethod | null =
      key === null || visited.has(key) ? null : environment.open(key);
    if (key === null || opened === null) break;
    visited.add(key);
    const argument = at.args.indexOf(passed) + 1;
    if (argument === 0) break;
    const named = argumentName(opened, argument);
    const cause = causeOf(analyseEscapes(opened.body), -argument);
    const statement = opened.method.statements[cause - 1];
    const made: BodyStatement | undefined = opened.body.statements[cause - 1];
    if (statement === undefined || made === undefined) {
      const first = opened.method.statements[0];
      if (first !== undefined && escapes === "opaque") {
        const printed = opened.method.header.effects ?? (effects === null ? "no effects line" : "");
        steps.push(
          step(
            opened,
            opened.method.header.span ?? first,
            `${named} does not escape in this text, but with effects ${printed} Julia records no summary`,
          ),
        );
      }
      break;
    }
    const message = `${named}: ${escapeReason(opened.method, statement, made, subject(statement, made))}`;
    steps.push(step(opened, statement, message.replace("the object", "it")));
    at = made;
    passed = -argument;
  }
  return steps;
}

/** An argument by its name where the text gives one, else by its number after the function. */
function argumentName({ method }: OpenedMethod, argument: number): string {
  const name = method.header.slots[argument - 1]?.name;
  return name === undefined ? `argument ${argument - 1}` : `\`${name}\``;
}
