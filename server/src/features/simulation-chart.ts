// The picture of a simulation as a file: SVG that is whole by itself and follows the reader's light or dark
// scheme.

import type { PolicyName, Simulation } from "./simulate.ts";
import { drawingOf, type Shape } from "./simulation-drawing.ts";

/** Readable on white and on black, and to tell apart for most eyes. */
const colours: Readonly<Record<PolicyName, string>> = {
  "gc-never": "#848d97",
  gc: "#d98a1f",
  julia: "#a36bd0",
  early: "#12a150",
  rc: "#3f8fdd",
};

const sheet = [
  "text { font: 13px system-ui, sans-serif; fill: #1f2328 }",
  ".title { font-size: 16px; font-weight: 600 }",
  ".name { font-weight: 600 }",
  ".quiet { fill: #59636e; font-size: 12px }",
  ".fault { fill: #d1242f; font-size: 12px }",
  ".ground { fill: #ffffff }",
  ".grid { stroke: #d1d9e0 }",
  ".axis { stroke: #59636e }",
  ".reference { fill: #848d97; fill-opacity: 0.13 }",
  ".curve { fill: none; stroke-width: 2 }",
  ".held { fill-opacity: 0.3 }",
  ...Object.entries(colours).flatMap(([policy, colour]) => [
    `.curve.${policy} { stroke: ${colour} }`,
    `.held.${policy}, .key.${policy} { fill: ${colour} }`,
  ]),
  "@media (prefers-color-scheme: dark) {",
  "  text { fill: #f0f6fc }",
  "  .quiet { fill: #9198a1 }",
  "  .fault { fill: #ff7b72 }",
  "  .ground { fill: #0d1117 }",
  "  .grid { stroke: #3d444d }",
  "  .axis { stroke: #9198a1 }",
  "}",
];

/** The SVG text. */
export function chartOf(simulation: Simulation): string {
  const { width, height, title, description, shapes } = drawingOf(simulation);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${sheet.join("\n")}</style>`,
    ...shapes.map(elementOf),
    "</svg>",
    "",
  ].join("\n");
}

function elementOf({ tag, attributes, words }: Shape): string {
  const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  const start = `<${tag}${list.join("")}`;
  return tag === "text" ? `${start}>${escaped(words)}</text>` : `${start}/>`;
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

/** Text in XML; characters that XML cannot hold are replaced. */
function escaped(words: string): string {
  return words
    .replace(/[&<>"]/g, (one) => entities.get(one) ?? one)
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}");
}
