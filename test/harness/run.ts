// Runs a fixture: its commands, then its facts against their answers, both ways. Failures come out as
// one text with file:line, wanted and got; with `update` the verbatim blocks are rewritten instead.

import { readFileSync, writeFileSync } from "node:fs";
import { type Edit, type Fact, type Fixture, readFixture } from "./fixture.ts";
import { type Answer, type Command, type KeyRule, Session } from "./session.ts";
import { cfg } from "./subtests/cfg.ts";
import { diagnostics } from "./subtests/diagnostics.ts";
import { domtree } from "./subtests/domtree.ts";
import { applyEdit, edit, rememberRuns } from "./subtests/edit.ts";
import { escape } from "./subtests/escape.ts";
import { hints } from "./subtests/hints.ts";
import { hover } from "./subtests/hover.ts";
import { lifetime } from "./subtests/lifetime.ts";
import { loops } from "./subtests/loops.ts";
import { postdom } from "./subtests/postdom.ts";
import { read } from "./subtests/read.ts";
import { report } from "./subtests/report.ts";
import { uses } from "./subtests/uses.ts";
import { verdict } from "./subtests/verdict.ts";
import { verify } from "./subtests/verify.ts";

const commands: readonly Command[] = [
  read,
  verify,
  cfg,
  domtree,
  postdom,
  loops,
  uses,
  diagnostics,
  escape,
  verdict,
  lifetime,
  hints,
  hover,
  report,
  edit,
];

/** Commands that say something without a single fact: that nothing is found. */
const mayBeSilent: ReadonlySet<string> = new Set(["verify", "diagnostics"]);

/** Checks the fixture at `path` below `root`; the result is the failure's text, empty if it holds. */
export function runFixture(root: string, path: string, update: boolean): string {
  const text = readFileSync(root + path, "utf8");
  const session = checkFixture(readFixture(path, text));
  const changed = update ? updateVerbatim(text, session) : text;
  if (changed !== text) {
    writeFileSync(root + path, changed);
    printChange(path, text, changed);
    return failureText(checkFixture(readFixture(path, changed)));
  }
  return failureText(session);
}

/** Runs all commands of a fixture; the session holds the complaints. */
export function checkFixture(fixture: Fixture): Session {
  const session = new Session(fixture);
  for (const [line, complaint] of fixture.faults) {
    session.complain(line, "form of the fixture", complaint, "");
  }
  const chosen = chooseCommands(session);
  checkSilence(session, chosen);
  for (const command of chosen) command.check?.(session);
  checkFacts(session, chosen, fixture.facts, true);
  for (const one of fixture.edits) checkEdit(session, chosen, one);
  return session;
}

/** The commands of the header; form is verified in every fixture. */
function chooseCommands(session: Session): Command[] {
  const { commands: names } = session.fixture;
  for (const name of names) {
    if (commands.some((one) => one.name === name)) continue;
    session.complain(0, "command", commands.map((one) => one.name).join(", "), name);
  }
  const always = names.includes("diagnostics") ? [] : ["verify"];
  return commands.filter(({ name }) => names.includes(name) || always.includes(name));
}

/** A command that checks nothing would stay green for ever. */
function checkSilence(session: Session, chosen: readonly Command[]): void {
  const { facts, edits, carets } = session.fixture;
  const all = [...facts, ...edits.flatMap((one) => one.facts)];
  for (const { name, keys, check } of chosen) {
    if (mayBeSilent.has(name) || all.some((fact) => fact.key in keys)) continue;
    if (name === "edit" ? edits.length > 0 : check !== undefined && carets.length > 0) continue;
    session.complain(0, `command ${name}`, "at least one fact", "none");
  }
}

function checkEdit(session: Session, chosen: readonly Command[], one: Edit): void {
  if (!chosen.includes(edit)) session.complain(one.line, "command", "test: … edit", "no `edit`");
  rememberRuns(session);
  applyEdit(session, one);
  checkFacts(session, chosen, one.facts, false);
}

