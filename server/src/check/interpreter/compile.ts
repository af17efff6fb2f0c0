// Makes a method ready to run: operands are resolved, callees are looked up, and placements are put where
// they take effect.

import { at, successorsOf } from "../../ir/graph.ts";
import { blockWithLabel, lastOf, type Method } from "../../ir/method.ts";
import type { PlacedMethod, Placement } from "../../ir/placed.ts";
import type { Statement } from "../../syntax/tree.ts";
import { plainName } from "../literal.ts";
import { Liveness, usesOfPlacements } from "../liveness.ts";
import { nameOfMethod, type Program, varargOf } from "../program.ts";
import { regionsOf } from "../region.ts";
import { actionOf } from "./action.ts";
import type { Block, Code, Phi, Read, Step, Terminator } from "./code.ts";
import { readerOf } from "./operand.ts";

const none: ReadonlySet<string> = new Set();

/**
 * The code of a method with its placements; none for an ordinary callee.
 *
 * @param bodies names of bodies that the method calls in place of dropped registrations
 * @param own names of callees whose calls the method with which it is compared may not have
 */
export function compile(
  placed: PlacedMethod,
  program: Program,
  bodies: ReadonlySet<string> = none,
  own: ReadonlySet<string> = none,
): Code {
  const { method, placements, dropped } = placed;
  const extra = usesOfPlacements(method, placements);
  let liveness: Liveness | null = null;
  let need: Liveness | null = null;
  const edges = new Map<number, Placement[]>();
  for (const one of placements) {
    if (!("edge" in one.point)) continue;
    const [from, to] = one.point.edge;
    push(edges, from * (method.nBlocks + 1) + to, one);
  }
  const blocks: Block[] = [emptyBlock];
  const watched = new Set(placements.flatMap(({ registrations }) => [...registrations]));
  for (let block = 1; block <= method.nBlocks; block++) {
    blocks.push(blockOf(method, block, placements, watched, own, program));
  }
  return {
    method,
    name: nameOfMethod(method) ?? "?",
    blocks,
    edges,
    dropped: new Set(dropped),
    bodies,
    liveness: () => {
      liveness ??= new Liveness(method, extra);
      return liveness;
    },
    need: () => {
      need ??= new Liveness(method, new Map());
      return need;
    },
    countsRegions: regionsOf(method).counts,
    hasPlacements: placements.length > 0,
    vararg: varargOf(method),
  };
}

const emptyBlock: Block = {
  phis: [],
  steps: [],
  terminator: { kind: "unreachable" },
  before: [],
  head: [],
};

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function blockOf(
  method: Method,
  block: number,
  placements: readonly Placement[],
  watched: ReadonlySet<number>,
  own: ReadonlySet<string>,
  program: Program,
): Block {
  const phis: Phi[] = [];
  const steps: Step[] = [];
  const first = at(method.firstOf, block);
  const last = lastOf(method, block);
  const final = method.statements[last - 1];
  const terminator = terminatorOf(method, block, final, program);
  const end = terminator.kind === "fall" ? last : last - 1;
  const head: Placement[] = [];
  const before: Placement[] = [];
  for (const one of placements) {
    if (!("block" in one.point) || one.point.block !== block) continue;
    (one.point.beforePhi === true ? before : head).push(one);
  }
  for (let position = first; position <= end; position++) {
    const statement = method.statements[position - 1];
    if (statement === undefined) continue;
    const after = placements.filter(({ point }) => "after" in point && point.after === position);
    if (statement.kind === "phi") {
      phis.push(phiOf(method, statement, position, program));
      head.push(...after);
    } else {
      const act = actionOf(method, statement, position, watched.has(position), program);
      const isSafepoint = mayCollect(statement);
      const isCounted = !own.has(plainName(statement.callee?.text ?? ""));
      steps.push({ position, act, isSafepoint, isCounted, after });
    }
  }
  // φᶜ nodes stand first and yield no control; placements at the head come behind them.
  const [behind] = successorsOf(method.graph, block);
  const late = placements.filter(({ point }) => "after" in point && point.after === last);
  if (end < last && late.length > 0 && behind !== undefined) {
    const act = (): undefined => undefined;
    steps.push({ position: last, act, isSafepoint: false, isCounted: false, after: late });
  }
  return { phis, steps, terminator, before, head };
}

function mayCollect({ kind }: Statement): boolean {
  return (
    kind === "call" ||
    kind === "invoke" ||
    kind === "new" ||
    kind === "splatnew" ||
    kind === "foreigncall"
  );
}

function phiOf(method: Method, statement: Statement, position: number, program: Program): Phi {
  const from = new Map<number, Read>();
  statement.operands.forEach((operand, edge) => {
    const block = blockWithLabel(method, statement.blocks[edge]?.label ?? 0);
    from.set(block, readerOf(method, operand, program));
  });
  return { position, from };
}

function terminatorOf(
  method: Method,
  block: number,
  statement: Statement | undefined,
  program: Program,
): Terminator {
  const target = blockWithLabel(method, statement?.blocks[0]?.label ?? 0);
  const [operand] = statement?.operands ?? [];
  switch (statement?.kind) {
    case "goto":
      return { kind: "goto", target };
    case "gotoifnot": {
      const condition = operand === undefined ? () => true : readerOf(method, operand, program);
      return { kind: "branch", condition, target };
    }
    case "return": {
      const value = operand === undefined ? () => null : readerOf(method, operand, program);
      return { kind: "return", value };
    }
    case "unreachable":
      return { kind: "unreachable" };
    case "enter":
      return { kind: "enter", handler: target, position: lastOf(method, block) };
    default:
      return { kind: "fall" };
  }
}
