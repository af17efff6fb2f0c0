// The short words for verdicts and placements that hints, hovers and the command line share.

import type { Insertion } from "../analysis/finalizer/ladder.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import type { Placement, PlacementPoint } from "../analysis/plan/plan.ts";
import type { JuliaCode } from "../diagnostics/codes.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";

/** Where a finalizer runs: `after %7`, `at the head of #3`; empty where only the GC runs it. */
export function placeWords(method: Method, report: RegistrationReport): string {
  const insertion = runsAt(report);
  if (insertion === null) return "";
  if ("after" in insertion) return `after %${idOf(method, insertion.after)}`;
  return `at the head of #${labelOf(method, insertion.block)}`;
}

/** Where the finalizer runs before the GC could: instead of its registration, or beside it. */
export function runsAt({ insertion, finalized }: RegistrationReport): Insertion | null {
  return insertion ?? finalized;
}

/** The verdict in a few words: `elided, runs after %7` or `kept: region may throw`. */
export function verdictWords(method: Method, report: RegistrationReport): string {
  if (!report.isStillPrinted) return predictionWords(method, report);
  return "still registered here, although the rules would resolve it";
}

/** What the rules say, whether or not the text shows that it happened. */
export function predictionWords(method: Method, report: RegistrationReport): string {
  if (report.elided) return `elided, runs ${placeWords(method, report)}`;
  if (report.finalized !== null)
    return `finalized early ${placeWords(method, report)}; registration kept`;
  const seen = report.tier === "observed" ? "kept (final)" : "kept";
  return report.code === null ? seen : `${seen}: ${reasonWords(report.code)}`;
}

/** What Julia's placement gets wrong, as a sentence without its end. */
export function mistakeWords(method: Method, report: RegistrationReport, code: JuliaCode): string {
  const object = `\`${objectWords(method, report)}\``;
  const place = placeWords(method, report).replace(/%\d+/, "`$&`");
  return `Julia's placement ${place} is wrong: ${mistakes[code](object)}`;
}

const mistakes: Readonly<Record<JuliaCode, (object: string) => string>> = {
  "julia/runs-again": (object) => `the finalizer of ${object} runs again on the same object`,
  "julia/runs-again-or-never": (object) =>
    `the finalizer of ${object} runs again on the same object on one path, and never on another`,
  "julia/runs-unregistered": (object) =>
    `the finalizer of ${object} runs where it was never registered`,
  "julia/before-phi": (object) =>
    `the finalizer of ${object} stands before a φ node, which code generation may then get wrong`,
  "julia/held-by-pending-finalizer": (object) =>
    `${object} is finalized while a pending finalizer of another object still reaches it`,
  "julia/never-allocated": (object) => `the finalizer runs although ${object} was never allocated`,
  "julia/objects-lost": (object) =>
    `${object} is allocated again before it is finalized, and only the last one is`,
};

/** Codes whose own words would mislead in a short hint. */
const shortReasons: ReadonlyMap<string, string> = new Map([
  ["finalizer/not-core-call", "no `Core.finalizer` call"],
  ["finalizer/body-unknown", "finalizer not known"],
  ["finalizer/body-may-throw", "finalizer may throw"],
  ["finalizer/body-task-state", "finalizer touches task state"],
  ["finalizer/body-may-not-end", "finalizer may not end"],
  ["finalizer/body-undefined-behavior", "finalizer may misbehave"],
  ["finalizer/body-free-typevars", "finalizer's type is open"],
  ["finalizer/body-not-single-case", "finalizer has several targets"],
  ["finalizer/allocation-not-new", "not allocated here"],
  ["finalizer/escapes-unknown-call", "may escape"],
  ["finalizer/escapes-return", "returned"],
  ["finalizer/escapes-thrown", "may be thrown"],
  ["finalizer/escapes-finalizer", "held by another finalizer"],
  ["finalizer/no-post-dominator", "no point after all uses"],
  ["finalizer/weak-reference", "a weak reference is made"],
  ["finalizer/explicitly-finalized", "finalized by hand"],
  ["finalizer/held-by-finalizer", "another finalizer reaches it"],
  ["finalizer/lock-held", "a lock is held"],
  ["finalizer/paths-disagree", "paths disagree"],
  ["finalizer/never-dead", "in use until the end"],
  ["internal/plan-rejected", "our checker rejects the plan"],
  ["finalizer/object-not-ssa", "not made here"],
]);

/** A code in few words: `may escape`, `region may throw`. */
export function reasonWords(code: string): string {
  return shortReasons.get(code) ?? code.slice(code.indexOf("/") + 1).replaceAll("-", " ");
}

/** `%4` for the object of a registration, `_2` for an argument, `a constant` else. */
export function objectWords(method: Method, report: RegistrationReport): string {
  const { object } = report.registration;
  if (object > 0) return `%${idOf(method, object)}`;
  return object < 0 ? `_${-object}` : "a constant";
}

/** A placement as expectations spell it: `after %3`, `at #2`, `on #3→#5`. */
export function pointWords(method: Method, point: PlacementPoint): string {
  if ("after" in point) return `after %${idOf(method, point.after)}`;
  if ("block" in point) return `at #${labelOf(method, point.block)}`;
  return `on #${labelOf(method, point.edge[0])}→#${labelOf(method, point.edge[1])}`;
}

/** The plan's points in text order, at most `limit` of them: `after %9, on #1→#2 and 3 more`. */
export function pointsWords(method: Method, report: RegistrationReport, limit = 4): string {
  const order = ({ point }: Placement): number => {
    if ("after" in point) return point.after;
    const block = "block" in point ? point.block : point.edge[0] + 1;
    return (method.firstOf[block] ?? 0) - ("block" in point ? 0.25 : 0.5);
  };
  const placements = [...(report.early?.plan.placements ?? [])].sort((a, b) => order(a) - order(b));
  const words = [...new Set(placements.map(({ point }) => pointWords(method, point)))];
  const more = words.length - limit;
  return more > 0 ? `${words.slice(0, limit).join(", ")} and ${more} more` : words.join(", ");
}

/** The early plan in a few words: `elide after %9`, `finalize on #3→#5`, `none finalizer/lock-held`. */
export function planWords(method: Method, report: RegistrationReport, limit = 4): string {
  const { early } = report;
  if (early === null) return `none ${report.code ?? ""}`.trim();
  if (early.plan.verdict === "none") return `none ${early.blockers[0]?.code ?? ""}`.trim();
  return `${early.plan.verdict} ${pointsWords(method, report, limit)}`;
}

/** Whether the early plan does what Julia does: one point, and the same one, in the same way. */
export function isJuliasPlan(report: RegistrationReport): boolean {
  const insertion = runsAt(report);
  const plan = report.early?.plan;
  const [only, ...others] = plan?.placements ?? [];
  if (insertion === null || only === undefined || others.length > 0) return false;
  if (!report.elided && plan?.verdict === "elide") return false;
  return "after" in only.point && "after" in insertion && only.point.after === insertion.after;
}

/** What can be done at a placement: *freed* only where the body provably releases. */
export function doneWords({ early }: RegistrationReport): "freed" | "finalized" {
  return early?.releases === true ? "freed" : "finalized";
}
