// The ladder: what Julia's finalizer pass decides about each registration, rung by rung. It answers
// elided (and where the finalizer then runs) or kept (and at which rung and statements it stopped).
// Every rung that can still be decided after the first failure is decided too: "what else would
// block". Rules of 1.12 and 1.13; the older releases' rules are switched by the profile.
// Source: Compiler/src/ssair/passes.jl (`sroa_mutables!`, `try_resolve_finalizer!`); spec
// finalizer-inlining.md §3–§6, order of codes §9.

import type { FinalizerCode } from "../../diagnostics/codes.ts";
import { type DominatorTree, dominates, nearestCommonDominator } from "../../ir/dominator-tree.ts";
import { type Graph, reachableFrom } from "../../ir/graph.ts";
import { type Body, indexOfValue, shape } from "../body.ts";
import {
  aliasesOf,
  analyseEscapes,
  causeOf,
  type EscapeState,
  escapeOf,
} from "../escape/analyse.ts";
import { hasAllEscape, hasNoEscape } from "../escape/lattice.ts";
import { type Normalised, normalise, shapeOf, walkToDefinition } from "../normalise.ts";
import type { Profile } from "../profile.ts";
import { capturingRegistrations } from "./capture.ts";

/** What the ladder asks of a registration. Positions are 1-based. */
export interface Candidate {
  readonly position: number;
  readonly object: number;
  /** Why the inliner refused its finalizer, first reason first; empty where it is a candidate. */
  readonly gates: readonly FinalizerCode[];
}

/** The method as the ladder sees it. */
export interface LadderInput {
  readonly body: Body;
  readonly graph: Graph;
  /** Statement position → block. */
  readonly blockOf: Int32Array;
  /** Block → first statement; one more place for the end. */
  readonly firstOf: Int32Array;
  readonly dominators: DominatorTree;
  readonly postDominators: DominatorTree;
  readonly profile: Profile;
}

export type RungState = "passed" | "failed" | "unknown" | "skipped";

/** One rung: its claim, whether it holds, and the statements that are to blame. */
export interface Rung {
  readonly name: RungName;
  readonly state: RungState;
  readonly code: FinalizerCode | null;
  readonly blockers: readonly Blocker[];
}

export type RungName =
  | "finalizer eligible"
  | "object type known"
  | "object allocated here"
  | "one finalizer"
  | "object does not escape"
  | "one point after all uses"
  | "nothing throws before it";

export interface Blocker {
  /** Position of the statement to blame. */
  readonly position: number;
  readonly code: FinalizerCode;
  /** Operand value that is concerned there; 0 where none is. */
  readonly value: number;
}

/** Where an elided finalizer runs: behind a statement, or before a block's first statement. */
export type Insertion = { readonly after: number } | { readonly block: number };

export interface Verdict {
  readonly position: number;
  readonly elided: boolean;
  readonly code: FinalizerCode | null;
  readonly blockers: readonly Blocker[];
  readonly insertion: Insertion | null;
  /** Where a finalizer that stays registered runs early on the normal path; null where it does not. */
  readonly finalized: Insertion | null;
  readonly rungs: readonly Rung[];
  /** Position of the object's `%new`; 0 where there is none. */
  readonly allocation: number;
  /** Statements that use the object, as the pass counts them, ascending. */
  readonly uses: readonly number[];
}

/** Decides every candidate of one method. */
export function climb(input: LadderInput, candidates: readonly Candidate[]): Verdict[] {
  if (candidates.length === 0) return [];
  return new Climb(input).run(candidates);
}

interface Point {
  readonly block: number;
  /** Position in the block behind which the finalizer runs; 0 for the block's head. */
  readonly index: number;
}

interface Accesses {
  readonly intermediaries: Set<number>;
  readonly uses: number[];
  readonly defs: number[];
  readonly finalizers: number[];
}

class Climb {
  private readonly input: LadderInput;
  private readonly normalised: Normalised;
  private readonly body: Body;
  private readonly accesses = new Map<number, Accesses>();
  private escapes: EscapeState | null = null;

  constructor(input: LadderInput) {
    this.input = input;
    this.normalised = normalise(input.body);
    this.body = this.normalised.body;
  }

  run(candidates: readonly Candidate[]): Verdict[] {
    this.scan(
      new Set(candidates.filter((one) => one.gates.length === 0).map((one) => one.position)),
    );
    return candidates.map((candidate) => this.decide(candidate));
  }

