// `loops`: the loop nesting forest. `# loop: #2 #3` stands at a header and lists the loop's blocks;
// an irreducible loop says so and where it is entered. `# depth: 2` may be left out in no loop.

import { loopDepth, loopForest } from "../../../server/src/ir/loop-forest.ts";
import { type Answer, type Command, keys, labels } from "../session.ts";

export const loops: Command = {
  name: "loops",
  keys: { ...keys("block", "always", "loop"), ...keys("block", "used", "depth") },
  answers({ method }) {
    const forest = loopForest(method.graph);
    const depths = method.syntax.blocks.map(({ label }, index): Answer => {
      const depth = loopDepth(forest, index + 1);
      return ["depth", `#${label}`, `${depth}`, depth === 0];
    });
    const loops = forest.loops.map(({ header, blocks, irreducible, entries }): Answer => {
      const entered = irreducible ? `, irreducible, entered at ${labels(method, entries)}` : "";
      return ["loop", labels(method, [header]), labels(method, blocks) + entered];
    });
    return [...depths, ...loops];
  },
};
