// The ladder of one registration in words: every rung with ✓ (holds), ✗ (fails), ? (the text does not
// tell) and the statements to blame. As Markdown for hovers, as plain lines for the terminal.

import type { RungState } from "../analysis/finalizer/ladder.ts";
import type { Hazard } from "../analysis/hazard/hazard.ts";
import type { ExplainedBlocker, RegistrationReport } from "../analysis/method-report.ts";
import { idOf, type Method } from "../ir/method.ts";
import { earlyMarkdown, lifetimeMarkdown } from "./lifetime-words.ts";
import { mistakeWords, objectWords, verdictWords } from "./words.ts";

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
  for (const { code } of report.mistakes ?? []) {
    lines.push({
      mark: "✗",
      depth: 0,
      text: `${mistakeWords(method, report, code)} (\`${code}\`)`,
    });
  }
  return lines;
}

function blockerWords(method: Method, blocker: ExplainedBlocker): string {
  return `%${idOf(method, blocker.position)}: ${blocker.message}`;
}

/**
 * The whole story of a registration as Markdown: verdict, ladder, early plan, lifetime, hazards.
 *
 * @param hazards those of the method; told are the registration's own
 */
export function ladderMarkdown(
  method: Method,
  report: RegistrationReport,
  hazards: readonly Hazard[],
): string {
  const lines = [
    `**Finalizer of \`${objectWords(method, report)}\`** — ${verdictWords(method, report)} *(${report.tier})*`,
    "",
  ];
  for (const { mark, depth, text } of ladderLines(method, report)) {
    lines.push(`${"  ".repeat(depth)}- ${mark} ${escapeMarkdown(text)}`);
  }
  if (report.code !== null) lines.push("", `\`${report.code}\``);
  for (const section of [
    earlyMarkdown(method, report),
    lifetimeMarkdown(method, report.lifetime),
    hazardMarkdown(method, report, hazards),
  ]) {
    if (section.length > 0) lines.push("", ...section.map(escapeMarkdownOutsideBold));
  }
  return lines.join("\n");
}

function hazardMarkdown(
  method: Method,
  { registration }: RegistrationReport,
  hazards: readonly Hazard[],
): string[] {
  const own = hazards.filter((one) => one.registration === registration.position);
  if (own.length === 0) return [];
  const line = ({ position, message, code }: Hazard): string =>
    `- \`%${idOf(method, position)}\`: ${message} (\`${code}\`)`;
  return ["**Hazards**", ...own.map(line)];
}

/** Only the first line of a section is set in Markdown of its own. */
function escapeMarkdownOutsideBold(line: string): string {
  return line.startsWith("**") ? line : escapeMarkdown(line);
}

/** Keeps `#`, `*` and `_` of IR text from being read as Markdown; code spans stay as they are. */
export function escapeMarkdown(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[*_#<>[\]]/g, "\\$&")))
    .join("`");
}