  private escapeState(): EscapeState {
    this.escapes ??= analyseEscapes(this.body);
    return this.escapes;
  }

  /** Stage B: records the accesses of every mutable object by its definition. */
  private scan(eligible: ReadonlySet<number>): void {
    this.body.statements.forEach((statement, index) => {
      const position = index + 1;
      if (statement.kind === "foreigncall") {
        for (const root of statement.args.slice(5 + statement.declaredAny.length)) {
          this.recordRoot(root, position);
        }
      }
      if (statement.kind !== "builtin") return;
      const count = statement.args.length;
      const { name } = statement;
      if (name === "getfield" && count >= 3 && count <= 5)
        this.record(statement.args[1] ?? 0, position, "uses");
      else if (name === "setfield!" && count >= 4 && count <= 5)
        this.record(statement.args[1] ?? 0, position, "defs");
      else if (name === "isdefined" && count >= 3 && count <= 4)
        this.record(statement.args[1] ?? 0, position, "uses");
      else if (name === "finalizer" && eligible.has(position)) {
        this.record(statement.args[2] ?? 0, position, "finalizers");
      }
    });
  }

  private record(object: number, position: number, kind: "uses" | "defs" | "finalizers"): void {
    const bits = shapeOf(this.body, object);
    const isMutable = (bits & shape.data) !== 0 && (bits & shape.mutable) !== 0;
    if (!isMutable || (bits & shape.atomic) !== 0 || object <= 0) return;
    if (this.body.statements[position - 1]?.ordered === true) return;
    const passed: number[] = [];
    const definition = walkToDefinition(this.body.statements, object, (one) => passed.push(one));
    if (definition <= 0) return;
    const accesses = this.accessesOf(definition);
    for (const one of passed) accesses.intermediaries.add(one);
    accesses[kind].push(position);
    if (kind === "finalizers") accesses.uses.push(position);
  }

  private recordRoot(root: number, position: number): void {
    if (root <= 0) return;
    const passed: number[] = [];
    const definition = walkToDefinition(this.body.statements, root, (one) => passed.push(one));
    if (definition <= 0 || this.body.statements[definition - 1]?.kind !== "new") return;
    if ((shapeOf(this.body, definition) & shape.mutable) === 0) return;
    const accesses = this.accessesOf(definition);
    for (const one of passed) accesses.intermediaries.add(one);
    accesses.uses.push(position);
  }

  private accessesOf(definition: number): Accesses {
    let accesses = this.accesses.get(definition);
    if (accesses === undefined) {
      accesses = { intermediaries: new Set(), uses: [], defs: [], finalizers: [] };
      this.accesses.set(definition, accesses);
    }
    return accesses;
  }

  private decide(candidate: Candidate): Verdict {
    const rungs: Rung[] = [];
    const rung = (
      name: RungName,
      code: FinalizerCode | null,
      blockers: readonly Blocker[] = [],
    ): void => {
      rungs.push({ name, state: code === null ? "passed" : "failed", code, blockers });
    };
    const here = candidate.position;
    rung(
      "finalizer eligible",
      candidate.gates[0] ?? null,
      candidate.gates.flatMap((gate) => blame(here, gate, candidate.object)),
    );
    const typeCode = this.typeCode(candidate.object);
    rung("object type known", typeCode, blame(here, typeCode, candidate.object));
    const definition = this.definitionOf(candidate.object);
    const newCode = this.allocationCode(candidate.object, definition);
    rung(
      "object allocated here",
      newCode,
      blame(definition > 0 ? definition : here, newCode, candidate.object),
    );
    const found = this.accesses.get(definition);
    if (newCode !== null || found === undefined) {
      // Without an allocation of its own there is nothing to count or to place.
      if (newCode !== null || typeCode !== null)
        return this.verdict(candidate, rungs, definition, null, []);
    }
    const accesses = found ?? {
      intermediaries: new Set<number>(),
      uses: [],
      defs: [],
      finalizers: [],
    };
    const several = accesses.finalizers.length > 1 ? "finalizer/multiple-registrations" : null;
    rung(
      "one finalizer",
      several,
      several === null
        ? []
        : accesses.finalizers
            .filter((position) => position !== here)
            .map((position) => ({ position, code: several, value: candidate.object })),
    );
    const uses = this.usesOf(candidate, definition, accesses, rungs);
    const defs = accesses.defs.filter((one) => this.isThere(one));
    const insertion = this.place(candidate, definition, uses, defs, rungs);
    const all = [...new Set([...uses, ...defs])].sort((a, b) => a - b);
    return this.verdict(candidate, withoutBasis(rungs), definition, insertion, all);
  }

