// What all hazards look at: the objects of one plan along the paths of their method, what their finalizers
// do, where these run, and what is to be said.

import type { HazardCode } from "../../diagnostics/codes.ts";
import { successorsOf } from "../../ir/graph.ts";
import { idOf, type Method } from "../../ir/method.ts";
import { globalValue, type Value } from "../body.ts";
import type { Insertion } from "../finalizer/ladder.ts";
import { type FollowedObject, type FollowedSite, isNeededAfter } from "../lifetime/follow.ts";
import { isPointer } from "../plan/follow.ts";
import type { Frame } from "../plan/frame.ts";
import { stateAfter } from "../plan/track.ts";
import { keyOfInvoke } from "../summary.ts";
import { type BodyFacts, bodyFacts } from "./body-facts.ts";
import { nameOfCall } from "./calls.ts";
import { freeing } from "./names.ts";

export interface Hazard {
  /** The statement at which it happens. */
  readonly position: number;
  readonly code: HazardCode;
  readonly message: string;
  /** Position of the registration that it is about. */
  readonly registration: number;
  /** Another place that explains it; 0 for none. */
  readonly related: number;
  readonly relatedMessage: string;
}

/** A point at which finalizers run, by a plan, by Julia's placement, or because the program says so. */
export interface FreePoint {
  /** The statement at which to show it. */
  readonly position: number;
  /** Block and first statement of what follows. */
  readonly block: number;
  readonly next: number;
}

/** Values that are made of others are looked into so deep. */
const handleDepth = 16;

export class Scene {
  readonly frame: Frame;
  readonly followed: FollowedObject;
  readonly method: Method;
  /** By registration. */
  readonly bodies: readonly BodyFacts[];
  readonly insertions: readonly Insertion[];
  private readonly found = new Map<string, Hazard>();

  constructor(frame: Frame, followed: FollowedObject, insertions: readonly (Insertion | null)[]) {
    this.frame = frame;
    this.followed = followed;
    this.method = frame.opened.method;
    this.bodies = followed.registrations.map((one) => bodyFacts(frame.environment, one));
    this.insertions = insertions.filter((one) => one !== null);
  }

  /** What was said, in text order. */
  hazards(): Hazard[] {
    return [...this.found.values()].sort((a, b) => a.position - b.position);
  }

  /** Says something about a statement; the first word of a code about it counts. */
  say(code: HazardCode, position: number, message: string, related = 0, relatedMessage = ""): void {
    const key = `${code} ${position}`;
    if (position < 1 || this.found.has(key)) return;
    const registration = this.followed.registrations[0]?.position ?? position;
    this.found.set(key, { position, code, message, registration, related, relatedMessage });
  }

  /** The statement as the text calls it. */
  id(position: number): string {
    return `\`%${idOf(this.method, position)}\``;
  }

  args(position: number): readonly Value[] {
    return this.frame.heap.body.statements[position - 1]?.args ?? [];
  }

  /** The name of what a call calls, without its module. */
  nameAt(position: number): string {
    return nameOfCall(this.frame.opened, position);
  }

  /** The value that a chain of π nodes and copies names. */
  root(value: Value): Value {
    let at = value;
    for (let steps = 0; steps < 64 && at > 0; steps++) {
      const made = this.frame.heap.body.statements[at - 1];
      const isSame = made?.kind === "alias" && (made.name === "pi" || made.name === "copy");
      const next = made?.args[0];
      if (!isSame || next === undefined) break;
      at = next;
    }
    return at;
  }

  /** The values under which the objects are made or registered. */
  roots(): Value[] {
    const { plan, registrations } = this.followed;
    const registered = registrations
      .map(({ object }) => this.root(object))
      .filter((one) => one > 0);
    return [...new Set([...plan.sites, ...registered])];
  }

  /** Positions that follow on some path before the value is made anew. */
  reached(from: number, root: Value): number[] {
    return this.reachedFrom(this.method.blockOf[from] ?? 0, from + 1, (at) => at === root);
  }

  /** The same from a statement of a block on, to where `isEnd` holds, which is left out. */
  reachedFrom(block: number, next: number, isEnd: (position: number) => boolean): number[] {
    const { method } = this;
    const found: number[] = [];
    const seen = new Uint8Array(method.nBlocks + 1);
    const work: (readonly [number, number])[] = [[block, next]];
    for (let one = work.pop(); one !== undefined; one = work.pop()) {
      const [at, start] = one;
      const end = method.firstOf[at + 1] ?? 0;
      let position = start;
      for (; position < end && !isEnd(position); position++) found.push(position);
      if (position < end) continue;
      for (const to of successorsOf(method.graph, at)) {
        if (seen[to] === 1) continue;
        seen[to] = 1;
        work.push([to, method.firstOf[to] ?? 0]);
      }
    }
    return found;
  }

