// The picture of lifetimes: statements from top to bottom as in the text, beside them for each registered object
// a lane for where it is needed and one for each policy that holds it, loops shaded behind. A letter at the head
// of each lane says what its colour does.

import { count, cut, html, plain, sentence, svg } from "./dom.ts";
import { createPicture } from "./picture.ts";
import { rove } from "./roving.ts";
import { blockOf, type Row, type Rows, rowsOf } from "./rows.ts";
import { type Cell, createTable } from "./table.ts";
import { type Host, optionBox, statementAtLine, type View } from "./view.ts";
import type { Lane, LaneKind, LanePoint, LifetimeView, ObjectLanes } from "./wire.ts";

const laneWords: Readonly<Record<LaneKind, readonly [letter: string, words: string]>> = {
  need: ["N", "needed"],
  resource: ["R", "needed with what was read from it"],
  gc: ["G", "held by the garbage collector"],
  julia: ["J", "held under Julia's placement"],
  early: ["E", "held under the early plan"],
  rc: ["C", "held by reference counts"],
};
const kinds = Object.keys(laneWords) as LaneKind[];

/** Signs, and the lane in which they stand; null for the column before all lanes. */
const pointSigns: Readonly<Record<LanePoint["kind"], readonly [sign: string, LaneKind | null]>> = {
  made: ["○", null],
  registered: ["●", null],
  leaves: ["⇥", null],
  julia: ["◆", "julia"],
  early: ["▼", "early"],
};

const rowHeight = 20;
const headHeight = 58;
const nameWidth = 48;
/** Of the statements: as wide as the lanes leave it. */
const widest = 400;
const narrowest = 120;
const characterWidth = 7.4;
const laneWidth = 17;
const laneGap = 24;

export function createLifetimes(host: Host): View<LifetimeView> {
  let view: LifetimeView | null = null;
  let line = -1;
  let drawn: { rows: Rows; elements: SVGGElement[] } | null = null;
  const picture = createPicture(host.option("zoom", 1), (zoom) => host.keep("zoom", zoom));
  const leftOut = html("p", { class: "left-out" });
  const table = createTable(
    "Lifetimes as a table",
    ["object", "what", "how long", "where", "loops held over for nothing"],
    host.reveal,
  );
  const shownKinds = (): LaneKind[] => kinds.filter((kind) => host.option(`lane ${kind}`, true));

  const groupWidthOf = (nKinds: number): number => Math.max((nKinds + 1) * laneWidth, 120);
  let textWidth = 0;
  const textWidthNow = ({ objects }: LifetimeView): number => {
    const lanes = objects.length * (groupWidthOf(shownKinds().length) + laneGap);
    const rest = picture.element.clientWidth - nameWidth - lanes - 28;
    return Math.min(widest, Math.max(narrowest, rest));
  };

  const draw = (): void => {
    const shown = view;
    if (shown === null) return;
    const wanted = host.option("living", false)
      ? livingBlocks(shown)
      : new Set(shown.blocks.map((_, index) => index + 1));
    const rows = rowsOf(shown, wanted, host.option("statements", true));
    const own = shownKinds();
    const groupWidth = groupWidthOf(own.length);
    textWidth = textWidthNow(shown);
    const left = nameWidth + textWidth + 12;
    const textLimit = Math.floor(textWidth / characterWidth);
    const width = left + shown.objects.length * (groupWidth + laneGap) + 12;
    const height = rows.rows.length * rowHeight + 8;
    const x = (object: number): number => left + object * (groupWidth + laneGap);
    const elements = rows.rows.map((row, index) =>
      drawRow(row, index, { width, textLimit }, rows, host),
    );
    const focused = drawn?.elements.indexOf(document.activeElement as SVGGElement) ?? -1;
    picture.show(
      svg(
        "svg",
        { class: "sticky", viewBox: `0 0 ${width} ${headHeight}`, "aria-hidden": "true" },
        svg("rect", { class: "ground", width, height: headHeight }),
        ...shown.objects.map((one, index) => drawHead(one, x(index), own, groupWidth)),
      ),
      svg(
        "svg",
        {
          viewBox: `0 0 ${width} ${height}`,
          role: "group",
          "aria-label": `Lifetimes of ${count(shown.objects.length, "object")} in ${shown.method}. Arrow keys go from row to row, Enter goes to the text.`,
        },
        ...loopsOf(shown, rows, width),
        ...elements,
        ...shown.objects.flatMap((one, index) => drawLanes(one, x(index), own, rows, shown)),
      ),
    );
    drawn = { rows, elements };
    const items = elements.map((element, index) => ({
      element,
      x: 0,
      y: index,
      act: () => {
        const range = rows.rows[index]?.range;
        if (range) host.reveal(range);
      },
    }));
    rove(items, Math.max(0, currentRow()), () => undefined);
    if (focused >= 0) elements[Math.min(focused, elements.length - 1)]?.focus();
    leftOut.textContent = rows.leftOut;
    leftOut.hidden = rows.leftOut === "";
    highlight();
  };

  const currentRow = (): number => {
    if (view === null || drawn === null) return -1;
    const position = statementAtLine(view, line);
    const block = position === 0 ? 0 : blockOf(view, { statement: position });
    return drawn.rows.rows.findIndex((row) =>
      row.position > 0 ? row.position === position : row.block > 0 && row.block === block,
    );
  };

  const highlight = (): void => {
    const current = currentRow();
    drawn?.elements.forEach((element, index) => {
      element.classList.toggle("current", index === current);
      if (index === current) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    });
    const element = drawn?.elements[current];
    if (element !== undefined) picture.reveal(element);
  };

  new ResizeObserver(() => {
    if (view !== null && textWidth !== textWidthNow(view)) draw();
  }).observe(picture.element);

  const option = (name: string, words: string, otherwise: boolean): HTMLElement =>
    optionBox(host, name, words, otherwise, draw);
  const element = html(
    "div",
    { class: "view" },
    html(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Lifetimes" },
      option("statements", "statements", true),
      option("living", "only where something lives", false),
      html("span", { class: "zoom" }, ...picture.buttons),
    ),
    html(
      "div",
      { class: "legend", role: "group", "aria-label": "Lanes" },
      ...kinds.map((kind) => {
        const [letter, words] = laneWords[kind];
        const box = option(`lane ${kind}`, `${letter} ${words}`, true);
        box.classList.add("lane", kind);
        return box;
      }),
      html(
        "span",
        {},
        "○ made  ● registered  ◆ Julia's place  ▼ early place  ⇥ leaves the method  ↻ held over a loop for nothing",
      ),
    ),
    leftOut,
    picture.element,
    table.element,
  );
  return {
    element,
    show: (data) => {
      view = data;
      table.show(() => tableRows(data));
      draw();
    },
    cursor: (next) => {
      line = next;
      highlight();
    },
  };
}

