// Follows one object along every path of a placed method, state by state, and holds each step against what
// must be true: finalized at most once, never used behind it, exactly once where the registration was
// dropped, never where it was not registered. The first path to each failure is kept.
//
// It stands for all objects that the origin makes: at every execution of it one may be chosen, or none.
// Source: design §5, spec early-plan.md §1–§4 and §6, finalizer-inlining.md §7.

import { at, successorsOf } from "../../ir/graph.ts";
import { blockWithLabel, lastOf, type Method, operandValue } from "../../ir/method.ts";
import type { PlacedMethod, Placement } from "../../ir/placed.ts";
import type { OperandKind, Statement } from "../../syntax/tree.ts";
import { plainName } from "../literal.ts";
import type { Liveness } from "../liveness.ts";
import type { Throwing } from "../program.ts";
import { handlerOf, type Region } from "../region.ts";
import { isBits, typeOfStatement } from "./bits.ts";
import {
  blocksOf,
  type Counterexample,
  type PathLink,
  type PropertyKind,
} from "./counterexample.ts";
import type { Flow } from "./flow.ts";
import { carryOut } from "./place.ts";
import type { Origin, RegistrationSite } from "./registrations.ts";
import { copyState, emptyState, holds, keyOf, may, type State } from "./state.ts";
import type { ThrowTable } from "./throws.ts";
import { useFlags } from "./use.ts";

export interface WalkInput {
  readonly placed: PlacedMethod;
  readonly flow: Flow;
  readonly throws: ThrowTable;
  readonly sites: readonly RegistrationSite[];
  readonly regionAtHead: readonly (Region | null)[];
  readonly liveness: Liveness;
  /** Whether a body may take a lock. */
  readonly takesLock: (site: RegistrationSite) => boolean;
  /** Whether a body can throw. */
  readonly bodyThrows: (site: RegistrationSite) => Throwing;
  readonly stateLimit: number;
  /** Statements that are placements themselves: calls of bodies in IR into which a plan was written. */
  readonly written: ReadonlySet<number>;
}

const literals: ReadonlySet<OperandKind> = new Set<OperandKind>([
  "number",
  "string",
  "character",
  "symbol",
]);

interface Item {
  readonly position: number;
  readonly state: State;
  readonly link: PathLink;
}

export class Walk {
  private readonly input: WalkInput;
  private readonly method: Method;
  private readonly origin: Origin;
  private readonly instanceType: string;
  private readonly found = new Map<string, Counterexample>();
  private readonly seen = new Set<string>();
  private readonly work: Item[] = [];
  private readonly indices: readonly number[];
  private readonly dropped: ReadonlySet<number>;
  private readonly after = new Map<number, Placement[]>();
  private readonly atHead = new Map<number, Placement[]>();
  private readonly beforeHead = new Map<number, Placement[]>();
  private readonly onEdge = new Map<string, Placement[]>();
  /** Whether there were more states than the limit. */
  isCut = false;

  constructor(input: WalkInput, origin: Origin) {
    this.input = input;
    this.method = input.placed.method;
    this.origin = origin;
    const made = origin.value > 0 ? this.method.statements[origin.value - 1] : undefined;
    this.instanceType = made === undefined ? "" : typeOfStatement(this.method, made);
    this.dropped = new Set(input.placed.dropped);
    this.indices = Array.from(
      { length: this.method.nArguments + this.method.nStatements },
      (_, i) => i + 1,
    );
    for (const one of input.placed.placements) {
      const { point } = one;
      if ("after" in point) {
        const isPhi = this.method.statements[point.after - 1]?.kind === "phi";
        // φ nodes happen at once: behind one of them is behind all.
        if (isPhi) add(this.atHead, this.method.blockOf[point.after] ?? 0, one);
        else add(this.after, point.after, one);
      } else if ("edge" in point) add(this.onEdge, point.edge.join(), one);
      else add(point.beforePhi === true ? this.beforeHead : this.atHead, point.block, one);
    }
  }

