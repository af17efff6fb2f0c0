// Which holders of an object are live at the start of each block. A use in a φ counts at the end of the
// predecessor; what a handler uses is live wherever its region can throw.
// Source: F. Brandner et al., "Computing Liveness Sets for SSA-Form Programs", INRIA RR-7503, 2011.

import { reversePostorder, successorsOf } from "../../ir/graph.ts";
import { eachOperand, type Method, operandValue } from "../../ir/method.ts";
import type { Steps } from "./steps.ts";

export interface Liveness {
  /** Block → holders that are live at its head, behind its φ nodes. */
  readonly in: readonly bigint[];
}

export function liveness(method: Method, steps: Steps, handlers: Int32Array | null): Liveness {
  const n = method.nBlocks;
  const reads = new Array<bigint>(n + 1).fill(0n);
  const defines = new Array<bigint>(n + 1).fill(0n);
  /** Operands of φ nodes in the successors, by predecessor. */
  const leaving = new Array<bigint>(n + 1).fill(0n);
  const catches = new Map<number, Set<number>>();
  method.statements.forEach((statement, index) => {
    const position = index + 1;
    const block = method.blockOf[position] ?? 0;
    const handler = handlers?.[position] ?? 0;
    if (handler > 0) {
      const known = catches.get(block);
      if (known === undefined) catches.set(block, new Set([handler]));
      else known.add(handler);
    }
    const isPhi = statement.kind === "phi";
    if (!isPhi) {
      eachOperand(statement, (operand) => {
        const bit = steps.bitOf.get(operandValue(method, operand)) ?? 0n;
        if (bit !== 0n && (bit & (defines[block] ?? 0n)) === 0n) {
          reads[block] = (reads[block] ?? 0n) | bit;
        }
      });
    }
    const bit = steps.bitOf.get(position) ?? 0n;
    if (bit !== 0n && !isPhi && statement.kind !== "phic") {
      defines[block] = (defines[block] ?? 0n) | bit;
    }
  });
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
      for (const handler of catches.get(block) ?? []) {
        inward |= (live[handler] ?? 0n) & ~(joined[handler] ?? 0n);
      }
      if (inward === live[block]) continue;
      live[block] = inward;
      changed = true;
    }
  }
  return { in: live };
}
