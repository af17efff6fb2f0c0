// Follows one object from the statement that makes it along every path, keeping apart what paths know:
// which values are the object, which may hold it, and which registrations have been made. Where a value
// is the newest object and a φ still holds the one before, the two are followed in states of their own,
// so that nothing is merged that does not meet. From the states backwards follows where the object is
// still needed.
// Source: the state space of a typestate analysis (Strom & Yemini, IEEE TSE 12(1), 1986) with must and
// may aliases (Fink et al., ISSTA 2006); spec early-plan.md §6, §7.

import { successorsOf } from "../../ir/graph.ts";
import type { Method, Uses } from "../../ir/method.ts";
import type { EscapeEvent } from "../heap/solve.ts";
import { type Liveness, liveness } from "./liveness.ts";
import type { Step, Steps } from "./steps.ts";

/** What is known of the object at a point of a path. */
export interface ObjectState {
  /** Holders that are the object. */
  readonly must: bigint;
  /** Holders that may hold it; 0: nothing reaches it any more. */
  readonly may: bigint;
  /** Registrations that have been made, a bit for each. */
  readonly registered: number;
  /** Registrations that may have been made. */
  readonly maybe: number;
  /** Whether `finalize` was called on it. */
  readonly finalized: boolean;
  /** Whether somebody else holds it: it is needed from there on. */
  readonly escaped: boolean;
  /** Whether something got it from which a pending finalizer may reach it, though no name does. */
  readonly captured: boolean;
}

/** A block in one state of the object. */
export interface TrackNode {
  readonly block: number;
  /** Position from which the object is followed in the block: 0 at its head, else behind the site. */
  readonly from: number;
  readonly entry: ObjectState;
  /** States behind the statements that changed it, ascending. */
  readonly changes: { readonly position: number; readonly state: ObjectState }[];
  /** Positions that use the object. */
  readonly uses: number[];
  /** Ways in which it escapes here. */
  readonly escapes: EscapeEvent[];
  /** The statement at which it is lost to the path: its maker runs again, or nothing comes back; else 0. */
  endsAt: number;
  /** Successor block → node; null where nothing reaches the object there. */
  readonly next: Map<number, TrackNode | null>;
  /** Ways into handlers: the throwing statement, the handler's node, the state that is thrown. */
  readonly thrown: {
    readonly position: number;
    readonly handler: number;
    readonly node: TrackNode | null;
    readonly state: ObjectState;
  }[];
  /** Whether the node's last statement never comes back: no code can stand behind it. */
  isDeadEnd: boolean;
  /** Whether the object is needed from the node's start on. */
  needed: boolean;
}

export interface Track {
  readonly site: number;
  readonly steps: Steps;
  readonly nodes: readonly TrackNode[];
  readonly byBlock: ReadonlyMap<number, readonly TrackNode[]>;
  readonly live: Liveness;
}

export interface TrackInput {
  readonly method: Method;
  readonly uses: Uses;
  readonly steps: Steps;
  readonly site: number;
  /** Registrations that the making statement itself brings, and those that it may bring. */
  readonly registeredAtSite: number;
  readonly maybeAtSite: number;
  /** By position: the handler's block, 0 where an exception leaves the method; null: no regions. */
  readonly handlers: Int32Array | null;
  /** Handler → the blocks that it catches exceptions of. */
  readonly caughtBy: ReadonlyMap<number, ReadonlySet<number>>;
  /** Whether the statement may throw. */
  mayThrow(position: number): boolean;
  /** Whether the statement never comes back: its printed type is `Union{}`. */
  isLast(position: number): boolean;
  /** Statements, and edges `from * (nBlocks + 1) + to`, that count as uses for reasons of their own. */
  readonly usedAt: ReadonlySet<number>;
  readonly usedOn: ReadonlySet<number>;
}

/** States per block on average beyond which a method is given up. */
const stateLimit = 24;

/** Follows the object; null where there are too many states. */
export function track(input: TrackInput): Track | null {
  return new Walk(input).run();
}

/** The state behind statement `position` of the node's block; the entry's for its head. */
export function stateAfter(node: TrackNode, position: number): ObjectState {
  let state = node.entry;
  for (const change of node.changes) {
    if (change.position > position) break;
    state = change.state;
  }
  return state;
}

/** Whether the object is needed behind statement `position` of the node's block. */
export function neededAfter(node: TrackNode, position: number): boolean {
  if (isEscaped(node)) return true;
  if (node.uses.some((use) => use > position)) return true;
  if (node.thrown.some((one) => one.position > position && one.node?.needed === true)) return true;
  if (node.endsAt > 0) return false;
  return [...node.next.values()].some((next) => next?.needed === true);
}

/** Whether the object has escaped when the node's block ends. */
export function isEscaped({ changes, entry }: TrackNode): boolean {
  return (changes.at(-1)?.state ?? entry).escaped;
}

