// Mistakes of a program that freeing early turns from latent into certain. Each is shown by a path in
// the text; where the text cannot tell, nothing is said.
// Source: design §2 ("Hazards"), spec early-plan.md §7, §9; finalizer-inlining.md §11.

import type { HazardCode } from "../../diagnostics/codes.ts";
import { dominates, postDominatorTree } from "../../ir/dominator-tree.ts";
import { successorsOf } from "../../ir/graph.ts";
import { idOf, type Method } from "../../ir/method.ts";
import type { Value } from "../body.ts";
import { foreignName } from "../effects/foreigncall.ts";
import type { Insertion } from "../finalizer/ladder.ts";
import type { Registration } from "../finalizer/registration.ts";
import {
  escapePositions,
  type FollowedObject,
  type FollowedSite,
  isNeededAfter,
} from "../lifetime/follow.ts";
import { isPointer } from "../plan/follow.ts";
import { type Frame, mayThrow } from "../plan/frame.ts";
import { stateAfter } from "../plan/track.ts";
import { keyOfInvoke } from "../summary.ts";
import { type BodyFacts, bodyFacts } from "./body-facts.ts";

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

/** The hazards of the objects of one plan, each code and statement once, in text order. */
export function hazardsOf(
  frame: Frame,
  followed: FollowedObject,
  insertions: readonly (Insertion | null)[],
): Hazard[] {
  return new Search(frame, followed).run(insertions);
}

const freeing = /^(?:finalize|unsafe_free!|unsafe_finalize!|free!?|destroy!?|dealloc!?|release!?)$/;
const asking = /^(?:isopen|isvalid|show|print|println|string|objectid|hash|isequal)$/;
const asynchronous =
  /^(?:MPI_I(?:send|recv|bcast|allreduce|reduce|gather|scatter)\w*|cu\w*Async\w*|cuda\w*Async\w*|hip\w*Async\w*|aio_(?:read|write)|uv_(?:fs_)?(?:read|write)\w*|io_uring_prep\w*)$/;
const waiting = /wait|sync|_test|join|fence|finish/i;
const collective =
  /^(?:MPI_(?:Comm|Win|File|Group|Datatype)_(?:free|close|disconnect)|ncclComm\w*Destroy|n?v?shmem_free|H5Fclose|H5Dclose)$/;
const bound =
  /^(?:(?:gl|egl|wgl)[A-Z]\w*|glX\w*|gtk_\w*|SDL_\w*|glfw\w*|cuCtxDestroy\w*|Py_DecRef)$/;

class Search {
  private readonly frame: Frame;
  private readonly followed: FollowedObject;
  private readonly method: Method;
  private readonly bodies: readonly BodyFacts[];
  private readonly found = new Map<string, Hazard>();

  constructor(frame: Frame, followed: FollowedObject) {
    this.frame = frame;
    this.followed = followed;
    this.method = frame.opened.method;
    this.bodies = followed.registrations.map((one) => bodyFacts(frame.environment, one));
  }

  run(insertions: readonly (Insertion | null)[]): Hazard[] {
    this.freesByHand();
    this.freesInLocks(insertions);
    this.boundFrees();
    this.collectiveFrees();
    for (const site of this.followed.sites) {
      if (escapePositions(site.need).length > 0) continue;
      this.handles(site);
      this.running(site);
      this.children(site);
    }
    return [...this.found.values()].sort((a, b) => a.position - b.position);
  }

  private say(
    code: HazardCode,
    position: number,
    message: string,
    related = 0,
    relatedMessage = "",
  ): void {
    const key = `${code} ${position}`;
    if (position < 1 || this.found.has(key)) return;
    const registration = this.followed.registrations[0]?.position ?? position;
    this.found.set(key, { position, code, message, registration, related, relatedMessage });
  }

  private id(position: number): string {
    return `\`%${idOf(this.method, position)}\``;
  }

  private args(position: number): readonly Value[] {
    return this.frame.heap.body.statements[position - 1]?.args ?? [];
  }

