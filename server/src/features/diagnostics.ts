// All that is to be said about one file, with places: one list in text order. The reader's and the
// verifier's findings come without any analysis, so that damage in one method leaves the others
// untouched; of those a file shows a limited number.

import type { DiagnosticCode, Severity } from "../diagnostics/codes.ts";
import type { Range } from "../text/line-index.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { locate } from "./place.ts";
import {
  asRegistered,
  type Severities,
  shown,
  type UnitFinding,
  unitFindings,
} from "./unit-findings.ts";

export type { Severities };

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

/** How many findings about form a file shows where nobody says otherwise. */
export const formLimit = 100;

export interface DiagnoseOptions {
  readonly severities?: Severities;
  /** How many findings about form a file shows. */
  readonly formFindings?: number;
  /** What is said about a unit. */
  readonly findingsOf?: (unit: Unit) => readonly UnitFinding[];
}

/** Findings of every unit of the file, in text order; empty for a file that is not there. */
export function diagnose(
  workspace: Workspace,
  path: string,
  {
    severities = asRegistered,
    formFindings = formLimit,
    findingsOf = (unit) => unitFindings(workspace, unit),
  }: DiagnoseOptions = {},
): PlacedFinding[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const found: PlacedFinding[] = [];
  let nForm = 0;
  let nHidden = 0;
  let lastForm = -1;
  for (const unit of workspace.speakingUnits(path)) {
    const startLine = document.startOf(document.indexOf(unit));
    nHidden += unit.facts()?.nHiddenLines ?? 0;
    for (const finding of shown(findingsOf(unit), severities)) {
      // Behind the limit nothing is placed: it would cost as much as showing it.
      if (finding.isForm && ++nForm > formFindings) continue;
      if (finding.isForm) lastForm = found.length;
      found.push(place(workspace, path, startLine, finding));
    }
  }
  const last = found[lastForm];
  if (nForm > formFindings && last !== undefined) {
    const more = nForm - formFindings + nHidden;
    const count = more === 1 ? "one more problem" : `${more} more problems`;
    const own = last.message.replace(/ \(and [^()]* in this method\)$/, "");
    found[lastForm] = { ...last, message: `${own} (and ${count} in this file)` };
  }
  return found;
}

function place(
  workspace: Workspace,
  path: string,
  startLine: number,
  { code, severity, message, range, related }: UnitFinding,
): PlacedFinding {
  const placed: RelatedLocation[] = [];
  for (const one of related) {
    const location =
      one.range !== null
        ? { path, range: moved(one.range, startLine) }
        : one.method === null
          ? null
          : locate(workspace, one.method, one.span);
    if (location !== null) placed.push({ ...location, message: one.message });
  }
  return { code, severity, message, range: moved(range, startLine), related: placed };
}

/** A range in a unit, in the file. */
function moved({ start, end }: Range, startLine: number): Range {
  return {
    start: { line: start.line + startLine, character: start.character },
    end: { line: end.line + startLine, character: end.character },
  };
}
