// The page of a view: draws what the extension sends, tells it what the reader picks, and keeps how the reader
// left it over a reload. Which view it is stands in the body's `data-view`.

import { createControlFlow } from "./control-flow.ts";
import { html, rich, sentence } from "./dom.ts";
import { createForeignMemory } from "./foreign-memory.ts";
import { createLifetimes } from "./lifetimes.ts";
import type { Host, View } from "./view.ts";
import type { FromPage, Inputs, PageState, ToPage, ViewData, ViewMethod } from "./wire.ts";

/** What VS Code gives to a page. */
interface Api {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): Api;

const api = acquireVsCodeApi();
let state: PageState = api.getState() ?? {};
const keepState = (more: PageState): void => {
  state = { ...state, ...more };
  api.setState(state);
};

const status = html("p", { class: "unseen", role: "status" });
const title = html("h1");
const empty = html("div", { class: "empty" });
const main = html("main");

const host: Host = {
  reveal: (range) => api.postMessage({ type: "reveal", range }),
  ask: (inputs) => api.postMessage({ type: "inputs", inputs }),
  option: (name, otherwise) => {
    const value = state.options?.[name];
    return typeof value === typeof otherwise ? (value as typeof otherwise) : otherwise;
  },
  keep: (name, value) => keepState({ options: { ...state.options, [name]: value } }),
  say: (words) => {
    status.textContent = words;
  },
};

const views: Readonly<Record<string, (host: Host) => View<never>>> = {
  controlFlow: createControlFlow,
  lifetimes: createLifetimes,
  foreignMemory: createForeignMemory,
};

const view = views[document.body.dataset["view"] ?? ""]?.(host) as View<ViewMethod> | undefined;

/** So that a picture of another method does not stay scrolled to nowhere. */
let method = "";

function show(data: ViewData): void {
  const isNothing = "nothing" in data;
  title.textContent = isNothing ? "" : data.method;
  title.hidden = isNothing;
  empty.hidden = !isNothing;
  if (view !== undefined) view.element.hidden = isNothing;
  if (isNothing) {
    const words = [sentence(data.nothing), data.next];
    empty.replaceChildren(...words.map((one) => html("p", {}, ...rich(one))));
    host.say(words.join(" "));
    return;
  }
  if (method !== data.method) host.say(`Shows ${data.method}.`);
  method = data.method;
  view?.show(data);
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.type === "cursor") view?.cursor(data.line);
  else {
    keepState({ shown: data.shown });
    show(data.data);
  }
});

main.append(title, empty, ...(view === undefined ? [] : [view.element]), status);
empty.append(html("p", {}, "Waiting for the server."));
if (view !== undefined) view.element.hidden = true;
document.body.append(main);

const seed = Number.parseInt(host.option("seed", ""), 10);
const inputs: Inputs = {
  arguments: host.option("arguments", ""),
  seed: Number.isNaN(seed) ? null : seed,
};
api.postMessage({ type: "ready", inputs });
