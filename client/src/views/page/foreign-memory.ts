// The picture of what a method holds: over its statements the objects whose finalizers may not have run yet, now
// and with early frees, and below it the curves of a simulated run with the inputs of the reader.

import { count, html, rich, svg } from "./dom.ts";
import { createPicture, fitting } from "./picture.ts";
import { type Cell, createTable } from "./table.ts";
import { type Host, statementAtLine, type View } from "./view.ts";
import type { Drawing, MemoryView, Range, SimulatedRun } from "./wire.ts";

const left = 44;
const right = 14;
const top = 14;
const plot = 130;
const bottom = top + plot;
const height = bottom + 40;

export function createForeignMemory(host: Host): View<MemoryView> {
  let view: MemoryView | null = null;
  let at = 0;
  let line = -1;
  let chart: Chart | null = null;
  const picture = createPicture(host.option("zoom", fitting), (zoom) => host.keep("zoom", zoom));
  const reading = html("p", { class: "reading" });
  const note = html("p", { class: "left-out" });
  const table = createTable(
    "The same as a table",
    ["statement", "text", "now", "with early frees", "needed"],
    host.reveal,
  );
  const run = html("section", { class: "run", "aria-label": "Simulated run" });

  const select = (index: number, speaks: boolean): void => {
    if (view === null || chart === null) return;
    at = Math.min(view.pressure.length - 1, Math.max(0, index));
    const words = readingOf(view, at);
    chart.select(at, words);
    reading.textContent = words;
    if (speaks) picture.reveal(chart.marker);
  };
  const followCursor = (): void => {
    const position = view === null ? 0 : statementAtLine(view, line);
    if (position > 0) select(position - 1, true);
  };
  const reveal = (): void => {
    const range = view === null ? undefined : rangeAt(view, at);
    if (range !== undefined) host.reveal(range);
  };

  const element = html(
    "div",
    { class: "view" },
    html(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Foreign memory" },
      html("span", { class: "zoom" }, ...picture.buttons),
    ),
    html("h2", {}, "Objects whose finalizers may not have run yet, behind each statement"),
    html(
      "p",
      { class: "legend" },
      html(
        "span",
        { class: "key julia" },
        "now: what Julia keeps waits for a collection, at worst until the end",
      ),
      html("span", { class: "key early" }, "with early frees"),
      html("span", { class: "key saved" }, "saved"),
      html("span", { class: "key needed" }, "needed"),
    ),
    note,
    picture.element,
    reading,
    table.element,
    html("h2", {}, "A simulated run"),
    inputs(host),
    run,
  );

  return {
    element,
    show: (data) => {
      const isOther = view?.method !== data.method;
      view = data;
      note.textContent =
        data.uncounted.length === 0
          ? ""
          : `${data.uncounted.join(", ")}: made elsewhere, and not counted.`;
      note.hidden = data.uncounted.length === 0;
      const hadFocus = chart !== null && document.activeElement === chart.element;
      chart = drawChart(data, (index) => {
        select(index, true);
        reveal();
      });
      chart.element.addEventListener("keydown", (event) => {
        const next = nextIndex(event.key, at, data.pressure.length);
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Enter") reveal();
        else if (next === null) return;
        else select(next, true);
        event.preventDefault();
      });
      picture.show(chart.element);
      if (hadFocus) chart.element.focus();
      select(at, false);
      // It was told before there was a picture.
      if (isOther) followCursor();
      table.show(() => rowsOf(data));
      run.replaceChildren(...runElements(data.run));
    },
    cursor: (next) => {
      line = next;
      followCursor();
    },
  };
}

function nextIndex(key: string, at: number, length: number): number | null {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return at + 1;
    case "ArrowLeft":
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return at + 10;
    case "PageUp":
      return at - 10;
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}

interface Chart {
  readonly element: SVGSVGElement;
  readonly marker: SVGElement;
  select(index: number, words: string): void;
}

