// Everything that is said about one method's registrations: verdict, ladder, blockers with their
// chains, lifetime, and the findings that follow. A pure function of the method and of what the
// environment answers.

import type { DiagnosticCode, FinalizerCode, JuliaCode, PlanCode } from "../diagnostics/codes.ts";
import type { Finding, RelatedPlace } from "../diagnostics/finding.ts";
import { postDominatorTree } from "../ir/dominator-tree.ts";
import { dominatorsOf } from "../ir/graph-facts.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";
import { shape } from "./body.ts";
import type { Environment, OpenedMethod } from "./environment.ts";
import { type ChainStep, chainOf, describeBlocker } from "./explain.ts";
import {
  type Blocker,
  climb,
  type Insertion,
  type RungName,
  type RungState,
  type Verdict,
} from "./finalizer/ladder.ts";
import { findRegistrations, type Registration } from "./finalizer/registration.ts";
import { bodyFacts } from "./hazard/body-facts.ts";
import { type Hazard, hazardsOf } from "./hazard/hazard.ts";
import { heapOf, type MethodHeap } from "./heap/heap-of.ts";
import { type FollowedObject, followObject } from "./lifetime/follow.ts";
import { type Extension, type Lifetime, lifetimeOf, noLifetime } from "./lifetime/lifetime.ts";
import type { Policy } from "./lifetime/stretch.ts";
import { shapeOf } from "./normalise.ts";
import { describePlanBlocker, planChain } from "./plan/explain-plan.ts";
import { frameOf } from "./plan/frame.ts";
import type { Plan, PlanBlocker } from "./plan/plan.ts";
import { planMethod } from "./plan/plan-method.ts";

export interface ExplainedBlocker {
  readonly position: number;
  readonly code: FinalizerCode | PlanCode;
  readonly message: string;
  readonly chain: readonly ChainStep[];
}

/** The plan of early finalization with its reasons in words. */
export interface EarlyReport {
  readonly plan: Plan;
  /** Why there is no plan; empty where there is one. */
  readonly blockers: readonly ExplainedBlocker[];
  /** Why the registration must stay; empty where it may be dropped or nothing is planned. */
  readonly notElided: readonly ExplainedBlocker[];
  /** Whether the finalizers' bodies provably release something: only then is the object *freed*. */
  readonly releases: boolean;
}

export interface ExplainedRung {
  readonly name: RungName;
  readonly state: RungState;
  readonly code: FinalizerCode | null;
  readonly blockers: readonly ExplainedBlocker[];
}

export interface RegistrationReport {
  readonly registration: Registration;
  readonly elided: boolean;
  /** `observed` where the text says that Julia has already decided. */
  readonly tier: "predicted" | "observed" | "assumed";
  readonly code: FinalizerCode | null;
  readonly blockers: readonly ExplainedBlocker[];
  readonly rungs: readonly ExplainedRung[];
  readonly insertion: Insertion | null;
  /** Where a finalizer that stays registered runs early on the normal path; null where it does not. */
  readonly finalized: Insertion | null;
  /** Position of the object's `%new`; 0 where it is not made here. */
  readonly allocation: number;
  /** Positions after which no use follows on some path. */
  readonly lastUses: readonly number[];
  /** How long the object is needed, and held by whom. */
  readonly lifetime: Lifetime;
  /**
   * The rules resolve the registration, and yet it stands in a text that looks final. Without a
   * `stage` line that is no proof: see `julia/profile-mismatch`.
   */
  readonly isStillPrinted: boolean;
  /** What was taken on trust because the text does not print it. */
  readonly assumptions: readonly string[];
  /** Where the finalizer could run early; null in a malformed method. */
  readonly early: EarlyReport | null;
  /** What is wrong with where Julia runs it, as the checkers found; absent: nothing, or not tried. */
  readonly mistakes?: readonly JuliaMistake[];
}

/** One way in which Julia's own placement is wrong. */
export interface JuliaMistake {
  readonly code: JuliaCode;
  /** Paths that show it; at least one. */
  readonly shown: readonly ShownPath[];
}

/** A path on which something fails. */
export interface ShownPath {
  /** Position of the statement at which it does. */
  readonly position: number;
  /** Blocks from the entry to there. */
  readonly blocks: readonly number[];
  /** What fails, as a sentence without its end. */
  readonly words: string;
}

export interface MethodReport {
  readonly registrations: readonly RegistrationReport[];
  /** Mistakes that freeing early makes certain, in text order; absent: none. */
  readonly hazards?: readonly Hazard[];
  readonly findings: readonly Finding[];
}

/**
 * Reports on the method that `opened` holds, under the rules of the environment's profile. Of a
 * malformed method only the registrations are listed, with what the verifier says.
 *
 * @param malformation the verifier's sentence; empty for a well-formed method
 */
