// Why a placement stands where it does although the checkers would let it stand earlier: what the law asks
// and no path or run can show, found out from the text alone.
// Source: spec early-plan.md §1, §3, §7.

import { Liveness, usesOfPlacements } from "../../../server/src/check/liveness.ts";
import { nameOfCallee, type Program } from "../../../server/src/check/program.ts";
import { handlerOf } from "../../../server/src/check/region.ts";
import { predecessorsOf, reachableFrom, successorsOf } from "../../../server/src/ir/graph.ts";
import { eachOperand, type Method, operandValue } from "../../../server/src/ir/method.ts";
import type { Placement, PlacementPoint } from "../../../server/src/ir/placed.ts";
import type { Statement } from "../../../server/src/syntax/tree.ts";
import type { Moved } from "./earlier.ts";

export type Reason =
  | "registration" // earlier it is not registered, and finalizing does nothing
  | "resource" // what was read from the object is used there
  | "throw" // it could throw into a handler, for all that the text says; there the object is needed
  | "lock" // finalizers are held back there
  | "finalize" // the program finalizes it there itself
  | "comparison"; // it is told from other objects there, or its type is asked: a use, into which no checker looks

/** The law's reason against the moved placement; null where none is known. */
export function reasonAgainst(
  program: Program,
  method: Method,
  placement: Placement,
  moved: Moved,
): Reason | null {
  const { crossed, points } = moved;
  if (placement.registrations.includes(crossed)) return "registration";
  const statement = method.statements[crossed - 1];
  if (statement?.callee?.text.startsWith("finalize")) return "finalize";
  if (statement !== undefined && comparesObject(method, statement, placement.value))
    return "comparison";
  if (statement !== undefined && readsLoaded(method, crossed)) return "resource";
  if (statement !== undefined && mayThrowIntoHandler(program, method, crossed)) return "throw";
  if ("edge" in placement.point && comparesOnAnotherWay(method, placement.point.edge, placement))
    return "comparison";
  const depths = lockDepths(method);
  return points.some((point) => depthAt(depths, point) > 0) ? "lock" : null;
}

/**
 * Whether the statement is in a region with a handler, and is a C call or calls a method with one, or makes an object of a type that no
 * line of the text declares. The checkers know C functions by name, and no type that refuses its fields.
 */
function mayThrowIntoHandler(program: Program, method: Method, position: number): boolean {
  const { regionAtHead } = new Liveness(method, usesOfPlacements(method, []));
  if (handlerOf(regionAtHead[method.blockOf[position] ?? 0] ?? null) === 0) return false;
  const statement = method.statements[position - 1];
  if (statement === undefined) return false;
  const isC = ({ kind }: Statement): boolean => kind === "foreigncall";
  if (isC(statement) || calleeOf(program, method, statement)?.statements.some(isC)) return true;
  const type = statement.kind === "new" ? statement.operands[0]?.text : undefined;
  const declared = method.header.types.map(({ name }) => name);
  return type !== undefined && !declared.includes(type.replace(/^Main\.|\{.*$/g, ""));
}

function calleeOf(program: Program, method: Method, statement: Statement): Method | null {
  if (statement.kind !== "invoke") return null;
  const types = statement.operands.map(({ annotation }) =>
    annotation === null ? "" : method.text.slice(annotation.start, annotation.end),
  );
  return program.resolve(nameOfCallee(method, statement.callee), types);
}

/** Before the branch it would be finalized on the other way as well; whether it is compared there. */
function comparesOnAnotherWay(
  method: Method,
  [from, to]: readonly [number, number],
  { value }: Placement,
): boolean {
  const others = [...successorsOf(method.graph, from)].filter((one) => one !== to);
  const reached = reachableFrom(method.graph, others);
  return method.statements.some(
    (statement, index) =>
      reached[method.blockOf[index + 1] ?? 0] === 1 && comparesObject(method, statement, value),
  );
}

/** Whether a comparison or a check of types names a value of the object's type. */
function comparesObject(
  method: Method,
  statement: Method["statements"][number],
  object: number,
): boolean {
  const typeOf = (value: number): string => {
    const type = value > 0 ? method.statements[value - 1]?.type : null;
    return type ? method.text.slice(type.start, type.end) : "";
  };
  const isOne = /^(?:===|isa|typeassert)$/.test(statement.callee?.text ?? "");
  return (
    isOne &&
    statement.operands.some((one) => {
      const value = operandValue(method, one);
      return value !== 0 && (value === object || typeOf(value) === typeOf(object));
    })
  );
}

/** Whether an operand of the statement was loaded from some object, or is a copy of something loaded. */
function readsLoaded(method: Method, position: number): boolean {
  const seen = new Set<number>();
  const work = [position];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const statement = method.statements[at - 1];
    if (statement === undefined) continue;
    let isLoaded = false;
    eachOperand(statement, (operand) => {
      const value = operandValue(method, operand);
      const made = method.statements[value - 1];
      if (value <= 0 || made === undefined || seen.has(value)) return;
      seen.add(value);
      if (made.callee?.text === "getfield") isLoaded = true;
      if (
        /^(?:phi|pi|new)$/.test(made.kind) ||
        /^(?:tuple|bitcast|add_ptr)$/.test(made.callee?.text ?? "")
      )
        work.push(value);
    });
    if (isLoaded) return true;
  }
  return false;
}

/** By position: how many regions that hold finalizers back may be open behind it; 0: block heads, negated. */
function lockDepths(method: Method): Map<string, number> {
  const depths = new Map<string, number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (let block = 1; block <= method.nBlocks; block++) {
      let depth = 0;
      for (const from of predecessorsOf(method.graph, block)) {
        depth = Math.max(depth, depths.get(`end ${from}`) ?? 0);
        // An exception may come anywhere in a region.
        if (method.handlers.has(block)) depth = Math.max(depth, ...depths.values());
      }
      const set = (key: string): void => {
        if (depths.get(key) === depth) return;
        depths.set(key, depth);
        changed = true;
      };
      set(`head ${block}`);
      const end = method.firstOf[block + 1] ?? 0;
      for (let position = method.firstOf[block] ?? 0; position < end; position++) {
        const name = method.statements[position - 1]?.callee?.text ?? "";
        if (/^(?:lock|trylock|disable_finalizers)$/.test(name)) depth = Math.min(8, depth + 1);
        if (/^(?:unlock|enable_finalizers)$/.test(name)) depth = Math.max(0, depth - 1);
        set(`after ${position}`);
      }
      set(`end ${block}`);
    }
  }
  return depths;
}

function depthAt(depths: ReadonlyMap<string, number>, point: PlacementPoint): number {
  if ("after" in point) return depths.get(`after ${point.after}`) ?? 0;
  return depths.get("edge" in point ? `end ${point.edge[0]}` : `head ${point.block}`) ?? 0;
}
