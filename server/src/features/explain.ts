// The whole story of registrations as lines for a terminal: the ladder and the plan, the object's
// escape facts, and which assumptions would free it.

import { analyseEscapes, escapeOf } from "../analysis/escape/analyse.ts";
import { hasAllEscape, hasNoEscape } from "../analysis/escape/lattice.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { claimWords, conditionWords, factWords, restsOn, smallestSet } from "./assume.ts";
import { statementAt } from "./cursor.ts";
import { isFreed } from "./freed.ts";
import { type LadderLine, ladderLines } from "./ladder.ts";
import { assumptionWords } from "./lifetime-words.ts";
import { eachMethod, type MethodPlace, methodAtLine } from "./method-index.ts";
import { offsetOf, placeChain, placedUnit, rangeOf } from "./place.ts";
import { doneWords, objectWords, verdictWords } from "./words.ts";

/** One registration, by its method and its number in the method's report. */
export interface Chosen {
  readonly place: MethodPlace;
  readonly index: number;
}

/** Registrations on a line (1-based), else those that it blocks, else all of the method there. */
export function registrationsAtLine(workspace: Workspace, path: string, line: number): Chosen[] {
  const place = methodAtLine(workspace, path, line - 1);
  const placed = place === null ? null : placedUnit(place.document, place.index);
  const method = place === null ? null : workspace.openUnit(place.unit)?.method;
  if (place === null || placed === null || !method) return [];
  const { registrations } = workspace.report(place.unit);
  const offset = offsetOf(placed, { line: line - 1, character: 0 });
  const at = offset === null ? 0 : statementAt(method, offset);
  const all = registrations.map((report, index) => ({ report, chosen: { place, index } }));
  const exact = all.filter(({ report }) => report.registration.position === at);
  const blocked = all.filter(({ report }) =>
    report.rungs.some(({ blockers }) => blockers.some((one) => one.position === at)),
  );
  const found = [exact, blocked, all].find((list) => list.length > 0) ?? [];
  return found.map(({ chosen }) => chosen);
}

/** The registration `%ssa` of the method with that name, signature or key in the file. */
export function registrationOf(
  workspace: Workspace,
  path: string,
  name: string,
  ssa: number,
): Chosen[] {
  const found: Chosen[] = [];
  for (const place of eachMethod(workspace)) {
    const facts = place.unit.facts();
    const isMeant = [facts?.name, facts?.signature, facts?.key].includes(name);
    if (place.path !== path || !isMeant) continue;
    const method = workspace.openUnit(place.unit)?.method;
    workspace.report(place.unit).registrations.forEach((report, index) => {
      if (method && idOf(method, report.registration.position) === ssa)
        found.push({ place, index });
    });
  }
  return found;
}

/** A line of an explanation: a ladder line, or plain text with mark `""`. */
export interface ExplainLine {
  readonly mark: LadderLine["mark"] | "" | "title";
  readonly depth: number;
  readonly text: string;
}

/** The story of one registration. */
export function explainRegistration(workspace: Workspace, chosen: Chosen): ExplainLine[] {
  const { place, index } = chosen;
  const opened = workspace.openUnit(place.unit);
  const report = workspace.report(place.unit).registrations[index];
  const placed = placedUnit(place.document, place.index);
  if (opened === null || report === undefined || placed === null) return [];
  const { method } = opened;
  const statement = method.statements[report.registration.position - 1];
  const line = statement === undefined ? 0 : rangeOf(placed, statement).start.line + 1;
  const lines: ExplainLine[] = [];
  const title = (text: string): void => {
    lines.push({ mark: "title", depth: 0, text });
  };
  const say = (text: string, depth = 1): void => {
    lines.push({ mark: "", depth, text });
  };
  const signature = method.header.signature ?? "a method without a header";
  title(
    `${place.path}:${line}: ${signature}: finalizer of ${objectWords(method, report)}, registered at %${idOf(method, report.registration.position)}`,
  );
  say(`Julia ${workspace.profile.name}: ${verdictWords(method, report)} (${report.tier})`);
  for (const one of placedLadder(workspace, method, report)) {
    lines.push({ ...one, depth: one.depth + 2 });
  }
  sayPlan(workspace, method, report, say);
  const object = report.registration.object;
  if (object !== 0)
    say(
      `Escape of ${objectWords(method, report)}: ${escapeWords(method, object, analyseEscapes(opened.body))}`,
    );
  const facts = restsOn(workspace, place.unit, index);
  if (facts.length > 0) {
    say("Rests on assumptions:");
    for (const fact of facts) say(factWords(fact), 2);
  }
  saySmallest(workspace, chosen, report, say);
  return lines;
}