  run(): Counterexample[] {
    const state = emptyState(this.method, this.input.sites.length);
    if (this.origin.value < 0) {
      state.tracked = true;
      this.input.flow.set(state, this.origin.value, holds);
    }
    this.enterBlock(1, 0, state, null);
    for (let item = this.work.pop(); item !== undefined; item = this.work.pop()) this.advance(item);
    return [...this.found.values()];
  }

  private report(
    kind: PropertyKind,
    registration: number,
    position: number,
    link: PathLink | null,
    certain: boolean,
  ): void {
    const key = `${kind} ${registration} ${position}`;
    const known = this.found.get(key);
    if (known !== undefined && (known.certain || !certain)) return;
    this.found.set(key, { kind, registration, position, path: blocksOf(link), certain });
  }

  private enterBlock(block: number, from: number, state: State, before: PathLink | null): void {
    if (block < 1 || block > this.method.nBlocks) return;
    const link = { block, before };
    const { method, input } = this;
    const first = at(method.firstOf, block);
    for (const one of this.beforeHead.get(block) ?? []) this.place(one, state, first, link);
    const phis: number[] = [];
    let position = first;
    while (method.statements[position - 1]?.kind === "phi") phis.push(position++);
    input.flow.enter(state, from, phis);
    if (this.origin.phi > 0 && phis.includes(this.origin.phi)) this.takeConstant(from, state);
    this.forget(position, state);
    const key = `${block}:${keyOf(state, this.indices)}`;
    if (this.seen.has(key)) return;
    if (this.seen.size >= input.stateLimit) {
      this.isCut = true;
      return;
    }
    this.seen.add(key);
    this.work.push({ position, state, link });
  }

  /** Names that nothing uses any more are no names; what a registration waits on stays one. */
  private forget(position: number, state: State): void {
    const { flow, liveness, sites } = this.input;
    const live = new Set(liveness.liveBefore(position));
    sites.forEach((site, index) => {
      if (state.others[index] === 0) return;
      live.add(site.object);
      live.add(site.body);
    });
    for (const index of this.indices) {
      if (state.flags[index] === 0) continue;
      const { nArguments } = this.method;
      const value = index > nArguments ? index - nArguments : -index;
      if (!live.has(value)) flow.set(state, value, 0);
    }
  }

  /** A φ node takes the constant that is followed: no object, where a placement wants one. */
  private takeConstant(from: number, state: State): void {
    const label = this.method.statements[this.origin.phi - 1]?.blocks[this.origin.edge]?.label ?? 0;
    if (blockWithLabel(this.method, label) !== from) return;
    state.tracked = true;
    this.input.flow.set(state, this.origin.phi, holds);
  }

  /** Carries the path on from a statement to the end of its block. */
  private advance({ position: start, state, link }: Item): void {
    const { method } = this;
    const last = lastOf(method, link.block);
    let isHeadDone = false;
    for (let position = start; position <= last; position++) {
      const statement = method.statements[position - 1];
      if (statement === undefined) return;
      if (!isHeadDone && statement.kind !== "phic") {
        isHeadDone = true;
        const isWhole = position === start || method.statements[position - 2]?.kind === "phic";
        const isHead = isWhole && this.isFirstBehindPhis(position, link.block);
        for (const one of isHead ? (this.atHead.get(link.block) ?? []) : [])
          this.place(one, state, position, link);
      }
      if (this.isPureTerminator(statement)) {
        this.finish(statement, position, state, link);
        return;
      }
      if (!this.step(statement, position, state, link)) return;
      for (const one of this.after.get(position) ?? []) this.place(one, state, position, link);
    }
    // Behind an `enter` too: its handler is reached by the statements inside that throw.
    this.follow(link.block, link.block + 1, state, link);
  }

