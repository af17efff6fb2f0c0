// What a method tells its callers: effects from its header, and the answer that a native Julia would
// give when asked how its arguments escape. Also the key under which calls find their target.
// Source: Compiler/src/optimize.jl (`refine_effects!`, `get_escape_cache`); spec
// escape-analysis.md §7.1 and §7.3.

import type { Method } from "../ir/method.ts";
import { operandValue } from "../ir/method.ts";
import { splitSignature } from "../syntax/header.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import { parseType, printType } from "../syntax/type.ts";
import type { Body, BodyStatement } from "./body.ts";
import { type Effects, readEffects } from "./effects/effects.ts";
import type { EscapeAnswer, EscapeSummary } from "./environment.ts";
import { aliasesOf, analyseEscapes, type EscapeState, escapeOf } from "./escape/analyse.ts";
import { bottom, isTop } from "./escape/lattice.ts";
import type { Profile } from "./profile.ts";
import { typeKey } from "./type-table.ts";

/** The effects in a method's header; null without an `effects` line. */
export function effectsOf(method: Method): Effects | null {
  return method.header.effects === null ? null : readEffects(method.header.effects);
}

/**
 * What the profile's escape analysis is told of the method. A native Julia's cache answers with a
 * summary where its optimiser found escape analysis worth running, `simple` for good effects, else
 * `opaque`. One that looks into every callee always has a summary.
 */
export function escapeAnswer(
  body: Body,
  effects: Effects | null,
  { calleeAnswers }: Profile,
): EscapeAnswer {
  if (calleeAnswers === "none") return "opaque";
  // What happens to arguments whose names nobody declares is not known.
  if (calleeAnswers === "every" && !body.hasUndeclaredNames) return summarise(analyseEscapes(body));
  return isWorthAnalysing(body) ? summarise(analyseEscapes(body)) : answerFromEffects(effects);
}

/**
 * What methods that call each other recursively are told of each other. No analysis is finished then: a
 * native Julia goes by the effects, one that waits for a summary finds none.
 */
export function recursiveAnswer(
  effects: Effects | null,
  { calleeAnswers }: Profile,
): "simple" | "opaque" {
  return calleeAnswers === "native" ? answerFromEffects(effects) : "opaque";
}

/** The answer where no analysis was recorded: good effects make a call `simple`. */
export function answerFromEffects(effects: Effects | null): "simple" | "opaque" {
  const isSimple = effects?.effectFree === "+" && effects.inaccessiblememonly === "+";
  return isSimple ? "simple" : "opaque";
}

/**
 * The optimiser runs escape analysis when nothing but stores to fields, allocations and calls with
 * conditional effects stands between the method and `effect_free`, and at least one of them does.
 */
function isWorthAnalysing(body: Body): boolean {
  if (body.hasUndeclaredNames) return false;
  let pending = false;
  for (const statement of body.statements) {
    if (statement.effectFree === "yes" || isControl(statement)) continue;
    if (!isConditionallyFree(statement)) return false;
    pending = true;
  }
  return pending;
}

function isControl({ kind, name }: BodyStatement): boolean {
  if (kind === "return" || kind === "enter" || kind === "alias") return true;
  return kind === "none" && ["goto", "gotoifnot", "leave", "unreachable", "nothing"].includes(name);
}

function isConditionallyFree(statement: BodyStatement): boolean {
  if (statement.kind === "builtin") return statement.name === "setfield!";
  return statement.kind === "invoke" && statement.callee?.effects?.effectFree === "?";
}

/** The summary of a finished analysis (`ArgEscapeCache`). */
export function summarise(state: EscapeState): EscapeSummary {
  const result = [];
  const pairs: [number, number][] = [];
  for (let k = 1; k <= state.nArguments; k++) {
    const info = escapeOf(state, -k) ?? bottom;
    const all = isTop(info);
    result.push({ all, return: !all && info.returnEscape, thrown: !all && info.thrown.size > 0 });
    for (const other of aliasesOf(state, -k) ?? []) if (other < -k) pairs.push([k, -other]);
  }
  return { arguments: result, aliases: pairs };
}

/** The key of a signature: the bare function name and the argument types in one spelling. */
export function keyOfSignature(signature: string): string | null {
  let key = signatureKeys.get(signature);
  if (key === undefined) {
    key = readSignatureKey(signature);
    if (signatureKeys.size >= signatureLimit) signatureKeys.clear();
    signatureKeys.set(signature, key);
  }
  return key;
}

/** Asked for again and again: every registration has its body's. */
const signatureKeys = new Map<string, string | null>();
const signatureLimit = 1000;

function readSignatureKey(signature: string): string | null {
  const parts = splitSignature(signature);
  if (parts === null) return null;
  return `${bareFunction(parts.name)}(${parts.arguments.map(argumentKey).join(", ")})`;
}

function argumentKey(argument: string): string {
  const colons = argument.indexOf("::");
  return colons < 0 ? "Any" : typeKey(parseType(argument.slice(colons + 2)));
}

/** `f` for `Main.f`, `Base.:+` gives `+`; `(::T)` keeps its type. */
function bareFunction(name: string): string {
  const functor = /^\((?:\w+)?::(.*)\)$/.exec(name);
  if (functor?.[1] !== undefined) return `(::${typeKey(parseType(functor[1]))})`;
  const last = /(?:^|\.)((?::?\(?var"(?:[^"\\]|\\.)*"\)?)|:[^.]+|[^.]*)$/.exec(name)?.[1] ?? name;
  return last.replace(/^:\((.*)\)$/, "$1").replace(/^:(?=\W)/, "");
}

/**
 * The key of an `invoke`'s target, from the callee and the printed signature; null where the callee is
 * a value whose type is not printed, or an argument has no type.
 */
export function keyOfInvoke(method: Method, statement: Statement): string | null {
  let key = knownKeys.get(statement);
  if (key === undefined) {
    key = readKey(method, statement);
    knownKeys.set(statement, key);
  }
  return key;
}

/** Asked for again and again, and a statement is of one method. */
const knownKeys = new WeakMap<Statement, string | null>();

function readKey(method: Method, statement: Statement): string | null {
  const { callee } = statement;
  if (callee === null) return null;
  const types: string[] = [];
  for (const operand of statement.operands) {
    if (operand.annotation === null) return null;
    types.push(
      typeKey(parseType(method.text.slice(operand.annotation.start, operand.annotation.end))),
    );
  }
  const args = `(${types.join(", ")})`;
  if (operandValue(method, callee) !== 0) {
    const type = calleeTypeText(method, callee);
    return type === null ? null : `(::${typeKey(parseType(type))})${args}`;
  }
  if (callee.kind === "call") return `(::${typeKey(parseType(callee.text))})${args}`;
  if (callee.kind === "global" || callee.kind === "name") return bareFunction(callee.text) + args;
  return callee.kind === "constant" ? `${printType(parseType(callee.text))}${args}` : null;
}

/** The printed type of a callee that is a value: a closure made here, or an argument. */
function calleeTypeText(method: Method, callee: Operand): string | null {
  const value = operandValue(method, callee);
  if (value < 0) {
    const { argumentTypes, name } = method.header;
    if (value < -1) return argumentTypes[-value - 2] ?? null;
    return /^\(::(.*)\)$/.exec(name ?? "")?.[1] ?? null;
  }
  const type = method.statements[value - 1]?.type;
  if (!type) return null;
  const text = method.text.slice(type.start, type.end);
  return /^Core\.Const\((.*)\(\)\)$/.exec(text)?.[1] ?? text;
}