function checkFacts(
  session: Session,
  chosen: readonly Command[],
  facts: readonly Fact[],
  isWhole: boolean,
): void {
  const methods = session.methods();
  const rules = new Map(chosen.flatMap(({ keys }) => Object.entries(keys)));
  const answers = chosen.flatMap((command) => command.answers?.(session) ?? []);
  const identity = (answer: Pick<Answer, "of" | "key" | "subject">): string =>
    `${answer.key}\n${answer.of === null ? "" : methods.findIndex((one) => one.unit === answer.of?.unit)}\n${answer.subject}`;
  const claimed = new Map<string, string[]>();
  for (const fact of facts) {
    const rule = rules.get(fact.key);
    if (rule === undefined) {
      session.complain(fact.line, "fact", `a key of ${chosen.map((one) => one.name)}`, fact.key);
      continue;
    }
    const of = rule.about === "workspace" ? null : session.methodOf(fact, methods);
    const subject = session.subjectOf(fact, rule, of);
    if (subject === null) {
      session.complain(fact.line, fact.key, `something at ${fact.method}${fact.subject}`, "nothing");
      continue;
    }
    const place = identity({ of, key: fact.key, subject });
    claimed.set(place, [...(claimed.get(place) ?? []), fact.text]);
    const there = answers.filter((answer) => identity(answer) === place);
    if (there.some((answer) => holds(rule, fact.text, answer.text))) continue;
    const got = there.map((answer) => answer.text).join("\n          ");
    session.complain(fact.line, `${fact.key} of ${subject || "the method"}`, fact.text, got || "nothing");
  }
  if (isWhole) checkClosed(session, rules, answers, claimed, identity);
}

function holds(rule: KeyRule, wanted: string, got: string): boolean {
  return rule.isPart === true ? got.includes(wanted) : got === wanted;
}

/** Closed keys: what is true must be claimed. */
function checkClosed(
  session: Session,
  rules: ReadonlyMap<string, KeyRule>,
  answers: readonly Answer[],
  claimed: ReadonlyMap<string, readonly string[]>,
  identity: (answer: Answer) => string,
): void {
  const used = new Set([...claimed.keys()].map((place) => place.split("\n", 2).join("\n")));
  for (const answer of answers) {
    const rule = rules.get(answer.key);
    const place = identity(answer);
    if (rule === undefined || rule.closed === "never" || answer.isPlain === true) continue;
    if (rule.closed === "used" && !used.has(place.split("\n", 2).join("\n"))) continue;
    const claims = claimed.get(place) ?? [];
    if (claims.some((text) => holds(rule, text, answer.text))) continue;
    // A wrong claim has its complaint already.
    if (claims.length >= answers.filter((one) => identity(one) === place).length) continue;
    session.complain(lineOfAnswer(session, answer), `${answer.key} of ${answer.subject}`, "a fact", answer.text);
  }
}

function lineOfAnswer(session: Session, { of, subject }: Answer): number {
  if (of === null) return 0;
  const number = Number(subject.slice(1));
  const { statements, syntax } = of.method;
  const at = subject.startsWith("#")
    ? syntax.blocks.find((one) => one.label === number)?.line
    : statements.find((one) => one.id === number)?.line;
  return session.lineOf(of.path, of.startLine + (at ?? 0));
}

function failureText({ fixture, complaints }: Session): string {
  if (complaints.length === 0) return "";
  const lines = [...complaints]
    .sort((a, b) => a.line - b.line)
    .map(
      ({ line, what, wanted, got }) =>
        `test/fixtures/${fixture.path}:${line + 1}: ${what}\n  wanted: ${wanted}\n  got:    ${got}`,
    );
  lines.push(`verbatim blocks (#|) are rewritten by: npm test -- --update --filter ${fixture.path}`);
  return lines.join("\n");
}

/** The fixture's text with its `#|` blocks as they were produced. Facts are never touched. */
function updateVerbatim(text: string, { produced }: Session): string {
  const lines = text.split("\n");
  const kept = [...produced.keys()].sort((a, b) => b - a);
  for (const above of kept) {
    let end = above + 1;
    while (lines[end]?.startsWith("#|") === true) end++;
    const block = (produced.get(above) ?? []).map((line) => `#| ${line}`.trimEnd());
    lines.splice(above + 1, end - above - 1, ...block);
  }
  return lines.join("\n");
}

function printChange(path: string, before: string, after: string): void {
  const old = new Set(before.split("\n"));
  const made = new Set(after.split("\n"));
  console.log(`updated test/fixtures/${path}`);
  for (const line of before.split("\n")) if (!made.has(line)) console.log(`  - ${line}`);
  for (const line of after.split("\n")) if (!old.has(line)) console.log(`  + ${line}`);
}
