// `postdom`: as `domtree`, on the reversed graph: which blocks every way from there to an exit passes.

import { postDominatorTree } from "../../../server/src/ir/dominator-tree.ts";
import type { Command } from "../session.ts";
import { treeAnswers } from "./domtree.ts";

export const postdom: Command = {
  name: "postdom",
  keys: {
    postdominates: { about: "block", closed: "used" },
    "immediate postdominator": { about: "block", closed: "used" },
  },
  answers: (session) =>
    treeAnswers(session, postDominatorTree, "postdominates", "immediate postdominator"),
};
