// `cfg`: the edges of the control-flow graph. Closed per key: where a method names the successors of
// one block, it names those of all blocks that have any. The printed mark must agree besides: `┄`
// stands exactly at blocks with two ways in, where a handler has one more for exceptions.

import { predecessorsOf, successorsOf } from "../../../server/src/ir/graph.ts";
import { type Command, keys, labels } from "../session.ts";

export const cfg: Command = {
  name: "cfg",
  keys: keys("block", "used", "predecessors, successors"),
  answers: ({ method }) =>
    method.syntax.blocks.flatMap(({ label }, index) => {
      const before = predecessorsOf(method.graph, index + 1);
      const after = successorsOf(method.graph, index + 1);
      return [
        ["predecessors", `#${label}`, labels(method, before), before.length === 0],
        ["successors", `#${label}`, labels(method, after), after.length === 0],
      ];
    }),
  check(session) {
    for (const { path, method, startLine } of session.methods()) {
      method.syntax.blocks.forEach(({ label, line, merge }, index) => {
        const exceptions = method.handlers.has(index + 1) ? 1 : 0;
        const ways = predecessorsOf(method.graph, index + 1).length + exceptions;
        if (ways >= 2 === merge) return;
        const at = session.lineOf(path, startLine + line);
        session.complain(at, `mark of #${label}`, merge ? "┄" : "─", `${ways} ways in`);
      });
    }
  },
};