  private isFirstBehindPhis(position: number, block: number): boolean {
    for (let p = at(this.method.firstOf, block); p < position; p++) {
      const kind = this.method.statements[p - 1]?.kind;
      if (kind !== "phi" && kind !== "phic") return false;
    }
    return true;
  }

  private isPureTerminator({ kind }: Statement): boolean {
    return kind === "goto" || kind === "gotoifnot" || kind === "return" || kind === "unreachable";
  }

  private finish(statement: Statement, position: number, state: State, link: PathLink): void {
    const { flow } = this.input;
    if (statement.kind === "return") {
      const flags = flow.operandFlags(state, statement);
      if (flags !== 0) this.useBehind(state, position, link, (flags & holds) !== 0);
      this.checkLeft(state, "leak", position, link, true);
      return;
    }
    if (statement.kind === "unreachable") return;
    for (const to of successorsOf(this.method.graph, link.block)) {
      this.follow(link.block, to, copyState(state), link);
    }
  }

  private follow(from: number, to: number, state: State, link: PathLink): void {
    for (const one of this.onEdge.get(`${from},${to}`) ?? []) {
      this.place(one, state, lastOf(this.method, from), link);
    }
    this.enterBlock(to, from, state, link);
  }

  /** One statement; false where the path ends with it. */
  private step(statement: Statement, position: number, state: State, link: PathLink): boolean {
    const { flow, throws, written } = this.input;
    if (written.has(position)) return true;
    this.checkUse(statement, position, state, link);
    const throwing = throws.of(this.method, statement);
    if (throwing !== "never")
      this.leaveByException(statement, throwing !== "perhaps", position, state, link);
    if (throwing === "always") return false;
    this.countLocks(statement, state);
    const site = this.input.sites.findIndex((one) => one.position === position);
    const kept = flow.effects(state, statement);
    if (kept > state.escaped) state.escaped = kept;
    const isOwnCall = site >= 0 && this.input.sites[site]?.object === position;
    if (site >= 0 && !isOwnCall) this.register(site, position, state, link);
    const result = flow.result(state, statement, this.instanceType);
    const isConstant = this.origin.phi > 0 && statement.kind === "pi" && result !== 0;
    const flags = isConstant ? this.narrowed(statement) : result;
    if (position === this.origin.value) this.allocate(position, site, isOwnCall, state, link);
    else flow.set(state, position, flags);
    if (statement.kind === "upsilon") this.clearSiblings(position, state);
    // The name is another closure's from here on, not that of the one which was registered.
    this.input.sites.forEach(({ body }, index) => {
      if (body === position && state.others[index] === 1) state.others[index] = 2;
    });
    return true;
  }

  /** Behind a π: a literal is no object, and of what type another constant is, nobody looks at. */
  private narrowed(statement: Statement): number {
    const edge = this.method.statements[this.origin.phi - 1]?.operands[this.origin.edge];
    const isLiteral = literals.has(edge?.kind ?? "constant") || edge?.text === "nothing";
    return isLiteral && !isBits(this.method, statement) ? 0 : may;
  }

  /** At its origin an object may be chosen to be followed, unless one is already. */
  private allocate(
    position: number,
    site: number,
    isOwnCall: boolean,
    state: State,
    link: PathLink,
  ): void {
    const { flow } = this.input;
    if (state.tracked) {
      flow.set(state, position, 0);
      const isNamed = state.flags.some((flags) => flags !== 0);
      if (isNamed) return;
      this.checkLeft(state, "lost-instance", position, link, true);
      state.pending.fill(0);
      return;
    }
    const chosen = copyState(state);
    chosen.tracked = true;
    flow.set(chosen, position, holds);
    if (isOwnCall) chosen.pending[site] = 1;
    chosen.escaped = Math.max(chosen.escaped, flow.keptByMaker(position));
    for (const one of this.after.get(position) ?? []) this.place(one, chosen, position, link);
    this.work.push({ position: position + 1, state: chosen, link });
  }

