// Follows one object along every path of a placed method, state by state, and holds each step against what
// must be true: finalized at most once, never used behind it, exactly once where the registration was
// dropped, never where it was not registered. The first path to each failure is kept.
//
// It stands for all objects that the origin makes: at every execution of it one may be chosen, or none.
// Source: design §5, spec early-plan.md §1–§4 and §6, finalizer-inlining.md §7.

import { at, predecessorsOf, successorsOf } from "../../ir/graph.ts";
import { blockWithLabel, lastOf, type Method, operandValue } from "../../ir/method.ts";
import type { PlacedMethod, Placement } from "../../ir/placed.ts";
import type { OperandKind, Statement } from "../../syntax/tree.ts";
import type { Liveness } from "../liveness.ts";
import type { Throwing } from "../program.ts";
import { handlerOf, type Region } from "../region.ts";
import { typeOfStatement } from "./bits.ts";
import { candidatesOf, sitesAbout } from "./candidates.ts";
import {
  blocksOf,
  type Counterexample,
  type PathLink,
  type PropertyKind,
} from "./counterexample.ts";
import type { Flow } from "./flow.ts";
import { carryOut } from "./place.ts";
import type { Origin, RegistrationSite } from "./registrations.ts";
import type { Shape } from "./shape.ts";
import { holds, may, type Slots, State } from "./state.ts";
import { useFlags } from "./use.ts";

export interface WalkInput {
  readonly placed: PlacedMethod;
  readonly flow: Flow;
  readonly throws: (statement: Statement, position: number) => Throwing;
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
  private readonly slots: Slots;
  /** By position: index of the registration that is made there, or −1. */
  private readonly siteAt: Int32Array;
  /** By position: the registrations whose function is made there. */
  private readonly bodiesAt = new Map<number, number[]>();
  /** Blocks from which the place is reached where the object is made. */
  private readonly ahead: Uint8Array;
  private readonly dropped: ReadonlySet<number>;
  private readonly after = new Map<number, Placement[]>();
  private readonly atHead = new Map<number, Placement[]>();
  private readonly beforeHead = new Map<number, Placement[]>();
  private readonly onEdge = new Map<string, Placement[]>();
  /** Whether there were more states than the limit. */
  isCut = false;

  constructor(whole: WalkInput, origin: Origin) {
    this.method = whole.placed.method;
    this.origin = origin;
    const made = origin.value > 0 ? this.method.statements[origin.value - 1] : undefined;
    this.instanceType = made === undefined ? "" : typeOfStatement(this.method, made);
    this.slots = candidatesOf(whole.flow, origin, this.instanceType);
    const sites = sitesAbout(whole.flow, whole.placed, whole.sites, origin, this.slots);
    const input = { ...whole, sites };
    this.input = input;
    this.siteAt = new Int32Array(this.method.nStatements + 1).fill(-1);
    sites.forEach(({ position, body }, index) => {
      if (this.siteAt[position] === -1) this.siteAt[position] = index;
      if (body > 0) add(this.bodiesAt, body, index);
    });
    this.ahead = this.blocksAhead();
    this.dropped = new Set(input.placed.dropped);
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
    const state = State.empty(this.slots, this.input.sites.length);
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
    if (this.isSettled(state, block)) return;
    const key = `${block}:${state.key()}`;
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
    for (const value of state.named()) {
      if (liveness.isLiveBefore(position, value)) continue;
      const isAwaited = sites.some(
        ({ object, body }, index) =>
          state.others[index] !== 0 && (flow.index(object) === value || flow.index(body) === value),
      );
      if (!isAwaited) state.set(value, 0);
    }
  }

  /** Whether nothing can be found behind the head of the block any more, whatever path is taken. */
  private isSettled(state: State, block: number): boolean {
    if (!state.tracked) return this.ahead[block] !== 1;
    if (state.isNamed()) return false;
    return !this.input.sites.some(
      ({ position }, index) => state.pending[index] !== 0 && this.dropped.has(position),
    );
  }