/** A slider over the statements: its value is one of them, and its text what is held behind that. */
function drawChart(view: MemoryView, picked: (index: number) => void): Chart {
  const { pressure } = view;
  const step = Math.min(56, Math.max(5, 860 / Math.max(1, pressure.length)));
  const width = left + pressure.length * step + right;
  const peak = Math.max(1, ...pressure.map(({ now, early }) => Math.max(now, early)));
  const x = (index: number): number => left + index * step;
  const y = (n: number): number => Math.round((bottom - (n / peak) * plot) * 10) / 10;
  const curveOf = (when: "now" | "early" | "needed"): string =>
    steps(
      pressure.map((one) => one[when]),
      x,
      y,
    );
  const marker = svg("path", { class: "marker" });
  const starts: SVGElement[] = [];
  let free = 0;
  let index = 0;
  for (const { name, statements } of view.blocks) {
    const start = x(index);
    starts.push(svg("path", { class: "tick", d: `M${start} ${bottom}v5` }));
    if (start >= free) {
      starts.push(svg("text", { class: "quiet", x: start + 2, y: bottom + 17 }, name));
      free = start + name.length * 8 + 10;
    }
    index += statements.length;
  }
  const levels = [...new Set([0, Math.ceil(peak / 2), peak])];
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "slider",
      tabindex: 0,
      "aria-label": `Objects in ${view.method} whose finalizers may not have run yet: at most ${highest(pressure, "now")} now, ${highest(pressure, "early")} with early frees. Arrow keys go from statement to statement, Enter goes to the text.`,
      "aria-orientation": "horizontal",
      "aria-valuemin": 1,
      "aria-valuemax": pressure.length,
      "data-acts": true,
    },
    ...loopBands(view, x),
    ...levels.map((level) =>
      svg("path", { class: "grid", d: `M${left} ${y(level)}H${width - right}` }),
    ),
    ...levels.map((level) =>
      svg(
        "text",
        { class: "quiet", x: left - 8, y: y(level) + 4, "text-anchor": "end" },
        `${level}`,
      ),
    ),
    svg("path", { class: "saved", d: savedArea(pressure, x, y) }),
    svg("path", { class: "curve needed", d: curveOf("needed") }),
    svg("path", { class: "curve julia", d: curveOf("now") }),
    svg("path", { class: "curve early", d: curveOf("early") }),
    ...starts,
    svg(
      "text",
      { class: "quiet", x: left, y: bottom + 34 },
      "statements, in the order of the text",
    ),
    marker,
  );
  element.addEventListener("click", (event) => {
    const { left: edge, width: drawnWidth } = element.getBoundingClientRect();
    picked(Math.floor((((event.clientX - edge) / drawnWidth) * width - left) / step));
  });
  return {
    element,
    marker,
    select: (at, words) => {
      marker.setAttribute("d", `M${x(at + 0.5)} ${top - 6}V${bottom + 4}`);
      element.setAttribute("aria-valuenow", `${at + 1}`);
      element.setAttribute("aria-valuetext", words);
    },
  };
}

type Scale = (n: number) => number;

function steps(levels: readonly number[], x: Scale, y: Scale): string {
  return levels
    .map((level, at) => `${at === 0 ? "M" : "L"}${x(at)} ${y(level)}H${x(at + 1)}`)
    .join("");
}

/** Where fewer objects are held with early frees, one rectangle for each statement. */
function savedArea(pressure: MemoryView["pressure"], x: Scale, y: Scale): string {
  return pressure
    .map(({ now, early }, at) =>
      now > early ? `M${x(at)} ${y(now)}H${x(at + 1)}V${y(early)}H${x(at)}z` : "",
    )
    .join("");
}

function loopBands({ loops, blocks }: MemoryView, x: Scale): SVGElement[] {
  const first: number[] = [];
  let at = 0;
  for (const { statements } of blocks) {
    first.push(at);
    at += statements.length;
  }
  return loops.flatMap(({ blocks: inside }) =>
    stretches(inside).map(([head, last]) => {
      const from = first[head - 1] ?? 0;
      const to = (first[last - 1] ?? 0) + (blocks[last - 1]?.statements.length ?? 0);
      const place = { x: x(from), y: top, width: x(to) - x(from), height: plot };
      return svg("rect", { class: "loop", ...place });
    }),
  );
}

