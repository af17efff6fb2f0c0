// Inlay hints: at a registration the verdict in a few words; where Julia runs an elided finalizer, a
// mark on that line. Three kinds that can be switched one by one; details are in the tooltip.

import type { ExtensionCause } from "../analysis/lifetime/lifetime.ts";
import type { Policy } from "../analysis/lifetime/stretch.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import { successorsOf } from "../ir/graph.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import { type Position, positionAt, type Range } from "../text/line-index.ts";
import type { Document } from "../workspace/document.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { ladderMarkdown } from "./ladder.ts";
import { nothingHere } from "./nothing-here.ts";
import { type PlacedUnit, placedUnit } from "./place.ts";
import {
  doneWords,
  isJuliasPlan,
  objectWords,
  placeWords,
  pointWords,
  reasonWords,
  runsAt,
} from "./words.ts";

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
    const { registrations, hazards = [] } = workspace.report(unit);
    const opened = registrations.length > 0 ? workspace.openUnit(unit) : null;
    if (opened === null) continue;
    for (const report of registrations) {
      const tooltip = ladderMarkdown(opened.method, report, hazards);
      hints.push(...hintsOf(opened.method, placed, report, tooltip, options));
    }
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
  tooltip: string,
  options: HintOptions,
): Hint[] {
  const hints: Hint[] = [];
  const add = (kind: HintKind, offset: number, label: string): void => {
    if (options[kind]) hints.push({ kind, position: atLineEnd(placed, offset), label, tooltip });
  };
  const at = method.statements[report.registration.position - 1];
  if (at === undefined) return [];
  const isAssumed = report.tier === "assumed" ? " (assumed)" : "";
  const could = earlyLabel(method, report);
  const verdict = verdictLabel(method, report) + isAssumed;
  add("verdict", at.end, could === "" ? verdict : `${verdict} · ${could}`);
  const insertion = runsAt(report);
  if (insertion !== null && !report.isStillPrinted && !isHere(report)) {
    const isAfter = "after" in insertion;
    const place = isAfter
      ? method.statements[insertion.after - 1]
      : method.syntax.blocks[insertion.block - 1];
    const label = `⟵ finalizer of ${objectWords(method, report)} runs ${isAfter ? "here" : "before this line"}`;
    if (place !== undefined) add("placement", place.end, label);
  }
  for (const [offset, label] of earlyPlaces(method, report)) add("placement", offset, label);
  const loops = new Set<number>();
  for (const { header, policy, cause } of report.lifetime.extended) {
    const head = method.syntax.blocks[header - 1];
    if (head === undefined || loops.has(header) || !isShown(report, policy, cause)) continue;
    loops.add(header);
    const by = cause === "placement" ? "" : `: ${causeNames[cause]}`;
    add("lifetime", head.end, `↻ ${objectWords(method, report)} held over this loop${by}`);
  }
  return hints;
}

const causeNames: Readonly<Record<ExtensionCause, string>> = {
  placement: "placement",
  preserve: "preserved",
  handler: "handler's slot",
  phi: "still named",
  container: "in a container",
  slot: "slot",
};

/**
 * What the release does: its placement where it has one, else what the collector cannot free. Slots of
 * old releases keep every object and are left to the hover; so is reference counting.
 */
function isShown(report: RegistrationReport, policy: Policy, cause: ExtensionCause): boolean {
  if (policy === "julia") return true;
  return policy === "gc" && !report.elided && cause !== "slot";
}

/** Where the early plan has its points, unless Julia does just that. */
function earlyPlaces(method: Method, report: RegistrationReport): [number, string][] {
  const { early } = report;
  if (early === null || report.isStillPrinted || isJuliasPlan(report)) return [];
  const object = objectWords(method, report);
  const done = doneWords(report);
  const places: [number, string][] = [];
  const seen = new Set<string>();
  for (const { point, value } of early.plan.placements) {
    const name = value > 0 ? `%${idOf(method, value)}` : object;
    const isEdge = "edge" in point;
    const from = isEdge ? point.edge[0] : 0;
    const last = method.statements[(method.firstOf[from + 1] ?? 0) - 2];
    const isBranch = isEdge && successorsOf(method.graph, from).length > 1;
    const place = isEdge
      ? last
      : "after" in point
        ? method.statements[point.after - 1]
        : method.syntax.blocks[point.block - 1];
    // Directly behind the registration: the verdict says it.
    if ("after" in point && point.after === report.registration.position) continue;
    const where = isBranch ? `on the way to #${labelOf(method, point.edge[1])}` : "here";
    const label = `⟵ ${name} can be ${done} ${where}`;
    if (place === undefined || seen.has(`${place.end} ${label}`)) continue;
    seen.add(`${place.end} ${label}`);
    places.push([place.end, label]);
  }
  return places;
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

/** What could be done early, where it is not what Julia does; empty else. At most 43 characters. */
function earlyLabel(method: Method, report: RegistrationReport): string {
  const { early, elided } = report;
  if (early === null || report.isStillPrinted || isJuliasPlan(report)) return "";
  const { plan } = early;
  if (plan.verdict === "none") {
    const code = early.blockers[0]?.code;
    const isNew = code !== undefined && code !== report.code && planOnly.has(code);
    return isNew ? `not early: ${reasonWords(code)}` : "";
  }
  const points = new Set(plan.placements.map(({ point }) => pointWords(method, point)));
  const where = points.size === 1 ? [...points][0] : `at ${points.size} points`;
  const how = plan.verdict === "elide" ? "elide" : "finalize";
  const isAssumed = plan.tier === "assumed" ? " (assumed)" : "";
  return elided ? `early: ${where}` : `could ${how} ${where}${isAssumed}`;
}

/** Reasons that Julia's ladder does not know. */
const planOnly: ReadonlySet<string> = new Set([
  "finalizer/weak-reference",
  "finalizer/explicitly-finalized",
  "finalizer/held-by-finalizer",
  "finalizer/lock-held",
  "finalizer/paths-disagree",
  "finalizer/never-dead",
]);

function atLineEnd(placed: PlacedUnit, offset: number): Position {
  const { startLine, lineStarts, unit, origin } = placed;
  const { line } = positionAt(lineStarts, origin?.raw(offset) ?? offset);
  const start = lineStarts[line] ?? 0;
  let end = lineStarts[line + 1] ?? unit.text.length;
  while (end > start && unit.text.charCodeAt(end - 1) <= 32) end--;
  return { line: line + startLine, character: end - start };
}
