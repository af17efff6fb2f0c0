// Which C functions a method calls, itself or through callees whose text is at hand, and what decides whether
// it does: nothing, only what its first argument holds (a finalizer's object), or something else, such as the
// state of a library.

import { type DominatorTree, dominates, postDominatorTree } from "../../ir/dominator-tree.ts";
import { successorsOf } from "../../ir/graph.ts";
import type { BodyStatement, Value } from "../body.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import { keyOfInvoke } from "../summary.ts";

/** What a statement's being run depends on, the least first. */
export type Guard = "nothing" | "object" | "else";

export interface ForeignCall {
  /** Bare name of the C function; empty where it is called through a pointer. */
  readonly name: string;
  readonly guard: Guard;
}

/** So many methods are looked into at most. */
const methodLimit = 32;
/** In methods with more blocks it is not asked what decides. */
const blockLimit = 200;

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
      // Whose fields a callee looks at, and what flags it is handed, is not followed.
      const inCallee = next > 0 && own !== "nothing" ? "else" : own;
      const guard = inCallee === "nothing" ? visit.guard : inCallee;
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
  private readonly tree: DominatorTree;

  constructor(opened: OpenedMethod) {
    this.opened = opened;
    this.tree = postDominatorTree(opened.method.graph);
    this.branches = opened.body.statements.flatMap(({ name }, index) =>
      name === "gotoifnot" || name === "enter" ? [index + 1] : [],
    );
  }

  of(block: number): Guard {
    const { tree } = this;
    if (dominates(tree, block, 1)) return "nothing";
    const known = this.known.get(block);
    if (known !== undefined) return known;
    const { blockOf, graph, nBlocks } = this.opened.method;
    if (nBlocks > blockLimit) return "else";
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
        if (name === "enter" || !this.isFromObject(args)) guard = "else";
        else if (guard === "nothing") guard = "object";
      }
    }
    this.known.set(block, guard);
    return guard;
  }

  /** Whether the values come from fields of the first argument and constants only. */
  private isFromObject(values: readonly Value[]): boolean {
    const work = new Set(values);
    for (const value of work) {
      if (value === object) continue;
      if (value < 0) return false;
      if (value === 0) continue;
      const { kind, name, args } = this.opened.body.statements[value - 1] ?? nothing;
      if (kind === "alias") for (const arg of args) work.add(arg);
      else if (kind === "builtin" && name === "getfield") {
        // What a field leads to may be shared: the state of a library, say.
        if (args[1] !== object) return false;
      } else if (kind === "builtin" || (kind === "intrinsic" && !/pointer/.test(name))) {
        for (const arg of args.slice(1)) work.add(arg);
      } else if (kind !== "none") return false;
    }
    return true;
  }
}

/** The first argument behind the function itself. */
const object: Value = -2;

const nothing: Pick<BodyStatement, "kind" | "name" | "args"> = { kind: "none", name: "", args: [] };
