// Edits of a `Finalens.toml`: an assumption added or taken away, everything else left as it stands.

import {
  type Assumption,
  type AssumptionField,
  assumptionFields,
  assumptionKey,
} from "../analysis/assumption.ts";
import type { Span } from "../text/span.ts";
import { type KeyPlace, keyPlaces } from "./key-places.ts";
import { factName } from "./read-config.ts";

/** One fact of one function or method, as it is written in the file. */
export interface AssumedFact {
  readonly name: string;
  readonly field: AssumptionField;
  readonly value: boolean;
}

export interface ConfigEdit {
  readonly span: Span;
  readonly newText: string;
}

/** Writes the facts into the text. */
export function addFacts(text: string, facts: readonly AssumedFact[]): ConfigEdit[] {
  const places = keyPlaces(text);
  const edits: ConfigEdit[] = [];
  const added = new Map<string, string[]>();
  for (const { name, field, value } of facts) {
    const line = `${factName(field)} = ${value}`;
    const there = factPlace(places, name, field);
    if (there !== undefined) edits.push({ span: there.value, newText: String(value) });
    else added.set(name, [...(added.get(name) ?? []), line]);
  }
  let appended = "";
  for (const [name, lines] of added) {
    const header = places.find((one) => one.isHeader && isAbout(one, name, 2));
    if (header === undefined) {
      appended += `\n[assume.${quoted(name)}]\n${lines.join("\n")}\n`;
      continue;
    }
    const last = lastOf(places, header);
    const newText = lines.map((line) => `\n${line}`).join("");
    edits.push({ span: { start: lineEnd(text, last), end: lineEnd(text, last) }, newText });
  }
  if (appended !== "") {
    const isOpen = text !== "" && !text.endsWith("\n");
    const newText = text === "" ? appended.slice(1) : `${isOpen ? "\n" : ""}${appended}`;
    edits.push({ span: { start: text.length, end: text.length }, newText });
  }
  return edits;
}

/** Takes a fact out of the text, and its table where that leaves it empty. */
export function removeFact(text: string, name: string, field: AssumptionField): ConfigEdit[] {
  const places = keyPlaces(text);
  const place = factPlace(places, name, field);
  if (place === undefined) return [];
  const header = places.find((one) => one.isHeader && isAbout(one, name, 2));
  const owner = places.find((one) => !one.isHeader && isAbout(one, name, 2));
  if (owner !== undefined && owner.path.length === 2) {
    return [{ span: owner.value, newText: inlineWithout(text, places, owner, place) }];
  }
  const isOnly = places.filter((one) => !one.isHeader && isAbout(one, name, 3)).length === 1;
  const first = isOnly && header !== undefined ? header.value.start : place.key.start;
  const start = lineStart(text, first);
  const end = Math.min(text.length, lineEnd(text, place.value.end) + 1);
  const above = isOnly && text.slice(0, start).endsWith("\n\n") ? start - 1 : start;
  return [{ span: { start: above, end }, newText: "" }];
}

function inlineWithout(
  text: string,
  places: readonly KeyPlace[],
  owner: KeyPlace,
  without: KeyPlace,
): string {
  const inside = places.filter(
    (one) => one !== without && one !== owner && one.key.start > owner.value.start,
  );
  const kept = inside
    .filter((one) => one.value.end < owner.value.end)
    .map((one) => text.slice(one.key.start, one.value.end));
  return kept.length === 0 ? "{}" : `{ ${kept.join(", ")} }`;
}

function isAbout({ path }: KeyPlace, name: string, length: number): boolean {
  return (
    path.length === length &&
    path[0] === "assume" &&
    assumptionKey(path[1] ?? "") === assumptionKey(name)
  );
}

function factPlace(
  places: readonly KeyPlace[],
  name: string,
  field: AssumptionField,
): KeyPlace | undefined {
  return places.find((one) => isAbout(one, name, 3) && one.path[2] === factName(field));
}

/** The end of the last value below a header. */
function lastOf(places: readonly KeyPlace[], header: KeyPlace): number {
  const from = places.indexOf(header);
  const next = places.findIndex((one, index) => index > from && one.isHeader);
  const below = places.slice(from, next < 0 ? places.length : next);
  return Math.max(...below.map(({ value }) => value.end));
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  const line = end < 0 ? text.length : end;
  return text[line - 1] === "\r" && line > at ? line - 1 : line;
}

/** A name as a key; `var"#f#1"` stands best between single quotes. */
function quoted(name: string): string {
  return name.includes('"') && !name.includes("'") ? `'${name}'` : JSON.stringify(name);
}

/** The facts of an assumption that are given. */
export function factsOf(name: string, assumption: Assumption): AssumedFact[] {
  return assumptionFields.flatMap((field) => {
    const value = assumption[field];
    return value === undefined ? [] : [{ name, field, value }];
  });
}