  /** The name of what a call calls, without its module. */
  private nameAt(position: number): string {
    const statement = this.method.statements[position - 1];
    if (statement?.kind === "foreigncall") return foreignName(statement.operands[0]);
    if (statement?.kind !== "invoke" && statement?.kind !== "call") return "";
    return (statement.callee?.text ?? "").replace(/^.*\.(?=\w)/, "");
  }

  /** The value that a chain of π nodes and copies names. */
  private root(value: Value): Value {
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

  // Frees that the program makes by itself.

  private freesByHand(): void {
    const { plan, registrations } = this.followed;
    const roots = new Set<Value>([
      ...plan.sites,
      ...registrations.map(({ object }) => this.root(object)).filter((one) => one > 0),
    ]);
    for (const root of roots) {
      const frees: number[] = [];
      this.method.statements.forEach((_, index) => {
        if (this.freesValue(index + 1, root)) frees.push(index + 1);
      });
      for (const free of frees) this.behindFree(root, free);
      const [first] = frees;
      if (first !== undefined) this.skipped(root, frees);
    }
  }

  private freesValue(position: number, root: Value): boolean {
    const statement = this.method.statements[position - 1];
    if (statement === undefined || !this.args(position).some((arg) => this.root(arg) === root)) {
      return false;
    }
    const name = this.nameAt(position);
    if (statement.kind === "foreigncall") return name === "jl_finalize_th";
    if (statement.kind !== "invoke" && statement.kind !== "call") return false;
    return freeing.test(name) || this.isBody(position);
  }

  private isBody(position: number): boolean {
    const statement = this.method.statements[position - 1];
    if (statement?.kind !== "invoke") return false;
    const key = keyOfInvoke(this.method, statement);
    return key !== null && this.bodies.some((body) => body.key === key);
  }

  private behindFree(root: Value, free: number): void {
    const name = this.nameAt(free);
    const isGuarded = this.bodies.every((body) => body.isGuarded);
    if (this.isBody(free) && !isGuarded && !freeing.test(name)) {
      const registration = this.followed.registrations[0]?.position ?? 0;
      this.say(
        "hazard/double-finalize",
        free,
        `the finalizer's body is called by hand, and the registration will call it once more`,
        registration,
        "registered here",
      );
    }
    for (const position of this.reached(free, root)) {
      if (this.freesValue(position, root)) {
        this.say(
          "hazard/double-finalize",
          position,
          `the object was freed by ${this.id(free)} already`,
          free,
          "freed here",
        );
      } else if (this.isRealUse(position, root)) {
        this.say(
          "hazard/use-after-finalize",
          position,
          `the object is used after it was freed by ${this.id(free)}`,
          free,
          "freed here",
        );
      }
    }
  }

  /** A use that needs what the finalizer released: not asking whether it is open, nor other fields. */
  private isRealUse(position: number, root: Value): boolean {
    const made = this.frame.heap.body.statements[position - 1];
    if (made === undefined || !made.args.some((arg) => this.root(arg) === root)) return false;
    if (made.kind === "invoke" || made.kind === "call") return !asking.test(this.nameAt(position));
    if (made.kind === "foreigncall") return !made.name.startsWith("jl_gc_add_");
    if (made.kind !== "builtin" || made.name !== "getfield") return false;
    const field = this.method.statements[position - 1]?.operands[1]?.text ?? "";
    const { reads } = this.followed;
    return reads === null ? isPointer(this.frame, position) : reads.has(field);
  }

  /** Positions that follow on some path before the value is made anew. */
  private reached(from: number, root: Value): number[] {
    const { method } = this;
    const found: number[] = [];
    const seen = new Uint8Array(method.nBlocks + 1);
    const work: (readonly [number, number])[] = [[method.blockOf[from] ?? 0, from + 1]];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const [block, start] = next;
      const end = method.firstOf[block + 1] ?? 0;
      let position = start;
      for (; position < end && position !== root; position++) found.push(position);
      if (position < end) continue;
      for (const to of successorsOf(method.graph, block)) {
        if (seen[to] === 1) continue;
        seen[to] = 1;
        work.push([to, method.firstOf[to] ?? 0]);
      }
    }
    return found;
  }

