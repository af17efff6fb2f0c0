// Keyboard in a picture: one stop of the Tab key, and arrows from item to item by where they stand, as the
// ARIA practices have it for composite widgets. Enter and Space act.

export interface Item {
  readonly element: SVGElement;
  readonly x: number;
  readonly y: number;
  act(): void;
}

const directions: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** In the order of the text, so that every item is reached whatever the picture looks like. */
const inOrder: Readonly<Record<string, number>> = { PageUp: -1, PageDown: 1 };

/**
 * Makes the items reachable by keyboard.
 *
 * @param start index of the item that Tab comes to
 * @param focused told of the index that has come into focus
 */
export function rove(
  items: readonly Item[],
  start: number,
  focused: (index: number) => void,
): void {
  const stop = (index: number): void => {
    items.forEach(({ element }, at) => {
      element.setAttribute("tabindex", at === index ? "0" : "-1");
    });
  };
  stop(items[start] === undefined ? 0 : start);
  items.forEach((item, index) => {
    item.element.addEventListener("focus", () => {
      stop(index);
      focused(index);
    });
    item.element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const way = directions[event.key];
      const next =
        way !== undefined
          ? nearest(items, index, way)
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? items.length - 1
              : event.key in inOrder
                ? Math.min(items.length - 1, Math.max(0, index + (inOrder[event.key] ?? 0)))
                : index;
      if (event.key === "Enter" || event.key === " ") item.act();
      else if (next === index && way === undefined && !(event.key in inOrder)) return;
      else items[next]?.element.focus();
      event.preventDefault();
    });
  });
}

/** The item that one comes to in a direction: near, and not far aside. The same one where there is none. */
function nearest(
  items: readonly Item[],
  from: number,
  [dx, dy]: readonly [number, number],
): number {
  const start = items[from];
  if (start === undefined) return from;
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  items.forEach((item, index) => {
    const along = (item.x - start.x) * dx + (item.y - start.y) * dy;
    const aside = Math.abs((item.x - start.x) * dy) + Math.abs((item.y - start.y) * dx);
    if (along <= 0.5 || along + 2 * aside >= least) return;
    best = index;
    least = along + 2 * aside;
  });
  return best;
}
