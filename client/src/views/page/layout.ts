// Where boxes and arrows stand: a layered drawing by dagre, in which the boxes of a loop stay together, so that
// loops can be shaded. Pure; sizes come from the size of a character.
// Source: E. R. Gansner et al., "A Technique for Drawing Directed Graphs", IEEE TSE 19(3), 1993.

import { Graph as Layered, layout } from "@dagrejs/dagre";
import type { Graph } from "./graph.ts";
import type { ViewLoop } from "./wire.ts";

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** By box; x and y are the upper left corner. */
  readonly boxes: readonly Rectangle[];
  /** By arrow: its points, and the middle of its label. */
  readonly arrows: readonly { readonly points: readonly Point[]; readonly label: Point }[];
  /** Loops with drawn blocks, outer first. */
  readonly loops: readonly { readonly loop: ViewLoop; readonly area: Rectangle }[];
}

/** The size of a character, and of a line with its leading. */
export interface Metrics {
  readonly character: number;
  readonly line: number;
}

export const padding = 8;
const loopPadding = 14;

/** @param labels the words at each arrow, empty for none */
export function layoutOf(
  { boxes, arrows }: Graph,
  loops: readonly ViewLoop[],
  labels: readonly string[],
  { character, line }: Metrics,
): Layout {
  const graph = new Layered({ multigraph: true, compound: true });
  graph.setGraph({
    rankdir: "TB",
    nodesep: 28,
    ranksep: 34,
    edgesep: 16,
    marginx: 24,
    marginy: 24,
  });
  const drawn = new Set(boxes.map(({ loop }) => loop));
  // The loops around a drawn one are drawn too.
  for (const { id, parent } of [...loops].reverse()) if (drawn.has(id)) drawn.add(parent);
  drawn.delete(0);
  for (const { id, parent } of loops) {
    if (!drawn.has(id)) continue;
    graph.setNode(`loop ${id}`, {});
    if (parent > 0) graph.setParent(`loop ${id}`, `loop ${parent}`);
  }
  boxes.forEach(({ lines, loop }, index) => {
    const longest = Math.max(10, ...lines.map(({ text }) => text.length));
    const width = longest * character + 2 * padding;
    graph.setNode(`${index}`, { width, height: lines.length * line + 2 * padding });
    if (loop > 0) graph.setParent(`${index}`, `loop ${loop}`);
  });
  arrows.forEach(({ from, to }, index) => {
    const words = labels[index] ?? "";
    const size =
      words === ""
        ? { width: 0, height: 0 }
        : { width: words.length * character + 8, height: line, labelpos: "c" };
    graph.setEdge(`${from}`, `${to}`, size, `${index}`);
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: width + 2,
    height: height + 2,
    boxes: boxes.map((_, index) => corner(graph.node(`${index}`))),
    arrows: arrows.map(({ from, to }, index) => {
      const edge = graph.edge(`${from}`, `${to}`, `${index}`);
      const points: readonly Point[] = edge.points ?? [];
      const middle = points[points.length >> 1] ?? { x: 0, y: 0 };
      return { points, label: { x: edge.x ?? middle.x, y: edge.y ?? middle.y } };
    }),
    loops: loops
      .filter(({ id }) => drawn.has(id))
      .map((loop) => ({ loop, area: areaOf(loop.id, boxes, loops, graph) })),
  };
}

interface Placed {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

function corner({ x = 0, y = 0, width = 0, height = 0 }: Placed): Rectangle {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Around the boxes of the loop and of those inside, with a margin for each level. */
function areaOf(
  id: number,
  boxes: Graph["boxes"],
  loops: readonly ViewLoop[],
  graph: { node(name: string): Placed },
): Rectangle {
  const area = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  boxes.forEach(({ loop }, index) => {
    let depth = 1;
    let at = loop;
    while (at > 0 && at !== id) {
      at = loops.find((one) => one.id === at)?.parent ?? 0;
      depth++;
    }
    if (at !== id) return;
    const { x, y, width, height } = corner(graph.node(`${index}`));
    const margin = depth * loopPadding - 4;
    area.left = Math.min(area.left, x - margin);
    area.top = Math.min(area.top, y - margin);
    area.right = Math.max(area.right, x + width + margin);
    area.bottom = Math.max(area.bottom, y + height + margin);
  });
  const { left, top, right, bottom } = area;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