  private verdict(
    candidate: Candidate,
    rungs: readonly Rung[],
    definition: number,
    insertion: Insertion | null,
    uses: readonly number[],
  ): Verdict {
    const failed = rungs.find((one) => one.state !== "passed");
    const elided = failed === undefined;
    return {
      position: candidate.position,
      elided,
      code: failed?.code ?? null,
      blockers: failed?.blockers ?? [],
      insertion: elided ? insertion : null,
      finalized: this.mayFinalize(rungs) ? insertion : null,
      rungs,
      allocation:
        definition > 0 && this.body.statements[definition - 1]?.kind === "new" ? definition : 0,
      uses,
    };
  }

  /** Proposed: where only the region's exceptions stand in the way, the registration sees to them. */
  private mayFinalize(rungs: readonly Rung[]): boolean {
    const failed = rungs.filter(({ state }) => state !== "passed");
    const [only] = failed;
    return (
      this.input.profile.finalizesEarly &&
      failed.length === 1 &&
      only?.name === "nothing throws before it"
    );
  }

  private isThere(position: number): boolean {
    return this.normalised.removed[position] !== 1;
  }

  private typeCode(object: number): FinalizerCode | null {
    if (indexOfValue(this.body.nArguments, object) < 0) return null;
    const bits = shapeOf(this.body, object);
    if ((bits & shape.data) === 0) return "finalizer/object-type-unknown";
    if ((bits & shape.atomic) !== 0) return "finalizer/object-atomic-fields";
    return (bits & shape.mutable) === 0 ? "finalizer/object-immutable" : null;
  }

  private definitionOf(object: number): number {
    return object > 0 ? walkToDefinition(this.body.statements, object, () => {}) : object;
  }

  private allocationCode(object: number, definition: number): FinalizerCode | null {
    if (object <= 0 || definition <= 0) return "finalizer/object-not-ssa";
    const made = this.body.statements[definition - 1];
    return made?.kind === "new" && made.name === "new" ? null : "finalizer/allocation-not-new";
  }

  /** Stage C: either every use is an access that the pass recorded, or escape analysis must help. */
  private usesOf(
    candidate: Candidate,
    definition: number,
    accesses: Accesses,
    rungs: Rung[],
  ): number[] {
    const uses = accesses.uses.filter((one) => this.isThere(one));
    if (!uses.includes(candidate.position)) uses.push(candidate.position);
    const leaves = uses.length + accesses.defs.filter((one) => this.isThere(one)).length;
    let total = (this.normalised.useCounts[definition] ?? 0) - accesses.intermediaries.size;
    for (const one of accesses.intermediaries) total += this.normalised.useCounts[one] ?? 0;
    if (leaves === total) {
      rungs.push({ name: "object does not escape", state: "passed", code: null, blockers: [] });
      return uses;
    }
    if (!this.input.profile.escapeAnalysis) {
      const code = "finalizer/unaccounted-use";
      const blockers = this.unaccounted(definition, accesses).map(
        (position) => ({ position, code, value: definition }) as const,
      );
      rungs.push({ name: "object does not escape", state: "failed", code, blockers });
      return uses;
    }
    const state = this.escapeState();
    const info = escapeOf(state, definition);
    rungs.push(
      this.withCaptures(this.escapeRung(state, definition), state, candidate.position, definition),
    );
    const more = [...(info?.liveness ?? [])].filter((one) => one > 0 && !uses.includes(one));
    return uses.concat(more.sort((a, b) => a - b));
  }

  private unaccounted(definition: number, accesses: Accesses): number[] {
    const known = new Set([...accesses.uses, ...accesses.defs, ...accesses.intermediaries]);
    const found: number[] = [];
    this.body.statements.forEach((statement, index) => {
      const isUse = statement.args.some(
        (arg) => arg === definition || accesses.intermediaries.has(arg),
      );
      if (isUse && !known.has(index + 1)) found.push(index + 1);
    });
    return found;
  }

