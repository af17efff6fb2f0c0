// Reads a fixture: a legal IR document whose expectations stand in `# ` comments beside the lines.
// This file knows the form only (header, files, facts, carets, verbatim blocks, edits); what a fact
// means is its command's business. The grammar is docs/testing.md.

import { commentStart } from "../../server/src/syntax/scan.ts";

/** A file of the workspace that the fixture describes. */
export interface SourceFile {
  readonly path: string;
  /** 0-based line of the fixture at which the file's text starts. */
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
  /** 0-based line of the fixture. */
  readonly line: number;
}

/** `#    ^^^^ text` under a line: columns `[start, end)` of that line, 0-based UTF-16. */
export interface Caret {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 0-based fixture line that the carets point at. */
  readonly target: number;
  /** 0-based fixture line of the carets themselves. */
  readonly line: number;
}

/** Lines that an edit replaces: `#-` lines by `#+` lines. */
export interface Hunk {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly line: number;
}

export interface Edit {
  readonly title: string;
  readonly line: number;
  readonly hunks: readonly Hunk[];
  readonly facts: readonly Fact[];
}

export interface Fixture {
  /** Path below test/fixtures. */
  readonly path: string;
  readonly title: string;
  readonly commands: readonly string[];
  readonly profile: string | undefined;
  readonly files: readonly SourceFile[];
  readonly facts: readonly Fact[];
  readonly carets: readonly Caret[];
  readonly edits: readonly Edit[];
  /** Fixture line → the `#|` lines directly below it, without the mark. */
  readonly verbatim: ReadonlyMap<number, readonly string[]>;
  /** Whether some fact asserts a result that is known to be wrong. */
  readonly hasFixme: boolean;
  /** What is wrong with the fixture's form: line and complaint. */
  readonly faults: readonly (readonly [line: number, complaint: string])[];
}

const lineEnds: Readonly<Record<string, readonly string[]>> = {
  lf: ["\n"],
  crlf: ["\r\n"],
  cr: ["\r"],
  mixed: ["\n", "\r\n", "\r"],
};