/** First and last of each run of blocks that follow each other in the text. */
function stretches(blocks: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const block of [...blocks].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === block - 1) last[1] = block;
    else found.push([block, block]);
  }
  return found;
}

function highest(pressure: MemoryView["pressure"], when: "now" | "early"): number {
  return Math.max(0, ...pressure.map((one) => one[when]));
}

function statementOf(
  view: MemoryView,
  index: number,
): { name: string; text: string; range: Range } {
  const { position = 0 } = view.pressure[index] ?? {};
  for (const { statements } of view.blocks) {
    const found = statements.find((one) => one.position === position);
    if (found !== undefined) return found;
  }
  return { name: "", text: "", range: view.range };
}

function rangeAt(view: MemoryView, index: number): Range {
  return statementOf(view, index).range;
}

function readingOf(view: MemoryView, index: number): string {
  const one = view.pressure[index];
  if (one === undefined) return "";
  const { name, text } = statementOf(view, index);
  return `Behind ${name}: ${one.now} now, ${one.early} with early frees, ${one.needed} needed. ${text}`;
}

function rowsOf(view: MemoryView): Cell[][] {
  return view.pressure.map(({ now, early, needed }, index) => {
    const { name, text, range } = statementOf(view, index);
    return [{ words: name, range }, text, `${now}`, `${early}`, `${needed}`];
  });
}

/** The form that asks for another run. */
function inputs(host: Host): HTMLElement {
  const args = html("input", {
    type: "text",
    id: "arguments",
    value: host.option("arguments", ""),
    placeholder: "10, true",
    spellcheck: "false",
  });
  const seed = html("input", {
    type: "number",
    id: "seed",
    min: 0,
    step: 1,
    value: host.option("seed", ""),
    placeholder: "first that tells something",
  });
  const form = html(
    "form",
    { class: "inputs" },
    html("label", { for: "arguments" }, "Arguments"),
    args,
    html("label", { for: "seed" }, "Seed"),
    seed,
    html("button", { type: "submit" }, "Run"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    host.keep("arguments", args.value);
    host.keep("seed", seed.value);
    host.ask({ arguments: args.value, seed: seed.value === "" ? null : Number(seed.value) });
  });
  return form;
}

function runElements(run: SimulatedRun | { readonly failure: string }): HTMLElement[] {
  if ("failure" in run) {
    return [
      html("p", { class: "failure" }, `Not run: ${run.failure}.`),
      html(
        "p",
        {},
        "Give other arguments, separated by commas, or leave them empty to have them drawn.",
      ),
    ];
  }
  const [heads = [], ...rows] = run.table;
  const head = heads.map((words) => html("th", { scope: "col" }, words));
  const body = rows.map((cells) =>
    html(
      "tr",
      {},
      ...cells.map((cell, index) =>
        index === 0 ? html("th", { scope: "row" }, cell) : html("td", {}, cell),
      ),
    ),
  );
  return [
    html("div", { class: "drawing" }, drawn(run.drawing)),
    html(
      "details",
      { class: "table" },
      html("summary", {}, "The run as a table"),
      html("table", {}, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...body)),
    ),
    html(
      "ul",
      {
        class: "notes",
        "aria-label": `What the run rests on, in ${count(run.notes.length, "note")}`,
      },
      ...run.notes.map(({ kind, text }) => html("li", { class: kind }, ...rich(text))),
    ),
  ];
}

/** The server's own picture; what it looks like is said by this page's sheet. */
function drawn({ width, height: tall, title, description, shapes }: Drawing): SVGSVGElement {
  return svg(
    "svg",
    {
      class: "simulation",
      viewBox: `0 0 ${width} ${tall}`,
      role: "img",
      "aria-label": `${title}. ${description}`,
    },
    ...shapes.map(({ tag, attributes, words }) => svg(tag, attributes, words)),
  );
}
