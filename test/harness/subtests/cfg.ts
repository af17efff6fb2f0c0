// `cfg`: the edges of the control-flow graph. Closed per key: where a method names the successors of
// one block, it names those of all blocks that have any. The printed mark must agree besides: `┄`
// stands exactly at blocks with two ways in, where a handler counts one for exceptions.

import { predecessorsOf, successorsOf } from "../../../server/src/ir/graph.ts";
import { labelOf } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, type KeyRule, labels } from "../session.ts";

const ofBlock: KeyRule = { about: "block", closed: "used" };

export const cfg: Command = {
  name: "cfg",
  keys: { predecessors: ofBlock, successors: ofBlock },
  answers(session) {
    return session.methods().flatMap((of) =>
      of.method.syntax.blocks.flatMap((head, index): Answer[] => {
        const { graph } = of.method;
        const say = (key: string, blocks: Int32Array): Answer => ({
          of,
          key,
          subject: `#${head.label}`,
          text: labels(of.method, blocks),
          isPlain: blocks.length === 0,
        });
        return [
          say("predecessors", predecessorsOf(graph, index + 1)),
          say("successors", successorsOf(graph, index + 1)),
        ];
      }),
    );
  },
  check(session) {
    for (const { path, method, startLine } of session.methods()) {
      method.syntax.blocks.forEach((head, index) => {
        const exceptions = method.handlers.has(index + 1) ? 1 : 0;
        const ways = predecessorsOf(method.graph, index + 1).length + exceptions;
        if (ways >= 2 === head.merge) return;
        const line = session.lineOf(path, startLine + head.line);
        session.complain(line, `mark of #${labelOf(method, index + 1)}`, head.merge ? "┄" : "─", `${ways} ways in`);
      });
    }
  },
};
