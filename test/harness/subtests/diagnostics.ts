// `diagnostics`: all findings of all files. Closed both ways: every `#   ^^^ severity[code] text` has
// its finding with exactly that range, severity and code, and a message that contains the text; and
// every finding has its carets. `# related: text` asks for a related place that says so.

import { diagnose } from "../../../server/src/features/diagnostics.ts";
import { type Command, keys, type Session } from "../session.ts";

export const diagnostics: Command = {
  name: "diagnostics",
  keys: keys("workspace", "never part", "related"),
  whole: (session) =>
    session.workspace
      .paths()
      .flatMap((path) => diagnose(session.workspace, path))
      .flatMap((finding) => finding.related.map((one) => ["related", "", one.message])),
  check: (session) => checkCarets(session, /^/),
};

/** Holds carets with a code that fits `isMine` against the findings with such a code. */
export function checkCarets(session: Session, isMine: RegExp): void {
  const open = found(session, isMine);
  for (const caret of session.fixture.carets) {
    const { text, line, target, start, end } = caret;
    const [, head = "", code = "", message = ""] = /^(\w+\[([^\]]+)\])\s*(.*)$/.exec(text) ?? [];
    if (head === "" || !isMine.test(code)) continue;
    session.taken.add(caret);
    const marks = drawn(start, end);
    const fits = (one: Found): boolean =>
      one.line === target &&
      one.marks === marks &&
      one.head === head &&
      one.message.includes(message);
    const index = open.findIndex(fits);
    if (index >= 0) open.splice(index, 1);
    else session.complain(line, "finding", `\n${marks} ${text}`, "no such one");
  }
  for (const { line, marks, head, message } of open) {
    session.complain(line, "finding", "carets", `\n${marks} ${head} ${message}`);
  }
}

interface Found {
  readonly line: number;
  /** The carets as one would draw them, cut at the end of the first line. */
  readonly marks: string;
  readonly head: string;
  readonly message: string;
}

function found(session: Session, isMine: RegExp): Found[] {
  return session.fixture.files.flatMap(({ path, text }) => {
    const lines = text.split(/\r\n|\n|\r/);
    const mine = diagnose(session.workspace, path).filter((one) => isMine.test(one.code));
    return mine.map(({ range: { start, end }, severity, code, message }) => {
      const last = end.line > start.line ? (lines[start.line]?.length ?? 0) : end.character;
      const marks = drawn(start.character, Math.max(last, start.character + 1));
      const line = session.lineOf(path, start.line);
      return { line, marks, head: `${severity}[${code}]`, message };
    });
  });
}

function drawn(start: number, end: number): string {
  if (start === 0) return `#${"<".repeat(end)}`;
  return `#${" ".repeat(start - 1)}${"^".repeat(end - start)}`;
}
