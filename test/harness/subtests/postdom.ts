// `postdom`: as `domtree`, on the reversed graph: which blocks every way from there to an exit passes.

import { postDominatorTree } from "../../../server/src/ir/dominator-tree.ts";
import { type Command, keys } from "../session.ts";
import { treeAnswers } from "./domtree.ts";

export const postdom: Command = {
  name: "postdom",
  keys: keys("block", "used", "postdominates, immediate postdominator"),
  answers: ({ method }) =>
    treeAnswers(
      method,
      postDominatorTree(method.graph),
      "postdominates",
      "immediate postdominator",
    ),
};
