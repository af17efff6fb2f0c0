// Reads a plan back from IR into which it was written: calls of `finalize`, and calls of the bodies of dropped
// registrations. Bodies that were inlined cannot be told from other code and are not found.

import { type Method, operandValue } from "../../ir/method.ts";
import type { PlacedMethod, Placement, PlacementPoint } from "../../ir/placed.ts";
import { plainName } from "../literal.ts";
import { type RegistrationSite, registrationsOf } from "./registrations.ts";

export interface WrittenPlan {
  readonly placed: PlacedMethod;
  readonly sites: readonly RegistrationSite[];
  /** Positions of the calls. */
  readonly written: ReadonlySet<number>;
}

export function readPlan(method: Method, dropped: readonly RegistrationSite[]): WrittenPlan {
  const kept = registrationsOf({ method, placements: [], dropped: [] });
  const sites = [...kept, ...dropped].sort((a, b) => a.position - b.position);
  const placements: Placement[] = [];
  const written = new Set<number>();
  method.statements.forEach((statement, index) => {
    const { kind, callee, operands } = statement;
    const isCall = kind === "invoke" || kind === "call";
    const isC = kind === "foreigncall" && /^jl_finalize/.test(operands[0]?.text ?? "");
    if (!(isCall || isC)) return;
    const name = callee === null ? "" : plainName(nameText(method, callee));
    const values = operands
      .map((operand) => operandValue(method, operand))
      .filter((one) => one !== 0);
    const isFinalize = isC || name === "finalize";
    const of = dropped.filter((site) => site.bodyName === name);
    const [value] = values;
    if (value === undefined || (!isFinalize && (of.length === 0 || operands.length !== 1))) return;
    const registrations = (isFinalize ? kept : of).map((site) => site.position);
    const mode = isFinalize ? "finalize" : "inline-body";
    const point = pointOf(method, index + 1, written);
    placements.push({ point, value, registrations, mode });
    written.add(index + 1);
  });
  const positions = dropped.map((site) => site.position);
  return { placed: { method, placements, dropped: positions }, sites, written };
}

/** Where a call of the plan stands: at the head of a handler, or behind its own place. */
function pointOf(method: Method, position: number, written: ReadonlySet<number>): PlacementPoint {
  // Up to 1.10 a handler begins with its `leave`, which ends a block.
  const isHead = (one: number): boolean =>
    written.has(one) || /^(?:phic|leave)$/.test(method.statements[one - 1]?.kind ?? "");
  for (let first = position; first > 0; first--) {
    const block = method.blockOf[first] ?? 0;
    if (method.handlers.has(block) && method.firstOf[block] === first) return { block };
    if (!isHead(first - 1)) break;
  }
  return { after: position };
}

/** The callee as the text has it; of a closure made here its type. */
function nameText(
  method: Method,
  callee: { readonly start: number; readonly end: number },
): string {
  const text = method.text.slice(callee.start, callee.end);
  const made = /^%(\d+)$/.exec(text)?.[1];
  const type = made === undefined ? undefined : method.statements[Number(made) - 1]?.operands[0];
  return type === undefined ? text : method.text.slice(type.start, type.end);
}
