// Reads the text of a `Finalens.toml`: settings, assumptions, and findings at their places. What is
// wrong is left out and told; the rest counts.

import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import {
  type Assumption,
  type AssumptionField,
  type Assumptions,
  assumptionFields,
  assumptionKey,
  functionOfKey,
  joined,
  noAssumptions,
} from "../analysis/assumption.ts";
import { codes, type DiagnosticCode, type SeverityChoice } from "../diagnostics/codes.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { lineStartsOf } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import { type KeyPlace, keyPlaces } from "./key-places.ts";
import { configSchema, severitySchema } from "./schema.ts";

/** One `[assume."…"]` as written. */
export interface AssumeEntry {
  readonly name: string;
  readonly key: string;
  readonly span: Span;
  readonly assumption: Assumption;
}

export interface Config {
  /** The release that the file chooses; null where it chooses none. */
  readonly profile: string | null;
  readonly severities: ReadonlyMap<string, SeverityChoice>;
  readonly entries: readonly AssumeEntry[];
  readonly assumptions: Assumptions;
  readonly findings: readonly Finding[];
}

export const noConfig: Config = {
  profile: null,
  severities: new Map(),
  entries: [],
  assumptions: noAssumptions,
  findings: [],
};

const names = {
  captures: "captures",
  nothrow: "nothrow",
  notaskstate: "notaskstate",
  effectFree: "effect_free",
  terminates: "terminates",
  throwsAreFatal: "throws_are_fatal",
  closed: "closed",
} as const satisfies Record<AssumptionField, string>;

/** The key in the file for a fact. */
export function factName(field: AssumptionField): string {
  return names[field];
}

/** Reads the file's text. */
export function readConfig(text: string): Config {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    return { ...noConfig, findings: [unreadable(text, error)] };
  }
  const places = keyPlaces(text);
  const findings: Finding[] = [];
  const say = (code: DiagnosticCode, span: Span, message: string): void => {
    findings.push({ code, span, message, related: [] });
  };
  const bad = new Set<string>();
  for (const issue of v.safeParse(configSchema, table).issues ?? []) {
    const path = (issue.path ?? []).map(({ key }) => String(key));
    bad.add(path.join("\0"));
    const place = placeOfPath(places, path);
    const isKey = issue.type === "strict_object" && issue.expected === "never";
    if (isKey) {
      const name = path.at(-1) ?? "";
      say("assume/unknown-key", place.key, `\`${name}\` means nothing here${known(path)}`);
    } else say("assume/wrong-value", place.value, wrongValue(issue.expected, issue.received));
  }
  const severities = new Map<string, SeverityChoice>();
  for (const [code, value] of members(table["severity"])) {
    const place = placeOfPath(places, ["severity", code]);
    if (!Object.hasOwn(codes, code)) {
      say("assume/unknown-key", place.key, `there is no code \`${code}\``);
    } else if (v.is(severitySchema, value)) severities.set(code, value);
  }
  const entries: AssumeEntry[] = [];
  for (const [name, facts] of members(table["assume"])) {
    const { key: span } = placeOfPath(places, ["assume", name]);
    const key = assumptionKey(name);
    if (key === null) say("assume/wrong-value", span, `\`${name}\` names no function or method`);
    else entries.push({ name, key, span, assumption: assumptionOf(facts) });
  }
  contradictions(entries, places, findings);
  const { profile } = table;
  return {
    profile: typeof profile === "string" && !bad.has("profile") ? profile : null,
    severities,
    entries,
    assumptions: tableOf(entries),
    findings,
  };
}

function unreadable(text: string, error: unknown): Finding {
  const at = error instanceof TomlError ? error : { line: 1, column: 1 };
  const starts = lineStartsOf(text);
  const start = Math.min(text.length, (starts[at.line - 1] ?? 0) + Math.max(0, at.column - 1));
  const [, reason = "cannot be read"] =
    /^(?:Invalid TOML document: )?([^\n]*)/.exec(error instanceof Error ? error.message : "") ?? [];
  return {
    code: "assume/unreadable",
    span: { start, end: Math.min(text.length, start + 1) },
    message: `the file is not TOML: ${reason}`,
    related: [],
  };
}

function known(path: readonly string[]): string {
  const list = path[0] === "assume" ? Object.values(names) : ["profile", "severity", "assume"];
  return `; known are ${list.map((one) => `\`${one}\``).join(", ")}`;
}

function wrongValue(expected: string | null, received: string): string {
  return `${received} does not do here; wanted: ${(expected ?? "another value").replace(/[()]/g, "").replaceAll(" | ", ", ")}`;
}

/** The place of a key, else of the nearest table around it. */
export function placeOfPath(places: readonly KeyPlace[], path: readonly string[]): KeyPlace {
  for (let length = path.length; length > 0; length--) {
    const found = places.find(
      (one) =>
        one.path.length >= length &&
        path.slice(0, length).every((part, index) => one.path[index] === part),
    );
    if (found !== undefined) return found;
  }
  const nowhere = { start: 0, end: 0 };
  return { path: [], key: nowhere, value: nowhere, isHeader: false };
}

function assumptionOf(facts: unknown): Assumption {
  const given = new Map(members(facts));
  const made: Record<string, boolean> = {};
  for (const field of assumptionFields) {
    const value = given.get(names[field]);
    if (typeof value === "boolean") made[field] = value;
  }
  return made;
}

function members(value: unknown): [string, unknown][] {
  const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
  return isTable ? Object.entries(value) : [];
}

/** Entries that may be about the same method and say different things. */
function contradictions(
  entries: readonly AssumeEntry[],
  places: readonly KeyPlace[],
  findings: Finding[],
): void {
  const before = new Map<string, AssumeEntry[]>();
  const inOrder = [...entries].sort((a, b) => a.span.start - b.span.start);
  for (const entry of inOrder) {
    const name = functionOfKey(entry.key);
    for (const other of before.get(name) ?? []) {
      const isRelated = other.key === entry.key || other.key === name || entry.key === name;
      const field = assumptionFields.find(
        (one) =>
          entry.assumption[one] !== undefined &&
          other.assumption[one] !== undefined &&
          entry.assumption[one] !== other.assumption[one],
      );
      if (!isRelated || field === undefined) continue;
      const at = placeOfPath(places, ["assume", entry.name, names[field]]);
      const opposite = placeOfPath(places, ["assume", other.name, names[field]]);
      findings.push({
        code: "assume/contradiction",
        span: { start: at.key.start, end: at.value.end },
        message: `\`${other.name}\` says \`${names[field]} = ${other.assumption[field]}\`: neither counts`,
        related: [{ span: opposite.key, message: "the other one", method: null }],
      });
    }
    before.set(name, [...(before.get(name) ?? []), entry]);
  }
}

function tableOf(entries: readonly AssumeEntry[]): Assumptions {
  if (entries.length === 0) return noAssumptions;
  const made = new Map<string, Assumption>();
  for (const { key, assumption } of entries) {
    const other = made.get(key);
    made.set(key, other === undefined ? assumption : joined(assumption, other));
  }
  return made;
}