function livingBlocks(view: LifetimeView): Set<number> {
  const living = new Set<number>();
  for (const { lanes, points } of view.objects) {
    for (const { segments } of lanes) for (const { block } of segments) living.add(block);
    for (const { at } of points) living.add(blockOf(view, at));
  }
  return living;
}

/** The stretches of rows that a loop takes: its blocks need not stand together. */
function loopsOf({ loops }: LifetimeView, { rows }: Rows, width: number): SVGElement[] {
  return loops.flatMap(({ blocks, depth }) => {
    const inside = new Set(blocks);
    const areas: SVGElement[] = [];
    for (let from = 0; from < rows.length; from++) {
      let to = from;
      while (inside.has(rows[to]?.block ?? 0)) to++;
      if (to === from) continue;
      const x = 2 + (depth - 1) * 6;
      areas.push(
        svg("rect", {
          class: "loop",
          x,
          y: from * rowHeight,
          width: width - x - 2,
          height: (to - from) * rowHeight,
          rx: 3,
        }),
      );
      from = to;
    }
    return areas;
  });
}

function drawRow(
  row: Row,
  index: number,
  { width, textLimit }: { readonly width: number; readonly textLimit: number },
  { rows }: Rows,
  host: Host,
): SVGGElement {
  const isFirst = rows[index - 1]?.block !== row.block;
  const y = index * rowHeight;
  const { range } = row;
  const element = svg(
    "g",
    {
      class: isFirst ? "row first" : "row",
      role: "button",
      "aria-label":
        row.range === null ? `blocks ${row.name} are left out` : `${row.name} ${row.text}`,
      "aria-disabled": row.range === null,
      "data-acts": true,
      ...(row.position > 0 ? { "data-statement": row.position } : {}),
    },
    svg("rect", { class: "strip", x: 0, y, width, height: rowHeight }),
    ...(isFirst && index > 0 ? [svg("path", { class: "grid", d: `M0 ${y}H${width}` })] : []),
    ...(isFirst ? [svg("text", { class: "code name", x: 6, y: y + 14 }, row.name)] : []),
    svg("text", { class: "code", x: nameWidth, y: y + 14 }, cut(row.text, textLimit)),
    svg("title", {}, row.text),
  );
  if (range !== null) element.addEventListener("click", () => host.reveal(range));
  return element;
}