/** The edge from `enter` to its handler is taken by exceptions only; those are followed by themselves. */
export function isHandlerEdge(method: Method, block: number, successor: number): boolean {
  const last = method.statements[(method.firstOf[block + 1] ?? 0) - 2];
  return last?.kind === "enter" && method.handlers.has(successor) && successor !== block + 1;
}

class Walk {
  private readonly input: TrackInput;
  private readonly nodes: TrackNode[] = [];
  private readonly byBlock = new Map<number, TrackNode[]>();
  private readonly live: Liveness;
  private readonly siteBit: bigint;
  private readonly work: TrackNode[] = [];

  constructor(input: TrackInput) {
    this.input = input;
    this.live = liveness(input.method, input.uses, input.steps, input.caughtBy);
    this.siteBit = input.steps.bitOf.get(input.site) ?? 0n;
  }

  run(): Track | null {
    const { method, site, registeredAtSite, maybeAtSite, steps } = this.input;
    const block = method.blockOf[site] ?? 0;
    const entry: ObjectState = {
      must: this.siteBit,
      may: this.siteBit | steps.initial,
      registered: registeredAtSite,
      maybe: maybeAtSite,
      finalized: false,
      escaped: false,
      captured: false,
    };
    const start = this.node(block, site, entry);
    if (maybeAtSite !== 0) start.uses.push(site);
    for (let node = this.work.pop(); node !== undefined; node = this.work.pop()) {
      this.visit(node);
      if (this.nodes.length > stateLimit * (method.nBlocks + 8)) return null;
    }
    this.findNeeds();
    return { site, steps, nodes: this.nodes, byBlock: this.byBlock, live: this.live };
  }

  private node(block: number, from: number, entry: ObjectState): TrackNode {
    let inBlock = this.byBlock.get(block);
    if (inBlock === undefined) {
      inBlock = [];
      this.byBlock.set(block, inBlock);
    }
    const known = inBlock.find((one) => one.from === from && isSame(one.entry, entry));
    if (known !== undefined) return known;
    const node: TrackNode = {
      block,
      from,
      entry,
      changes: [],
      uses: [],
      escapes: [],
      endsAt: 0,
      next: new Map(),
      thrown: [],
      isDeadEnd: false,
      needed: false,
    };
    inBlock.push(node);
    this.nodes.push(node);
    this.work.push(node);
    return node;
  }

  private visit(node: TrackNode): void {
    const { method, steps } = this.input;
    const first = node.from > 0 ? node.from + 1 : (method.firstOf[node.block] ?? 0);
    const end = method.firstOf[node.block + 1] ?? 0;
    let state = node.entry;
    for (let position = first; position < end; position++) {
      if (position === this.input.site) {
        // The maker runs again: its value is another object from here on.
        state = { ...state, must: state.must & ~this.siteBit, may: state.may & ~this.siteBit };
        if (isGone(state, steps)) {
          node.endsAt = position;
          return;
        }
        node.changes.push({ position, state });
        continue;
      }
      if (this.input.usedAt.has(position)) node.uses.push(position);
      const step = steps.at.get(position);
      const next = step === undefined ? state : this.advance(node, step, state);
      if (this.isCaught(position)) this.throwFrom(node, position, state, next, step);
      if (next !== state) node.changes.push({ position, state: next });
      state = next;
      if (this.input.isLast(position)) {
        node.isDeadEnd = true;
        node.endsAt = position;
        return;
      }
    }
    for (const successor of successorsOf(method.graph, node.block)) {
      if (isHandlerEdge(method, node.block, successor)) continue;
      const entering = this.cross(state, node.block, successor);
      const isLost = isGone(entering, steps);
      node.next.set(successor, isLost ? null : this.node(successor, 0, entering));
    }
  }

  /** Whether the statement may throw, and a handler of this method catches what it throws. */
  private isCaught(position: number): boolean {
    return (this.input.handlers?.[position] ?? 0) > 0 && this.input.mayThrow(position);
  }

  /** The state behind the step. */
  private advance(node: TrackNode, step: Step, state: ObjectState): ObjectState {
    const { may } = state;
    let { escaped } = state;
    if ((step.uses & may) !== 0n) node.uses.push(step.position);
    for (const { event, by } of step.escapes) {
      if (event.kind === "thrown") continue;
      if ((by & may) === 0n && event.operand >= 0) continue;
      if (node.uses.at(-1) !== step.position) node.uses.push(step.position);
      node.escapes.push(event);
      escaped = true;
    }
    let { must, registered, maybe, finalized } = state;
    let holds = may;
    if (step.defines !== 0n) {
      const isSame = (step.same & must) !== 0n;
      must = isSame ? must | step.defines : must & ~step.defines;
      holds = (step.from & may) !== 0n ? holds | step.defines : holds & ~step.defines;
    }
    if ((step.spreads & may) !== 0n) holds |= this.input.steps.reaching & ~this.siteBit;
    const captured = state.captured || (step.captures & may) !== 0n;
    if ((step.finalizes & (may | must)) !== 0n) finalized = true;
    if ((step.finalizes & (may | must)) !== 0n) registered = 0;
    // What ran is not pending any more.
    if ((step.runs & must) !== 0n) maybe = 0;
    for (const { index, on } of step.registers) {
      if ((on & must) !== 0n) registered |= 1 << index;
      if ((on & (may | must)) !== 0n) maybe |= 1 << index;
    }
    const next = { must, may: holds, registered, maybe, finalized, escaped, captured };
    return isSame(state, next) ? state : next;
  }

