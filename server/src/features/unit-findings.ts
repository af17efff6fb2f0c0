// What is to be said about one unit, with places relative to the unit: findings about form, about
// registrations and lifetimes, and failed expectations. It hangs on the unit and on what its report hangs
// on, so it is remembered and asked for again with every key.

import {
  codes,
  type DiagnosticCode,
  type Severity,
  type SeverityChoice,
} from "../diagnostics/codes.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Unit } from "../workspace/unit.ts";
import type { UnitQuery, Workspace } from "../workspace/workspace.ts";
import { checkExpectations } from "./expectations.ts";
import { type PlacedUnit, rangeOf } from "./place.ts";
import { trialFindings } from "./trial-findings.ts";

/** How loudly codes are said where it differs from the table. */
export type Severities = ReadonlyMap<string, SeverityChoice>;

export const asRegistered: Severities = new Map();

/** A finding; lines count from the start of its unit. */
export interface UnitFinding {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  /** Whether the reader or the verifier said it. */
  readonly isForm: boolean;
  readonly related: readonly UnitRelated[];
}

/** A place that belongs to a finding. */
export interface UnitRelated {
  readonly message: string;
  /** Key of the method in which it is; null for the finding's own. */
  readonly method: string | null;
  readonly span: Span;
  /** Its place in the finding's own unit; null for another method. */
  readonly range: Range | null;
}

const noFindings: readonly UnitFinding[] = [];

/** The findings of a workspace's units, remembered. */
export class UnitFindings {
  private readonly query: UnitQuery<readonly UnitFinding[]>;

  constructor(workspace: Workspace) {
    this.query = workspace.perUnit({
      name: "findings",
      compute: (unit) => relativeFindings(unit, allFindings(workspace, unit)),
    });
  }

  /** Whether the unit's findings are there and need not be made. */
  isKnown(unit: Unit): boolean {
    return this.query.isVerified(unit);
  }

  /**
   * The unit's findings, the same list as before where nothing changed. A mistake of ours in one method
   * is a finding there; the other methods keep theirs.
   */
  of(unit: Unit): readonly UnitFinding[] {
    try {
      return this.query.get(unit);
    } catch (error) {
      return failed(error);
    }
  }
}

/** The findings of one unit, not remembered. */
export function unitFindings(workspace: Workspace, unit: Unit): readonly UnitFinding[] {
  try {
    return relativeFindings(unit, allFindings(workspace, unit));
  } catch (error) {
    return failed(error);
  }
}

function allFindings(workspace: Workspace, unit: Unit): readonly Finding[] {
  const facts = unit.facts();
  if (facts === null) return [];
  const report = workspace.report(unit);
  const findings = [...report.findings, ...trialFindings(workspace, unit, report)];
  if (facts.expectations.length === 0) {
    return findings.length === 0 ? facts.findings : [...facts.findings, ...findings];
  }
  return [...facts.findings, ...findings, ...checkExpectations(workspace, unit)];
}

function relativeFindings(unit: Unit, findings: readonly Finding[]): readonly UnitFinding[] {
  if (findings.length === 0) return noFindings;
  const lineStarts = unit.lineStarts();
  const placed: PlacedUnit = { unit, startLine: 0, lineStarts, origin: unit.cleaned().origin };
  return findings.map(({ code, severity, message, span, related }) => ({
    code,
    severity: severity ?? codes[code].severity,
    message,
    range: rangeOf(placed, span),
    isForm: code.startsWith("syntax/") || code.startsWith("verify/"),
    related: related.map((one) => ({
      ...one,
      range: one.method === null ? rangeOf(placed, one.span) : null,
    })),
  }));
}

/**
 * The findings that are shown. A line says one thing about its form: the first finding is the cause, and
 * the reader speaks before the verifier.
 */
export function shown(
  findings: readonly UnitFinding[],
  severities: Severities,
): readonly UnitFinding[] {
  if (findings.length === 0) return findings;
  const made: UnitFinding[] = [];
  const lines = new Set<number>();
  for (const finding of findings) {
    const severity = severities.get(finding.code) ?? finding.severity;
    const { line } = finding.range.start;
    if (severity === "off" || (finding.isForm && lines.has(line))) continue;
    if (finding.isForm) lines.add(line);
    made.push(severity === finding.severity ? finding : { ...finding, severity });
  }
  return made;
}

function failed(error: unknown): readonly UnitFinding[] {
  const start = { line: 0, character: 0 };
  return [
    {
      code: "internal/bug",
      severity: codes["internal/bug"].severity,
      message: `this method could not be analysed: ${error instanceof Error ? error.message : error}`,
      range: { start, end: start },
      isForm: false,
      related: [],
    },
  ];
}
