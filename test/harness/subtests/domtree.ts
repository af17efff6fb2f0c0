// `domtree`: which blocks a block dominates (itself left out), and its immediate dominator. Closed per
// key, so that every claim is true and nothing true is left out.

import {
  type DominatorTree,
  dominates,
  dominatorTree,
} from "../../../server/src/ir/dominator-tree.ts";
import type { Method } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, keys, labels } from "../session.ts";

export const domtree: Command = {
  name: "domtree",
  keys: keys("block", "used", "dominates, immediate dominator"),
  answers: ({ method }) =>
    treeAnswers(method, dominatorTree(method.graph), "dominates", "immediate dominator"),
};

/** Both facts of every block, for either tree. */
export function treeAnswers(
  method: Method,
  tree: DominatorTree,
  below: string,
  above: string,
): Answer[] {
  const blocks = method.syntax.blocks.map((_, index) => index + 1);
  return blocks.flatMap((block): Answer[] => {
    const parent = tree.immediateDominator[block] ?? 0;
    const dominated = blocks.filter((other) => other !== block && dominates(tree, block, other));
    const at = labels(method, [block]);
    return [
      [below, at, labels(method, dominated), dominated.length === 0],
      [above, at, labels(method, parent === 0 ? [] : [parent]), parent === 0],
    ];
  });
}