function drawHead(
  { object, title, verdict, early }: ObjectLanes,
  x: number,
  own: readonly LaneKind[],
  width: number,
): SVGGElement {
  const type = title.slice(object.length).replace(/^::/, "");
  return svg(
    "g",
    { class: "lane-head" },
    svg("title", {}, `${title}\nJulia: ${verdict}\nearly: ${early}`),
    svg("text", { class: "code name", x, y: 16 }, object),
    svg("text", { class: "code quiet", x, y: 32 }, cut(type, Math.floor(width / characterWidth))),
    ...own.map((kind, index) =>
      svg(
        "text",
        {
          class: `letter ${kind}`,
          x: x + (index + 1.5) * laneWidth,
          y: 51,
          "text-anchor": "middle",
        },
        laneWords[kind][0],
      ),
    ),
  );
}

function drawLanes(
  one: ObjectLanes,
  x: number,
  own: readonly LaneKind[],
  rows: Rows,
  view: LifetimeView,
): SVGElement[] {
  const column = (kind: LaneKind): number | null => {
    const index = own.indexOf(kind);
    return index < 0 ? null : x + (index + 1.5) * laneWidth;
  };
  if (one.lanes.length === 0) return [svg("text", { class: "quiet", x, y: 14 }, "made elsewhere")];
  const drawn: SVGElement[] = [];
  for (const { kind, segments, words, extended } of one.lanes) {
    const middle = column(kind);
    if (middle === null) continue;
    for (const { block, from, to } of segments) {
      const [top, bottom] = [rows.place(block, from, "head"), rows.place(block, to, "end")];
      if (top === null || bottom === null) continue;
      const rectangle = {
        x: middle - 4.5,
        y: top * rowHeight,
        width: 9,
        height: Math.max(2, (bottom - top) * rowHeight),
      };
      const title = svg("title", {}, `${one.object} ${laneWords[kind][1]}: ${plain(words)}`);
      drawn.push(svg("rect", { class: `lane ${kind}`, ...rectangle }, title));
    }
    for (const { block, words: why } of extended) {
      const at = rows.place(block, 0, "head");
      if (at === null) continue;
      const place = { x: middle, y: at * rowHeight + 15, "text-anchor": "middle" };
      drawn.push(svg("text", { class: "extended", ...place }, "↻", svg("title", {}, plain(why))));
    }
  }
  for (const { kind, at, words } of one.points) {
    const [sign, lane] = pointSigns[kind];
    const middle = lane === null ? x + laneWidth / 2 : column(lane);
    const block = blockOf(view, at);
    const position = "statement" in at ? at.statement : 0;
    const y = rows.place(block, position, "block" in at ? "head" : "end");
    if (middle === null || y === null) continue;
    const place = { x: middle, y: y * rowHeight + 5, "text-anchor": "middle" };
    drawn.push(svg("text", { class: `point ${kind}`, ...place }, sign, svg("title", {}, words)));
  }
  return drawn;
}

function tableRows(view: LifetimeView): Cell[][] {
  const nameOf = (position: number): string =>
    view.blocks.flatMap(({ statements }) => statements).find((one) => one.position === position)
      ?.name ?? "";
  const where = ({ segments }: Lane): string =>
    segments
      .map(({ block, from, to }) => {
        const name = view.blocks[block - 1]?.name ?? "";
        const start = from === 0 ? "" : ` from ${nameOf(from)}`;
        return `${name}${start}${to === 0 ? "" : ` to ${nameOf(to)}`}`;
      })
      .join(", ");
  return view.objects.flatMap((one): Cell[][] => [
    ...one.lanes.map((lane): Cell[] => [
      one.title,
      laneWords[lane.kind][1],
      lane.words,
      where(lane) || "nowhere",
      lane.extended.map(({ words }) => sentence(words)).join(" "),
    ]),
    ...one.points.map(({ words, at }): Cell[] => {
      const block = view.blocks[blockOf(view, at) - 1];
      const position = "statement" in at ? at.statement : 0;
      const range =
        block?.statements.find((other) => other.position === position)?.range ?? block?.range;
      const name = position > 0 ? nameOf(position) : (block?.name ?? "");
      return [one.title, "event", words, range === undefined ? name : { words: name, range }, ""];
    }),
  ]);
}
