// A fixture at work: its files in a workspace, its facts resolved to methods, statements and blocks,
// and the complaints that come up. Commands see nothing else.

import type { OpenedMethod } from "../../server/src/analysis/environment.ts";
import type { MethodReport } from "../../server/src/analysis/method-report.ts";
import { chooseProfile } from "../../server/src/features/profile.ts";
import { blockWithLabel, idOf, labelOf, type Method, positionOf } from "../../server/src/ir/method.ts";
import type { Range } from "../../server/src/text/line-index.ts";
import type { Unit } from "../../server/src/workspace/unit.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import type { Fact, Fixture } from "./fixture.ts";

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

/** Something true about a method: what a fact `# key: text` beside `subject` may say. */
export interface Answer {
  /** Null for what is true of the whole workspace. */
  readonly of: MethodAtHand | null;
  readonly key: string;
  /** `%2`, `_2`, `#2`; empty for the method itself. */
  readonly subject: string;
  readonly text: string;
  /** True where a closed command does not ask for a fact: `none`, depth 0. */
  readonly isPlain?: boolean;
}

export interface KeyRule {
  /** What a fact without a subject is about: the statement or block beside it, the method, all. */
  readonly about: "statement" | "block" | "method" | "workspace";
  /** `always`: every answer must be claimed; `used`: those of a method with one such fact; `never`. */
  readonly closed: "always" | "used" | "never";
  /** The fact needs to be no more than a part of the answer. */
  readonly isPart?: boolean;
}

/** One kind of test; a file in subtests/. */
export interface Command {
  readonly name: string;
  /** Facts that belong to it. */
  readonly keys: Readonly<Record<string, KeyRule>>;
  /** All that is true, as the facts would say it. */
  answers?(session: Session): Answer[];
  /** Checks that are no facts: carets, verbatim blocks, edits. */
  check?(session: Session): void;
}

export interface Complaint {
  /** 0-based line of the fixture. */
  readonly line: number;
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

export class Session {
  readonly fixture: Fixture;
  readonly workspace: Workspace;
  readonly complaints: Complaint[] = [];
  /** Verbatim blocks as they should be, by the fixture line above them. */
  readonly produced = new Map<number, readonly string[]>();

  constructor(fixture: Fixture) {
    this.fixture = fixture;
    this.workspace = this.freshWorkspace();
    for (const { path, text } of fixture.files) this.workspace.set(path, text);
  }

  freshWorkspace(): Workspace {
    return new Workspace(chooseProfile(this.fixture.profile));
  }

  complain(line: number, what: string, wanted: string, got: string): void {
    this.complaints.push({ line, what, wanted, got });
  }

  /** Holds `lines` against the `#|` block below fixture line `line`. */
  verbatim(line: number, lines: readonly string[]): void {
    this.produced.set(line, lines);
    const wanted = this.fixture.verbatim.get(line) ?? [];
    const got = lines.map((one) => one.trimEnd());
    if (wanted.map((one) => one.trimEnd()).join("\n") === got.join("\n")) return;
    this.complain(line, "verbatim output", ["", ...wanted].join("\n#| "), ["", ...got].join("\n#| "));
  }

  /** All methods, in the order of files and lines. */
  methods(): MethodAtHand[] {
    const found: MethodAtHand[] = [];
    for (const path of this.workspace.paths()) {
      const document = this.workspace.document(path);
      document?.units.forEach((unit, index) => {
        const facts = unit.facts();
        const opened = facts === null ? null : this.workspace.openUnit(unit);
        if (facts === null || opened === null) return;
        const { method } = opened;
        const report = this.workspace.report(unit);
        const name = facts.name ?? "?";
        found.push({ path, unit, startLine: document.startOf(index), name, opened, method, report });
      });
    }
    return found;
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

  /** The method that a fact is about: the named one, else the one around its line, else the next. */
  methodOf(fact: Fact, methods: readonly MethodAtHand[]): MethodAtHand | null {
    if (fact.method !== "") return methods.find((one) => isNamed(one, fact.method)) ?? null;
    if (this.fixture.edits.some((edit) => edit.facts.includes(fact))) return methods[0] ?? null;
    const { path, line } = this.placeOf(fact.line);
    const inFile = methods.filter((one) => one.path === path);
    const around = inFile.find((one) => one.startLine + one.unit.lineCount > line);
    return around ?? inFile.at(-1) ?? null;
  }

  /** What a fact is about within its method, as a subject; null where there is no such thing. */
  subjectOf(fact: Fact, rule: KeyRule, of: MethodAtHand | null): string | null {
    if (rule.about === "workspace") return "";
    if (of === null) return null;
    if (fact.subject !== "") return exists(of.method, fact.subject) ? fact.subject : null;
    if (rule.about === "method") return "";
    const line = this.placeOf(fact.line).line - of.startLine;
    const position = of.method.statements.findLastIndex((one) => one.line <= line) + 1;
    if (position === 0) return null;
    if (rule.about === "statement") return `%${idOf(of.method, position)}`;
    return `#${labelOf(of.method, of.method.blockOf[position] ?? 0)}`;
  }
}

function isNamed({ name, unit }: MethodAtHand, wanted: string): boolean {
  return name === wanted || unit.facts()?.signature === wanted;
}

function exists(method: Method, subject: string): boolean {
  const number = Number(subject.slice(1));
  if (subject.startsWith("%")) return positionOf(method, number) > 0;
  if (subject.startsWith("#")) return blockWithLabel(method, number) > 0;
  return number >= 1 && number <= method.nArguments;
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
