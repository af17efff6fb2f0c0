// Reads a fixture: a legal IR document whose expectations stand in `# ` comments beside the lines.
// This file knows the form only (header, files, facts, carets, verbatim blocks, edits); what a fact
// means is its command's business. The grammar is docs/testing.md. Lines are 0-based fixture lines.

import { commentStart } from "../../server/src/syntax/scan.ts";

/** A file of the workspace that the fixture describes; its text starts at `firstLine`. */
export interface SourceFile {
  readonly path: string;
  readonly firstLine: number;
  readonly text: string;
}

/** `# key: text`, or `# key main%2: text` about a named thing. Written by a person. */
export interface Fact {
  readonly key: string;
  /** Name of the method before `%N`; empty for the method around the fact. */
  readonly method: string;
  /** `%2`, `_2`, `#2`; empty where the fact stands beside what it is about. */
  readonly subject: string;
  readonly text: string;
  readonly line: number;
}

/** `#    ^^^^ text`: columns `[start, end)`, 0-based UTF-16, of the line `target` above. */
export interface Caret {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly target: number;
  readonly line: number;
}

/** Lines `#-` that an edit replaces by lines `#+`. */
export interface Hunk {
  readonly removed: string[];
  readonly added: string[];
  readonly line: number;
}

export interface Edit {
  readonly line: number;
  readonly hunks: Hunk[];
  readonly facts: Fact[];
}

export interface Fixture {
  /** Path below test/fixtures. */
  readonly path: string;
  /** What stands behind `# test:`, `# julia:`, `# profile:`, `# line ends:`. */
  readonly header: ReadonlyMap<string, string>;
  readonly files: readonly SourceFile[];
  /** Lines `#: …`: the text of a `Finalens.toml`. */
  readonly config: string;
  readonly facts: readonly Fact[];
  readonly carets: readonly Caret[];
  readonly edits: readonly Edit[];
  /** Line → the `#|` lines directly below it, without the mark. */
  readonly verbatim: ReadonlyMap<number, readonly string[]>;
  /** What is wrong with the fixture's form. */
  readonly faults: readonly (readonly [line: number, complaint: string])[];
}

const lf = "\n";
const lineEnds = new Map([
  ["lf", [lf]],
  ["crlf", ["\r\n"]],
  ["cr", ["\r"]],
  ["mixed", [lf, "\r\n", "\r"]],
]);

const directiveForm = /^# (test|julia|profile|line ends): (.*)$/;
const factForm = /^([a-z][a-z -]*?)(?: ([^\s:%]*)([%_#]\d+))?:(?: (.*))?$/;
const caretForm = /^(\s*#\s*)(\^+)\s+(\S.*)$/;
/** `#` itself stands in column 0, so carets from there on are drawn `<`. */
const caretAtStartForm = /^()#(<+)\s+(\S.*)$/;

/** Reads the fixture; faults are collected, never thrown. */
export function readFixture(path: string, text: string): Fixture {
  const lines = text.split("\n");
  const header = new Map<string, string>();
  const faults: [number, string][] = [];
  let body = 0;
  while (/^#(?! (?:file|edit): )/.test(lines[body] ?? "")) {
    const line = lines[body++] ?? "";
    const [, key = "prose", value = ""] = directiveForm.exec(line) ?? [];
    if (line.length > 2 && !line.startsWith("#: ")) header.set(key, value.trim());
  }
  if (!header.has("test")) faults.push([0, "the first line reads `# test: COMMAND …`"]);
  if (!header.has("prose")) faults.push([0, "the header does not say why the fixture exists"]);
  const ends = lineEnds.get(header.get("line ends") ?? "lf") ?? ["?"];
  const files: SourceFile[] = [];
  const facts: Fact[] = [];
  const carets: Caret[] = [];
  const edits: Edit[] = [];
  const verbatim = new Map<number, string[]>();
  let file = { path: path.slice(path.lastIndexOf("/") + 1), from: 0 };
  const closeFile = (to: number): void => {
    // The last line of a fixture has no line end of its own.
    const endOf = (i: number): string =>
      file.from + i + 1 < lines.length ? (ends[i % ends.length] ?? "") : "";
    const text = lines
      .slice(file.from, to)
      .map((line, i) => line + endOf(i))
      .join("");
    files.push({ path: file.path, firstLine: file.from, text });
  };
  const config = lines.filter((line) => line.startsWith("#: ")).map((line) => line.slice(3));
  lines.slice(body).forEach((line, index) => {
    const at = body + index;
    const edit = edits.at(-1);
    if (line.startsWith("# file: ")) {
      if (index > 0) closeFile(at);
      file = { path: line.slice(8).trim(), from: at + 1 };
    } else if (line.startsWith("# edit: ")) {
      if (edit === undefined) closeFile(at);
      edits.push({ line: at, hunks: [], facts: [] });
    } else if (line.startsWith("#|")) {
      const above = lines.findLastIndex((one, i) => i < at && !one.startsWith("#|"));
      verbatim.set(above, [...(verbatim.get(above) ?? []), line.slice(2).replace(/^ /, "")]);
    } else if (/^#[-+] /.test(line)) {
      if (edit === undefined) faults.push([at, "`#-` and `#+` belong below an `# edit:`"]);
      else addToHunk(edit.hunks, line, at);
    } else {
      const caret = caretForm.exec(line) ?? caretAtStartForm.exec(line);
      if (caret !== null) carets.push(readCaret(caret, lines, at));
      else (edit?.facts ?? facts).push(...factsOf(line, at));
    }
  });
  if (edits.length === 0) closeFile(lines.length);
  return { path, header, files, config: config.join("\n"), facts, carets, edits, verbatim, faults };
}

/** The facts in a line's comment; `# expect:` is the product's own, `# fixme:` is for readers. */
function factsOf(line: string, at: number): Fact[] {
  const facts: Fact[] = [];
  let next = commentStart(line, 0, line.length);
  while (next < line.length) {
    const from = next + 1;
    next = commentStart(line, from, line.length);
    const [, key, method = "", subject = "", text = ""] =
      factForm.exec(line.slice(from, next).trim()) ?? [];
    if (key === undefined || key === "expect" || key === "fixme") continue;
    facts.push({ key, method, subject, text: text.trim(), line: at });
  }
  return facts;
}

function readCaret(caret: RegExpExecArray, lines: readonly string[], at: number): Caret {
  const [, { length: start } = "", { length: width } = "", text = ""] = caret;
  const target = lines.findLastIndex((line, index) => index < at && !/^\s*#/.test(line));
  return { start, end: start + width, text, target, line: at };
}

/** A `#-` behind a `#+` starts the next hunk. */
function addToHunk(hunks: Hunk[], line: string, at: number): void {
  const removes = line.startsWith("#-");
  let hunk = hunks.at(-1);
  if (hunk === undefined || (removes && hunk.added.length > 0)) {
    hunk = { removed: [], added: [], line: at };
    hunks.push(hunk);
  }
  (removes ? hunk.removed : hunk.added).push(line.slice(3));
}
