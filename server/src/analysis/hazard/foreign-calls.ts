// Which C functions a method calls, itself or through callees whose text is at hand, and what decides whether
// it does: nothing, only what its own arguments hold, or something else, such as the state of a library.

import { dominates, postDominatorTree } from "../../ir/dominator-tree.ts";
import { successorsOf } from "../../ir/graph.ts";
import { type BodyStatement, globalValue, type Value } from "../body.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import { keyOfInvoke } from "../summary.ts";

/** What a statement's being run depends on, the least first. */
export type Guard = "nothing" | "arguments" | "else";

export interface ForeignCall {
  /** Bare name of the C function; empty where it is called through a pointer. */
  readonly name: string;
  readonly guard: Guard;
}

/** So many methods are looked into at most. */
const methodLimit = 32;

/** The C functions that the method with `key` calls; empty where its text is not at hand. */
export function foreignCallsOf(environment: Environment, key: string): ForeignCall[] {
  const found: ForeignCall[] = [];
  const queue: { readonly key: string; readonly guard: Guard }[] = [{ key, guard: "nothing" }];
  const seen = new Set([key]);
  for (let next = 0; next < Math.min(queue.length, methodLimit); next++) {
    const visit = queue[next];
    const opened = visit === undefined ? null : environment.open(visit.key);
    if (visit === undefined || opened === null) continue;
    const guards = new Guards(opened);
    opened.body.statements.forEach((made, index) => {
      if (made.kind !== "foreigncall" && made.kind !== "invoke") return;
      const own = guards.of(opened.method.blockOf[index + 1] ?? 0);
      // What a callee's arguments hold, its caller has decided.
      const guard = visit.guard === "nothing" ? own : own === "else" ? own : visit.guard;
      if (made.kind === "foreigncall") {
        found.push({ name: made.name, guard });
        return;
      }
      const statement = opened.method.statements[index];
      const callee = statement === undefined ? null : keyOfInvoke(opened.method, statement);
      if (callee === null || seen.has(callee)) return;
      seen.add(callee);
      queue.push({ key: callee, guard });
    });
  }
  return found;
}

/** On which branches the blocks of one method hang. */
class Guards {
  private readonly opened: OpenedMethod;
  private readonly known = new Map<number, Guard>();
  private readonly branches: readonly number[];

  constructor(opened: OpenedMethod) {
    this.opened = opened;
    this.branches = opened.body.statements.flatMap(({ name }, index) =>
      name === "gotoifnot" || name === "enter" ? [index + 1] : [],
    );
  }

  of(block: number): Guard {
    if (this.branches.length === 0) return "nothing";
    const known = this.known.get(block);
    if (known !== undefined) return known;
    const { blockOf, graph } = this.opened.method;
    const tree = postDominatorTree(graph);
    const blocks = new Set([block]);
    let guard: Guard = "nothing";
    for (const one of blocks) {
      for (const branch of this.branches) {
        const from = blockOf[branch] ?? 0;
        const isDecided =
          (from === one || !dominates(tree, one, from)) &&
          [...successorsOf(graph, from)].some((next) => dominates(tree, one, next));
        if (!isDecided) continue;
        blocks.add(from);
        const { name, args } = this.opened.body.statements[branch - 1] ?? nothing;
        if (name === "enter" || !this.isFromArguments(args)) guard = "else";
        else if (guard === "nothing") guard = "arguments";
      }
    }
    this.known.set(block, guard);
    return guard;
  }

  private isFromArguments(values: readonly Value[]): boolean {
    const work = new Set(values);
    for (const value of work) {
      if (value === globalValue) return false;
      if (value <= 0) continue;
      const { kind, args } = this.opened.body.statements[value - 1] ?? nothing;
      if (kind === "builtin" || kind === "intrinsic")
        for (const arg of args.slice(1)) work.add(arg);
      else if (kind === "alias") for (const arg of args) work.add(arg);
      else if (kind !== "none") return false;
    }
    return true;
  }
}

const nothing: Pick<BodyStatement, "kind" | "name" | "args"> = { kind: "none", name: "", args: [] };
