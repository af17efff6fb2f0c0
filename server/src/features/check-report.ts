// The machine-readable report of `finalens check --format json`: one object per method with its
// registrations, and with `values` the escape facts of every argument and statement.
// Source: contract.md; `schema` is 1.

import type { OpenedMethod } from "../analysis/environment.ts";
import { analyseEscapes, type EscapeState, escapeOf } from "../analysis/escape/analyse.ts";
import { bottom, hasAllEscape, hasNoEscape } from "../analysis/escape/lattice.ts";
import type { Insertion } from "../analysis/finalizer/ladder.ts";
import { heapOf } from "../analysis/heap/heap-of.ts";
import { type ValueEscape, valueEscapes } from "../analysis/heap/value-escape.ts";
import type { ExtensionCause, HoldEnd } from "../analysis/lifetime/lifetime.ts";
import type { Policy } from "../analysis/lifetime/stretch.ts";
import type {
  ExplainedBlocker,
  JuliaMistake,
  RegistrationReport,
} from "../analysis/method-report.ts";
import type { Placement } from "../analysis/plan/plan.ts";
import { reasonOf } from "../diagnostics/codes.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { placeChain } from "./place.ts";

export interface EscapeJson {
  readonly return: boolean;
  readonly thrown: readonly number[];
  readonly liveness: readonly number[];
  readonly alias: "none" | "fields" | "unindexable" | "all";
  readonly noescape: boolean;
  readonly allescape: boolean;
}

/** Facts about one value. */
export interface ValueJson {
  /** The profile's: what that release of Julia would say. */
  readonly escape: EscapeJson;
  /** Ours: the ways in which it leaves the method; empty if it does not, null for plain bits. */
  readonly ours: readonly ValueEscape[] | null;
}

export interface BlockerJson {
  readonly statement: number;
  readonly code: string;
  readonly message: string;
  readonly chain: readonly {
    readonly method: string;
    readonly path: string | null;
    readonly line: number | null;
    readonly message: string;
  }[];
}

/** Where a finalizer could run: behind a statement, on an edge, or at a handler's head. */
export type PlacementJson =
  | { readonly after: number; readonly value: number | null }
  | { readonly edge: readonly [number, number]; readonly value: number | null }
  | { readonly block: number; readonly value: number | null };

/** Immediately after a statement, or before the first statement of a block. */
export type InsertionJson = { readonly after: number } | { readonly block: number };

export interface MistakeJson {
  readonly code: string;
  readonly statement: number;
  readonly path: readonly number[];
}

export interface RegistrationJson {
  readonly statement: number;
  readonly object: number | null;
  readonly via: "call" | "foreigncall" | "callee";
  readonly julia: {
    readonly verdict: "elided" | "kept";
    readonly tier: "predicted" | "observed" | "assumed";
    readonly code: string | null;
    readonly reason: string | null;
    readonly blockers: readonly BlockerJson[];
    readonly insert: InsertionJson | null;
    /**
     * Only under a profile that does so: where the finalizer runs early on the normal path although the
     * registration stays. Absent where it does not.
     */
    readonly early?: InsertionJson;
    /** What is wrong with where it is elided, with the blocks of a path that shows it; absent: nothing. */
    readonly mistakes?: readonly MistakeJson[];
  };
  readonly early: {
    readonly verdict: "elide" | "finalize" | "none";
    readonly placements: readonly PlacementJson[];
    readonly blockers: readonly BlockerJson[];
    readonly tier: "proven" | "assumed";
    /** Why the registration must stay although its finalizer can run early. */
    readonly notElided: readonly BlockerJson[];
  };
  readonly lifetime: {
    readonly lastUses: readonly number[];
    /** Last uses with what was read from the object for its finalizer's sake. */
    readonly lastResourceUses: readonly number[];
    readonly escapes: readonly number[];
    readonly holds: Readonly<Record<Policy, HoldEnd>>;
    readonly extended: readonly {
      readonly policy: Policy;
      readonly loop: number;
      readonly blocks: readonly number[];
      readonly cause: ExtensionCause;
    }[];
    /** Whether the previous instance is still held when the next one is made, as things are. */
    readonly overlap: boolean;
    readonly overlaps: readonly Policy[];
    readonly heldOverCall: readonly {
      readonly policy: Policy;
      readonly statement: number;
      readonly shown: boolean;
    }[];
  };
}

export interface MethodJson {
  readonly name: string | null;
  readonly signature: string | null;
  readonly line: number;
  readonly stage: string;
  readonly statements: number;
  readonly blocks: number;
  readonly unreadable: number;
  readonly arguments?: readonly ({ readonly index: number } & ValueJson)[];
  readonly values?: readonly ({ readonly ssa: number } & ValueJson)[];
  readonly registrations: readonly RegistrationJson[];
  readonly hazards: readonly {
    readonly statement: number;
    readonly code: string;
    readonly message: string;
  }[];
}

/** The methods of a file, in text order. */
export function methodsOf(workspace: Workspace, path: string, withValues: boolean): MethodJson[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const methods: MethodJson[] = [];
  document.units.forEach((unit, index) => {
    const made = methodJson(workspace, unit, document.startOf(index), withValues);
    if (made !== null) methods.push(made);
  });
  return methods;
}

function methodJson(
  workspace: Workspace,
  unit: Unit,
  startLine: number,
  withValues: boolean,
): MethodJson | null {
  const facts = unit.facts();
  if (facts === null) return null;
  const { registrations, hazards = [] } = workspace.report(unit);
  const opened = withValues || registrations.length > 0 ? workspace.openUnit(unit) : null;
  return {
    name: facts.name,
    signature: facts.signature,
    line: startLine + facts.firstLine + 1,
    stage: facts.stage,
    statements: facts.nStatements,
    blocks: facts.nBlocks,
    unreadable: facts.unreadable,
    ...(withValues && opened !== null ? escapesJson(workspace, unit, opened) : {}),
    registrations:
      opened === null
        ? []
        : registrations.map((one) => registrationJson(workspace, opened.method, one)),
    hazards:
      opened === null
        ? []
        : hazards.map(({ position, code, message }) => ({
            statement: idOf(opened.method, position),
            code,
            message,
          })),
  };
}

