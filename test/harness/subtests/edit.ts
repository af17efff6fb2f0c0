// `edit`: `# edit: title`, then `#-` lines that are replaced by `#+` lines. The edit is applied once as
// one change, and once as it is typed: deleted, then inserted character by character. After each step
// the workspace must say what a fresh one with the same texts says. Facts below the edit are about the
// text after it; `findings` (all codes) and `reran` (what was not there before) belong to this command.

import { methodsOf } from "../../../server/src/features/check-report.ts";
import { diagnose } from "../../../server/src/features/diagnostics.ts";
import { inlayHints } from "../../../server/src/features/inlay-hint.ts";
import { commentStart } from "../../../server/src/syntax/scan.ts";
import { lineStartsOf, positionAt } from "../../../server/src/text/line-index.ts";
import { Unit } from "../../../server/src/workspace/unit.ts";
import type { Workspace } from "../../../server/src/workspace/workspace.ts";
import type { Edit, Hunk } from "../fixture.ts";
import { allHints, type Command, everywhere, keys, type Session, words } from "../session.ts";

/** What the last edit of a session made the workspace do. */
const ran = new WeakMap<Session, string>();

export const edit: Command = {
  name: "edit",
  keys: keys("workspace", "never", "findings, reran"),
  whole(session) {
    const { workspace } = session;
    const found = workspace.paths().flatMap((path) => diagnose(workspace, path));
    const codes = found.map((one) => one.code).sort();
    return [
      ["findings", "", words(codes)],
      ["reran", "", ran.get(session) ?? "none"],
    ];
  },
};

/** The steps that a fixture speaks of, in the order in which it lists them. */
const steps = ["read", "body", "facts", "summary", "report", "testimony", "trial"];

/**
 * `read(w!) facts(w!=) report(main)`: texts that were read anew, and queries that ran while diagnostics
 * and hints were made; `=` where one said what it had said before. Each once, by method.
 */
function whatRan({ workspace }: Session, change: () => void): string {
  say(workspace);
  const old = new Set(unitsOf(workspace));
  const lists = new Map<string, string[]>(steps.map((step) => [step, []]));
  const add = (step: string, name: string): void => {
    const list = lists.get(step);
    if (list !== undefined && !list.includes(name)) list.push(name);
  };
  workspace.listen(({ kind, query, key }) => {
    if (kind === "executed") add(query, nameOf(key));
    if (kind === "backdated") add(query, `${nameOf(key)}=`);
  });
  change();
  for (const unit of unitsOf(workspace)) {
    if (!old.has(unit) && unit.facts() !== null) add("read", nameOf(unit));
  }
  say(workspace);
  workspace.listen(null);
  return words(
    [...lists].flatMap(([step, of]) => (of.length > 0 ? [`${step}(${of.join(" ")})`] : [])),
  );
}

/** What an editor asks for by itself. */
function say(workspace: Workspace): void {
  for (const path of workspace.paths()) {
    diagnose(workspace, path);
    inlayHints(workspace, path, everywhere, allHints);
  }
}

/** The method that a query is about: by its unit, or by its key without the arguments. */
function nameOf(key: unknown): string {
  if (key instanceof Unit) return key.facts()?.name ?? "?";
  return typeof key === "string" ? key.replace(/(?<=.)\(.*/, "") : "?";
}

function unitsOf(workspace: Workspace): Unit[] {
  return workspace.paths().flatMap((path) => workspace.document(path)?.units ?? []);
}

/** Applies every hunk to the session's workspace, and types it into another one. */
export function applyEdit(session: Session, { hunks }: Edit): void {
  const { workspace } = session;
  const typed = session.freshWorkspace();
  for (const path of workspace.paths()) typed.set(path, textOf(workspace, path));
  fingerprint(typed);
  const applied: [Change, Hunk][] = [];
  const log = whatRan(session, () => {
    for (const hunk of hunks) {
      const changes = changesOf(workspace, hunk);
      const [change] = changes;
      if (changes.length !== 1 || change === undefined) {
        session.complain(hunk.line, "lines of the edit", "one place", `${changes.length} places`);
        continue;
      }
      const { path, from, to, added } = change;
      replace(workspace, path, from, to, added);
      applied.push([change, hunk]);
    }
  });
  ran.set(session, log);
  for (const [{ path, from, to, added }, { line }] of applied) {
    replace(typed, path, from, to, "");
    let isSame = compare(session, typed, line, "after deleting");
    for (let i = 0; i < added.length && isSame; i++) {
      replace(typed, path, from + i, from + i, added.charAt(i));
      isSame = compare(session, typed, line, `after typing ${added.slice(0, i + 1)}`);
    }
  }
  compare(session, workspace, hunks[0]?.line ?? 0, "after the edit");
}

/** Offsets in the file, and what comes in their place. */
interface Change {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly added: string;
}

/** Every place where the hunk's lines stand, comments left out of account. */
function changesOf(workspace: Workspace, { removed, added }: Hunk): Change[] {
  const bare = (line: string): string =>
    line.slice(0, commentStart(line, 0, line.length)).trimEnd();
  const isMeant = (line: string | undefined, wanted: string): boolean => {
    const text = line?.replace(/[\r\n]+$/, "");
    return text === wanted || (text !== undefined && bare(text) === bare(wanted) && text !== "");
  };
  return workspace.paths().flatMap((path) => {
    const text = textOf(workspace, path);
    const starts = lineStartsOf(text);
    const lines = starts.map((start, index) => text.slice(start, starts[index + 1]));
    return starts.flatMap((start, first) => {
      if (!removed.every((wanted, index) => isMeant(lines[first + index], wanted))) return [];
      const old = lines.slice(first, first + removed.length).join("");
      const ending = /\r\n|\r|\n/.exec(old)?.[0] ?? "";
      return [smallest(path, start, old, added.map((line) => line + ending).join(""))];
    });
  });
}

/** The change without what is the same at both ends, as a keyboard would make it. */
function smallest(path: string, from: number, old: string, made: string): Change {
  const most = Math.min(old.length, made.length);
  let head = 0;
  while (head < most && old[head] === made[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === made.at(-1 - tail)) tail++;
  const added = made.slice(head, made.length - tail);
  return { path, from: from + head, to: from + old.length - tail, added };
}

function textOf(workspace: Workspace, path: string): string {
  return workspace.document(path)?.text() ?? "";
}

function replace(
  workspace: Workspace,
  path: string,
  from: number,
  to: number,
  added: string,
): void {
  const starts = lineStartsOf(textOf(workspace, path));
  workspace.edit(path, { start: positionAt(starts, from), end: positionAt(starts, to) }, added);
}

/** Whether the workspace says what a fresh one says. */
function compare(session: Session, warm: Workspace, line: number, when: string): boolean {
  const cold = session.freshWorkspace();
  for (const path of warm.paths()) cold.set(path, textOf(warm, path));
  const [wanted, got] = [fingerprint(cold), fingerprint(warm)];
  const index = wanted.findIndex((one, i) => one !== got[i]);
  if (index < 0 && wanted.length === got.length) return true;
  session.complain(line, `warm workspace ${when}`, wanted.at(index) ?? "", got.at(index) ?? "");
  return false;
}

/** Everything that a workspace says. */
function fingerprint(workspace: Workspace): string[] {
  return workspace
    .paths()
    .flatMap((path) => [
      ...diagnose(workspace, path),
      ...methodsOf(workspace, path, true),
      ...inlayHints(workspace, path, everywhere, allHints),
    ])
    .map((one) => JSON.stringify(one));
}
