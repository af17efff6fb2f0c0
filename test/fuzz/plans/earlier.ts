// Moves one placement of a plan one step against the flow of control.

import { predecessorsOf } from "../../../server/src/ir/graph.ts";
import { lastOf, type Method, operandValue } from "../../../server/src/ir/method.ts";
import type { PlacedMethod, Placement, PlacementPoint } from "../../../server/src/ir/placed.ts";

/** A plan with one placement moved. */
export interface Moved {
  readonly placed: PlacedMethod;
  /** Statements that the placement stands before now and stood behind; none across a branch or a merge. */
  readonly crossed: number;
  /** The placements that took its place. */
  readonly points: readonly PlacementPoint[];
}

/**
 * The plan with `placement` one step earlier: before the statement that it stands behind; from an edge to
 * before the branch, for all edges of the branch; from the head of a block to all edges that lead there.
 * Null where there is no earlier point: the object is made there, or a handler begins, into which no edge
 * leads that code could stand on.
 */
export function moveEarlier(placed: PlacedMethod, placement: Placement): Moved | null {
  const { method, placements } = placed;
  const { point, value } = placement;
  if ("block" in point) return null;
  const block = "edge" in point ? point.edge[0] : (method.blockOf[point.after] ?? 0);
  const last = "edge" in point ? behindOf(method, block) : point.after;
  const isBranch =
    "edge" in point && method.statements[lastOf(method, block) - 1]?.kind === "gotoifnot";
  // A branch is crossed by itself, and takes the placements on its other edge along.
  const behind = isBranch ? last : last - 1;
  if (!isBranch && last === value) return null;
  const isSame = (one: Placement): boolean =>
    one === placement ||
    (isBranch &&
      one.registrations === placement.registrations &&
      "edge" in one.point &&
      one.point.edge[0] === block);
  const crossed = isBranch || last < behindJoins(method, block) ? 0 : last;
  const made = placementsBehind(method, placement, block, behind);
  if (made === null) return null;
  const rest = placements.filter((one) => !isSame(one));
  return {
    placed: { ...placed, placements: [...rest, ...made] },
    crossed,
    points: made.map((one) => one.point),
  };
}

/** Behind the statement; where that is not one of the block, at the handler's head, or on all edges in. */
function placementsBehind(
  method: Method,
  placement: Placement,
  block: number,
  position: number,
): Placement[] | null {
  if (position >= behindJoins(method, block)) return [{ ...placement, point: { after: position } }];
  if (method.handlers.has(block)) return [{ ...placement, point: { block } }];
  return onEdgesInto(method, placement, block);
}

/** The last statement of the block behind which code can stand, its first position − 1 if there is none. */
function behindOf(method: Method, block: number): number {
  const last = lastOf(method, block);
  return /^(?:goto|gotoifnot|enter)$/.test(method.statements[last - 1]?.kind ?? "")
    ? last - 1
    : last;
}

/** The first statement of the block that is no φ. */
function behindJoins(method: Method, block: number): number {
  let at = method.firstOf[block] ?? 0;
  while (/^(?:phi|phic)$/.test(method.statements[at - 1]?.kind ?? "")) at++;
  return at;
}

/** A placement on each edge into the block, under the names that the object has there. */
function onEdgesInto(method: Method, placement: Placement, block: number): Placement[] | null {
  if (block === 1) return null;
  const made: Placement[] = [];
  for (const from of new Set(predecessorsOf(method.graph, block))) {
    const value = nameOnEdge(method, placement.value, from, block);
    if (value === 0) return null;
    made.push({ ...placement, value, point: { edge: [from, block] } });
  }
  return made;
}

function nameOnEdge(method: Method, value: number, from: number, block: number): number {
  const statement = method.statements[value - 1];
  if (statement?.kind !== "phi" || method.blockOf[value] !== block) return value;
  const edge = statement.blocks.findIndex(
    ({ label }) => label === method.syntax.blocks[from - 1]?.label,
  );
  const operand = statement.operands[edge];
  return operand === undefined ? 0 : operandValue(method, operand);
}