const factForm = /^([a-z][a-z -]*?)(?: ([^\s:%]*)([%_#]\d+))?:(?: (.*))?$/;
const caretForm = /^(\s*#\s*)(\^+)\s+(\S.*)$/;
/** `#` itself stands in column 0, so carets from there on are drawn `<`. */
const caretAtStartForm = /^#(<+)()\s+(\S.*)$/;

/** Words that look like facts and are not. */
const notFacts: ReadonlySet<string> = new Set(["expect", "fixme"]);

/** Reads the fixture at `path` (below test/fixtures); faults are collected, never thrown. */
export function readFixture(path: string, text: string): Fixture {
  return new Reader(path, text).read();
}

class Reader {
  private readonly path: string;
  private readonly lines: readonly string[];
  private readonly faults: [number, string][] = [];
  private readonly carets: Caret[] = [];
  private readonly verbatim = new Map<number, string[]>();
  private readonly header = new Map<string, string>();
  private readonly files: SourceFile[] = [];
  private readonly edits: (Edit & { hunks: Hunk[]; facts: Fact[] })[] = [];
  private readonly facts: Fact[] = [];
  private hasFixme = false;

  constructor(path: string, text: string) {
    this.path = path;
    this.lines = text.split("\n");
  }

  read(): Fixture {
    const body = this.readHeader();
    const name = this.path.slice(this.path.lastIndexOf("/") + 1);
    let file = { path: name, from: 0 };
    let end = this.lines.length;
    for (let at = body; at < this.lines.length; at++) {
      const line = this.lines[at] ?? "";
      if (line.startsWith("# file: ")) {
        if (at > body) this.addFile(file.path, file.from, at);
        file = { path: line.slice(8).trim(), from: at + 1 };
      } else if (line.startsWith("# edit: ")) {
        end = Math.min(end, at);
        this.edits.push({ title: line.slice(8).trim(), line: at, hunks: [], facts: [] });
      } else this.readLine(line, at);
    }
    this.addFile(file.path, file.from, end);
    const title = this.path.replace(/\.jlir$/, "").replaceAll("-", " ");
    return {
      path: this.path,
      title: this.hasFixme ? `${title} (fixme)` : title,
      commands: (this.header.get("test") ?? "").split(/\s+/).filter((word) => word !== ""),
      profile: this.header.get("profile"),
      files: this.files,
      facts: this.facts,
      carets: this.carets,
      edits: this.edits,
      verbatim: this.verbatim,
      hasFixme: this.hasFixme,
      faults: this.faults,
    };
  }

  /** The comment block at the top: directives, then prose. Returns the first line behind it. */
  private readHeader(): number {
    let at = 0;
    let hasProse = false;
    for (; this.lines[at]?.startsWith("#") === true; at++) {
      const line = this.lines[at] ?? "";
      if (/^# (?:file|edit): /.test(line)) break;
      const directive = /^# (test|julia|profile|line ends): (.*)$/.exec(line);
      if (directive?.[1] !== undefined) this.header.set(directive[1], (directive[2] ?? "").trim());
      else if (line.startsWith("# fixme")) this.hasFixme = true;
      else if (/^# \S/.test(line)) hasProse = true;
    }
    if (!this.header.has("test")) this.fault(0, "the first line reads `# test: COMMAND …`");
    if (!hasProse) this.fault(0, "the header says nothing about why the fixture exists");
    return at;
  }

  private addFile(path: string, from: number, to: number): void {
    const ends = lineEnds[this.header.get("line ends") ?? "lf"];
    if (ends === undefined) this.fault(0, `line ends: ${Object.keys(lineEnds).join(", ")}`);
    const isLast = to === this.lines.length;
    const lines = this.lines.slice(from, to);
    const broken = lines.map((line, index) =>
      isLast && index === lines.length - 1 ? line : line + (ends?.[index % ends.length] ?? "\n"),
    );
    this.files.push({ path, firstLine: from, text: broken.join("") });
  }

  private readLine(line: string, at: number): void {
    const edit = this.edits.at(-1);
    if (line.startsWith("#|")) return this.readVerbatim(line, at);
    if (/^#[-+] /.test(line)) {
      if (edit === undefined) this.fault(at, "`#-` and `#+` belong below an `# edit:`");
      else addToHunk(edit.hunks, line, at);
      return;
    }
    const caret = caretForm.exec(line) ?? caretAtStartForm.exec(line);
    if (caret !== null) return this.readCaret(caret, at);
    const comment = commentStart(line, 0, line.length);
    for (const part of line.slice(comment + 1).split(/(?:^|\s)# /)) {
      const [, key, method = "", subject = "", text = ""] = factForm.exec(part.trim()) ?? [];
      if (/^fixme\b/.test(part.trim())) this.hasFixme = true;
      if (key === undefined || notFacts.has(key)) continue;
      (edit?.facts ?? this.facts).push({ key, method, subject, text: text.trim(), line: at });
    }
  }

  private readVerbatim(line: string, at: number): void {
    for (let above = at - 1; above >= 0; above--) {
      if (this.lines[above]?.startsWith("#|")) continue;
      const block = this.verbatim.get(above) ?? [];
      block.push(line.slice(2).replace(/^ /, ""));
      this.verbatim.set(above, block);
      return;
    }
  }

  private readCaret(caret: RegExpExecArray, at: number): void {
    const [, prefix = "", marks = "", text = ""] = caret;
    const start = marks === "" ? 0 : prefix.length;
    let target = at - 1;
    while (target >= 0 && /^\s*#/.test(this.lines[target] ?? "")) target--;
    this.carets.push({ start, end: prefix.length + marks.length, text, target, line: at });
  }

  private fault(line: number, complaint: string): void {
    this.faults.push([line, complaint]);
  }
}

/** Lines `#-` then `#+` make one hunk; a `#-` behind a `#+` starts the next. */
function addToHunk(hunks: Hunk[], line: string, at: number): void {
  const text = line.slice(3);
  const open = hunks.at(-1);
  const goesOn = open !== undefined && (line[1] === "+" || open.added.length === 0);
  const hunk = goesOn ? open : { removed: [], added: [], line: at };
  const next =
    line[1] === "-"
      ? { ...hunk, removed: [...hunk.removed, text] }
      : { ...hunk, added: [...hunk.added, text] };
  if (goesOn) hunks[hunks.length - 1] = next;
  else hunks.push(next);
}
