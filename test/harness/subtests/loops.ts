// `loops`: the loop nesting forest. `# loop: #2 #3` stands at a header and lists the loop's blocks;
// an irreducible loop says so and where it is entered. `# depth: 2` is open for blocks in no loop.

import { loopDepth, loopForest } from "../../../server/src/ir/loop-forest.ts";
import { labelOf } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, labels } from "../session.ts";

export const loops: Command = {
  name: "loops",
  keys: {
    loop: { about: "block", closed: "always" },
    depth: { about: "block", closed: "used" },
  },
  answers(session) {
    return session.methods().flatMap((of) => {
      const { method } = of;
      const forest = loopForest(method.graph);
      const at = (block: number): string => `#${labelOf(method, block)}`;
      const loops = forest.loops.map(({ header, blocks, irreducible, entries }): Answer => {
        const entered = irreducible ? `, irreducible, entered at ${labels(method, entries)}` : "";
        return { of, key: "loop", subject: at(header), text: labels(method, blocks) + entered };
      });
      const depths = method.syntax.blocks.map((_, index): Answer => {
        const depth = loopDepth(forest, index + 1);
        return { of, key: "depth", subject: at(index + 1), text: `${depth}`, isPlain: depth === 0 };
      });
      return [...loops, ...depths];
    });
  },
};
