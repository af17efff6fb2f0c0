// The ladder of one registration in words: every rung with ✓ (holds), ✗ (fails), ? (the text does not
// tell) and the statements to blame. As Markdown for hovers, as plain lines for the terminal.

import type { RungState } from "../analysis/finalizer/ladder.ts";
import {
  type ExplainedBlocker,
  extendedBy,
  type RegistrationReport,
} from "../analysis/method-report.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import { objectWords, verdictWords } from "./words.ts";

/** One line of the ladder; `depth` 0 is a rung, 1 a blocker, 2 and more a step of its chain. */
export interface LadderLine {
  readonly mark: "✓" | "✗" | "?" | "·" | "↳";
  readonly depth: number;
  readonly text: string;
}

const marks: Readonly<Record<RungState, LadderLine["mark"]>> = {
  passed: "✓",
  failed: "✗",
  unknown: "?",
  skipped: "·",
};

/** At most so many blockers are listed for a rung. */
const blockerLimit = 4;

/** The ladder's lines, top rung first. */
export function ladderLines(method: Method, report: RegistrationReport): LadderLine[] {
  const lines: LadderLine[] = [];
  for (const rung of report.rungs) {
    const isSkipped = rung.state === "skipped";
    lines.push({
      mark: marks[rung.state],
      depth: 0,
      text: isSkipped ? `${rung.name}: not decided, since the object escapes` : rung.name,
    });
    for (const blocker of rung.blockers.slice(0, blockerLimit)) {
      lines.push({ mark: "·", depth: 1, text: blockerWords(method, blocker) });
      blocker.chain.forEach((step, index) => {
        lines.push({ mark: "↳", depth: 2 + index, text: `${step.signature}: ${step.message}` });
      });
    }
    const more = rung.blockers.length - blockerLimit;
    if (more > 0) lines.push({ mark: "·", depth: 1, text: `and ${more} more` });
  }
  for (const text of report.assumptions) lines.push({ mark: "?", depth: 0, text });
  return lines;
}

function blockerWords(method: Method, blocker: ExplainedBlocker): string {
  return `%${idOf(method, blocker.position)}: ${blocker.message}`;
}

/** The whole story of a registration as Markdown: verdict, ladder, lifetime. */
export function ladderMarkdown(method: Method, report: RegistrationReport): string {
  const lines = [
    `**Finalizer of \`${objectWords(method, report)}\`** — ${verdictWords(method, report)} *(${report.tier})*`,
    "",
  ];
  for (const { mark, depth, text } of ladderLines(method, report)) {
    lines.push(`${"  ".repeat(depth)}- ${mark} ${escapeMarkdown(text)}`);
  }
  const last = report.lastUses.map((position) => `\`%${idOf(method, position)}\``);
  if (last.length > 0) lines.push("", `Last used at ${last.join(", ")}.`);
  for (const extension of extendedBy(report, "julia")) {
    lines.push(
      "",
      `Held over the loop at \`#${labelOf(method, extension.header)}\` without being used there.`,
    );
  }
  if (report.code !== null) lines.push("", `\`${report.code}\``);
  return lines.join("\n");
}

/** Keeps `#`, `*` and `_` of IR text from being read as Markdown; code spans stay as they are. */
export function escapeMarkdown(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[*_#<>[\]]/g, "\\$&")))
    .join("`");
}
