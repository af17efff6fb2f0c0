// Which holders of an object are live at the start of each block. A use in a φ counts at the end of the
// predecessor; what a handler uses is live wherever its region can throw.
// Source: F. Brandner et al., "Computing Liveness Sets for SSA-Form Programs", INRIA RR-7503, 2011.

import { reversePostorder, successorsOf } from "../../ir/graph.ts";
import { eachOperand, type Method, operandValue, type Uses, usersOf } from "../../ir/method.ts";
import type { Steps } from "./steps.ts";

export interface Liveness {
  /** Block → holders that are live at its head, behind its φ nodes. */
  readonly in: readonly bigint[];
}

export function liveness(
  method: Method,
  uses: Uses,
  steps: Steps,
  handlers: Int32Array | null,
): Liveness {
  const n = method.nBlocks;
  const reads = new Array<bigint>(n + 1).fill(0n);
  const defines = new Array<bigint>(n + 1).fill(0n);
  /** Operands of φ nodes in the successors, by predecessor. */
  const leaving = new Array<bigint>(n + 1).fill(0n);
  const catches = handlers === null ? null : handlersByBlock(method, handlers);
  const kindAt = (position: number): string => method.statements[position - 1]?.kind ?? "";
  for (const [value, bit] of steps.bitOf) {
    const isJoin = value > 0 && (kindAt(value) === "phi" || kindAt(value) === "phic");
    const made = value > 0 && !isJoin ? (method.blockOf[value] ?? 0) : 0;
    if (made > 0) defines[made] = (defines[made] ?? 0n) | bit;
    const users = value > 0 ? usersOf(uses, value) : usersOfArgument(method, value);
    for (const position of users) {
      const block = method.blockOf[position] ?? 0;
      if (kindAt(position) === "phi" || (block === made && value < position)) continue;
      reads[block] = (reads[block] ?? 0n) | bit;
    }
  }
  for (const joins of steps.joins.values()) {
    for (const { by } of joins) {
      for (const [from, bit] of by) leaving[from] = (leaving[from] ?? 0n) | bit;
    }
  }
  const joined = new Array<bigint>(n + 1).fill(0n);
  for (const [block, joins] of steps.joins) {
    joined[block] = joins.reduce((mask, { bit }) => mask | bit, 0n);
  }
  const live = new Array<bigint>(n + 1).fill(0n);
  const order = reversePostorder(method.graph);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = order.length - 1; i >= 0; i--) {
      const block = order[i] ?? 0;
      let out = leaving[block] ?? 0n;
      for (const next of successorsOf(method.graph, block)) {
        out |= (live[next] ?? 0n) & ~(joined[next] ?? 0n);
      }
      let inward = (reads[block] ?? 0n) | (out & ~(defines[block] ?? 0n));
      for (const handler of catches?.get(block) ?? []) {
        inward |= (live[handler] ?? 0n) & ~(joined[handler] ?? 0n);
      }
      if (inward === live[block]) continue;
      live[block] = inward;
      changed = true;
    }
  }
  return { in: live };
}

/** Block → the handlers that catch what its statements throw. */
function handlersByBlock(method: Method, handlers: Int32Array): Map<number, Set<number>> {
  const catches = new Map<number, Set<number>>();
  for (let position = 1; position <= method.nStatements; position++) {
    const handler = handlers[position] ?? 0;
    if (handler === 0) continue;
    const block = method.blockOf[position] ?? 0;
    const known = catches.get(block);
    if (known === undefined) catches.set(block, new Set([handler]));
    else known.add(handler);
  }
  return catches;
}

/** Def-use lists know statements only; an argument seldom holds an object of the method's own. */
function usersOfArgument(method: Method, value: number): number[] {
  return method.statements.flatMap((statement, index) => {
    let isUsed = false;
    eachOperand(statement, (operand) => {
      if (operandValue(method, operand) === value) isUsed = true;
    });
    return isUsed ? [index + 1] : [];
  });
}
