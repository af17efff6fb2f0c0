// The statements of a method that register finalizers, or that a plan takes for registering.

import { type Method, operandValue } from "../../ir/method.ts";
import type { PlacedMethod } from "../../ir/placed.ts";
import type { Statement } from "../../syntax/tree.ts";
import type { Layouts } from "../layout.ts";
import { plainName } from "../literal.ts";
import { copySources, loadSource } from "./alias.ts";
import type { CaptureTable } from "./capture.ts";

export interface RegistrationSite {
  readonly position: number;
  /** The value that gets the finalizer; of a call that returns a fresh object, the call itself. */
  readonly object: number;
  /** The value that is the finalizer's function; 0 for a constant. */
  readonly body: number;
  /** Name of the body; empty where it is not known. */
  readonly bodyName: string;
}

/** All registrations that can be seen, in the order of the text. */
export function registrationsOf({ method, placements }: PlacedMethod): RegistrationSite[] {
  const claimed = new Set(placements.flatMap((one) => [...one.registrations]));
  const sites: RegistrationSite[] = [];
  method.statements.forEach((statement, index) => {
    const position = index + 1;
    const value = (place: number): number => {
      const operand = statement.operands[place];
      return operand === undefined ? 0 : operandValue(method, operand);
    };
    const name = statement.kind === "foreigncall" ? (statement.operands[0]?.text ?? "") : "";
    const called = plainName(statement.callee?.text ?? "");
    if ((statement.kind === "call" || statement.kind === "invoke") && called === "finalizer") {
      const bodyName = bodyNameOf(method, position);
      sites.push({ position, object: value(1), body: value(0), bodyName });
    } else if (/^jl_gc_add_(?:ptr_)?finalizer/.test(name)) {
      const place = statement.operands.findIndex(
        (one, at) => at >= 5 && operandValue(method, one) !== 0,
      );
      sites.push({ position, object: value(place), body: 0, bodyName: "" });
    } else if (claimed.has(position)) {
      sites.push({ position, object: position, body: 0, bodyName: "" });
    }
  });
  return sites;
}

/** The name of the function that `Core.finalizer(f, o)` registers. */
function bodyNameOf(method: Method, position: number): string {
  const operand = method.statements[position - 1]?.operands[0];
  if (operand === undefined) return "";
  if (operand.kind !== "ssa") return plainName(method.text.slice(operand.start, operand.end));
  const made = method.statements[operandValue(method, operand) - 1];
  const type = made?.kind === "new" ? made.operands[0] : undefined;
  return type === undefined ? "" : plainName(method.text.slice(type.start, type.end));
}

/** An object that can be followed: where it comes from. */
export interface Origin {
  /** SSA position or −k; 0 for a constant that a φ node takes. */
  readonly value: number;
  /** For a constant: the φ node, and the index of its edge. */
  readonly phi: number;
  readonly edge: number;
}

/**
 * Where a value can come from, through copies, φ nodes, immutable objects that it was put into, and callees that
 * give back what they are given.
 */
export function originsOf(
  method: Method,
  value: number,
  captures: CaptureTable,
  layouts: Layouts,
): Origin[] {
  const origins = new Map<string, Origin>();
  const seen = new Set<number>();
  const work = [value];
  const add = (origin: Origin): void => {
    origins.set(`${origin.value} ${origin.phi} ${origin.edge}`, origin);
  };
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    const statement = one > 0 ? method.statements[one - 1] : undefined;
    const sources = statement === undefined ? [] : sourcesOf(method, statement, captures, layouts);
    if (sources.length === 0) add({ value: one, phi: 0, edge: 0 });
    sources.forEach((source, edge) => {
      if (source !== 0) work.push(source);
      else if (statement?.kind === "phi") add({ value: 0, phi: one, edge });
      else add({ value: one, phi: 0, edge: 0 });
    });
  }
  return [...origins.values()];
}

/** Values of which the statement's is always one; a callee may give back one argument, of several none surely. */
function sourcesOf(
  method: Method,
  statement: Statement,
  captures: CaptureTable,
  layouts: Layouts,
): number[] {
  if (statement.kind !== "invoke") {
    const loaded = loadSource(method, statement, layouts);
    return loaded === null || loaded === 0 ? copySources(method, statement) : [loaded];
  }
  const given = statement.operands.filter(
    (_, index) => captures.ofCall(method, statement, index).returns === "always",
  );
  return given.slice(0, 1).map((operand) => operandValue(method, operand));
}
