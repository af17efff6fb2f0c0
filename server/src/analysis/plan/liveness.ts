// Which holders of an object are live at the start of each block: from each use of each of them backwards to
// where it is defined. A use in a φ counts at the end of the predecessor; what a handler uses is live wherever its
// region can throw.
// Source: F. Brandner et al., "Computing Liveness Sets for SSA-Form Programs", INRIA RR-7503, 2011 (§5, by use).

import { predecessorsOf } from "../../ir/graph.ts";
import type { Method, Uses } from "../../ir/method.ts";
import type { Value } from "../body.ts";
import type { Steps } from "./steps.ts";
import { usersOfValue } from "./users.ts";

export interface Liveness {
  /** Block → holders that are live at its head, behind its φ nodes. */
  readonly in: readonly bigint[];
}

/** @param caughtBy handler → the blocks that it catches exceptions of */
export function liveness(
  method: Method,
  uses: Uses,
  steps: Pick<Steps, "bitOf" | "joins">,
  caughtBy: ReadonlyMap<number, ReadonlySet<number>>,
): Liveness {
  const live = new Array<bigint>(method.nBlocks + 1).fill(0n);
  const work: number[] = [];
  const enter = (block: number, bit: bigint): void => {
    if (((live[block] ?? 0n) & bit) !== 0n) return;
    live[block] = (live[block] ?? 0n) | bit;
    work.push(block);
  };
  const taken = takenFrom(steps);
  for (const [value, bit] of steps.bitOf) {
    const kind = kindAt(method, value);
    const home = value > 0 ? (method.blockOf[value] ?? 0) : 0;
    const isJoin = kind === "phi" || kind === "phic";
    for (const position of usersOfValue(method, uses, value)) {
      const block = method.blockOf[position] ?? 0;
      if (kindAt(method, position) === "phi") continue;
      if (isJoin || block !== home || value >= position) enter(block, bit);
    }
    for (const block of taken.get(bit) ?? []) if (isJoin || block !== home) enter(block, bit);
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      // A φ is defined at the head of its block.
      if (isJoin && block === home) continue;
      for (const from of predecessorsOf(method.graph, block))
        if (isJoin || from !== home) enter(from, bit);
      for (const from of caughtBy.get(block) ?? []) enter(from, bit);
    }
  }
  return { in: live };
}

function kindAt(method: Method, position: Value): string {
  return method.statements[position - 1]?.kind ?? "";
}

/** By holder the blocks from which φ nodes take it. */
function takenFrom({ joins }: Pick<Steps, "joins">): Map<bigint, number[]> {
  const found = new Map<bigint, number[]>();
  for (const list of joins.values()) {
    for (const { by } of list) {
      for (const [from, bit] of by) {
        const known = found.get(bit);
        if (known === undefined) found.set(bit, [from]);
        else known.push(from);
      }
    }
  }
  return found;
}
