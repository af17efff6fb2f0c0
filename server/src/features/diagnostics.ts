// All that is to be said about one file, with places: findings about form, about registrations and
// lifetimes, and failed expectations. One list in text order; the reader's and the verifier's findings
// come without any analysis, so that damage in one method leaves the others untouched. Bad input gets
// one finding about form a line, and only so many a file, the last of which says that there are more.

import { codes, type DiagnosticCode, type Severity } from "../diagnostics/codes.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Range } from "../text/line-index.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { checkExpectations } from "./expectations.ts";
import { locate, type PlacedUnit, placedUnit, rangeOf } from "./place.ts";

/** A finding with its place in the file. */
export interface PlacedFinding {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly RelatedLocation[];
}

export interface RelatedLocation {
  readonly path: string;
  readonly range: Range;
  readonly message: string;
}

/** How many findings about form a file shows. */
const formLimit = 100;

/** How loudly codes are said where it differs from the table. */
export type Severities = ReadonlyMap<string, Severity | "off">;

const asRegistered: Severities = new Map();

/** Findings of every unit of the file, in text order; empty for a file that is not there. */
export function diagnose(
  workspace: Workspace,
  path: string,
  severities: Severities = asRegistered,
): PlacedFinding[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const found: PlacedFinding[] = [];
  let nForm = 0;
  let nShown = 0;
  let lastForm = -1;
  for (const unit of workspace.speakingUnits(path)) {
    const findings = findingsOf(workspace, unit);
    const placed = findings.length === 0 ? null : placedUnit(document, document.indexOf(unit));
    if (placed === null) continue;
    nForm += unit.facts()?.nLinesWithFindings ?? 0;
    const lines = new Set<number>();
    for (const finding of findings) {
      const severity = severities.get(finding.code);
      if (severity === "off") continue;
      const placedFinding = (): PlacedFinding => {
        const made = place(workspace, path, placed, finding);
        return severity === undefined ? made : { ...made, severity };
      };
      if (!isAboutForm(finding)) {
        found.push(placedFinding());
        continue;
      }
      // Behind the limit nothing is placed: it would cost as much as showing it.
      if (nShown >= formLimit) continue;
      // The first of a line is the cause: the reader speaks before the verifier.
      const one = placedFinding();
      if (lines.has(one.range.start.line)) continue;
      lines.add(one.range.start.line);
      nShown++;
      lastForm = found.length;
      found.push(one);
    }
  }
  const last = found[lastForm];
  if (nShown >= formLimit && nForm > nShown && last !== undefined) {
    const more = nForm - nShown;
    const count = more === 1 ? "one more problem" : `${more} more problems`;
    const own = last.message.replace(/ \(and [^()]* in this method\)$/, "");
    found[lastForm] = { ...last, message: `${own} (and ${count} in this file)` };
  }
  return found;
}

/** Whether the finding is the reader's or the verifier's. */
function isAboutForm({ code }: Finding): boolean {
  return code.startsWith("syntax/") || code.startsWith("verify/");
}

/**
 * Everything to be said about one unit. A mistake of ours in one method is a finding there; the other
 * methods keep theirs.
 */
export function findingsOf(workspace: Workspace, unit: Unit): readonly Finding[] {
  try {
    return allFindingsOf(workspace, unit);
  } catch (error) {
    const message = `this method could not be analysed: ${error instanceof Error ? error.message : error}`;
    return [{ code: "internal/bug", span: { start: 0, end: 0 }, message, related: [] }];
  }
}

function allFindingsOf(workspace: Workspace, unit: Unit): readonly Finding[] {
  const facts = unit.facts();
  if (facts === null) return [];
  const { findings } = workspace.report(unit);
  if (facts.expectations.length === 0) {
    return findings.length === 0 ? facts.findings : [...facts.findings, ...findings];
  }
  return [...facts.findings, ...findings, ...checkExpectations(workspace, unit)];
}

function place(
  workspace: Workspace,
  path: string,
  placed: PlacedUnit,
  finding: Finding,
): PlacedFinding {
  const related: RelatedLocation[] = [];
  for (const { span, message, method } of finding.related) {
    const location =
      method === null ? { path, range: rangeOf(placed, span) } : locate(workspace, method, span);
    if (location !== null) related.push({ ...location, message });
  }
  return {
    code: finding.code,
    severity: finding.severity ?? codes[finding.code].severity,
    message: finding.message,
    range: rangeOf(placed, finding.span),
    related,
  };
}