function placedLadder(
  workspace: Workspace,
  method: Method,
  report: RegistrationReport,
): LadderLine[] {
  const places = new Map<string, string>();
  for (const { blockers } of report.rungs) {
    for (const { chain } of blockers) {
      for (const { method: signature, location, message } of placeChain(workspace, chain)) {
        if (location === null) continue;
        const at = `${location.path}:${location.range.start.line + 1}`;
        places.set(`${signature}: ${message}`, `${signature} (${at}): ${message}`);
      }
    }
  }
  return ladderLines(method, report).map((one) =>
    one.mark === "↳" ? { ...one, text: places.get(one.text) ?? one.text } : one,
  );
}

function sayPlan(
  workspace: Workspace,
  method: Method,
  report: RegistrationReport,
  say: (text: string, depth?: number) => void,
): void {
  const { early, blockers: others } = report;
  if (early === null) {
    say("Early: no sound placement");
    for (const { message } of others) say(message, 3);
    return;
  }
  const { plan, blockers, notElided } = early;
  const kind =
    plan.verdict === "elide" ? "drop the registration" : "keep the registration, finalize early";
  say(plan.verdict === "none" ? "Early: no sound placement" : `Early: ${kind} (${plan.tier})`);
  const done = doneWords(report);
  for (const { point } of plan.placements) {
    if ("after" in point) say(`${done} after %${idOf(method, point.after)}`, 2);
    else if ("block" in point) say(`${done} at the head of #${labelOf(method, point.block)}`, 2);
    else {
      const [from, to] = point.edge;
      say(`${done} on the edge #${labelOf(method, from)} → #${labelOf(method, to)}`, 2);
    }
  }
  for (const { kind: assumed, subject } of plan.verdict === "none" ? [] : plan.assumptions) {
    say(`assumed: \`${subject}\` ${assumptionWords[assumed]}`, 2);
  }
  const list = plan.verdict === "none" ? blockers : notElided;
  if (plan.verdict !== "none" && list.length > 0) say("the registration must stay because", 2);
  for (const blocker of list.slice(0, 4)) {
    say(`%${idOf(method, blocker.position)}: ${blocker.message}`, 3);
    placeChain(workspace, blocker.chain).forEach(
      ({ method: signature, location, message }, depth) => {
        const at = location === null ? "" : ` (${location.path}:${location.range.start.line + 1})`;
        say(`↳ ${signature}${at}: ${message}`, 4 + depth);
      },
    );
  }
}

function escapeWords(
  method: Method,
  object: number,
  state: ReturnType<typeof analyseEscapes>,
): string {
  const info = escapeOf(state, object);
  if (info === null) return "nothing is known";
  if (hasAllEscape(info)) return "everywhere";
  if (hasNoEscape(info)) return "none";
  const parts: string[] = [];
  if (info.returnEscape) parts.push("by return");
  const thrown = [...info.thrown].filter((one) => one > 0).map((one) => `%${idOf(method, one)}`);
  if (info.thrown.size > 0)
    parts.push(`may be thrown${thrown.length > 0 ? ` at ${thrown.join(", ")}` : ""}`);
  return parts.join(", ") || "as an argument only";
}

function saySmallest(
  workspace: Workspace,
  { place, index }: Chosen,
  report: RegistrationReport,
  say: (text: string, depth?: number) => void,
): void {
  const goals = [
    { goal: isFreed, words: "let it run early" },
    { goal: ({ elided }: RegistrationReport): boolean => elided, words: "let Julia elide it" },
  ];
  const next = goals.find(({ goal }) => !goal(report));
  if (next === undefined || report.tier === "observed" || report.rungs.length === 0) return;
  const { facts, exhausted } = smallestSet(workspace, place.unit, index, next.goal);
  if (facts === null) {
    say(
      exhausted
        ? `No small set of assumptions was found that would ${next.words}.`
        : `No assumption about callees would ${next.words}.`,
    );
    return;
  }
  say(`The smallest set of assumptions that would ${next.words}:`);
  for (const fact of facts) {
    say(claimWords(fact), 2);
    say(conditionWords(fact), 3);
  }
}
