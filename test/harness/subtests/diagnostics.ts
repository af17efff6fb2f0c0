// `diagnostics`: all findings of all files. Closed both ways: every `#   ^^^ severity[code] text` has
// its finding with exactly that range, severity and code, and a message that contains the text; and
// every finding has its carets. `# related: text` below carets asks for a related place that says so.

import { diagnose, type PlacedFinding } from "../../../server/src/features/diagnostics.ts";
import type { Caret } from "../fixture.ts";
import type { Command, Session } from "../session.ts";

export const diagnostics: Command = {
  name: "diagnostics",
  keys: { related: { about: "workspace", closed: "never", isPart: true } },
  answers: (session) =>
    found(session, () => true).map(({ finding }) => ({
      of: null,
      key: "related",
      subject: "",
      text: finding.related.map((one) => one.message).join("\n"),
    })),
  check: (session) => checkCarets(session, () => true),
};

interface Found {
  readonly finding: PlacedFinding;
  /** Fixture line and columns, the range cut at the end of its first line. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** Holds carets with a code that `isMine` against the findings with such a code. */
export function checkCarets(session: Session, isMine: (code: string) => boolean): void {
  const claims = session.fixture.carets.flatMap((caret) => {
    const read = /^(\w+)\[([^\]]+)\]\s*(.*)$/.exec(caret.text);
    const [, severity = "", code = "", message = ""] = read ?? [];
    return read !== null && isMine(code) ? [{ caret, severity, code, message }] : [];
  });
  const open = found(session, isMine);
  for (const { caret, severity, code, message } of claims) {
    const index = open.findIndex(
      ({ finding, line, start, end }) =>
        isAt(caret, line, start, end) &&
        `${finding.severity}[${finding.code}]` === `${severity}[${code}]` &&
        finding.message.includes(message),
    );
    if (index >= 0) open.splice(index, 1);
    else session.complain(caret.line, "finding", drawn(caret, caret.text), nearby(open, caret));
  }
  for (const one of open) session.complain(one.line, "finding", "carets", printed(one));
}

function found(session: Session, isMine: (code: string) => boolean): Found[] {
  return session.workspace.paths().flatMap((path) =>
    diagnose(session.workspace, path)
      .filter((finding) => isMine(finding.code))
      .map((finding) => {
        const { start, end } = finding.range;
        const line = session.lineOf(path, start.line);
        const text = session.fixture.files.find((file) => file.path === path)?.text ?? "";
        const width = text.split(/\r\n|\n|\r/)[start.line]?.length ?? 0;
        const last = end.line > start.line ? width : end.character;
        return { finding, line, start: start.character, end: Math.max(last, start.character + 1) };
      }),
  );
}

function isAt(caret: Caret, line: number, start: number, end: number): boolean {
  return caret.target === line && caret.start === start && caret.end === end;
}

function printed({ finding, start, end }: Found): string {
  return drawn({ start, end }, `${finding.severity}[${finding.code}] ${finding.message}`);
}

/** The line of carets as one would write it. */
function drawn({ start, end }: Pick<Caret, "start" | "end">, text: string): string {
  const marks = start === 0 ? `#${"<".repeat(end)}` : `#${" ".repeat(start - 1)}${"^".repeat(end - start)}`;
  return `\n${marks} ${text}`;
}

function nearby(open: readonly Found[], caret: Caret): string {
  return open.filter((one) => one.line === caret.target).map(printed).join("") || "nothing";
}