  /** A call that may throw stands between the object's making and its free, and nobody catches it. */
  private skipped(root: Value, frees: readonly number[]): void {
    if (root < 1) return;
    const behind = this.reached(root, root);
    const free = frees.find((one) => behind.includes(one));
    if (free === undefined) return;
    const stop = new Set(frees);
    for (const position of behind) {
      const kind = this.frame.heap.body.statements[position - 1]?.kind;
      if (kind !== "invoke" && kind !== "call") continue;
      if (stop.has(position) || (this.frame.handlers?.[position] ?? 0) > 0) continue;
      if (!mayThrow(this.frame, position)) continue;
      // Behind every free the exception skips nothing.
      if (!this.reached(position, root).some((one) => stop.has(one))) continue;
      this.say(
        "hazard/free-skipped-by-exception",
        free,
        `an exception at ${this.id(position)} skips this free; the object is then left to the garbage collector`,
        position,
        "may throw",
      );
      return;
    }
  }

  // Where the finalizer runs.

  private freesInLocks(insertions: readonly (Insertion | null)[]): void {
    const depth = this.frame.heldBack?.behind ?? null;
    if (depth === null || !this.bodies.some((body) => body.locks)) return;
    const message = "the finalizer's body takes a lock, and runs here inside a lock region";
    for (const insertion of insertions) {
      if (insertion === null) continue;
      const at =
        "after" in insertion ? insertion.after : (this.method.firstOf[insertion.block] ?? 0);
      if ((depth[at] ?? 0) > 0) this.say("hazard/finalize-in-lock", at, message);
    }
    const { plan } = this.followed;
    this.method.statements.forEach((_, index) => {
      const position = index + 1;
      if ((depth[position] ?? 0) === 0) return;
      if (plan.sites.some((site) => this.freesValue(position, site))) {
        this.say("hazard/finalize-in-lock", position, message);
      }
    });
  }

  private boundFrees(): void {
    this.followed.registrations.forEach(({ position }: Registration, index) => {
      const name = [...(this.bodies[index]?.foreign ?? [])].find((one) => bound.test(one));
      if (name === undefined) return;
      this.say(
        "hazard/thread-bound-free",
        position,
        `the finalizer calls \`${name}\`, which belongs to one thread or context; the garbage collector may run it on any`,
      );
    });
  }

  private collectiveFrees(): void {
    const { plan, registrations } = this.followed;
    const name = this.bodies.flatMap((one) => [...one.foreign]).find((one) => collective.test(one));
    const at = registrations[0]?.position ?? 0;
    if (name === undefined) return;
    const { blockOf, graph } = this.method;
    const tree = postDominatorTree(graph);
    const isOnEveryPath =
      plan.placements.length === 1 &&
      plan.everyPath &&
      plan.placements.every(
        ({ point }) =>
          "after" in point && dominates(tree, blockOf[point.after] ?? 0, blockOf[at] ?? 0),
      );
    if (isOnEveryPath) return;
    this.say(
      "hazard/collective-free",
      at,
      `the finalizer calls \`${name}\`, which all processes must call together, but no one point frees the object on all paths`,
    );
  }

  // Handles that are read from the object.

  /** Values in use at `position` that were read from the object, and are not the object. */
  private handlesAt({ need, resource }: FollowedSite, position: number): Value[] {
    const block = this.method.blockOf[position] ?? 0;
    const nodes = (resource.byBlock.get(block) ?? []).filter((node) => node.from < position);
    return this.args(position).filter((arg) => {
      const bit = resource.steps.bitOf.get(arg) ?? 0n;
      if (bit === 0n || need.steps.bitOf.has(arg) || !this.isHandle(arg, 16)) return false;
      return nodes.some((node) => (stateAfter(node, position - 1).may & bit) !== 0n);
    });
  }

