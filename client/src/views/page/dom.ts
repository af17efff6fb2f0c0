// Elements of HTML and SVG with attributes and children. All text goes in as text: nothing here, and nothing
// in the pages, ever reads a string as markup.

export type Attributes = Readonly<Record<string, string | number | boolean | null>>;
type Child = Node | string;

const svgSpace = "http://www.w3.org/2000/svg";

/** An element of HTML; an attribute that is `true` is there without a value, `false` and null are not. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS(svgSpace, tag), attributes, children);
}

function filled<One extends Element>(
  element: One,
  attributes: Attributes,
  children: readonly Child[],
): One {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    element.setAttribute(name, value === true ? "" : `${value}`);
  }
  element.append(...children);
  return element;
}

/** Words with `` `code` `` and *names* in them. */
export function rich(words: string): Child[] {
  return words.split(/(`[^`]*`|\*[^*\s][^*]*\*)/).map((part) => {
    if (part.length < 3) return part;
    const inside = part.slice(1, -1);
    if (part.startsWith("`") && part.endsWith("`")) return html("code", {}, inside);
    return part.startsWith("*") && part.endsWith("*") ? html("em", {}, inside) : part;
  });
}

/** Words with `` `code` `` in them for where there are letters of one kind only. */
export function plain(words: string): string {
  return words.replaceAll("`", "");
}

/** `no method stands` as the beginning of a sentence with its end. */
export function sentence(words: string): string {
  const end = /[.!?…]$/.test(words) ? "" : ".";
  return words.charAt(0).toUpperCase() + words.slice(1) + end;
}

export function button(words: string, label: string, act: () => void): HTMLButtonElement {
  const made = html("button", { type: "button", title: label, "aria-label": label }, words);
  made.addEventListener("click", act);
  return made;
}

/** A box to tick, with its label. */
export function checkbox(
  words: string,
  isOn: boolean,
  change: (isOn: boolean) => void,
): HTMLLabelElement {
  const box = html("input", { type: "checkbox", checked: isOn });
  box.addEventListener("change", () => change(box.checked));
  return html("label", {}, box, words);
}

/** At most `limit` characters. */
export function cut(words: string, limit: number): string {
  return words.length > limit ? `${words.slice(0, Math.max(1, limit - 1))}…` : words;
}

/** `1 block`, `3 blocks`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