export function reportMethod(
  opened: OpenedMethod,
  environment: Environment,
  malformation: string,
): MethodReport {
  const { method, body } = opened;
  const found = findRegistrations(method, environment);
  if (found.length === 0) return { registrations: [], findings: [] };
  if (malformation !== "") {
    return { registrations: found.map((one) => undecided(one, malformation)), findings: [] };
  }
  const { graph, blockOf, firstOf } = method;
  const dominators = dominatorsOf(graph);
  const postDominators = postDominatorTree(graph);
  const input = {
    body,
    graph,
    blockOf,
    firstOf,
    dominators,
    postDominators,
    profile: environment.profile,
  };
  const candidates = found.map(({ position, object, gates }) => ({ position, object, gates }));
  const verdicts = climb(input, candidates);
  const heap = heapOf(opened, environment);
  const frame = frameOf(opened, environment, heap);
  const plans = planMethod(frame, found);
  const earlyOf = (position: number): EarlyReport | null => {
    const plan = plans.find((one) => one.registrations.includes(position));
    return plan === undefined ? null : explainPlan(opened, environment, heap, plan, found);
  };
  const followed = plans.map((plan) => followObject(frame, plan, found));
  const registrations = found.map((registration, index): RegistrationReport => {
    const { position } = registration;
    const explained = explain(opened, environment, registration, verdicts[index]);
    const object = followed.find(({ plan }) => plan.registrations.includes(position));
    const insertion = explained.insertion ?? explained.finalized;
    const lifetime = object === undefined ? noLifetime : lifetimeOf(frame, object, insertion);
    return {
      ...explained,
      early: earlyOf(position),
      lifetime,
      // An object that escapes has uses that nobody sees.
      lastUses: lifetime.escapes.length > 0 ? [] : lifetime.lastUses,
    };
  });
  const hazards = followed
    .flatMap((object) => hazardsOf(frame, object, insertionsOf(object, registrations)))
    .sort((a, b) => a.position - b.position);
  return { registrations, hazards, findings: findingsOf(method, registrations, hazards) };
}

/** The findings that follow from what is said of the registrations and of hazards. */
export function findingsOf(
  method: Method,
  registrations: readonly RegistrationReport[],
  hazards: readonly Hazard[],
): Finding[] {
  return [
    ...withoutRepeats(method, registrations),
    ...hazards.flatMap((hazard) => hazardFinding(method, hazard)),
  ];
}

/** Where Julia runs the finalizers of the plan's registrations. */
function insertionsOf(
  { plan }: FollowedObject,
  registrations: readonly RegistrationReport[],
): (Insertion | null)[] {
  return registrations
    .filter(({ registration }) => plan.registrations.includes(registration.position))
    .map(({ insertion, finalized }) => insertion ?? finalized);
}

function hazardFinding(method: Method, hazard: Hazard): Finding[] {
  const at = method.statements[hazard.position - 1];
  if (at === undefined) return [];
  const other = method.statements[hazard.related - 1];
  const related =
    other === undefined ? [] : [{ span: other, message: hazard.relatedMessage, method: null }];
  return [{ code: hazard.code, span: at, message: hazard.message, related }];
}

function explainPlan(
  opened: OpenedMethod,
  environment: Environment,
  heap: MethodHeap,
  plan: Plan,
  found: readonly Registration[],
): EarlyReport {
  const withWords = (blocker: PlanBlocker): ExplainedBlocker => ({
    position: blocker.position,
    code: blocker.code,
    message: describePlanBlocker(opened, blocker),
    chain: planChain(environment, heap, blocker),
  });
  return {
    plan,
    blockers: plan.blockers.map(withWords),
    notElided: plan.notElided.map(withWords),
    releases: found
      .filter(({ position }) => plan.registrations.includes(position))
      .every((one) => bodyFacts(environment, one).releases),
  };
}

/**
 * The report with the tier *assumed* on every verdict that would be another one without the user's
 * assumptions.
 *
 * @param bare the same method's report without them
 */
export function markAssumed(report: MethodReport, bare: MethodReport): MethodReport {
  // A text that was printed without the promise is no witness against what follows from it.
  const excused = new Set<number>();
  const registrations = report.registrations.map((one, index): RegistrationReport => {
    const other = bare.registrations[index];
    const isSame = other !== undefined && isSameVerdict(one, other);
    if (isSame || one.tier === "observed") return one;
    if (one.isStillPrinted) excused.add(index);
    return { ...one, tier: "assumed", isStillPrinted: false };
  });
  if (excused.size === 0) return { ...report, registrations };
  let at = -1;
  const findings = report.findings.filter(({ code }) => {
    if (code !== "julia/profile-mismatch") return true;
    at = report.registrations.findIndex((one, index) => index > at && one.isStillPrinted);
    return !excused.has(at);
  });
  return { ...report, registrations, findings };
}

