// In which order the plans of one method run where their placements fall together: what holds another
// object goes first, since a pending finalizer is a use of all that it reaches; else the finalizer that
// was registered last runs first, as the garbage collector has it.
// Source: spec early-plan.md §2, §8.

import { eachOperand, type Method, operandValue } from "../../ir/method.ts";
import type { Plan } from "./plan.ts";

/** The plans in the order in which they run at one place. */
export function inPlanOrder(method: Method, plans: readonly Plan[]): Plan[] {
  const latest = (plan: Plan): number => plan.registrations.at(-1) ?? 0;
  const sorted = [...plans].sort((a, b) => latest(b) - latest(a));
  if (sorted.length < 2) return sorted;
  const inside = containment(method);
  const reached = new Map(sorted.map((plan) => [plan, reach(inside, plan.sites)]));
  const holds = (holder: Plan, held: Plan): boolean =>
    held.sites.some((site) => reached.get(holder)?.has(site) === true);
  const ordered: Plan[] = [];
  const open = new Set<Plan>();
  const visit = (plan: Plan): void => {
    if (open.has(plan)) return;
    open.add(plan);
    for (const other of sorted) {
      if (other !== plan && holds(other, plan) && !holds(plan, other)) visit(other);
    }
    ordered.push(plan);
  };
  for (const plan of sorted) visit(plan);
  return ordered;
}

/** Value → values that it may hold or be, as far as the method's own statements say. */
function containment(method: Method): Map<number, Set<number>> {
  const inside = new Map<number, Set<number>>();
  const put = (holder: number, held: number): void => {
    if (holder === 0 || held === 0) return;
    const known = inside.get(holder);
    if (known === undefined) inside.set(holder, new Set([held]));
    else known.add(held);
  };
  method.statements.forEach((statement, index) => {
    const values = statement.operands.map((one) => operandValue(method, one));
    const [first = 0] = values;
    switch (statement.kind === "call" ? statement.callee?.text : statement.kind) {
      case "new":
      case "splatnew":
      case "tuple":
      case "phi":
      case "phic":
      case "pi":
      case "upsilon":
      case "invoke":
        eachOperand(statement, (operand) => put(index + 1, operandValue(method, operand)));
        break;
      case "setfield!":
        put(first, values[2] ?? 0);
        // The object has other names: those that it was made from or merged into.
        for (const other of inside.get(first) ?? []) put(other, values[2] ?? 0);
        break;
      case "finalizer":
        put(values[1] ?? 0, first);
        break;
    }
  });
  return inside;
}

function reach(
  inside: ReadonlyMap<number, ReadonlySet<number>>,
  from: readonly number[],
): Set<number> {
  const found = new Set<number>();
  const work = [...from];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    for (const held of inside.get(value) ?? []) {
      if (found.has(held)) continue;
      found.add(held);
      work.push(held);
    }
  }
  return found;
}
