// What one walk has to look at: the values that can ever be, or reach, the object that it follows, and the
// registrations that can have to do with it. Flow-insensitive: whatever some path does is in it.

import type { PlacedMethod } from "../../ir/placed.ts";
import type { Flow } from "./flow.ts";
import type { Origin, RegistrationSite } from "./registrations.ts";
import { holds, may, reach, type Slots, State, slotsOf } from "./state.ts";

/**
 * Slots for the values that can have flags.
 *
 * @param instanceType the printed type of the object
 */
export function candidatesOf(flow: Flow, origin: Origin, instanceType: string): Slots {
  const { method } = flow;
  const all = Array.from({ length: method.nArguments + method.nStatements }, (_, i) => i + 1);
  const state = State.empty(slotsOf(method, all), 0);
  const everything = holds | may | reach;
  flow.set(state, origin.phi > 0 ? origin.phi : origin.value, everything);
  const positions = method.statements.map((statement, index) => flow.shape(statement, index + 1));
  for (let size = -1, named = state.named(); size !== named.length; named = state.named()) {
    size = named.length;
    positions.forEach((shape, index) => {
      if (flow.operandFlags(state, shape) === 0) return;
      flow.effects(state, shape);
      if (flow.result(state, shape, instanceType) === 0) return;
      flow.set(state, index + 1, everything);
    });
    // Containers got one flag only; what is loaded from them asks for any.
    for (const value of state.named()) state.set(value, everything);
  }
  return slotsOf(method, state.named());
}

/** Registrations that can wait on the object, hold it by what their functions close over, or run on it. */
export function sitesAbout(
  flow: Flow,
  { placements }: PlacedMethod,
  sites: readonly RegistrationSite[],
  origin: Origin,
  slots: Slots,
): RegistrationSite[] {
  const can = (value: number): boolean => value !== 0 && (slots.of[flow.index(value)] ?? 0) > 0;
  const run = new Set(
    placements.flatMap(({ value, registrations }) => (can(value) ? registrations : [])),
  );
  return sites.filter(
    ({ position, object, body }) =>
      can(object) || can(body) || position === origin.value || run.has(position),
  );
}
