// Runs a fixture: its commands, then its facts against their answers, both ways. Failures come out as
// one text with file:line, wanted and got; with `update` the verbatim blocks are rewritten instead.

import { readFileSync, writeFileSync } from "node:fs";
import { type Fact, type Fixture, readFixture } from "./fixture.ts";
import {
  type About,
  type Answer,
  type Closed,
  type Command,
  type MethodAtHand,
  Session,
} from "./session.ts";
import { apply } from "./subtests/apply.ts";
import { assume } from "./subtests/assume.ts";
import { cfg } from "./subtests/cfg.ts";
import { diagnostics } from "./subtests/diagnostics.ts";
import { domtree } from "./subtests/domtree.ts";
import { early } from "./subtests/early.ts";
import { applyEdit, edit } from "./subtests/edit.ts";
import { effects } from "./subtests/effects.ts";
import { escapes } from "./subtests/escape.ts";
import { hazard } from "./subtests/hazard.ts";
import { heap } from "./subtests/heap.ts";
import { hints } from "./subtests/hints.ts";
import { hover } from "./subtests/hover.ts";
import { lifetime } from "./subtests/lifetime.ts";
import { loops } from "./subtests/loops.ts";
import { placed } from "./subtests/placed.ts";
import { postdom } from "./subtests/postdom.ts";
import { read } from "./subtests/read.ts";
import { report } from "./subtests/report.ts";
import { simulate } from "./subtests/simulate.ts";
import { uses } from "./subtests/uses.ts";
import { verdict } from "./subtests/verdict.ts";
import { verify } from "./subtests/verify.ts";

const structure: readonly Command[] = [read, verify, cfg, domtree, postdom, loops, uses];
const findings: readonly Command[] = [
  diagnostics,
  effects,
  escapes,
  heap,
  verdict,
  early,
  lifetime,
  hazard,
  placed,
];
const features: readonly Command[] = [hints, hover, report, apply, simulate, assume, edit];
const commands: readonly Command[] = [...structure, ...findings, ...features];

/** Checks the fixture at `path` below `root`; the result is the failure's text, empty if it holds. */
export function runFixture(root: string, path: string, update: boolean): string {
  const text = readFileSync(root + path, "utf8");
  const session = checkFixture(readFixture(path, text));
  const updated = update ? withVerbatim(text, session) : text;
  if (updated === text) return failureText(session);
  writeFileSync(root + path, updated);
  printChange(path, text.split("\n"), updated.split("\n"));
  return failureText(checkFixture(readFixture(path, updated)));
}

/** Runs all commands of a fixture; the session holds the complaints. */
export function checkFixture(fixture: Fixture): Session {
  const session = new Session(fixture);
  for (const [line, fault] of fixture.faults) session.complain(line, "form", fault, "");
  const names = (fixture.header.get("test") ?? "").split(/\s+/);
  // Form is verified in every fixture.
  if (!names.includes("diagnostics")) names.push("verify");
  const chosen = commands.filter(({ name }) => names.includes(name));
  for (const name of names) {
    if (chosen.some((one) => one.name === name)) continue;
    session.complain(0, "command", `one of ${commands.map((one) => one.name)}`, name);
  }
  for (const command of chosen) {
    if (isSilent(command, fixture)) session.complain(0, command.name, "something to check", "");
    command.check?.(session);
  }
  for (const caret of fixture.carets) {
    if (session.taken.has(caret)) continue;
    session.complain(caret.line, "carets", "`severity[code]`, or a command's word", caret.text);
  }
  checkFacts(session, chosen, fixture.facts, true);
  for (const one of fixture.edits) {
    applyEdit(session, one);
    checkFacts(session, chosen, one.facts, false);
  }
  return session;
}

/** A command that checks nothing would stay green for ever; that nothing is found is a check. */
function isSilent({ name, keys, check }: Command, { facts, edits, carets }: Fixture): boolean {
  if (name === "verify" || name === "diagnostics" || name === "hazard") return false;
  if (name === "edit") return edits.length === 0;
  if (Object.keys(keys).length === 0) return check === undefined || carets.length === 0;
  return ![...facts, ...edits.flatMap((one) => one.facts)].some((fact) => fact.key in keys);
}

/** An answer with its place: key, method and subject in one. */
interface PlacedAnswer {
  readonly place: string;
  readonly rule: readonly [About, Closed];
  readonly of: MethodAtHand | null;
  readonly answer: Answer;
}