/** Whether two reports of one registration say that Julia does the same for the same reason. */
export function isSameVerdict(one: RegistrationReport, other: RegistrationReport): boolean {
  const essence = ({ elided, code, insertion, blockers }: RegistrationReport): string =>
    JSON.stringify([elided, code, insertion, blockers.map(({ position }) => position)]);
  return essence(one) === essence(other);
}

/** A registration in a method whose IR the verifier rejects: nothing is decided. */
function undecided(registration: Registration, malformation: string): RegistrationReport {
  const code = "finalizer/malformed-method";
  const message = `the verifier rejects the method: ${malformation}`;
  return {
    registration,
    elided: false,
    tier: "predicted",
    code,
    blockers: [{ position: registration.position, code, message, chain: [] }],
    rungs: [],
    insertion: null,
    finalized: null,
    allocation: 0,
    lastUses: [],
    lifetime: noLifetime,
    isStillPrinted: false,
    assumptions: [],
    early: null,
  };
}

function explain(
  opened: OpenedMethod,
  environment: Environment,
  registration: Registration,
  verdict: Verdict | undefined,
): Omit<RegistrationReport, "early" | "lifetime" | "lastUses"> {
  const { method, body } = opened;
  const withWords = (blocker: Blocker): ExplainedBlocker => ({
    ...blocker,
    message: describeBlocker(opened, blocker, registration),
    chain: chainOf(environment, opened, blocker, registration),
  });
  const rungs = (verdict?.rungs ?? []).map((rung) => ({
    name: rung.name,
    state: rung.state,
    code: rung.code,
    blockers: rung.blockers.map(withWords),
  }));
  const failed = rungs.find((rung) => rung.state !== "passed");
  const isFinal = method.header.stage === "final";
  const allocation = verdict?.allocation ?? 0;
  const insertion = verdict?.insertion ?? null;
  const finalized = verdict?.finalized ?? null;
  return {
    registration,
    elided: !isFinal && verdict?.elided === true,
    tier: isFinal ? "observed" : "predicted",
    code: verdict?.code ?? null,
    blockers: failed?.blockers ?? [],
    rungs,
    insertion: isFinal ? null : insertion,
    finalized: isFinal ? null : finalized,
    allocation,
    isStillPrinted: verdict?.elided === true && looksFinal(method),
    assumptions: trusted(shapeOf(body, registration.object), verdict),
  };
}

/** `code_typed` prints a `CodeInfo` of optimised code only after the whole pipeline has run. */
function looksFinal({ syntax, header }: Method): boolean {
  if (header.stage !== null) return header.stage === "final";
  return syntax.frame === "codeinfo" && syntax.statements.every((one) => one.slot === null);
}

function trusted(bits: number, verdict: Verdict | undefined): string[] {
  if (verdict?.elided !== true || (bits & shape.layout) !== 0) return [];
  return ["the text has no `type` line for the object: taken to have no `@atomic` field"];
}

/**
 * The findings of all registrations. What one callee keeps several of them from is said once, with how
 * many there are.
 */
function withoutRepeats(method: Method, reports: readonly RegistrationReport[]): Finding[] {
  const repeats = new Map<string, { first: RegistrationReport; count: number }>();
  const findings: Finding[] = [];
  for (const report of reports) {
    const statement = method.statements[report.registration.position - 1];
    if (statement === undefined) continue;
    if (report.isStillPrinted) findings.push(mismatchFinding(statement));
    else if (report.elided || report.finalized !== null) {
      for (const extension of extendedBy(report, "julia")) {
        findings.push(extensionFinding(method, report, extension, statement));
      }
    } else if (report.code !== null && !isSilent(method, report)) {
      const cause = causeOf(method, report);
      const known = repeats.get(cause);
      if (known === undefined) repeats.set(cause, { first: report, count: 1 });
      else known.count++;
    }
  }
  for (const { first, count } of repeats.values()) {
    const statement = method.statements[first.registration.position - 1];
    if (statement === undefined || first.code === null) continue;
    findings.push(keptFinding(method, first, first.code, statement, count));
  }
  return findings.sort((a, b) => a.span.start - b.span.start);
}

/** What keeps the registration, so that the same callee is the same cause; else by registration. */
function causeOf(method: Method, { code, blockers, registration }: RegistrationReport): string {
  const [first] = blockers;
  const blamed = first === undefined ? undefined : method.statements[first.position - 1];
  const isCall = blamed?.kind === "invoke" || blamed?.kind === "call";
  const callee = isCall && first?.position !== registration.position ? blamed.callee?.text : null;
  return callee ? `${code} ${callee}` : `${registration.position}`;
}

