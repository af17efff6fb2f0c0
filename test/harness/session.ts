// A fixture at work: its files in a workspace, its facts resolved to methods, statements and blocks,
// and the complaints that come up. Commands see nothing else.

import type { OpenedMethod } from "../../server/src/analysis/environment.ts";
import type { MethodReport } from "../../server/src/analysis/method-report.ts";
import { readConfig } from "../../server/src/config/read-config.ts";
import { chooseProfile } from "../../server/src/features/profile.ts";
import { idOf, labelOf, type Method } from "../../server/src/ir/method.ts";
import type { Range } from "../../server/src/text/line-index.ts";
import type { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import type { Caret, Fact, Fixture } from "./fixture.ts";

/** One method of the fixture. */
export interface MethodAtHand {
  readonly path: string;
  readonly unit: Unit;
  /** 0-based line of the file at which its unit starts. */
  readonly startLine: number;
  readonly name: string;
  readonly opened: OpenedMethod;
  readonly method: Method;
  readonly report: MethodReport;
}

/**
 * Something true: what a fact `# key: text` beside `subject` (`%2`, `_2`, `#2`, empty for a method)
 * may say. A closed key does not ask for a fact where `isPlain`: no edges, depth 0.
 */
export type Answer = readonly [key: string, subject: string, text: string, isPlain?: boolean];

/** What a fact without a subject is about: the statement or block beside it, the method, all. */
export type About = "statement" | "block" | "method" | "workspace";

/**
 * Whether answers must be claimed: `always`; where a method `used` the key once; `never`, that is,
 * the key is open. Of a `part` the fact need not say all.
 */
export type Closed = "always" | "used" | "used part" | "never" | "never part";

export type Keys = Readonly<Record<string, readonly [About, Closed]>>;

/** The same rule for several keys, listed with commas. */
export function keys(about: About, closed: Closed, list: string): Keys {
  return Object.fromEntries(list.split(", ").map((key) => [key, [about, closed]]));
}

/** One kind of test; a file in subtests/. */
export interface Command {
  readonly name: string;
  readonly keys: Keys;
  /** All that is true of a method, as facts would say it. */
  answers?(of: MethodAtHand, session: Session): Answer[];
  /** All that is true of the whole workspace. */
  whole?(session: Session): Answer[];
  /** Checks that are no facts: carets, verbatim blocks. */
  check?(session: Session): void;
}

export class Session {
  readonly fixture: Fixture;
  readonly workspace: Workspace;
  /** Fixture line and text of everything that does not hold. */
  readonly complaints: (readonly [line: number, text: string])[] = [];
  /** Verbatim blocks as they should be, by the fixture line above them. */
  readonly produced: Map<number, readonly string[]> = new Map();

  /** Carets that some command has looked at. */
  readonly taken: Set<Caret> = new Set();

  constructor(fixture: Fixture) {
    this.fixture = fixture;
    this.workspace = this.freshWorkspace();
    for (const { path, text } of fixture.files) this.workspace.set(path, text);
  }

  freshWorkspace(): Workspace {
    const made = new Workspace(chooseProfile(this.fixture.header.get("profile")));
    made.setAssumptions(readConfig(this.fixture.config).assumptions);
    return made;
  }

  complain(line: number, what: string, wanted: string, got: string): void {
    this.complaints.push([line, `${what}\n  wanted: ${wanted}\n  got:    ${got}`]);
  }

  /** Holds a text against the `#|` block below fixture line `line`. */
  verbatim(line: number, text: string): void {
    const lines = text.split("\n").map((one) => `#| ${one}`.trimEnd());
    this.produced.set(line, lines);
    const wanted = this.fixture.verbatim.get(line)?.map((one) => `#| ${one}`.trimEnd()) ?? [];
    if (wanted.join("\n") === lines.join("\n")) return;
    this.complain(line, "verbatim output", `\n${wanted.join("\n")}`, `\n${lines.join("\n")}`);
  }

  /** All methods, in the order of files and lines. */
  methods(): MethodAtHand[] {
    return this.workspace.paths().flatMap((path) => {
      const document = this.workspace.document(path);
      return (document?.units ?? []).flatMap((unit, index): MethodAtHand[] => {
        const opened = this.workspace.openUnit(unit);
        if (opened === null) return [];
        const startLine = document?.startOf(index) ?? 0;
        const name = unit.facts()?.name ?? "?";
        const report = this.workspace.report(unit);
        return [{ path, unit, startLine, name, opened, method: opened.method, report }];
      });
    });
  }

  /** The fixture line of a line of a file. */
  lineOf(path: string, line: number): number {
    return (this.fixture.files.find((file) => file.path === path)?.firstLine ?? 0) + line;
  }

  /** The file that holds a fixture line, and the line in it. */
  placeOf(line: number): { path: string; line: number } {
    const file = this.fixture.files.findLast((one) => one.firstLine <= line);
    return { path: file?.path ?? "", line: line - (file?.firstLine ?? 0) };
  }

  /** What a fact is about: a method, null for the workspace, and the subject within. */
  resolve(fact: Fact, about: About): [MethodAtHand | null, string] {
    if (about === "workspace") return [null, ""];
    const of = this.methodOf(fact);
    if (of === null || fact.subject !== "" || about === "method") return [of, fact.subject];
    const position = this.statementAt(fact.line, of);
    if (about === "statement") return [of, `%${idOf(of.method, position)}`];
    return [of, labels(of.method, [of.method.blockOf[position] ?? 0])];
  }

  /** The named method; in an edit the first one; else the one around the fact. */
  private methodOf(fact: Fact): MethodAtHand | null {
    const methods = this.methods();
    const isMeant = ({ name, unit }: MethodAtHand): boolean =>
      name === fact.method || unit.facts()?.signature === fact.method;
    if (fact.method !== "") return methods.find(isMeant) ?? null;
    if (this.fixture.edits.some(({ facts }) => facts.includes(fact))) return methods[0] ?? null;
    return this.methodAt(fact.line);
  }

  /** The method around a fixture line, else the next one in its file, else the last one there. */
  methodAt(fixtureLine: number): MethodAtHand | null {
    const { path, line } = this.placeOf(fixtureLine);
    const inFile = this.methods().filter((one) => one.path === path);
    const around = inFile.find((one) => one.startLine + one.unit.lineCount > line);
    return around ?? inFile.at(-1) ?? null;
  }

  /** Position of the statement on or above a fixture line, in the method there; 0 without one. */
  statementAt(fixtureLine: number, { method, startLine }: MethodAtHand): number {
    const line = this.placeOf(fixtureLine).line - startLine;
    return method.statements.findLastIndex((one) => one.line <= line) + 1;
  }
}

/** `#1 #3`, or `none`. */
export function labels(method: Method, blocks: Iterable<number>): string {
  return words([...blocks].map((block) => `#${labelOf(method, block)}`));
}

/** `%1 %3`, or `none`; each once, ascending; arguments as `_2`. */
export function values(method: Method, numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  return words(sorted.map((one) => (one > 0 ? `%${idOf(method, one)}` : `_${-one}`)));
}

/** The words, or `none`. */
export function words(list: readonly string[]): string {
  return list.length === 0 ? "none" : list.join(" ");
}

/** A range that no file reaches beyond. */
export const everywhere: Range = {
  start: { line: 0, character: 0 },
  end: { line: 1_000_000_000, character: 0 },
};

export const allHints = { verdict: true, placement: true, lifetime: true, nothing: false } as const;
