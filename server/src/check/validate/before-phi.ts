// What the IR verifier says of a method with a statement before the first one of a block, which is where
// Julia inlines a finalizer that has no last use in its block. Release builds of Julia do not run it.
// Source: spec finalizer-inlining.md §7 (H4).

import { dominatorTree } from "../../ir/dominator-tree.ts";
import { lower, type Method } from "../../ir/method.ts";
import { verify } from "../../ir/verify.ts";
import type { Statement } from "../../syntax/tree.ts";

/** The verifier's words about φ nodes that no longer stand first; null where it has nothing against it. */
export function rejectionBefore(method: Method, block: number): string | null {
  const { statements, syntax, text } = method;
  const index = (method.firstOf[block] ?? 0) - 1;
  const first = statements[index];
  if (first === undefined) return null;
  const inserted: Statement = {
    ...first,
    id: 1 + statements.reduce((most, { id }) => Math.max(most, id), 0),
    definition: null,
    kind: "call",
    callee: null,
    operands: [],
    blocks: [],
    type: null,
  };
  const changed = lower(
    {
      ...syntax,
      statements: [...statements.slice(0, index), inserted, ...statements.slice(index)],
      blocks: syntax.blocks.map((head, at) =>
        at < block ? head : { ...head, first: head.first + 1 },
      ),
    },
    text,
  );
  const found = verify(changed, dominatorTree(changed.graph));
  return found.find(({ code }) => code === "verify/phi-position")?.message ?? null;
}
