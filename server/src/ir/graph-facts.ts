// What several analyses ask of one graph, made when first asked for and kept as long as the graph is.

import { type DominatorTree, dominatorTree } from "./dominator-tree.ts";
import { type Graph, reversePostorder } from "./graph.ts";
import { type LoopForest, loopForest } from "./loop-forest.ts";

/** `dominatorTree` of the graph. */
export const dominatorsOf: (graph: Graph) => DominatorTree = keptWith(dominatorTree);

/** `loopForest` of the graph. */
export const loopsOf: (graph: Graph) => LoopForest = keptWith(loopForest);

/** `reversePostorder` of the graph. */
export const orderOf: (graph: Graph) => Int32Array = keptWith(reversePostorder);

function keptWith<T>(make: (graph: Graph) => T): (graph: Graph) => T {
  const known = new WeakMap<Graph, T>();
  return (graph) => {
    let facts = known.get(graph);
    if (facts === undefined) {
      facts = make(graph);
      known.set(graph, facts);
    }
    return facts;
  };
}