  /** Of the ϒ nodes of one φᶜ only the last one counts. */
  private clearSiblings(position: number, state: State): void {
    const { method, input } = this;
    for (const statement of method.statements) {
      if (statement.kind !== "phic") continue;
      const group = statement.operands.map((operand) => operandValue(method, operand));
      if (!group.includes(position)) continue;
      for (const other of group)
        if (other !== position && other > 0) input.flow.set(state, other, 0);
    }
  }

  private register(site: number, position: number, state: State, link: PathLink): void {
    const { flow, sites } = this.input;
    const one = sites[site];
    if (one === undefined) return;
    const flags = flow.flag(state, one.object);
    if ((flags & (holds | may)) !== 0) {
      if (state.finalized)
        this.report("use-after-run", position, position, link, (flags & holds) !== 0);
      state.pending[site] = Math.min(2, (state.pending[site] ?? 0) + 1);
    }
    if ((flags & holds) === 0) state.others[site] = 1;
  }

  private countLocks(statement: Statement, state: State): void {
    const name = plainName(statement.callee?.text ?? "");
    const cName = statement.kind === "foreigncall" ? (statement.operands[0]?.text ?? "") : "";
    // `lock(f, l)` lets go by itself; `enable_finalizers(false)` does the contrary of its name.
    if (name === "lock" && statement.operands.length > 1) return;
    const isOff = name === "enable_finalizers" && statement.operands[0]?.text === "false";
    const isOpened = name === "lock" || name === "disable_finalizers" || isOff;
    if (isOpened || /gc_disable_finalizers/.test(cName)) {
      state.locks = Math.min(3, state.locks + 1);
    } else if (
      name === "unlock" ||
      name === "enable_finalizers" ||
      /gc_enable_finalizers/.test(cName)
    ) {
      state.locks = Math.max(0, state.locks - 1);
    }
  }

  private leaveByException(
    statement: Statement,
    certain: boolean,
    position: number,
    state: State,
    link: PathLink,
  ): void {
    const handler = handlerOf(this.input.regionAtHead[link.block] ?? null);
    const copy = copyState(state);
    const kept = this.input.flow.effects(copy, statement, true);
    copy.escaped = Math.max(copy.escaped, kept);
    // What happens in a handler is as certain as the exception that leads there.
    if (!certain) copy.isUnsure = true;
    copy.isCaught ||= copy.finalized;
    if (handler > 0) this.enterBlock(handler, 0, copy, link);
    else this.checkLeft(copy, "exceptional-leak", position, link, certain);
  }

  /** Dropped registrations that still wait when the object can no longer be finalized. */
  private checkLeft(
    state: State,
    kind: PropertyKind,
    position: number,
    link: PathLink,
    certain: boolean,
  ): void {
    if (!state.tracked) return;
    this.input.sites.forEach((site, index) => {
      if ((state.pending[index] ?? 0) === 0 || !this.dropped.has(site.position)) return;
      this.report(kind, site.position, position, link, certain && !state.isUnsure);
    });
  }

  private useBehind(state: State, position: number, link: PathLink, certain: boolean): void {
    if (!state.tracked || !state.finalized) return;
    const site = this.input.sites.find((_, index) => state.ran[index] === 1);
    this.report("use-after-run", site?.position ?? 0, position, link, certain && !state.isUnsure);
  }

  private checkUse(statement: Statement, position: number, state: State, link: PathLink): void {
    if (!state.tracked || !state.finalized) return;
    const flags = useFlags(this.input.flow, state, statement);
    if (flags !== 0) this.useBehind(state, position, link, (flags & holds) !== 0);
  }

  private place(placement: Placement, state: State, position: number, link: PathLink): void {
    const about = placement.registrations[0] ?? 0;
    carryOut(this.input, this.origin, placement, state, (kind, certain, registration = about) =>
      this.report(kind, registration, position, link, certain && !state.isUnsure),
    );
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