const noRule = ["workspace", "never"] as const;

function placeOf(key: string, of: MethodAtHand | null, subject: string): string {
  return `${key} of ${of?.path}:${of?.startLine} ${subject}`;
}

function answersOf(session: Session, { keys, answers, whole }: Command): PlacedAnswer[] {
  const place = (of: MethodAtHand | null, answer: Answer): PlacedAnswer => {
    const [key, subject] = answer;
    return { place: placeOf(key, of, subject), rule: keys[key] ?? noRule, of, answer };
  };
  return [
    ...(whole?.(session) ?? []).map((one) => place(null, one)),
    ...session.methods().flatMap((of) => answers?.(of, session).map((one) => place(of, one)) ?? []),
  ];
}

function holds({ rule, answer: [, , text] }: PlacedAnswer, wanted: string): boolean {
  return rule[1].endsWith("part") ? text.includes(wanted) : text === wanted;
}

/** Holds facts against answers; with `isWhole` also what closed keys leave unclaimed. */
function checkFacts(
  session: Session,
  chosen: readonly Command[],
  facts: readonly Fact[],
  isWhole: boolean,
): void {
  const rules = new Map(chosen.flatMap(({ keys }) => Object.entries(keys)));
  const answers = chosen.flatMap((command) => answersOf(session, command));
  const claimed = new Map<string, string[]>();
  for (const fact of facts) {
    const { key, line, text } = fact;
    const rule = rules.get(key);
    if (rule === undefined) session.complain(line, "key", `one of ${[...rules.keys()]}`, key);
    const [of, subject] = session.resolve(fact, (rule ?? noRule)[0]);
    const place = placeOf(key, of, subject);
    claimed.set(place, [...(claimed.get(place) ?? []), text]);
    claimed.set(placeOf(key, of, "any"), []);
    const there = answers.filter((one) => one.place === place);
    if (rule === undefined || there.some((one) => holds(one, text))) continue;
    const got = there.map(({ answer }) => answer[2]).join("\n          ");
    session.complain(line, `${key} of ${subject || "the method"}`, text, got || "nothing");
  }
  for (const one of isWhole ? answers : []) {
    const { rule, of, answer, place } = one;
    const [key, subject, text, isPlain = false] = answer;
    const isUsed = rule[1].startsWith("used") && claimed.has(placeOf(key, of, "any"));
    if (isPlain || !(isUsed || rule[1] === "always")) continue;
    const claims = claimed.get(place) ?? [];
    if (claims.some((claim) => holds(one, claim))) continue;
    // A wrong claim has its complaint already.
    if (claims.length >= answers.filter((other) => other.place === place).length) continue;
    const line = of === null ? 0 : lineOf(session, of, subject);
    session.complain(line, `${key} of ${subject || "the method"}`, "a fact that says so", text);
  }
}

function lineOf(
  session: Session,
  { path, startLine, method }: MethodAtHand,
  subject: string,
): number {
  const number = Number(subject.slice(1));
  const { statements, syntax } = method;
  const at = subject.startsWith("#")
    ? syntax.blocks.find((one) => one.label === number)
    : statements.find((one) => one.id === number);
  return session.lineOf(path, startLine + (at?.line ?? 0));
}

function failureText({ fixture: { path }, complaints }: Session): string {
  if (complaints.length === 0) return "";
  const texts = complaints
    .sort(([a], [b]) => a - b)
    .map(([line, text]) => `test/fixtures/${path}:${line + 1}: ${text}\n`);
  return `${texts.join("")}Only \`#|\` lines are rewritten by: npm test -- --update --filter ${path}`;
}

/** The fixture's text with its `#|` blocks as they were produced. Facts are never touched. */
function withVerbatim(text: string, { produced }: Session): string {
  const lines = text.split("\n");
  for (const [above, block] of [...produced].sort(([a], [b]) => b - a)) {
    let end = above + 1;
    while (lines[end]?.startsWith("#|") === true) end++;
    lines.splice(above + 1, end - above - 1, ...block);
  }
  return lines.join("\n");
}

function printChange(path: string, before: readonly string[], after: readonly string[]): void {
  console.log(`updated test/fixtures/${path}`);
  for (const line of before) if (!after.includes(line)) console.log(`  - ${line}`);
  for (const line of after) if (!before.includes(line)) console.log(`  + ${line}`);
}