  /** Whether the program frees the value at the statement by hand. */
  freesValue(position: number, root: Value): boolean {
    const statement = this.method.statements[position - 1];
    if (statement === undefined || !this.args(position).some((arg) => this.root(arg) === root)) {
      return false;
    }
    const name = this.nameAt(position);
    if (statement.kind === "foreigncall") return name === "jl_finalize_th";
    if (statement.kind !== "invoke" && statement.kind !== "call") return false;
    return freeing.test(name) || this.isBody(position);
  }

  /** Whether the statement calls a finalizer's body. */
  isBody(position: number): boolean {
    const statement = this.method.statements[position - 1];
    if (statement?.kind !== "invoke") return false;
    const key = keyOfInvoke(this.method, statement);
    return key !== null && this.bodies.some((body) => body.key === key);
  }

  /** Where the finalizers run, as far as a text or a plan tells. */
  freePoints(): FreePoint[] {
    const { blockOf, firstOf } = this.method;
    const behind = (position: number): FreePoint => ({
      position,
      block: blockOf[position] ?? 0,
      next: position + 1,
    });
    const before = (block: number): FreePoint => {
      const first = firstOf[block] ?? 0;
      return { position: first, block, next: first };
    };
    const { plan } = this.followed;
    const points = plan.verdict === "none" ? [] : plan.placements.map(({ point }) => point);
    const found = [...points, ...this.insertions].map((point): FreePoint => {
      if ("after" in point) return behind(point.after);
      if ("block" in point) return before(point.block);
      const [from, to] = point.edge;
      return { ...before(to), position: (firstOf[from + 1] ?? 1) - 1 };
    });
    const roots = this.roots();
    this.method.statements.forEach((_, index) => {
      if (roots.some((root) => this.freesValue(index + 1, root))) found.push(behind(index + 1));
    });
    return found;
  }

  /** Whether no path needs the object itself from the statement on. */
  isDead({ need }: FollowedSite, position: number): boolean {
    return !isNeededAfter(need, this.method.blockOf[position] ?? 0, position - 1);
  }

  /** Whether the statement is handed the object, or something that was read from it. */
  isPassed(site: FollowedSite, position: number): boolean {
    return (
      this.handlesAt(site, position).length > 0 ||
      this.args(position).some((arg) => this.root(arg) === site.site)
    );
  }

  /** Values in use at `position` that were read from the object, and are not the object. */
  handlesAt({ need, resource }: FollowedSite, position: number): Value[] {
    const block = this.method.blockOf[position] ?? 0;
    const nodes = (resource.byBlock.get(block) ?? []).filter((node) => node.from < position);
    return this.args(position).filter((arg) => {
      const bit = resource.steps.bitOf.get(arg) ?? 0n;
      if (bit === 0n || need.steps.bitOf.has(arg) || !this.isHandle(arg, handleDepth)) return false;
      return nodes.some((node) => (stateAfter(node, position - 1).may & bit) !== 0n);
    });
  }

  /** A raw pointer, something made of one, or a field that the finalizer hands to C or to a pool. */
  private isHandle(value: Value, depth: number): boolean {
    if (value === 0 || value === globalValue || depth === 0) return false;
    if (isPointer(this.frame, value)) return true;
    if (value < 0) return false;
    const made = this.frame.heap.body.statements[value - 1];
    if (made?.kind === "new" || made?.kind === "alias" || made?.name === "tuple") {
      return made.args.some((arg) => this.isHandle(arg, depth - 1));
    }
    if (made?.name !== "getfield") return false;
    const field = this.method.statements[value - 1]?.operands[1]?.text ?? "";
    return this.bodies.some(({ released, pooled }) => released.has(field) || pooled.has(field));
  }

  /** Whether the statement looks at what a handle leads to, or hands it on to somebody who may. */
  looksBehind(position: number): boolean {
    const made = this.frame.heap.body.statements[position - 1];
    switch (made?.kind) {
      case "foreigncall":
      case "invoke":
      case "call":
      case "return":
        return true;
      case "intrinsic":
        return /^(?:pointerref|pointerset|atomic_pointer\w*|llvmcall)$/.test(made.name);
      default:
        return false;
    }
  }
}
