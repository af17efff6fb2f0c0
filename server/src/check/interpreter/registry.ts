// Registered finalizers, and the collector that finds what nothing reaches any more. It is Julia's: one
// collection schedules all unreachable registered objects together, those included that only reach each
// other; it clears weak references first; it runs last-in first-out, and nothing while inhibited.
// Source: spec early-plan.md §8; Julia's src/gc-common.c and src/gc-stock.c.

import { headOf } from "../layout.ts";
import { uncounted } from "./counting.ts";
import type { Machine } from "./machine.ts";
import type { FinalizerRun } from "./outcome.ts";
import { contentsOf, describe, FunctionValue, Obj, TypeValue, type Value } from "./value.ts";

export interface Registered {
  readonly object: Obj;
  readonly body: Value | undefined;
  /** Position of the registering statement in the root method; 0 inside of callees. */
  readonly position: number;
  /** The batch of the body that registers it; 0 where the program does. */
  readonly batch: number;
}

export class Registry {
  private live: Registered[] = [];
  /** Scheduled by a collection, but held back. */
  private pending: Registered[] = [];
  readonly weakReferences: Obj[] = [];
  private epoch = 0;

  add(one: Registered): void {
    this.live.push(one);
  }

  get isEmpty(): boolean {
    return this.live.length === 0 && this.pending.length === 0;
  }

  /** Registrations of an object in the order in which they run; they are no longer registered. */
  take(object: Obj): Registered[] {
    const taken = [...this.live, ...this.pending].filter((one) => one.object === object).reverse();
    if (taken.length > 0) {
      this.live = this.live.filter((one) => one.object !== object);
      this.pending = this.pending.filter((one) => one.object !== object);
    }
    return taken;
  }

  /** All that is left, in the order in which they run at exit: the last one first. */
  takeAll(): Registered[] {
    const all = [...this.live, ...this.pending].reverse();
    this.live = [];
    this.pending = [];
    return all;
  }

  /** An object other than `object` whose pending finalizer still reaches it; null without one. */
  reachedFrom(object: Obj): Obj | null {
    for (const one of [...this.live, ...this.pending]) {
      if (one.object === object) continue;
      if (reaches(one.object, object) || reaches(one.body, object)) return one.object;
    }
    return null;
  }

  /** Finds unreachable objects and runs or schedules their finalizers. */
  collect(machine: Machine): void {
    if (this.live.length === 0 && this.weakReferences.length === 0) return;
    const epoch = this.markReachable(machine);
    this.bury((object) => object.mark !== epoch);
    this.runPending(machine);
  }

  /**
   * Reference counting: schedules or runs the finalizers of all objects to which no reference is left,
   * again and again, since a finalizer's object holds what it reaches until the finalizer has run.
   *
   * @param counted objects that may be unreachable
   * @returns those that are still held, perhaps by each other
   */
  release(machine: Machine, counted: readonly Obj[]): Obj[] {
    let left = [...counted];
    for (;;) {
      if (this.isEmpty && this.weakReferences.length === 0) return left;
      const epoch = this.markReachable(machine);
      const unreached = left.filter(({ mark }) => mark !== epoch);
      const { waiting, gone } = uncounted(unreached, this.live);
      this.bury((object) => waiting.has(object) || gone.has(object));
      left = left.filter((one) => !gone.has(one));
      if (waiting.size === 0) return left;
      this.runPending(machine);
    }
  }

  /** Marks what roots and pending finalizers reach with the number that it gives back. */
  private markReachable(machine: Machine): number {
    const epoch = ++this.epoch;
    const work: Obj[] = [];
    const mark = (value: Value | undefined): void => {
      if (!(value instanceof Obj) || value.mark === epoch) return;
      value.mark = epoch;
      work.push(value);
    };
    machine.eachRoot(mark);
    for (const { object, body } of this.pending) {
      mark(object);
      mark(body);
    }
    this.trace(work, mark, epoch);
    return epoch;
  }

  /** Clears weak references to dead objects and schedules their finalizers. */
  private bury(isDead: (object: Obj) => boolean): void {
    this.clearWeakReferences(isDead);
    const dead = this.live.filter(({ object }) => isDead(object));
    if (dead.length === 0) return;
    this.live = this.live.filter(({ object }) => !isDead(object));
    this.pending = [...this.pending, ...dead];
  }

  /**
   * Runs the last registration of the object with this id, whatever a collection would find; false where
   * that is not a registration of this key (`keyOf`). What bodies of the batch have registered has its turn
   * later: what runs together was scheduled together.
   */
  runLast(machine: Machine, { object: id, key, batch }: FinalizerRun): boolean {
    machine.batch = batch;
    const at = this.live.findLastIndex((one) => one.object.id === id && one.batch !== batch);
    const one = this.live[at];
    if (one === undefined || keyOf(one.object, one.body) !== key) return false;
    this.live.splice(at, 1);
    this.clearWeakReferences((target) => target === one.object);
    machine.runBody(one.object, one.body, "gc", one.position);
    return true;
  }

  private clearWeakReferences(isDead: (target: Obj) => boolean): void {
    for (const weak of this.weakReferences) {
      const target = weak.fields[0];
      if (target instanceof Obj && isDead(target)) weak.fields[0] = null;
    }
  }

  /** Runs what a collection scheduled, unless finalizers are held back. */
  runPending(machine: Machine): void {
    machine.batch++;
    while (this.pending.length > 0 && machine.inhibited === 0) {
      const one = this.pending.pop();
      if (one !== undefined) machine.runBody(one.object, one.body, "gc", one.position);
    }
  }

  /** A live object keeps what its finalizer's function captures. */
  private trace(work: Obj[], mark: (value: Value | undefined) => void, epoch: number): void {
    const open = new Set(this.live);
    do {
      for (let one = work.pop(); one !== undefined; one = work.pop()) {
        for (const value of contentsOf(one)) mark(value);
      }
      for (const registered of open) {
        if (registered.object.mark !== epoch) continue;
        mark(registered.body);
        open.delete(registered);
      }
    } while (work.length > 0);
  }
}

/** What a run of a finalizer is told by: the object and the function. */
export function keyOf(object: Obj, body: Value | undefined): string {
  return `@${object.id} ${bodyName(body)}`;
}

function bodyName(body: Value | undefined): string {
  if (body instanceof FunctionValue) return body.name;
  if (body instanceof TypeValue) return headOf(body.key);
  return body instanceof Obj ? headOf(body.layout.key) : describe(body);
}

/** Whether `to` is `from` or lies somewhere inside of it. */
export function reaches(from: Value | undefined, to: Obj): boolean {
  if (!(from instanceof Obj)) return false;
  const seen = new Set<Obj>([from]);
  const work = [from];
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (one === to) return true;
    for (const value of contentsOf(one)) {
      if (!(value instanceof Obj) || seen.has(value)) continue;
      seen.add(value);
      work.push(value);
    }
  }
  return false;
}
