// The picture of a method's control flow: boxes of statements, arrows by kind, loops shaded, marks where
// finalizers are registered, run, could run, and what stands in the way. A click on a line goes to the text;
// the editor's cursor shows in the picture.

import { line as curve, curveBasis } from "d3-shape";
import { count, cut, html, plain, svg } from "./dom.ts";
import { type Arrow, type Box, type Graph, graphOf, markSigns } from "./graph.ts";
import { type Layout, layoutOf, type Metrics, padding } from "./layout.ts";
import { createPicture } from "./picture.ts";
import { rove } from "./roving.ts";
import { type Cell, createTable } from "./table.ts";
import { blockAtLine, type Host, optionBox, type View } from "./view.ts";
import type { ControlFlowView, MarkKind, Place } from "./wire.ts";

/** What stands at the end of an arrow without marks. */
const labelLimit = 48;

const signWords: Readonly<Record<MarkKind, string>> = {
  registration: "registration",
  julia: "Julia runs the finalizer",
  mistake: "Julia's mistake",
  early: "could run early",
  blocker: "stands in the way",
};

export function createControlFlow(host: Host): View<ControlFlowView> {
  let view: ControlFlowView | null = null;
  let drawn: { graph: Graph; key: string; layout: Layout; boxes: SVGGElement[] } | null = null;
  let line = -1;
  let metrics: Metrics | null = null;
  const picture = createPicture(host.option("zoom", 1), (zoom) => host.keep("zoom", zoom));
  const leftOut = html("p", { class: "left-out" });
  const object = html("select", { "aria-label": "Blocks to show" });
  const table = createTable(
    "Blocks as a table",
    ["block", "from", "to", "loop depth", "what matters for finalizers"],
    host.reveal,
  );

  const draw = (): void => {
    if (view === null) return;
    const near = Math.max(1, blockAtLine(view, line));
    const graph = graphOf(
      view,
      {
        collapses: host.option("collapses", false),
        showsStatements: host.option("statements", true),
        object: host.option("object", ""),
      },
      near,
    );
    metrics ??= measure(picture.element);
    const labels = graph.arrows.map((arrow) => cut(labelOf(arrow), labelLimit));
    const sizes = graph.boxes.map(({ lines, loop }) => [
      loop,
      ...lines.map(({ text }) => text.length),
    ]);
    const key = JSON.stringify([
      sizes,
      graph.arrows.map(({ from, to }) => [from, to]),
      labels,
      view.loops,
    ]);
    // Most edits leave the picture as it is, and laying it out is what takes long.
    const layout = drawn?.key === key ? drawn.layout : layoutOf(graph, view.loops, labels, metrics);
    const focused = drawn?.boxes.indexOf(document.activeElement as SVGGElement) ?? -1;
    const last = focused < 0 ? undefined : drawn?.graph.boxes[focused]?.name;
    const boxes = graph.boxes.map((box, index) =>
      drawBox(
        box,
        layout,
        index,
        metrics ?? { character: 7, line: 17 },
        host,
        describe(graph, index),
      ),
    );
    picture.show(
      svg(
        "svg",
        {
          viewBox: `0 0 ${layout.width} ${layout.height}`,
          role: "group",
          "aria-label": `Control flow of ${view.method}: ${count(view.blocks.length, "block")}. Arrow keys go from block to block, Page Up and Page Down in the order of the text, Enter goes to the text.`,
        },
        svg("defs", {}, ...arrowKinds.map(arrowHead)),
        ...layout.loops.map(({ loop, area }) =>
          svg(
            "rect",
            { class: loop.irreducible ? "loop irreducible" : "loop", rx: 6, ...area },
            svg("title", {}, `loop at ${view?.blocks[loop.header - 1]?.name ?? ""}`),
          ),
        ),
        ...graph.arrows.flatMap((arrow, index) =>
          drawArrow(arrow, layout, index, labels[index] ?? ""),
        ),
        ...boxes,
      ),
    );
    drawn = { graph, key, layout, boxes };
    const items = boxes.map((element, index) => {
      const { x = 0, y = 0, width = 0, height = 0 } = layout.boxes[index] ?? {};
      return {
        element,
        x: x + width / 2,
        y: y + height / 2,
        act: () => {
          const first = graph.boxes[index]?.lines[0];
          if (first !== undefined) host.reveal(first.range);
        },
      };
    });
    rove(items, graph.boxOf.get(near) ?? 0, () => undefined);
    leftOut.textContent = graph.leftOut;
    leftOut.hidden = graph.leftOut === "";
    if (last !== undefined) boxes[graph.boxes.findIndex(({ name }) => name === last)]?.focus();
    highlight(false);
  };

  const highlight = (isNew: boolean): void => {
    if (view === null || drawn === null) return;
    const block = blockAtLine(view, line);
    const index = drawn.graph.boxOf.get(block);
    drawn.boxes.forEach((element, at) => {
      element.classList.toggle("current", at === index);
      if (at === index) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
      for (const row of element.querySelectorAll("[data-line]")) {
        const [first = -1, last = -1] = (row.getAttribute("data-line") ?? "")
          .split("-")
          .map(Number);
        row.classList.toggle("here", at === index && first <= line && line <= last);
      }
    });
    const current = index === undefined ? undefined : drawn.boxes[index];
    if (current !== undefined) picture.reveal(current);
    else if (isNew && block > 0) {
      const name = view.blocks[block - 1]?.name ?? "";
      // Around the cursor is what a capped picture shows.
      if (drawn.graph.leftOut !== "" && host.option("object", "") === "") draw();
      else host.say(`Block ${name} is not drawn: choose “all blocks” to see it.`);
    }
  };

  const option = (name: string, words: string, otherwise: boolean): HTMLElement =>
    optionBox(host, name, words, otherwise, draw);
  object.addEventListener("change", () => {
    host.keep("object", object.value);
    draw();
  });
  const legend = Object.entries(signWords).map(([kind, words]) =>
    html("span", { class: `mark ${kind}` }, `${markSigns[kind as MarkKind]} ${words}`),
  );
  const element = html(
    "div",
    { class: "view" },
    html(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Control flow" },
      object,
      option("statements", "statements", true),
      option("collapses", "collapse straight lines", false),
      html("span", { class: "zoom" }, ...picture.buttons),
    ),
    html("p", { class: "legend" }, ...legend),
    leftOut,
    picture.element,
    table.element,
  );

  return {
    element,
    show: (data) => {
      view = data;
      const chosen = host.option("object", "");
      const choices = [
        ["", "all blocks"],
        ...data.objects.map((one) => [one.object, `life of ${one.title}`]),
      ];
      object.replaceChildren(
        ...choices.map(([value = "", words = ""]) =>
          html("option", { value, selected: value === chosen }, words),
        ),
      );
      if (!choices.some(([value]) => value === chosen)) host.keep("object", "");
      table.show(() => rowsOf(data));
      draw();
    },
    cursor: (next) => {
      line = next;
      highlight(true);
    },
  };
}

