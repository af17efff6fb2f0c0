// Code actions: what may be assumed against a blocker, with the difference that it makes over the
// workspace; the smallest set of assumptions that frees a registration; an assumption taken back; an
// expectation written beside a registration; its story as Markdown.

import { assumptionKey, promisedBy } from "../analysis/assumption.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import { type AssumedFact, addFacts, type ConfigEdit, removeFact } from "../config/edit-config.ts";
import { type Config, factName } from "../config/read-config.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import { lineStartsOf, positionAt, type Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import {
  blockersOf,
  type Candidate,
  candidatesAgainst,
  claimWords,
  conditionWords,
  restsOn,
  smallestSet,
  withFacts,
  withoutFact,
} from "./assume.ts";
import { type Chosen, registrationsAtLine } from "./explain.ts";
import { storiesMarkdown } from "./explain-markdown.ts";
import { type Difference, differenceOf, differenceWords, isFreed } from "./freed.ts";
import { placedUnit, rangeOf } from "./place.ts";
import type { TextEdit } from "./text-edit.ts";

/** The configuration as the editor or the disk has it; text `""` where there is no file yet. */
export interface ConfigAtHand {
  readonly text: string;
  readonly config: Config;
}

export interface Action {
  readonly title: string;
  readonly kind: "quickfix" | "refactor";
  /** Edits of `Finalens.toml`, or of the file itself; empty where `markdown` is what is asked for. */
  readonly target: "config" | "file" | "none";
  readonly edits: readonly TextEdit[];
  /** What must be true for an assumption to be sound; empty where nothing is assumed. */
  readonly condition: string;
  /** The registration that *Copy as Markdown* is about. */
  readonly copies: { readonly line: number } | null;
}

/** At most so many assumptions are tried for one place. */
const candidateLimit = 6;

/** The actions at a line (0-based) of a file of IR. */
export function codeActions(
  workspace: Workspace,
  path: string,
  line: number,
  { text, config }: ConfigAtHand,
): Action[] {
  const actions: Action[] = [];
  const chosen = chosenAt(workspace, path, line);
  const candidates = new Map<string, Candidate>();
  for (const { place, index } of chosen) {
    const opened = workspace.openUnit(place.unit);
    const report = workspace.report(place.unit).registrations[index];
    if (opened === null || report === undefined || report.tier === "observed") continue;
    if (isFreed(report) && report.elided) continue;
    for (const blocker of blockersOf(report)) {
      const { assumptions } = workspace;
      for (const one of candidatesAgainst(workspace, opened, report, blocker, assumptions)) {
        candidates.set(`${one.key} ${one.field}`, one);
      }
    }
  }
  const assumed = [...candidates.values()].slice(0, candidateLimit).map((one) => {
    const difference = effectOf(workspace, [one]);
    const condition = conditionWords(one);
    const title = `Assume ${claimWords(one)}: ${differenceWords(difference)}`;
    return { difference, action: configAction(title, condition, text, addFacts(text, [one])) };
  });
  assumed.sort((a, b) => b.difference.freed - a.difference.freed);
  actions.push(...assumed.map(({ action }) => action));
  const [first] = chosen;
  if (first === undefined) return actions;
  actions.push(...smallestAction(workspace, first, text));
  actions.push(...removals(workspace, first, text, config));
  const written = expectationAction(workspace, first);
  if (written !== null) actions.push(written);
  actions.push({ ...nothing, title: "Copy as Markdown", copies: { line } });
  return actions;
}

const nothing: Action = {
  title: "",
  kind: "refactor",
  target: "none",
  edits: [],
  condition: "",
  copies: null,
};

/** Registrations on that line or blocked by it; not those elsewhere in the method. */
function chosenAt(workspace: Workspace, path: string, line: number): Chosen[] {
  return registrationsAtLine(workspace, path, line + 1).filter(({ place, index }) => {
    const method = workspace.openUnit(place.unit)?.method;
    const report = workspace.report(place.unit).registrations[index];
    const placed = placedUnit(place.document, place.index);
    if (!method || report === undefined || placed === null) return false;
    const positions = [
      report.registration.position,
      ...blockersOf(report).map(({ position }) => position),
    ];
    return positions.some((position) => {
      const statement = method.statements[position - 1];
      if (statement === undefined) return false;
      const { start, end } = rangeOf(placed, statement);
      return start.line <= line && line <= end.line;
    });
  });
}

function effectOf(workspace: Workspace, facts: readonly Candidate[]): Difference {
  return differenceOf(workspace, workspace.whatIf(withFacts(workspace.assumptions, facts)));
}

