// `edit`: `# edit: title`, then `#-` lines that are replaced by `#+` lines. The edit is applied once as
// one change, and once as it is typed: deleted, then inserted character by character. After each step
// the workspace must say what a fresh one with the same texts says. Facts below the edit are about the
// text after it; `findings` and `reran` belong to this command.

import type { MethodReport } from "../../../server/src/analysis/method-report.ts";
import { methodsOf } from "../../../server/src/features/check-report.ts";
import { diagnose } from "../../../server/src/features/diagnostics.ts";
import { inlayHints } from "../../../server/src/features/inlay-hint.ts";
import { commentStart } from "../../../server/src/syntax/scan.ts";
import { lineStartsOf, positionAt } from "../../../server/src/text/line-index.ts";
import type { Unit } from "../../../server/src/workspace/unit.ts";
import type { Workspace } from "../../../server/src/workspace/workspace.ts";
import type { Edit, Hunk } from "../fixture.ts";
import { type Answer, type Command, everywhere, type Session, words } from "../session.ts";

/** Units and reports as they were before the last edit of a session. */
const before = new WeakMap<Session, ReadonlyMap<Unit, MethodReport>>();

export const edit: Command = {
  name: "edit",
  keys: {
    findings: { about: "workspace", closed: "never" },
    reran: { about: "workspace", closed: "never" },
  },
  answers(session) {
    const { workspace } = session;
    const codes = workspace.paths().flatMap((path) => diagnose(workspace, path).map((one) => one.code));
    const say = (key: string, text: string): Answer => ({ of: null, key, subject: "", text });
    return [say("findings", words(codes.sort())), say("reran", whatRan(session))];
  },
};

/** Keeps what is known now, so that `reran` can tell what an edit made new. */
export function rememberRuns(session: Session): void {
  before.set(session, new Map(session.methods().map(({ unit, report }) => [unit, report])));
}

/** `read(main) report(main caller)`: texts that were read anew, registrations reported anew. */
function whatRan(session: Session): string {
  const old = before.get(session);
  const methods = session.methods();
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}(${names.join(" ")})`];
  const read = methods.filter(({ unit }) => old?.has(unit) !== true);
  const reported = methods.filter(
    ({ unit, report }) => report.registrations.length > 0 && old?.get(unit) !== report,
  );
  const names = (of: typeof methods): string[] => of.map(({ name }) => name);
  return words([...list("read", names(read)), ...list("report", names(reported))]);
}

/** Applies every hunk to the session's workspace, and types it into another one. */
export function applyEdit(session: Session, { hunks }: Edit): void {
  const typed = session.freshWorkspace();
  for (const path of session.workspace.paths()) typed.set(path, textOf(session.workspace, path));
  fingerprint(typed);
  for (const hunk of hunks) {
    const place = find(session.workspace, hunk);
    if (place === null) {
      session.complain(hunk.line, "lines of the edit", hunk.removed.join("\n"), "not there, or twice");
      continue;
    }
    replace(session.workspace, place, place.added);
    compare(session, session.workspace, hunk, "the edit");
    replace(typed, place, "");
    compare(session, typed, hunk, "deleting");
    for (let i = 0; i < place.added.length; i++) {
      const at = { ...place, from: place.from + i, to: place.from + i };
      replace(typed, at, place.added[i] ?? "");
      if (!compare(session, typed, hunk, `typing ${JSON.stringify(place.added.slice(0, i + 1))}`)) break;
    }
  }
}

interface Change {
  readonly path: string;
  /** Offsets in the file. */
  readonly from: number;
  readonly to: number;
  readonly added: string;
}

/** Where the hunk's lines stand, comments left out of account; null if nowhere or more than once. */
function find(workspace: Workspace, { removed, added }: Hunk): Change | null {
  const bare = (line: string): string => line.slice(0, commentStart(line, 0, line.length)).trimEnd();
  const places = workspace.paths().flatMap((path) => {
    const text = textOf(workspace, path);
    const starts = lineStartsOf(text);
    const lines = starts.map((start, index) => text.slice(start, starts[index + 1]));
    return lines.flatMap((_, first): Change[] => {
      const isHere = removed.every((wanted, index) => {
        const line = lines[first + index]?.replace(/[\r\n]+$/, "") ?? "\0";
        return line === wanted || (bare(wanted) !== "" && bare(line) === bare(wanted));
      });
      if (!isHere) return [];
      const old = lines.slice(first, first + removed.length).join("");
      const ending = /\r\n|\r|\n/.exec(old)?.[0] ?? "";
      return [trimmed(path, starts[first] ?? 0, old, added.map((line) => line + ending).join(""))];
    });
  });
  return places.length === 1 ? (places[0] ?? null) : null;
}

/** The change without what is the same at both ends, as a keyboard would make it. */
function trimmed(path: string, from: number, old: string, made: string): Change {
  let head = 0;
  while (head < Math.min(old.length, made.length) && old[head] === made[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, made.length) - head;
  while (tail < most && old.at(-1 - tail) === made.at(-1 - tail)) tail++;
  const added = made.slice(head, made.length - tail);
  return { path, from: from + head, to: from + old.length - tail, added };
}

function replace(workspace: Workspace, { path, from, to }: Change, added: string): void {
  const starts = lineStartsOf(textOf(workspace, path));
  workspace.edit(path, { start: positionAt(starts, from), end: positionAt(starts, to) }, added);
}

function textOf(workspace: Workspace, path: string): string {
  return workspace.document(path)?.text() ?? "";
}

/** Whether the workspace says what a fresh one says. */
function compare(session: Session, warm: Workspace, { line }: Hunk, what: string): boolean {
  const cold = session.freshWorkspace();
  for (const path of warm.paths()) cold.set(path, textOf(warm, path));
  const [wanted, got] = [fingerprint(cold), fingerprint(warm)];
  const index = wanted.findIndex((one, i) => one !== got[i]);
  if (index < 0) return true;
  session.complain(line, `warm workspace after ${what}`, wanted[index] ?? "", got[index] ?? "");
  return false;
}

/** Everything that a workspace says. */
function fingerprint(workspace: Workspace): string[] {
  const options = { verdict: true, placement: true, lifetime: true };
  return workspace.paths().flatMap((path) => [
    ...diagnose(workspace, path).map((one) => JSON.stringify(one)),
    ...methodsOf(workspace, path, true).map((one) => JSON.stringify(one)),
    ...inlayHints(workspace, path, everywhere, options).map((one) => JSON.stringify(one)),
  ]);
}
