// Inlay hints: at a registration the verdict in a few words; where Julia runs an elided finalizer, a
// mark on that line. Three kinds that can be switched one by one; details are in the tooltip.

import type { RegistrationReport } from "../analysis/method-report.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import { type Position, positionAt, type Range } from "../text/line-index.ts";
import type { Document } from "../workspace/document.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { ladderMarkdown } from "./ladder.ts";
import { nothingHere } from "./nothing-here.ts";
import { type PlacedUnit, placedUnit } from "./place.ts";
import { objectWords, placeWords, reasonWords, runsAt } from "./words.ts";

export interface HintOptions {
  /** The verdict at each registration. */
  readonly verdict: boolean;
  /** Where an elided finalizer runs. */
  readonly placement: boolean;
  /** Loops over which a placement holds an object. */
  readonly lifetime: boolean;
  /** Why there is nothing to see. */
  readonly nothing: boolean;
}

export type HintKind = keyof HintOptions;

export interface Hint {
  readonly kind: HintKind;
  /** At the end of a line, 0-based. */
  readonly position: Position;
  readonly label: string;
  /** Markdown. */
  readonly tooltip: string;
}

/** The hints of a file's lines in `range`, in text order within each method. */
export function inlayHints(
  workspace: Workspace,
  path: string,
  range: Range,
  options: HintOptions,
): Hint[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const hints: Hint[] = [];
  const first = document.unitAt(range.start.line);
  const last = document.unitAt(range.end.line);
  for (let index = first; index <= last; index++) {
    const unit = document.units[index];
    const placed = placedUnit(document, index);
    if (unit === undefined || placed === null) continue;
    const { registrations } = workspace.report(unit);
    const opened = registrations.length > 0 ? workspace.openUnit(unit) : null;
    if (opened === null) continue;
    for (const report of registrations)
      hints.push(...hintsOf(opened.method, placed, report, options));
  }
  if (options.nothing) hints.push(...nothingHints(workspace, path, document, first, last));
  return hints.filter(
    ({ position }) => position.line >= range.start.line && position.line <= range.end.line,
  );
}

function nothingHints(
  workspace: Workspace,
  path: string,
  document: Document,
  first: number,
  last: number,
): Hint[] {
  return nothingHere(workspace, path, first, last).flatMap(({ index, label, advice }) => {
    const placed = placedUnit(document, index);
    if (placed === null) return [];
    const header = workspace.openUnit(placed.unit)?.method.header.span;
    const offset = header?.start ?? firstText(placed.unit.text);
    return [{ kind: "nothing", position: atLineEnd(placed, offset), label, tooltip: advice }];
  });
}

/** The offset of the first character that is no white space. */
function firstText(text: string): number {
  return text.length - text.trimStart().length;
}

function hintsOf(
  method: Method,
  placed: PlacedUnit,
  report: RegistrationReport,
  options: HintOptions,
): Hint[] {
  const hints: Hint[] = [];
  const tooltip = ladderMarkdown(method, report);
  const add = (kind: HintKind, offset: number, label: string): void => {
    if (options[kind]) hints.push({ kind, position: atLineEnd(placed, offset), label, tooltip });
  };
  const at = method.statements[report.registration.position - 1];
  if (at === undefined) return [];
  const isAssumed = report.tier === "assumed" ? " (assumed)" : "";
  add("verdict", at.end, verdictLabel(method, report) + isAssumed);
  const insertion = runsAt(report);
  if (insertion !== null && !report.isStillPrinted && !isHere(report)) {
    const isAfter = "after" in insertion;
    const place = isAfter
      ? method.statements[insertion.after - 1]
      : method.syntax.blocks[insertion.block - 1];
    const label = `⟵ finalizer of ${objectWords(method, report)} runs ${isAfter ? "here" : "before this line"}`;
    if (place !== undefined) add("placement", place.end, label);
  }
  for (const extension of report.extended) {
    const head = method.syntax.blocks[extension.header - 1];
    if (head !== undefined)
      add("lifetime", head.end, `↻ ${objectWords(method, report)} held over this loop`);
  }
  return hints;
}

/** The finalizer runs directly behind its registration: nothing uses the object later. */
function isHere(report: RegistrationReport): boolean {
  const insertion = runsAt(report);
  const { position } = report.registration;
  return insertion !== null && "after" in insertion && insertion.after === position;
}

/** At most some forty characters: an editor cuts longer hints. */
function verdictLabel(method: Method, report: RegistrationReport): string {
  if (report.isStillPrinted) return "? still here; the rules would elide it";
  if (report.elided) {
    const { insertion } = report;
    if (insertion === null) return "✓ elided";
    if (isHere(report)) return "✓ elided, runs here";
    return "after" in insertion
      ? `✓ elided, runs after %${idOf(method, insertion.after)}`
      : `✓ elided, runs at the head of #${labelOf(method, insertion.block)}`;
  }
  if (report.finalized !== null) return `~ finalized early ${placeWords(method, report)}, kept`;
  const [first] = report.blockers;
  const mark = report.rungs.some((rung) => rung.state === "unknown") ? "?" : "✗";
  if (report.code === null) return `${mark} kept`;
  const at =
    first !== undefined && first.position !== report.registration.position
      ? ` at %${idOf(method, first.position)}`
      : "";
  return `${mark} kept: ${reasonWords(report.code)}${at}`;
}

function atLineEnd(placed: PlacedUnit, offset: number): Position {
  const { startLine, lineStarts, unit, origin } = placed;
  const { line } = positionAt(lineStarts, origin?.raw(offset) ?? offset);
  const start = lineStarts[line] ?? 0;
  let end = lineStarts[line + 1] ?? unit.text.length;
  while (end > start && unit.text.charCodeAt(end - 1) <= 32) end--;
  return { line: line + startLine, character: end - start };
}