  /** A raw pointer, something made of one, or a field that the finalizer hands to C. */
  private isHandle(value: Value, depth: number): boolean {
    if (value < 1 || depth === 0) return false;
    if (isPointer(this.frame, value)) return true;
    const made = this.frame.heap.body.statements[value - 1];
    if (made?.kind === "new" || made?.kind === "alias" || made?.name === "tuple") {
      return made.args.some((arg) => this.isHandle(arg, depth - 1));
    }
    if (made?.name !== "getfield") return false;
    const field = this.method.statements[value - 1]?.operands[1]?.text ?? "";
    return this.bodies.some((body) => body.released.has(field));
  }

  /** Whether the statement looks at what a handle leads to, or hands it on to somebody who may. */
  private looksBehind(position: number): boolean {
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

  private isDead({ need }: FollowedSite, position: number): boolean {
    return !isNeededAfter(need, this.method.blockOf[position] ?? 0, position - 1);
  }

  private handles(site: FollowedSite): void {
    const positions = new Set(site.resource.nodes.flatMap(({ uses }) => uses));
    for (const { escapes } of site.resource.nodes)
      for (const one of escapes) positions.add(one.position);
    this.method.statements.forEach((statement, index) => {
      if (statement.kind === "return") positions.add(index + 1);
    });
    for (const position of [...positions].sort((a, b) => a - b)) {
      if (!this.looksBehind(position) || !this.isDead(site, position)) continue;
      const [handle] = this.handlesAt(site, position);
      if (handle === undefined) continue;
      this.say(
        "hazard/handle-outlives-owner",
        position,
        `${this.id(handle)} was read from ${this.id(site.site)}, whose finalizer may have run by now: nothing preserves it`,
        site.site,
        "the owner",
      );
    }
  }

  /** Foreign code that goes on behind its call, and is not waited for while the object is alive. */
  private running(site: FollowedSite): void {
    this.method.statements.forEach((statement, index) => {
      const position = index + 1;
      if (statement.kind !== "foreigncall" || !asynchronous.test(this.nameAt(position))) return;
      const isPassed =
        this.handlesAt(site, position).length > 0 ||
        this.args(position).some((arg) => this.root(arg) === site.site);
      if (!isPassed) return;
      const isAwaited = this.reached(position, site.site).some(
        (one) => waiting.test(this.nameAt(one)) && !this.isDead(site, one),
      );
      if (isAwaited) return;
      this.say(
        "hazard/foreign-code-holds-it",
        position,
        `\`${this.nameAt(position)}\` goes on using what ${this.id(site.site)} owns, and nothing waits for it while the object is alive`,
        site.site,
        "the owner",
      );
    });
  }

  /** A handle made from the parent's handle, kept in an object that outlives the parent. */
  private children(parent: FollowedSite): void {
    const { heap } = this.frame;
    const object = heap.heap.objectMadeAt(parent.site);
    const derived = new Map<Value, number>();
    heap.body.statements.forEach((made, index) => {
      const position = index + 1;
      if (made.kind === "foreigncall") {
        if (this.handlesAt(parent, position).length > 0) derived.set(position, position);
        return;
      }
      const from = made.args.map((arg) => derived.get(arg)).find((one) => one !== undefined);
      if (from === undefined) return;
      if (made.kind === "alias" || made.name === "bitcast") derived.set(position, from);
      if (made.kind !== "new" || position === parent.site) return;
      const child = heap.heap.objectMadeAt(position);
      const isHolding = child >= 0 && heap.heap.reach([child]).has(object);
      this.child(parent, position, isHolding);
    });
  }

  private child(parent: FollowedSite, child: number, isHolding: boolean): void {
    for (const position of this.reached(child, child)) {
      if (!this.looksBehind(position) || !this.isDead(parent, position)) continue;
      const isUsed = this.args(position).some((arg) => {
        if (this.root(arg) === child) return !isHolding;
        const made = this.frame.heap.body.statements[arg - 1];
        return (
          made?.name === "getfield" &&
          this.root(made.args[1] ?? 0) === child &&
          isPointer(this.frame, arg)
        );
      });
      if (!isUsed) continue;
      this.say(
        "hazard/child-outlives-parent",
        position,
        `${this.id(child)} was opened through ${this.id(parent.site)}, whose finalizer may have run by now`,
        parent.site,
        "the parent",
      );
      return;
    }
  }
}