  private escapeRung(state: EscapeState, definition: number): Rung {
    const name = "object does not escape";
    const info = escapeOf(state, definition);
    const failed = (code: FinalizerCode, positions: readonly number[]): Rung => ({
      name,
      state: "failed",
      code,
      blockers: positions.map((position) => ({ position, code, value: definition })),
    });
    if (info === null) return failed("finalizer/escapes-unknown-call", []);
    const cause = hasAllEscape(info) ? causeOf(state, definition) : 0;
    const escaped: Blocker[] =
      cause > 0
        ? [{ position: cause, code: "finalizer/escapes-unknown-call", value: definition }]
        : [];
    // The pass asks for aliases first, and an object with another name often escapes too.
    const others = (aliasesOf(state, definition) ?? []).filter((one) => one !== definition);
    if (others.length > 0) {
      const rung = failed(
        "finalizer/aliased",
        others.filter((one) => one > 0).sort((a, b) => a - b),
      );
      return { ...rung, blockers: [...rung.blockers, ...escaped] };
    }
    if (hasAllEscape(info)) {
      return { name, state: "failed", code: "finalizer/escapes-unknown-call", blockers: escaped };
    }
    if (hasNoEscape(info)) return { name, state: "passed", code: null, blockers: [] };
    if (info.returnEscape) return failed("finalizer/escapes-return", this.returns(info.liveness));
    // Proposed: an exception leaves the object to its registration, which stays then.
    const isVisible = info.liveness.has(0);
    if (info.thrown.size > 0 && this.input.profile.finalizesEarly && !isVisible)
      return { name, state: "passed", code: null, blockers: [] };
    if (info.thrown.size > 0)
      return failed(
        "finalizer/escapes-thrown",
        [...info.thrown].filter((one) => one > 0),
      );
    return failed("finalizer/escapes-argument", this.stores(info.liveness));
  }

  /** Proposed: what another registration can reach is not resolved, though nothing else keeps it. */
  private withCaptures(rung: Rung, state: EscapeState, own: number, definition: number): Rung {
    if (!this.input.profile.finalizersCapture || rung.state !== "passed") return rung;
    const code = "finalizer/escapes-finalizer";
    const found = capturingRegistrations(this.body, state, definition, own);
    if (found.length === 0) return rung;
    const blockers = found.map((position) => ({ position, code, value: definition }) as const);
    return { name: rung.name, state: "failed", code, blockers };
  }

  private stores(liveness: ReadonlySet<number>): number[] {
    const isStore = (position: number): boolean => {
      const statement = this.body.statements[position - 1];
      return (
        statement?.kind === "new" || statement?.name === "setfield!" || statement?.name === "tuple"
      );
    };
    return [...liveness].filter(isStore).sort((a, b) => a - b);
  }

  private returns(liveness: ReadonlySet<number>): number[] {
    return [...liveness].filter((one) => this.body.statements[one - 1]?.kind === "return");
  }

  /** Stage D: the insertion point by folding post-dominators over all uses, and the region before it. */
  private place(
    candidate: Candidate,
    definition: number,
    uses: readonly number[],
    defs: readonly number[],
    rungs: Rung[],
  ): Insertion | null {
    const { blockOf, dominators, profile } = this.input;
    const r = candidate.position;
    const registered = blockOf[r] ?? 0;
    const considered = profile.registrationDominates
      ? this.behind([...uses, ...defs], registered, blockOf[definition] ?? 0)
      : [...uses, ...defs];
    const { point, lost } = this.fold(r, considered);
    const name = "one point after all uses";
    if (!dominates(dominators, blockOf[definition] ?? 0, registered)) {
      const code = "finalizer/allocation-not-dominating";
      rungs.push({ name, state: "failed", code, blockers: blame(definition, code, definition) });
      return null;
    }
    if (point.block === 0) {
      const code = "finalizer/no-post-dominator";
      const exits = this.otherExits(registered, blockOf[lost] ?? 0);
      const blockers = (exits.length > 0 ? exits : [lost]).map(
        (position) => ({ position, code, value: definition }) as const,
      );
      rungs.push({ name, state: "failed", code, blockers });
      return null;
    }
    const outside = profile.registrationDominates ? this.notDominated(r, considered, point) : null;
    if (outside !== null) {
      rungs.push({ name, state: "failed", code: outside.code, blockers: [outside] });
      return null;
    }
    rungs.push({ name, state: "passed", code: null, blockers: [] });
    this.region(registered, r, definition, point, rungs);
    return point.index > 0 ? { after: point.index } : { block: point.block };
  }

