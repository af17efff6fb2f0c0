// A method's header in words: what the text says of itself, which releases of Julia can have printed it,
// and the inlining stack of a line.

import type { Method } from "../ir/method.ts";
import { stackAt } from "../syntax/debuginfo.ts";
import { type VersionRange, versionOf } from "../syntax/version.ts";
import { lineAt, lineEnd } from "../text/line-index.ts";
import type { UnitFacts } from "../workspace/unit.ts";
import { completed } from "./source-lines.ts";

const stages: Readonly<Record<UnitFacts["stage"], string>> = {
  lowered: "lowered code, not typed",
  typed: "typed code, not optimised",
  optimized: "optimised code",
  unknown: "too little of it to tell how far it was compiled",
};

/** At most so many pieces of evidence are listed. */
const evidenceLimit = 6;

/** Everything about a method that stands in no statement. */
export function headerMarkdown(method: Method, facts: UnitFacts): string {
  const { header } = method;
  const stage = header.stage === null ? stages[facts.stage] : `stage \`${header.stage}\``;
  const lines = [
    `**\`${header.signature ?? "method without a header"}\`**`,
    "",
    `- ${facts.nStatements} statements in ${facts.nBlocks} blocks, ${stage}`,
  ];
  if (header.from !== null) lines.push(`- from \`${header.from.replaceAll("`", "'")}\``);
  if (header.effects !== null) lines.push(`- effects \`${header.effects}\``);
  lines.push(...versionLines(method, versionOf(method.syntax, method.text)));
  return lines.join("\n");
}

function versionLines(method: Method, { min, max, evidence }: VersionRange): string[] {
  if (evidence.length === 0)
    return ["- printed by any Julia from 1.5 to 1.13: nothing in it tells"];
  if (min > max) return ["- of no single release of Julia:", ...evidenceLines(method, evidence)];
  const range = min === max ? `Julia 1.${min}` : `Julia 1.${min} to 1.${max}`;
  return [`- printed by ${range}:`, ...evidenceLines(method, evidence)];
}

function evidenceLines(method: Method, evidence: VersionRange["evidence"]): string[] {
  const lines = evidence.slice(0, evidenceLimit).map(({ says, span, min, max }) => {
    const statement = method.statements.find((one) => one.end > span.start && one.start < span.end);
    const at = statement === undefined ? "" : ` at \`%${statement.id}\``;
    const range =
      max >= 13 ? `1.${min} or later` : min <= 5 ? `1.${max} or before` : `1.${min} to 1.${max}`;
    return `  - ${range}: ${says}${at}`;
  });
  const more = evidence.length - evidenceLimit;
  return more > 0 ? [...lines, `  - and ${more} more`] : lines;
}

/** The inlining stack at an offset, outermost frame first; null where the text does not tell. */
export function stackMarkdown(method: Method, offset: number): string | null {
  const { text, syntax } = method;
  const line = lineAt(syntax.lineStarts, offset);
  const lines = syntax.lineStarts
    .slice(0, line + 1)
    .map((start, index) => text.slice(start, lineEnd(text, syntax.lineStarts, index)));
  const frames = stackAt(lines, line).map((frame) => completed(method, frame));
  if (frames.length === 0) return null;
  const words = frames.map(
    ({ name, file, line: number }, depth) =>
      `${"  ".repeat(depth)}- ${depth === 0 ? "" : "inlined "}${name === "" ? "" : `\`${name.replaceAll("`", "'")}\` at `}${file === "" ? "line " : `${file}:`}${number === 0 ? "?" : number}`,
  );
  return ["**Source**", "", ...words].join("\n");
}