  private throwFrom(
    node: TrackNode,
    position: number,
    before: ObjectState,
    behind: ObjectState,
    step: Step | undefined,
  ): void {
    const handler = this.input.handlers?.[position] ?? 0;
    // What the exception holds can be seen by the handler: that path keeps the object.
    const isHeld = step?.escapes.some(
      ({ event, by }) => event.kind === "thrown" && (by & before.may) !== 0n,
    );
    // It may throw before or behind what it does otherwise.
    const state: ObjectState = {
      must: before.must,
      may: before.may | (behind.may & ~(step?.defines ?? 0n)),
      registered: before.registered & behind.registered,
      maybe: before.maybe | behind.maybe,
      finalized: before.finalized || behind.finalized,
      escaped: behind.escaped || isHeld === true,
      captured: behind.captured,
    };
    const entering = this.catchIn(state, handler);
    const target = isGone(entering, this.input.steps) ? null : this.node(handler, 0, entering);
    node.thrown.push({ position, handler, node: target, state: entering });
  }

  /** The state at the head of `to`, behind its φ nodes, coming from `from`. */
  private cross(state: ObjectState, from: number, to: number): ObjectState {
    let { must, may } = state;
    for (const join of this.input.steps.joins.get(to) ?? []) {
      if (join.by.size === 0) continue;
      const by = join.by.get(from) ?? 0n;
      must = (by & state.must) !== 0n ? must | join.bit : must & ~join.bit;
      may = (by & state.may) !== 0n ? may | join.bit : may & ~join.bit;
    }
    return this.masked({ ...state, must, may }, to);
  }

  private catchIn(state: ObjectState, handler: number): ObjectState {
    let { must, may } = state;
    for (const join of this.input.steps.joins.get(handler) ?? []) {
      must &= ~join.bit;
      may = (join.slots & state.may) !== 0n ? may | join.bit : may & ~join.bit;
    }
    return this.masked({ ...state, must, may }, handler);
  }

  /** Forgets holders that are dead, but for one name under which the object can be finalized. */
  private masked(state: ObjectState, block: number): ObjectState {
    const awaited = state.captured ? this.siteBit : 0n;
    const live = (this.live.in[block] ?? 0n) | this.input.steps.slots | awaited;
    const { must } = state;
    const kept = (must & this.siteBit) !== 0n ? live | this.siteBit : must;
    return { ...state, must: must & kept, may: state.may & live };
  }

  /** Marks the nodes from which a use is reached, backwards from the uses. */
  private findNeeds(): void {
    const before = new Map<TrackNode, TrackNode[]>();
    const link = (from: TrackNode, to: TrackNode | null): void => {
      if (to === null) return;
      const known = before.get(to);
      if (known === undefined) before.set(to, [from]);
      else known.push(from);
    };
    const work: TrackNode[] = [];
    const stride = this.input.method.nBlocks + 1;
    for (const node of this.nodes) {
      for (const next of node.next.values()) link(node, next);
      for (const { node: handler } of node.thrown) link(node, handler);
      const isUsedOnEdge = [...node.next.keys()].some((to) =>
        this.input.usedOn.has(node.block * stride + to),
      );
      if (node.uses.length === 0 && !isUsedOnEdge && !isEscaped(node)) continue;
      node.needed = true;
      work.push(node);
    }
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      for (const from of before.get(node) ?? []) {
        if (from.needed) continue;
        from.needed = true;
        work.push(from);
      }
    }
  }
}

/** Whether the states tell the same. */
export function isSame(one: ObjectState, other: ObjectState): boolean {
  return (
    one.must === other.must &&
    one.may === other.may &&
    one.registered === other.registered &&
    one.maybe === other.maybe &&
    one.finalized === other.finalized &&
    one.escaped === other.escaped &&
    one.captured === other.captured
  );
}

/** Whether no path from the state can use the object, and none can name it wrongly. */
function isGone({ must, may, escaped }: ObjectState, { reaching, slots }: Steps): boolean {
  return escaped ? must === 0n : (may & (reaching | slots)) === 0n && may === 0n;
}
