// Answers about methods that may call each other recursively, made component by component: the strongly
// connected components of the call graph below a method, callees before callers, each solved in one
// query. So the engine's graph has no cycles although calls do, and no chain of calls is too long.
//
// A component is found by a walk through all methods whose answers are not up to date. That is enough:
// where an answer is up to date, nothing below it changed, so no cycle runs through it and something
// that did change. A component's answer is never made again; it is dropped, and the walk decides anew
// which methods belong together.

import type { Engine } from "../engine/engine.ts";
import { Query } from "../engine/query.ts";
import { stronglyConnected } from "./strongly-connected.ts";

export interface ComponentOptions<T, V> {
  readonly name: string;
  /**
   * What a member calls, as far as that is known. Must not be recorded. A call that comes up only while
   * the member is solved must be among them from then on.
   */
  callees(member: T): Iterable<T>;
  /**
   * Answers for all members. It asks for what decides the members' calls, so that it is dropped when
   * they change, and for a callee outside with `get`.
   */
  solve(members: readonly T[]): ReadonlyMap<T, V>;
}

interface Component<T> {
  readonly members: readonly T[];
}

/** Thrown out of a solution that needs a method first of which nobody knew; the walk begins again. */
class NeedsFirst extends Error {}

export class Components<T, V> {
  private readonly engine: Engine;
  private readonly options: ComponentOptions<T, V>;
  private readonly answers: Query<Component<T>, ReadonlyMap<T, V>>;
  private readonly componentOf = new Map<T, Component<T>>();
  private solving: ReadonlySet<T> | null = null;

  constructor(engine: Engine, options: ComponentOptions<T, V>) {
    this.engine = engine;
    this.options = options;
    this.answers = new Query(engine, {
      name: options.name,
      compute: ({ members }) => this.solve(members),
      runsOnce: true,
    });
  }

  /** The answer for a method. Must not be asked for a member of the component that is being solved. */
  get(member: T): V | undefined {
    if (!this.isSettled(member)) this.settle(member);
    const component = this.componentOf.get(member);
    return component === undefined ? undefined : this.answers.get(component).get(member);
  }

  /** Makes sure that the answer is there, for a component that is being solved: else it waits. */
  need(member: T): void {
    if (!this.isSettled(member)) throw new NeedsFirst();
  }

  /** Whether the method belongs to the component that is being solved. */
  isSolving(member: T): boolean {
    return this.solving?.has(member) === true;
  }

  /** The method is gone. */
  forget(member: T): void {
    this.dissolve(member);
    this.componentOf.delete(member);
  }

  clear(): void {
    this.answers.clear();
    this.componentOf.clear();
  }

  private isSettled(member: T): boolean {
    const component = this.componentOf.get(member);
    return component !== undefined && this.answers.isVerified(component);
  }

  private settle(root: T): void {
    while (!this.tryToSettle(root));
  }

  /** Solves what is below `root`, callees first; false where a call came up that was not known. */
  private tryToSettle(root: T): boolean {
    return this.engine.untracked(() => {
      try {
        for (const members of stronglyConnected(root, (one) => this.unsettledCallees(one))) {
          this.settleComponent(members);
        }
        return true;
      } catch (error) {
        if (!(error instanceof NeedsFirst)) throw error;
        return false;
      }
    });
  }

  private settleComponent(members: readonly T[]): void {
    const [first] = members;
    const old = first === undefined ? undefined : this.componentOf.get(first);
    const isSame =
      old?.members.length === members.length &&
      members.every((member) => this.componentOf.get(member) === old);
    if (old !== undefined && isSame && this.answers.verify(old)) return;
    for (const member of members) this.dissolve(member);
    const made: Component<T> = { members };
    for (const member of members) this.componentOf.set(member, made);
    this.answers.get(made);
  }

  private unsettledCallees(member: T): T[] {
    const callees = new Set(this.options.callees(member));
    return [...callees].filter((callee) => !this.isSettled(callee));
  }

  private solve(members: readonly T[]): ReadonlyMap<T, V> {
    const outer = this.solving;
    this.solving = new Set(members);
    try {
      return this.options.solve(members);
    } finally {
      this.solving = outer;
    }
  }

  private dissolve(member: T): void {
    const component = this.componentOf.get(member);
    if (component !== undefined) this.answers.drop(component);
  }
}