function escapesJson(
  workspace: Workspace,
  unit: Unit,
  opened: OpenedMethod,
): Pick<MethodJson, "arguments" | "values"> {
  const { method, body } = opened;
  const state = analyseEscapes(body);
  const heap = heapOf(opened, workspace.environmentOf(unit));
  const facts = (value: number): ValueJson => ({
    escape: escapeJson(method, state, value),
    ours: valueEscapes(heap, value),
  });
  const indices = Array.from({ length: method.nArguments }, (_, index) => index + 1);
  return {
    arguments: indices.map((index) => ({ index, ...facts(-index) })),
    values: method.statements.map(({ id }, index) => ({ ssa: id, ...facts(index + 1) })),
  };
}

function escapeJson(method: Method, state: EscapeState, value: number): EscapeJson {
  const info = escapeOf(state, value) ?? bottom;
  const numbers = (set: ReadonlySet<number>): number[] =>
    [...set].map((one) => (one > 0 ? idOf(method, one) : one)).sort((a, b) => a - b);
  return {
    return: info.returnEscape,
    thrown: numbers(info.thrown),
    liveness: numbers(info.liveness),
    alias: typeof info.alias === "string" ? info.alias : info.alias.kind,
    noescape: hasNoEscape(info),
    allescape: hasAllEscape(info),
  };
}

function blockerJson(workspace: Workspace, method: Method, blocker: ExplainedBlocker): BlockerJson {
  return {
    statement: idOf(method, blocker.position),
    code: blocker.code,
    message: blocker.message,
    chain: placeChain(workspace, blocker.chain).map((step) => ({
      method: step.method,
      path: step.location?.path ?? null,
      line: step.location === null ? null : step.location.range.start.line + 1,
      message: step.message,
    })),
  };
}

function registrationJson(
  workspace: Workspace,
  method: Method,
  report: RegistrationReport,
): RegistrationJson {
  const { registration, insertion, finalized } = report;
  return {
    statement: idOf(method, registration.position),
    object: registration.object > 0 ? idOf(method, registration.object) : null,
    via: registration.via,
    julia: {
      verdict: report.elided ? "elided" : "kept",
      tier: report.tier,
      code: report.code,
      reason: report.code === null ? null : reasonOf(report.code),
      blockers: report.blockers.map((one) => blockerJson(workspace, method, one)),
      insert: insertion === null ? null : insertionJson(method, insertion),
      ...(finalized === null ? {} : { early: insertionJson(method, finalized) }),
      ...(report.mistakes === undefined ? {} : { mistakes: mistakesJson(method, report.mistakes) }),
    },
    early: earlyJson(workspace, method, report),
    lifetime: lifetimeJson(method, report),
  };
}

function mistakesJson(method: Method, mistakes: readonly JuliaMistake[]): MistakeJson[] {
  return mistakes.flatMap(({ code, shown: [first] }) =>
    first === undefined
      ? []
      : [
          {
            code,
            statement: idOf(method, first.position),
            path: first.blocks.map((block) => labelOf(method, block)),
          },
        ],
  );
}

function lifetimeJson(method: Method, report: RegistrationReport): RegistrationJson["lifetime"] {
  const { lifetime } = report;
  const ids = (positions: readonly number[]): number[] => positions.map((one) => idOf(method, one));
  return {
    lastUses: ids(report.lastUses),
    lastResourceUses: ids(lifetime.lastResourceUses),
    escapes: ids(lifetime.escapes),
    holds: lifetime.holds,
    extended: lifetime.extended.map(({ policy, header, blocks, cause }) => ({
      policy,
      loop: labelOf(method, header),
      blocks: blocks.map((block) => labelOf(method, block)),
      cause,
    })),
    overlap: lifetime.overlaps.includes(report.elided ? "julia" : "gc"),
    overlaps: lifetime.overlaps,
    heldOverCall: lifetime.heldOverCall.map(({ policy, position, isShown }) => ({
      policy,
      statement: idOf(method, position),
      shown: isShown,
    })),
  };
}

function earlyJson(
  workspace: Workspace,
  method: Method,
  report: RegistrationReport,
): RegistrationJson["early"] {
  const { early } = report;
  if (early === null) {
    const why = report.blockers.map((one) => blockerJson(workspace, method, one));
    return { verdict: "none", placements: [], blockers: why, tier: "proven", notElided: [] };
  }
  const { plan, blockers, notElided } = early;
  return {
    verdict: plan.verdict,
    placements: plan.placements.map((one) => placementJson(method, one)),
    blockers: blockers.map((one) => blockerJson(workspace, method, one)),
    tier: plan.tier,
    notElided: notElided.map((one) => blockerJson(workspace, method, one)),
  };
}

function placementJson(method: Method, { point, value: at }: Placement): PlacementJson {
  const value = at > 0 ? idOf(method, at) : null;
  if ("after" in point) return { after: idOf(method, point.after), value };
  if ("block" in point) return { block: labelOf(method, point.block), value };
  const [from, to] = point.edge;
  return { edge: [labelOf(method, from), labelOf(method, to)], value };
}

function insertionJson(method: Method, insertion: Insertion): InsertionJson {
  if ("after" in insertion) return { after: idOf(method, insertion.after) };
  return { block: labelOf(method, insertion.block) };
}
