// The heap of an opened method under an environment: resolves what the solver asks about callees, types
// and C functions.

import type { Operand } from "../../syntax/tree.ts";
import type { Body } from "../body.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { MethodSummary } from "../method-summary.ts";
import { baseName, widen } from "../type-table.ts";
import { ValueTypes } from "../value-types.ts";
import { foreignFacts } from "./foreign.ts";
import { type HeapFacts, solveHeap } from "./solve.ts";

/** The heap facts of `opened`, and the summaries of the callees that they rest on. */
export interface MethodHeap extends HeapFacts {
  readonly body: Body;
  /** By statement position: what the callee does; null where it is not known, absent for no call. */
  readonly callees: ReadonlyMap<number, MethodSummary | null>;
}

export function heapOf(opened: OpenedMethod, environment: Environment): MethodHeap {
  const { method, body } = opened;
  const types = new ValueTypes(method, environment);
  const callees = new Map<number, MethodSummary | null>();
  body.statements.forEach(({ kind }, index) => {
    const statement = method.statements[index];
    if (statement === undefined || (kind !== "invoke" && kind !== "call")) return;
    callees.set(index + 1, environment.summary(method, statement));
  });
  const facts = solveHeap({
    body,
    summary: (position) => callees.get(position) ?? null,
    loadsFromMemoryRef: (position) => {
      const object = method.statements[position - 1]?.operands[0];
      if (object === undefined) return false;
      const name = baseName(widen(types.operand(object)));
      return name === "MemoryRef" || name === "GenericMemoryRef";
    },
    isFinalize: (position) => {
      const callee = method.statements[position - 1]?.callee;
      return callee?.kind === "global" && callee.text === "finalize";
    },
    isFinalizer: (position) => {
      const statement = method.statements[position - 1];
      const { kind, text, module } = statement?.callee ?? {};
      const isBase = kind === "global" && /^(?:Base|Core|Main)$/.test(module ?? "");
      return statement?.kind === "invoke" && isBase && text === "finalizer";
    },
    isBits: (value) => {
      const type = value > 0 ? types.ssa(value) : types.argument(-value);
      return environment.types.isBits(type);
    },
    isVector: (value) => {
      const type = value > 0 ? types.ssa(value) : types.argument(-value);
      return baseName(widen(type)) === "SimpleVector";
    },
    isWeakReference: (position) => {
      const statement = method.statements[position - 1];
      return statement?.kind === "new" && baseName(widen(types.ssa(position))) === "WeakRef";
    },
    isFieldName: (position) => method.statements[position - 1]?.operands[1]?.kind === "symbol",
    isUnchecked: (position) => {
      const operands = method.statements[position - 1]?.operands ?? [];
      return operands.length === 1 || operands.at(-1)?.text === "false";
    },
    isLiteral: (position, operand) => isLiteral(method.statements[position - 1]?.operands[operand]),
    foreign: foreignFacts,
  });
  return { ...facts, body, callees };
}

/** Whether an operand is a literal that refers to no object which anybody could hold or finalize. */
export function isLiteral(operand: Operand | undefined): boolean {
  switch (operand?.kind) {
    case "number":
    case "string":
    case "character":
    case "symbol":
    case "undef":
      return true;
    case "name":
    case "global":
      return /^(?:nothing|missing|true|false)$/.test(operand.text);
    case "constant":
      return /^\((?:[\d, .-]|nothing|true|false)*\)$/.test(operand.text);
    default:
      return false;
  }
}
