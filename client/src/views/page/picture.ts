// The frame around a picture: it scrolls (with wheel, keys, or by dragging its ground), and zooms with
// Ctrl and the wheel, with `+`, `-` and `0`, or by its buttons. Scrolling is the browser's own, so that
// focus and screen readers find their way.

import { button, html } from "./dom.ts";

export interface Picture {
  readonly element: HTMLElement;
  /** Buttons for a toolbar. */
  readonly buttons: readonly HTMLElement[];
  /** Puts pictures in, one below the other; one of class `sticky` stays in sight. */
  show(...parts: readonly SVGSVGElement[]): void;
  /** Scrolls the part of the picture into the middle where it is not seen. */
  reveal(part: Element): void;
}

/** A zoom with which the whole width is always seen. */
export const fitting = 0;

const smallest = 0.2;
const largest = 4;

/**
 * @param zoom at the start, or `fitting`
 * @param changed told of every other zoom that the reader chooses
 */
export function createPicture(zoom: number, changed: (zoom: number) => void): Picture {
  const element = html("div", { class: "picture" });
  let parts: readonly SVGSVGElement[] = [];
  let fits = zoom === fitting;
  const resize = (): void => {
    for (const part of parts) {
      const { width, height } = part.viewBox.baseVal;
      part.setAttribute("width", `${width * zoom}`);
      part.setAttribute("height", `${height * zoom}`);
    }
  };
  const fittingZoom = (): number => {
    const width = Math.max(1, ...parts.map((part) => part.viewBox.baseVal.width));
    return Math.max(smallest, Math.min(1, (element.clientWidth - 4) / width));
  };
  const refit = (): void => {
    if (!fits || parts.length === 0 || element.clientWidth === 0) return;
    zoom = fittingZoom();
    resize();
  };
  /** Keeps in its place what stands at (x, y) of the frame. */
  const zoomTo = (next: number, x = 0, y = 0): void => {
    fits = false;
    const before = zoom;
    zoom = Math.min(largest, Math.max(smallest, next));
    resize();
    element.scrollLeft = ((element.scrollLeft + x) * zoom) / before - x;
    element.scrollTop = ((element.scrollTop + y) * zoom) / before - y;
    changed(zoom);
  };
  const fit = (): void => {
    fits = true;
    refit();
    changed(fitting);
  };
  new ResizeObserver(refit).observe(element);
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY / 400);
      zoomTo(zoom * factor, event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoomTo(zoom * 1.25);
    else if (event.key === "-") zoomTo(zoom / 1.25);
    else if (event.key === "0") zoomTo(1);
    else return;
    event.preventDefault();
  });
  pansByDragging(element);
  return {
    element,
    buttons: [
      button("−", "Zoom out", () => zoomTo(zoom / 1.25)),
      button("+", "Zoom in", () => zoomTo(zoom * 1.25)),
      button("1:1", "Actual size", () => zoomTo(1)),
      button("Fit", "Fit the width", fit),
    ],
    show: (...next) => {
      const { scrollLeft, scrollTop } = element;
      parts = next;
      element.replaceChildren(...next);
      if (fits) refit();
      else resize();
      element.scrollTo(scrollLeft, scrollTop);
    },
    reveal: (part) => {
      const [inner, outer] = [part.getBoundingClientRect(), element.getBoundingClientRect()];
      const isSeen =
        inner.top >= outer.top &&
        inner.bottom <= outer.bottom &&
        inner.left >= outer.left &&
        inner.right <= outer.right;
      if (isSeen) return;
      // What is wider than the frame is read from its beginning.
      const inline = inner.width > outer.width ? "start" : "center";
      part.scrollIntoView({ block: "center", inline });
    },
  };
}

function pansByDragging(element: HTMLElement): void {
  let from: { x: number; y: number; left: number; top: number } | null = null;
  element.addEventListener("pointerdown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (event.button !== 0 || target?.closest("[data-acts]") !== null) return;
    from = {
      x: event.clientX,
      y: event.clientY,
      left: element.scrollLeft,
      top: element.scrollTop,
    };
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (from === null) return;
    element.scrollLeft = from.left - (event.clientX - from.x);
    element.scrollTop = from.top - (event.clientY - from.y);
  });
  for (const name of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(name, () => {
      from = null;
    });
  }
}