/** The size of the editor's characters, which statements are set in. */
function measure(container: HTMLElement): Metrics {
  const sample = svg("text", { class: "code" }, "0".repeat(100));
  const parent = svg("svg", { width: 10, height: 10 }, sample);
  container.append(parent);
  const { width, height } = sample.getBBox();
  parent.remove();
  return { character: width / 100 || 7.3, line: Math.ceil(height * 1.25) || 17 };
}

function labelOf({ marks, condition, kind, isCut }: Arrow): string {
  const words = marks.map((mark) => `${markSigns[mark.kind]} ${plain(mark.words)}`);
  if (kind === "handler") words.unshift("throws");
  else if (condition !== null) words.unshift(condition);
  if (isCut) words.push("…");
  return words.join(" ");
}

function drawBox(
  box: Box,
  layout: Layout,
  index: number,
  { line }: Metrics,
  host: Host,
  label: string,
): SVGGElement {
  const { x, y, width, height } = layout.boxes[index] ?? { x: 0, y: 0, width: 0, height: 0 };
  const rows = box.lines.map(({ kind, text, full, range }, at) => {
    const top = padding + at * line;
    const row = svg(
      "g",
      {
        class: `line ${kind}`,
        "data-acts": true,
        "data-line": `${range.start.line}-${kind === "head" || kind === "more" ? -1 : range.end.line}`,
      },
      svg("rect", { class: "strip", x: 1, y: top, width: width - 2, height: line }),
      svg("text", { class: "code", x: padding, y: top + line * 0.74 }, text),
      svg("title", {}, full),
    );
    row.addEventListener("click", () => host.reveal(range));
    return row;
  });
  return svg(
    "g",
    {
      class: box.isHandler ? "block handler" : "block",
      transform: `translate(${x} ${y})`,
      role: "button",
      "aria-label": label,
      "data-block": box.name,
      "data-acts": true,
    },
    svg("rect", { class: "frame", width, height, rx: 4 }),
    ...rows,
  );
}

