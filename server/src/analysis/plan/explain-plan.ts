// Says in words why an object cannot be finalized early, or why its registration must stay, and leads
// from the statement in this method to the one in a callee that does it.

import type { Statement } from "../../syntax/tree.ts";
import type { Environment, OpenedMethod } from "../environment.ts";
import type { ChainStep } from "../explain.ts";
import { argumentObject } from "../heap/heap.ts";
import { heapOf, type MethodHeap } from "../heap/heap-of.ts";
import type { EscapeEvent } from "../heap/solve.ts";
import type { PlanBlocker } from "./plan.ts";

const chainLimit = 8;

/** What the blamed statement does, as one sentence without a final stop. */
export function describePlanBlocker(opened: OpenedMethod, blocker: PlanBlocker): string {
  const { method } = opened;
  const statement = method.statements[blocker.position - 1];
  const name = statement === undefined ? "a statement" : nameOf(statement);
  switch (blocker.code) {
    case "finalizer/body-unknown":
      return "the text of the finalizer's body is not at hand";
    case "finalizer/body-keeps-object":
      return "the finalizer's body stores its object, hands it on or registers it again";
    case "finalizer/body-task-state":
      return "the finalizer's body may touch task state, so it must not run in this task";
    case "finalizer/body-may-throw":
      return "the finalizer's body may throw";
    case "finalizer/object-not-ssa":
      return "the object is not made in this method, or may be one that others hold";
    case "finalizer/escapes-return":
      return "the object is returned";
    case "finalizer/escapes-thrown":
      return `${name} throws the object`;
    case "finalizer/escapes-argument":
      return `${name} stores the object where the caller can see it`;
    case "finalizer/escapes-unknown-call":
      return statement?.kind === "invoke" || statement?.kind === "call"
        ? `${name} may keep the object`
        : `${name} lets the object escape`;
    case "finalizer/region-may-throw":
      return `${name} may throw, wait or not come back while the object is alive`;
    case "finalizer/weak-reference":
      return "a weak reference to the object is made, which tells an early finalizer from a late one";
    case "finalizer/explicitly-finalized":
      return "the object is finalized by hand";
    case "finalizer/held-by-finalizer":
      return "another object whose finalizer is still to run may reach this one";
    case "finalizer/lock-held":
      return "the object dies while a lock is held that its finalizer's body may need";
    case "finalizer/paths-disagree":
      return "no value names the object at a point where all paths agree that it is dead";
    case "finalizer/conditional-registration":
      return "not every path to its place registers exactly this finalizer, and once";
    case "finalizer/not-core-call":
      return "the registration is made elsewhere and cannot be dropped here";
    case "finalizer/never-dead":
      return "the object is in use until the method ends";
    case "finalizer/malformed-method":
      return `the verifier rejects the method: ${name} does not stand at the start of its block`;
    case "finalizer/too-large":
      return "the method has too many paths to be planned";
    case "internal/plan-rejected":
      return "our own checker rejects the plan";
    default:
      return `${name} stands in the way`;
  }
}

function nameOf(statement: Statement): string {
  const text = statement.callee?.text ?? statement.name;
  switch (statement.kind) {
    case "invoke":
      return `\`invoke ${text}\``;
    case "call":
      return `\`${text}\``;
    case "foreigncall":
      return "the C call";
    case "opaque":
      return "a line that could not be read";
    default:
      return `\`${statement.kind}\``;
  }
}

interface Visit {
  readonly opened: OpenedMethod;
  readonly argument: number;
  readonly steps: readonly ChainStep[];
}

/**
 * The shortest way from an escape at a call to the statement in a callee that keeps the object; empty
 * where the statement itself does it, or the callee's text is not at hand.
 */
export function planChain(
  environment: Environment,
  heap: MethodHeap,
  blocker: PlanBlocker,
): ChainStep[] {
  const keys = targetsOf(heap, blocker.position);
  if (keys.length === 0 || blocker.operand < 0) return [];
  const seen = new Set<string>();
  const queue: Visit[] = [];
  const visit = (next: string, argument: number, steps: readonly ChainStep[]): void => {
    if (seen.has(`${next} ${argument}`) || steps.length >= chainLimit) return;
    seen.add(`${next} ${argument}`);
    const target = environment.open(next);
    if (target !== null) queue.push({ opened: target, argument, steps });
  };
  for (const key of keys) visit(key, blocker.operand + 1, []);
  for (const { opened: at, argument, steps } of queue) {
    const facts = heapOf(at, environment);
    const object = argumentObject(Math.min(argument, at.body.nArguments));
    const events = facts.escapes.filter(
      ({ kind, objects }) => kind !== "return" && kind !== "thrown" && objects.has(object),
    );
    const deeper: { event: EscapeEvent; key: string }[] = [];
    for (const event of events) {
      const callees = targetsOf(facts, event.position);
      if (callees.length === 0) return [...steps, stepAt(at, event, "")];
      for (const callee of callees) deeper.push({ event, key: callee });
    }
    for (const { event, key: callee } of deeper) {
      visit(callee, event.operand + 1, [...steps, stepAt(at, event, callee)]);
    }
  }
  return [];
}

/** Keys of the methods that the call may reach, as far as they are known. */
function targetsOf(heap: MethodHeap, position: number): string[] {
  const told = heap.callees.get(position);
  return (told?.members ?? [told]).flatMap((one) => one?.key ?? []);
}

function stepAt(opened: OpenedMethod, event: EscapeEvent, callee: string): ChainStep {
  const { method, key } = opened;
  const statement = method.statements[event.position - 1];
  const name = statement === undefined ? "a statement" : nameOf(statement);
  const words =
    callee !== ""
      ? `passes it on to ${name}, argument ${event.operand}`
      : event.kind === "global"
        ? `${name} stores it in something global`
        : event.kind === "argument"
          ? `${name} stores it in an argument`
          : `${name} may keep it`;
  return {
    key,
    signature: method.header.signature ?? key,
    span: statement ?? { start: 0, end: 0 },
    message: words,
  };
}
