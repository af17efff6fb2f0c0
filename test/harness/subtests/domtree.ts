// `domtree`: which blocks a block dominates (itself left out), and its immediate dominator. Closed per
// key, so that every claim is true and nothing true is left out.

import {
  type DominatorTree,
  dominates,
  dominatorTree,
} from "../../../server/src/ir/dominator-tree.ts";
import type { Graph } from "../../../server/src/ir/graph.ts";
import { type Answer, type Command, labels, type Session } from "../session.ts";

export const domtree: Command = {
  name: "domtree",
  keys: {
    dominates: { about: "block", closed: "used" },
    "immediate dominator": { about: "block", closed: "used" },
  },
  answers: (session) => treeAnswers(session, dominatorTree, "dominates", "immediate dominator"),
};

/** Both facts of every block, for either tree. */
export function treeAnswers(
  session: Session,
  makeTree: (graph: Graph) => DominatorTree,
  below: string,
  above: string,
): Answer[] {
  return session.methods().flatMap((of) => {
    const { method } = of;
    const tree = makeTree(method.graph);
    return method.syntax.blocks.flatMap(({ label }, index): Answer[] => {
      const block = index + 1;
      const parent = tree.immediateDominator[block] ?? 0;
      const dominated = method.syntax.blocks
        .map((_, other) => other + 1)
        .filter((other) => other !== block && dominates(tree, block, other));
      const say = (key: string, blocks: readonly number[]): Answer => ({
        of,
        key,
        subject: `#${label}`,
        text: labels(method, blocks),
        isPlain: blocks.length === 0,
      });
      return [say(below, dominated), say(above, parent === 0 ? [] : [parent])];
    });
  });
}
