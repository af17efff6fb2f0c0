// A method's IR with what is known beside it: each line with its hints, and under the method the
// ladder of every registration. Lines far from anything said are folded away. Made for the terminal;
// colours are the caller's business.

import type { ExplainedRung, RegistrationReport } from "../analysis/method-report.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Hint, inlayHints } from "./inlay-hint.ts";
import { type LadderLine, ladderLines } from "./ladder.ts";
import { earlyMarkdown } from "./lifetime-words.ts";
import { objectWords, verdictWords } from "./words.ts";

export interface AnnotatedLine {
  /** 1-based line in the file; 0 for a mark that stands for folded lines. */
  readonly line: number;
  readonly text: string;
  readonly hints: readonly Hint[];
  /** Whether the line is blamed, used or placed at: worth a second look. */
  readonly isMarked: boolean;
}

export interface AnnotatedRegistration {
  readonly object: string;
  readonly verdict: string;
  readonly elided: boolean;
  readonly ladder: readonly LadderLine[];
  /** The early plan in a line, and what keeps it from eliding. */
  readonly early: readonly string[];
}

export interface AnnotatedMethod {
  readonly signature: string;
  readonly lines: readonly AnnotatedLine[];
  readonly registrations: readonly AnnotatedRegistration[];
}

/** Lines kept on either side of a marked line. */
const context = 2;

/** The unit's method with its annotations; null where it holds none or registers nothing. */
export function annotate(
  workspace: Workspace,
  path: string,
  index: number,
): AnnotatedMethod | null {
  const document = workspace.document(path);
  const unit = document?.units[index];
  if (document === null || unit === undefined) return null;
  const { registrations } = workspace.report(unit);
  const opened = registrations.length > 0 ? workspace.openUnit(unit) : null;
  if (opened === null) return null;
  const { method } = opened;
  const start = document.startOf(index);
  const end = start + unit.lineCount;
  const range = { start: { line: start, character: 0 }, end: { line: end, character: 0 } };
  const hints = inlayHints(workspace, path, range, {
    verdict: true,
    placement: true,
    lifetime: true,
    nothing: false,
  });
  const marked = new Set<number>();
  for (const report of registrations) {
    for (const position of markedStatements(report)) {
      const statement = method.statements[position - 1];
      if (statement !== undefined) marked.add(statement.line);
    }
  }
  for (const hint of hints) marked.add(hint.position.line - start);
  return {
    signature: unit.facts()?.signature ?? "method without a header",
    lines: fold(bodyLines(unit, start, marked, hints)),
    registrations: registrations.map((report) => ({
      object: objectWords(method, report),
      verdict: verdictWords(method, report),
      elided: report.elided,
      ladder: ladderLines(method, report),
      early: earlyMarkdown(method, report).map(plain),
    })),
  };
}

function markedStatements(report: RegistrationReport): number[] {
  const failed: ExplainedRung | undefined = report.rungs.find((rung) => rung.state !== "passed");
  return [
    report.registration.position,
    report.allocation,
    ...report.lastUses,
    ...(failed?.blockers ?? []).slice(0, 4).map((blocker) => blocker.position),
  ];
}

function bodyLines(
  unit: Unit,
  start: number,
  marked: ReadonlySet<number>,
  hints: readonly Hint[],
): AnnotatedLine[] {
  const facts = unit.facts();
  const texts = unit.text.trimEnd().split(/\r\n|\r|\n/);
  return texts.slice(facts?.firstLine ?? 0).map((text, index) => {
    const line = index + (facts?.firstLine ?? 0);
    return {
      line: start + line + 1,
      text,
      hints: hints.filter((hint) => hint.position.line === start + line),
      isMarked: marked.has(line),
    };
  });
}

/** Leaves out runs of more than a few lines that are far from every marked line. */
function fold(lines: readonly AnnotatedLine[]): AnnotatedLine[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some((line) => line.isMarked),
  );
  const folded: AnnotatedLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    let end = i;
    while (end < lines.length && near[end] !== true) end++;
    if (end - i > 3) {
      folded.push({ line: 0, text: `⋮ ${end - i} lines`, hints: [], isMarked: false });
      i = end - 1;
      continue;
    }
    const line = lines[i];
    if (line !== undefined) folded.push(line);
  }
  return folded;
}

/** A line of Markdown as a terminal shows it. */
function plain(line: string): string {
  return line.replace(/\*\*|^- /g, "").replace(/\*(\([^()]*\))\*/g, "$1");
}
