// Which other methods a method's text names: targets of `invoke`, and finalizers that it registers.
// Cheap enough to be asked of every method of a workspace.

import type { Method } from "../ir/method.ts";
import { foreignName } from "./effects/foreigncall.ts";
import { keyOfInvoke } from "./summary.ts";

/** Keys of the targets of all `invoke` statements, each once, in text order. */
export function findInvokes(method: Method): string[] {
  const keys = new Set<string>();
  for (const statement of method.statements) {
    if (statement.kind !== "invoke") continue;
    const key = keyOfInvoke(method, statement);
    if (key !== null) keys.add(key);
  }
  return [...keys];
}

/** Bare names of the functions that are called by `invoke` or dynamically; `""` for callees that are values. */
export function calledNames(method: Method): string[] {
  const names = new Set<string>();
  for (const { kind, label, callee } of method.statements) {
    if (kind !== "invoke" && label !== "dynamic") continue;
    const isNamed = callee?.kind === "global" || callee?.kind === "name";
    names.add(isNamed ? callee.text : "");
  }
  return [...names];
}

/** Whether some statement may register a finalizer. */
export function mayRegister(method: Method): boolean {
  return method.statements.some((statement) =>
    statement.kind === "foreigncall"
      ? foreignName(statement.operands[0]).startsWith("jl_gc_add_")
      : statement.callee?.text === "finalizer",
  );
}