  /** By block 1 where the origin may still come; exceptions are ways too. */
  private blocksAhead(): Uint8Array {
    const { method, origin } = this;
    const found = new Uint8Array(method.nBlocks + 1);
    const { regionAtHead } = this.input;
    const work = [method.blockOf[origin.phi > 0 ? origin.phi : origin.value] ?? 0];
    // The constant is taken on the way into the block of the φ node, a value made in the block itself.
    const add = (block: number): void => {
      if (found[block] === 1) return;
      found[block] = 1;
      work.push(block);
    };
    for (const block of [...work]) found[block] = 1;
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      for (const from of predecessorsOf(method.graph, block)) add(from);
      if (!method.handlers.has(block)) continue;
      regionAtHead.forEach((region, from) => {
        if (handlerOf(region) === block) add(from);
      });
    }
    return found;
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
      const flags = flow.operandFlags(state, flow.shape(statement, position));
      if (flags !== 0) this.useBehind(state, position, link, (flags & holds) !== 0);
      this.checkLeft(state, "leak", position, link, true);
      return;
    }
    if (statement.kind === "unreachable") return;
    for (const to of successorsOf(this.method.graph, link.block)) {
      this.follow(link.block, to, state.copy(), link);
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
    const shape = flow.shape(statement, position);
    const isTouched = flow.operandFlags(state, shape) !== 0;
    if (isTouched) this.checkUse(shape, position, state, link);
    const throwing = throws(statement, position);
    if (throwing !== "never")
      this.leaveByException(shape, throwing !== "perhaps", position, state, link);
    if (throwing === "always") return false;
    if (shape.locks !== 0) state.locks = Math.min(3, Math.max(0, state.locks + shape.locks));
    const site = this.siteAt[position] ?? -1;
    if (isTouched) state.escaped = Math.max(state.escaped, flow.effects(state, shape));
    const isOwnCall = site >= 0 && this.input.sites[site]?.object === position;
    if (site >= 0 && !isOwnCall) this.register(site, position, state, link);
    const result = isTouched ? flow.result(state, shape, this.instanceType) : 0;
    const isConstant = this.origin.phi > 0 && statement.kind === "pi" && result !== 0;
    const flags = isConstant ? this.narrowed(shape) : result;
    if (position === this.origin.value) this.allocate(position, site, isOwnCall, state, link);
    else flow.set(state, position, flags);
    if (statement.kind === "upsilon") this.clearSiblings(position, state);
    // The name is another closure's from here on, not that of the one which was registered.
    for (const index of this.bodiesAt.get(position) ?? [])
      if (state.others[index] === 1) state.others[index] = 2;
    return true;
  }

  /** Behind a π: a literal is no object, and of what type another constant is, nobody looks at. */
  private narrowed({ isBits }: Shape): number {
    const edge = this.method.statements[this.origin.phi - 1]?.operands[this.origin.edge];
    const isLiteral = literals.has(edge?.kind ?? "constant") || edge?.text === "nothing";
    return isLiteral && !isBits ? 0 : may;
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
      if (state.isNamed()) return;
      this.checkLeft(state, "lost-instance", position, link, true);
      state.pending.fill(0);
      return;
    }
    const chosen = state.copy();
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

  private leaveByException(
    shape: Shape,
    certain: boolean,
    position: number,
    state: State,
    link: PathLink,
  ): void {
    const handler = handlerOf(this.input.regionAtHead[link.block] ?? null);
    if (handler === 0) {
      this.checkLeft(state, "exceptional-leak", position, link, certain);
      return;
    }
    const copy = state.copy();
    const kept = this.input.flow.effects(copy, shape, true);
    copy.escaped = Math.max(copy.escaped, kept);
    // What happens in a handler is as certain as the exception that leads there.
    if (!certain) copy.isUnsure = true;
    copy.isCaught ||= copy.finalized;
    this.enterBlock(handler, 0, copy, link);
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

  private checkUse(shape: Shape, position: number, state: State, link: PathLink): void {
    if (!state.tracked || !state.finalized) return;
    const flags = useFlags(this.input.flow, state, shape);
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