function smallestAction(
  workspace: Workspace,
  { place, index }: Chosen,
  text: string,
): readonly Action[] {
  const report = workspace.report(place.unit).registrations[index];
  if (report === undefined || report.elided || report.tier === "observed") return [];
  const isElided = (one: RegistrationReport): boolean => one.elided;
  const goal = isFreed(report) ? isElided : isFreed;
  const { facts } = smallestSet(workspace, place.unit, index, goal);
  if (facts === null || facts.length === 0) return [];
  const after = workspace.whatIf(withFacts(workspace.assumptions, facts));
  const difference = differenceWords(differenceOf(workspace, after, goal));
  const what = goal === isFreed ? "frees this one" : "lets Julia elide this one";
  const title = `Assume the smallest set that ${what} (${facts.map(claimWords).join("; ")}): ${difference}`;
  return [configAction(title, facts.map(conditionWords).join(" "), text, addFacts(text, facts))];
}

function removals(
  workspace: Workspace,
  { place, index }: Chosen,
  text: string,
  config: Config,
): readonly Action[] {
  return restsOn(workspace, place.unit, index).flatMap(({ name: key, field, value }) => {
    const entry = config.entries.find(
      (one) => one.key === key && one.assumption[field] !== undefined,
    );
    if (entry === undefined) return [];
    return [removal(workspace, text, { name: entry.name, field, value })];
  });
}

function removal(workspace: Workspace, text: string, fact: AssumedFact): Action {
  const { name, field, value } = fact;
  const without = withoutFact(workspace.assumptions, assumptionKey(name) ?? name, field);
  const difference = differenceOf(workspace, workspace.whatIf(without));
  const title = `Remove assumption \`${name}: ${factName(field)} = ${value}\`: ${differenceWords(difference)}`;
  return configAction(title, "", text, removeFact(text, name, field));
}

/** The actions at a line of `Finalens.toml` itself. */
export function configActions(
  workspace: Workspace,
  line: number,
  { text, config }: ConfigAtHand,
): Action[] {
  const starts = lineStartsOf(text);
  const inTable = config.entries.filter(({ span }) => positionAt(starts, span.start).line <= line);
  const entry = inTable.at(-1);
  if (entry === undefined) return [];
  return promisedBy(entry.assumption).map((field) =>
    removal(workspace, text, {
      name: entry.name,
      field,
      value: entry.assumption[field] === true,
    }),
  );
}

function configAction(
  title: string,
  condition: string,
  text: string,
  edits: readonly ConfigEdit[],
): Action {
  const starts = lineStartsOf(text);
  return {
    ...nothing,
    title,
    kind: "quickfix",
    target: "config",
    condition,
    edits: edits.map(({ span, newText }) => ({
      range: { start: positionAt(starts, span.start), end: positionAt(starts, span.end) },
      newText,
    })),
  };
}

/** Writes the verdict as it is into a comment at the registration, or brings the one there up to date. */
function expectationAction(workspace: Workspace, { place, index }: Chosen): Action | null {
  const opened = workspace.openUnit(place.unit);
  const report = workspace.report(place.unit).registrations[index];
  const placed = placedUnit(place.document, place.index);
  const statement = opened?.method.statements[(report?.registration.position ?? 0) - 1];
  if (!opened || report === undefined || placed === null || statement === undefined) return null;
  const { method } = opened;
  const wanted = expectationText(method, report);
  const id = idOf(method, report.registration.position);
  const old = place.unit
    .facts()
    ?.expectations.find(({ text }) => new RegExp(`^(?:julia )?%${id}\\b`).test(text));
  if (old?.text === wanted) return null;
  const at = rangeOf(placed, statement).end;
  let range: Range;
  let newText: string;
  if (old === undefined) {
    const line = at.line - placed.startLine;
    const end = (placed.lineStarts[line + 1] ?? placed.unit.text.length + 1) - 1;
    const isCrlf = placed.unit.text[end - 1] === "\r";
    const character = end - (placed.lineStarts[line] ?? 0) - (isCrlf ? 1 : 0);
    range = { start: { line: at.line, character }, end: { line: at.line, character } };
    newText = `  # expect: ${wanted}`;
  } else {
    range = rangeOf(placed, old);
    const whole = placed.unit.cleaned().text.slice(old.start, old.end);
    newText = whole.includes("expect:") ? `# expect: ${wanted}` : wanted;
  }
  const title = `${old === undefined ? "Write" : "Update"} expectation: ${wanted}`;
  return { ...nothing, title, target: "file", edits: [{ range, newText }] };
}

function expectationText(method: Method, report: RegistrationReport): string {
  const { elided, insertion, code } = report;
  const id = idOf(method, report.registration.position);
  if (!elided) return `%${id} kept${code === null ? "" : ` ${code}`}`;
  if (insertion === null) return `%${id} elided`;
  return "after" in insertion
    ? `%${id} elided after %${idOf(method, insertion.after)}`
    : `%${id} elided at #${labelOf(method, insertion.block)}`;
}

/** The story of the registrations at a line (0-based) as Markdown, for a bug report. */
export function copyAsMarkdown(workspace: Workspace, path: string, line: number): string {
  return storiesMarkdown(workspace, chosenAt(workspace, path, line));
}