  /**
   * The nearest point that post-dominates the registration and all `uses`: a block and in it a
   * statement, or 0 for the block's head. Block 0: there is none, lost at the use `lost`.
   */
  private fold(r: number, uses: readonly number[]): { point: Point; lost: number } {
    const { blockOf, postDominators, profile } = this.input;
    const point = { block: blockOf[r] ?? 0, index: r };
    let lost = 0;
    for (const x of uses) {
      if (x === r) continue;
      const block = blockOf[x] ?? 0;
      const common = nearestCommonDominator(postDominators, point.block, block);
      if (profile.registrationDominates) {
        point.index =
          common === point.block && common === block
            ? Math.max(point.index, x)
            : common === block
              ? x
              : 0;
      } else if (common === point.block && point.index > 0) point.index = Math.max(point.index, x);
      else point.index = common === block ? x : 0;
      if (common === 0 && lost === 0) lost = x;
      point.block = common;
    }
    return { point, lost };
  }

  /** ≤ 1.11: only uses in blocks that the registration reaches without passing the allocation. */
  private behind(uses: readonly number[], registered: number, definedIn: number): number[] {
    const reached = reachableFrom(
      this.input.graph,
      [registered],
      definedIn === registered ? undefined : definedIn,
    );
    return uses.filter((use) => reached[this.input.blockOf[use] ?? 0] === 1);
  }

  /** ≤ 1.11: the registration must dominate every use behind it and the insertion point. */
  private notDominated(r: number, uses: readonly number[], point: Point): Blocker | null {
    const { blockOf, dominators } = this.input;
    const registered = blockOf[r] ?? 0;
    const use = uses.find((one) => !dominates(dominators, registered, blockOf[one] ?? 0));
    if (use !== undefined) {
      return { position: use, code: "finalizer/registration-not-dominating", value: 0 };
    }
    if (dominates(dominators, registered, point.block)) return null;
    return { position: r, code: "finalizer/insertion-not-dominated", value: 0 };
  }

  /** Statements that end the method on ways that do not pass `block`. */
  private otherExits(from: number, block: number): number[] {
    const { graph, firstOf } = this.input;
    const reached = reachableFrom(graph, [from], block);
    const exits: number[] = [];
    for (let b = 1; b <= graph.nBlocks; b++) {
      const hasSuccessor = (graph.successorStart[b + 1] ?? 0) > (graph.successorStart[b] ?? 0);
      if (reached[b] === 1 && b !== block && !hasSuccessor) exits.push((firstOf[b + 1] ?? 0) - 1);
    }
    return exits;
  }

  private region(
    registered: number,
    r: number,
    definition: number,
    point: Point,
    rungs: Rung[],
  ): void {
    const { graph, firstOf } = this.input;
    const code = "finalizer/region-may-throw";
    const blockers: Blocker[] = [];
    let isUnknown = true;
    const blocks =
      registered === point.block ? null : reachableFrom(graph, [registered], point.block);
    for (let b = 1; b <= graph.nBlocks; b++) {
      if (blocks === null ? b !== registered : blocks[b] !== 1) continue;
      let first = firstOf[b] ?? 0;
      let last = (firstOf[b + 1] ?? 0) - 1;
      if (b === point.block) {
        if (point.index === 0) continue;
        last = point.index;
      }
      if (b === registered) first = r;
      for (let position = first; position <= last; position++) {
        if (position === r || position === definition) continue;
        const { nothrow } = this.body.statements[position - 1] ?? { nothrow: "yes" };
        if (nothrow === "yes") continue;
        if (nothrow === "no") isUnknown = false;
        blockers.push({ position, code, value: 0 });
      }
    }
    const state: RungState = blockers.length === 0 ? "passed" : isUnknown ? "unknown" : "failed";
    rungs.push({
      name: "nothing throws before it",
      state,
      code: blockers.length === 0 ? null : code,
      blockers,
    });
  }
}

/** Where the object escapes its uses are not all known: what they seem to allow is not decided. */
function withoutBasis(rungs: readonly Rung[]): Rung[] {
  const lost = rungs.findIndex(
    (rung) => rung.name === "object does not escape" && rung.state !== "passed",
  );
  if (lost < 0) return [...rungs];
  return rungs.map((rung, index) =>
    index > lost && rung.state === "passed" ? { ...rung, state: "skipped" } : rung,
  );
}

function blame(position: number, code: FinalizerCode | null, value: number): Blocker[] {
  return code === null ? [] : [{ position, code, value }];
}
