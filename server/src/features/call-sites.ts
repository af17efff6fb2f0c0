// Where the methods of the workspace call a method: every `invoke` of it, calls whose target only its
// name tells, and the places that name it as code. Units are read only where their facts or their text
// say that there may be something.

import { keyOfInvoke } from "../analysis/summary.ts";
import { eachOperand, type Method } from "../ir/method.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { bareName, calledName, eachMethod, keyOfCode, type MethodPlace } from "./method-index.ts";

/** One call of a method. */
export interface CallSite {
  readonly place: MethodPlace;
  readonly method: Method;
  /** 1-based position of the statement. */
  readonly position: number;
  /** The callee, or the `CodeInstance for …`. */
  readonly operand: Operand;
}

/** All `invoke`s of the method with `key`, and all operands that name it as code, in file order. */
export function invokesOf(
  workspace: Workspace,
  key: string,
  only: string | null = null,
): CallSite[] {
  const sites: CallSite[] = [];
  const word = wordOf(key);
  for (const place of eachMethod(workspace)) {
    if (only !== null && place.path !== only) continue;
    const isCaller = place.unit.facts()?.calls.includes(key) === true;
    if (!isCaller && !namesCode(place.unit, word)) continue;
    const method = place.unit.read();
    method?.statements.forEach((statement, index) => {
      const add = (operand: Operand): void => {
        sites.push({ place, method, position: index + 1, operand });
      };
      if (isCaller && invokes(method, statement, key)) add(statement.callee);
      eachOperand(statement, (operand) => {
        if (operand.kind === "code" && keyOfCode(operand) === key) add(operand);
      });
    });
  }
  return sites;
}

/** Some word that every text with the method's name holds, however the name is quoted. */
function wordOf(name: string): string {
  return /[\p{L}\p{N}_]+/u.exec(name.replace(/^\(::var"/, ""))?.[0] ?? name.charAt(0);
}

/** Whether the text may hold `CodeInstance for …` or `MethodInstance for …` of the method as an operand. */
function namesCode({ text }: Unit, word: string): boolean {
  if (!text.includes("CodeInstance for ") && !text.includes(" MethodInstance for ")) return false;
  return text.includes(word);
}

function invokes(
  method: Method,
  statement: Statement,
  key: string,
): statement is Statement & { readonly callee: Operand } {
  const { kind, callee } = statement;
  return kind === "invoke" && callee !== null && keyOfInvoke(method, statement) === key;
}

/** Calls that print no signature and may reach a method of that name and number of arguments. */
export function namedCallsOf(workspace: Workspace, name: string, nArguments: number): CallSite[] {
  const bare = bareName(name);
  if (bare === null) return [];
  const word = wordOf(bare);
  const sites: CallSite[] = [];
  for (const place of eachMethod(workspace)) {
    if (!place.unit.text.includes(word)) continue;
    const method = place.unit.read();
    method?.statements.forEach((statement, index) => {
      const { callee } = statement;
      if (callee === null || !isNamedCall(method, statement, nArguments)) return;
      const called = calledName(method, callee);
      if (called === null || bareName(called) !== bare) return;
      sites.push({ place, method, position: index + 1, operand: callee });
    });
  }
  return sites;
}

function isNamedCall(method: Method, statement: Statement, nArguments: number): boolean {
  const { kind, label, operands } = statement;
  if (operands.length !== nArguments || label === "intrinsic" || label === "builtin") return false;
  return kind === "call" || (kind === "invoke" && keyOfInvoke(method, statement) === null);
}
