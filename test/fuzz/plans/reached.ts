// Blocks to which some path leads, as the validator walks: into a handler only from a statement of its
// region that may throw.

import { Liveness, usesOfPlacements } from "../../../server/src/check/liveness.ts";
import type { Program } from "../../../server/src/check/program.ts";
import { handlerOf } from "../../../server/src/check/region.ts";
import { ThrowTable } from "../../../server/src/check/validate/throws.ts";
import { successorsOf } from "../../../server/src/ir/graph.ts";
import { lastOf, type Method } from "../../../server/src/ir/method.ts";

/** The numbers of the blocks that are reached. */
export function reachedBlocks(program: Program, method: Method): ReadonlySet<number> {
  const throws = new ThrowTable(program);
  const { regionAtHead } = new Liveness(method, usesOfPlacements(method, []));
  const reached = new Set([1]);
  for (const block of reached) {
    const handler = handlerOf(regionAtHead[block] ?? null);
    const last = lastOf(method, block);
    let isEnded = false;
    for (let position = method.firstOf[block] ?? 0; position <= last && !isEnded; position++) {
      const statement = method.statements[position - 1];
      if (statement === undefined) continue;
      const throwing = throws.of(method, statement);
      if (throwing !== "never" && handler > 0) reached.add(handler);
      isEnded = throwing === "always";
    }
    if (isEnded) continue;
    const isEnter = method.statements[last - 1]?.kind === "enter";
    for (const to of isEnter ? [block + 1] : successorsOf(method.graph, block)) reached.add(to);
  }
  return reached;
}