/**
 * Where there is nothing to do: a constructor registers and returns its object, which the caller's text
 * shows; a frame of Base, or one of its numbers; an object that the program closes by itself, for which
 * the finalizer is the fallback. Spec early-plan.md §10.
 */
function isSilent(method: Method, report: RegistrationReport): boolean {
  if (report.code === "finalizer/escapes-return" || isAlwaysReturned(method, report)) return true;
  if (/ @ (?:Base|Core)[. ]/.test(method.header.from ?? "")) return true;
  const type = method.statements[report.registration.object - 1]?.type;
  if (type && /^(?:Base\.GMP\.)?BigInt$/.test(method.text.slice(type.start, type.end))) return true;
  const { early, registration } = report;
  if (early === null) return false;
  const isBlockedBy = (wanted: DiagnosticCode): boolean =>
    [...early.blockers, ...early.notElided].some(({ code }) => code === wanted);
  // Who hands on what a constructor made is a constructor too.
  const isHandedOn = registration.via === "callee" && isBlockedBy("finalizer/escapes-return");
  return isHandedOn || isBlockedBy("finalizer/explicitly-finalized");
}

/** Whether the method does nothing with its object but return it, whatever else keeps the registration. */
function isAlwaysReturned(
  { statements }: Method,
  { lifetime: { escapes } }: RegistrationReport,
): boolean {
  const leaves = new Set(escapes);
  const returns = statements.flatMap(({ kind }, index) => (kind === "return" ? [index + 1] : []));
  return (
    returns.length > 0 &&
    leaves.size === returns.length &&
    returns.every((position) => leaves.has(position))
  );
}

/** Loops over which the policy holds the object without need. */
export function extendedBy({ lifetime }: RegistrationReport, policy: Policy): Extension[] {
  return lifetime.extended.filter((one) => one.policy === policy);
}

function mismatchFinding(statement: Statement): Finding {
  return {
    code: "julia/profile-mismatch",
    span: statement,
    message:
      "the profile's rules resolve this finalizer, yet the text still registers it: the text is from before the finalizer pass, from another release, or made with `optimize = false`, `-O1`, coverage or `--check-bounds`",
    related: [],
  };
}

function keptFinding(
  method: Method,
  report: RegistrationReport,
  code: DiagnosticCode,
  statement: Statement,
  count: number,
): Finding {
  const related: RelatedPlace[] = [];
  for (const blocker of report.blockers) {
    const at = method.statements[blocker.position - 1];
    // The registration's own line carries the message already.
    if (at !== undefined && blocker.position !== report.registration.position) {
      related.push({ span: at, message: blocker.message, method: null });
    }
    for (const { key, span, message } of blocker.chain)
      related.push({ span, message, method: key });
  }
  const [first] = report.blockers;
  const reason = first === undefined ? "" : `: ${first.message}`;
  const more = report.blockers.length > 1 ? ` (and ${report.blockers.length - 1} more)` : "";
  const others = count > 1 ? `; so it is with ${count} registrations of this method` : "";
  const points = earlyPoints(method, report);
  const kept =
    points === ""
      ? `finalizer kept${reason}${more}`
      : `Julia keeps this finalizer${reason}${more}; it could run early ${points}`;
  return { code, span: statement, message: `${kept}${others}`, related };
}

/** `after %9`, `after %9 and at 2 more points`; empty without a plan. */
export function earlyPoints(method: Method, { early }: RegistrationReport): string {
  const [first, ...others] = early?.plan.placements ?? [];
  if (first === undefined) return "";
  const { point } = first;
  const words =
    "after" in point
      ? `after \`%${idOf(method, point.after)}\``
      : "block" in point
        ? `at the head of #${labelOf(method, point.block)}`
        : `on the way from #${labelOf(method, point.edge[0])} to #${labelOf(method, point.edge[1])}`;
  if (others.length === 0) return words;
  return `${words} and at ${others.length} more ${others.length === 1 ? "point" : "points"}`;
}

function extensionFinding(
  method: Method,
  report: RegistrationReport,
  extension: Extension,
  statement: Statement,
): Finding {
  const head = method.syntax.blocks[extension.header - 1];
  const object = method.statements[report.allocation - 1]?.id ?? 0;
  return {
    code: "lifetime/extended-over-loop",
    span: head ?? statement,
    message: `\`%${object}\` is held over the loop at #${labelOf(method, extension.header)} by Julia's placement, but not used in it or after it`,
    related: [{ span: statement, message: "its finalizer is registered here", method: null }],
  };
}
