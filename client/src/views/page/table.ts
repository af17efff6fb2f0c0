// The table behind a picture: everything that is drawn, as text, for who cannot see it or wants to copy it.
// It is made when it is opened: most never are, and of a large method it is long.

import { count, html, rich } from "./dom.ts";
import type { Range } from "./wire.ts";

/** A cell: words, or words that lead to a place of the text. */
export type Cell = string | { readonly words: string; readonly range: Range };

export interface Table {
  readonly element: HTMLElement;
  /** Rows to show from now on. */
  show(rows: () => readonly (readonly Cell[])[]): void;
}

/** More rows are counted, not shown. */
const rowLimit = 2000;

/**
 * @param caption what the table holds
 * @param reveal goes to a place of the text
 */
export function createTable(
  caption: string,
  heads: readonly string[],
  reveal: (range: Range) => void,
): Table {
  const body = html("div");
  const element = html("details", { class: "table" }, html("summary", {}, caption), body);
  let rows: () => readonly (readonly Cell[])[] = () => [];
  const fill = (): void => {
    if (!element.open) return;
    const all = rows();
    const shown = all
      .slice(0, rowLimit)
      .map((cells) =>
        html("tr", {}, ...cells.map((cell, index) => cellOf(cell, index === 0, reveal))),
      );
    const head = heads.map((words) => html("th", { scope: "col" }, words));
    body.replaceChildren(
      html(
        "table",
        { "aria-label": caption },
        html("thead", {}, html("tr", {}, ...head)),
        html("tbody", {}, ...shown),
      ),
    );
    const more = all.length - shown.length;
    if (more > 0) body.append(html("p", {}, `${count(more, "more row")} are left out.`));
  };
  element.addEventListener("toggle", fill);
  return {
    element,
    show: (next) => {
      rows = next;
      fill();
    },
  };
}

function cellOf(cell: Cell, isHead: boolean, reveal: (range: Range) => void): HTMLElement {
  const attributes = isHead ? { scope: "row" } : {};
  const tag = isHead ? "th" : "td";
  if (typeof cell === "string") return html(tag, attributes, ...rich(cell));
  const link = html("button", { type: "button", class: "link" }, cell.words);
  link.addEventListener("click", () => reveal(cell.range));
  return html(tag, attributes, link);
}