/** A box in words: its name, where it goes, and what is marked in it. */
function describe({ boxes, arrows }: Graph, index: number): string {
  const box = boxes[index];
  if (box === undefined) return "";
  const to = arrows
    .filter(({ from }) => from === index)
    .map(
      (arrow) =>
        `${boxes[arrow.to]?.name ?? ""}${arrow.kind === "handler" ? " when it throws" : ""}`,
    );
  const marks = [
    ...box.lines.filter(({ kind }) => kind in markSigns).map(({ full }) => full.slice(2)),
    ...arrows
      .filter(({ from }) => from === index)
      .flatMap((arrow) => arrow.marks.map(({ words }) => plain(words))),
  ];
  const [head] = box.lines;
  const words = `Block ${head?.full ?? box.name}`;
  const goes = to.length === 0 ? "leads nowhere" : `to ${to.join(", ")}`;
  return [words, goes, ...marks].join("; ");
}

function drawArrow(arrow: Arrow, layout: Layout, index: number, label: string): SVGElement[] {
  const { points, label: at } = layout.arrows[index] ?? { points: [], label: { x: 0, y: 0 } };
  const path = curve<{ x: number; y: number }>()
    .x(({ x }) => x)
    .y(({ y }) => y)
    .curve(curveBasis)
    .digits(1)([...points]);
  const classes = ["arrow", arrow.kind, ...(arrow.isCut ? ["cut"] : [])].join(" ");
  const drawn: SVGElement[] = [
    svg("path", { class: classes, d: path ?? "", "marker-end": `url(#head-${arrow.kind})` }),
  ];
  if (label !== "") {
    const kind = arrow.marks[0]?.kind ?? "";
    drawn.push(
      svg(
        "text",
        { class: `label ${kind}`, x: at.x, y: at.y + 4, "text-anchor": "middle" },
        label,
        svg("title", {}, labelOf(arrow)),
      ),
    );
  }
  return drawn;
}

const arrowKinds: readonly Arrow["kind"][] = ["flow", "back", "handler"];

function arrowHead(kind: Arrow["kind"]): SVGElement {
  const size = { markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse" };
  return svg(
    "marker",
    { id: `head-${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, ...size, orient: "auto" },
    svg("path", { class: `arrow-head ${kind}`, d: "M0 0 8 4 0 8z" }),
  );
}

function rowsOf(view: ControlFlowView): Cell[][] {
  const names = (blocks: readonly number[]): string =>
    blocks.map((block) => view.blocks[block - 1]?.name ?? "").join(", ") || "none";
  return view.blocks.map((block, index) => {
    const own = index + 1;
    const isHere = (at: Place): boolean => {
      if ("statement" in at)
        return block.statements.some(({ position }) => position === at.statement);
      return "block" in at ? at.block === own : at.from === own;
    };
    const marks = view.marks.filter(({ at }) => isHere(at));
    return [
      { words: block.name, range: block.range },
      names(view.edges.filter(({ to }) => to === own).map(({ from }) => from)),
      names(view.edges.filter(({ from }) => from === own).map(({ to }) => to)),
      `${block.depth}`,
      marks.map(({ words }) => words).join("; "),
    ];
  });
}
