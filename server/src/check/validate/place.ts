// What a placement on the path does to the followed object, and which properties it breaks.
// Source: spec early-plan.md §1–§3 and §5, finalizer-inlining.md §7.

import type { Placement } from "../../ir/placed.ts";
import type { PropertyKind } from "./counterexample.ts";
import type { Origin, RegistrationSite } from "./registrations.ts";
import { holds, may, reach, type State } from "./state.ts";
import type { WalkInput } from "./walk.ts";

type Say = (kind: PropertyKind, certain: boolean, registration?: number) => void;

/** A placement: on the followed object, on another one, or perhaps on either. */
export function carryOut(
  input: WalkInput,
  origin: Origin,
  placement: Placement,
  state: State,
  say: Say,
): void {
  const { flow, sites } = input;
  const flags = flow.flag(state, placement.value);
  const isNamed = (site: RegistrationSite): boolean =>
    placement.registrations.includes(site.position);
  if (!state.tracked || (flags & (holds | may)) === 0) {
    sites.forEach((site, index) => {
      if (isNamed(site)) state.others[index] = 0;
    });
    return;
  }
  const certain = (flags & holds) !== 0;
  if (origin.phi > 0) {
    say("not-an-object", certain);
    return;
  }
  if (!certain) state.isUnsure = true;
  if (state.escaped > 0) say("may-be-kept", certain && state.escaped === 2);
  if (isHeldByPending(input, state)) say("pending-order", certain);
  if (state.locks > 0 && sites.some((site) => isNamed(site) && input.takesLock(site))) {
    say("lock-region", false);
  }
  if (placement.mode === "inline-body") checkBodies(input, placement, say);
  if (placement.mode === "finalize") finalize(input, state, certain, say);
  else if (input.written.size > 0) runOneBody(input, placement, state, certain, say);
  else runBodies(input, placement, state, certain, say);
}

/** `finalize` swallows what a body throws; a body that is inlined or called must not. */
function checkBodies({ sites, bodyThrows }: WalkInput, placement: Placement, say: Say): void {
  for (const site of sites) {
    if (!placement.registrations.includes(site.position)) continue;
    const throwing = bodyThrows(site);
    if (throwing !== "never") say("body-may-throw", throwing !== "perhaps", site.position);
  }
}

/** The bodies of all registrations that the placement names, and no other may wait. */
function runBodies(
  { sites }: WalkInput,
  placement: Placement,
  state: State,
  certain: boolean,
  say: Say,
): void {
  sites.forEach((site, index) => {
    const waits = state.pending[index] ?? 0;
    if (!placement.registrations.includes(site.position)) {
      if (waits > 0) say("incomplete", certain);
      return;
    }
    if (waits > 0) state.pending[index] = waits - 1;
    else say(state.ran[index] === 1 ? "double-run" : "not-registered", certain, site.position);
    state.ran[index] = 1;
  });
  state.finalized = true;
}

/** One call of a body, which may be that of any of the registrations named. */
function runOneBody(
  { sites, placed }: WalkInput,
  placement: Placement,
  state: State,
  certain: boolean,
  say: Say,
): void {
  const named = sites.flatMap((site, index) =>
    placement.registrations.includes(site.position) ? [index] : [],
  );
  const waiting = named.findLast((index) => (state.pending[index] ?? 0) > 0);
  if (waiting === undefined) {
    const again = named.find((index) => state.ran[index] === 1);
    const position = sites[again ?? named[0] ?? 0]?.position;
    say(again === undefined ? "not-registered" : "double-run", certain, position);
  } else {
    // The bodies of one object run last-in first-out (early-plan.md §5).
    const isEarly = sites.some(
      ({ position }, index) =>
        index > waiting && state.pending[index] !== 0 && placed.dropped.includes(position),
    );
    if (isEarly) say("pending-order", certain, sites[waiting]?.position);
    state.pending[waiting] = (state.pending[waiting] ?? 0) - 1;
    state.ran[waiting] = 1;
  }
  // The object is done for when its last body has run: bodies of one object stand behind each other.
  state.finalized = sites.every((_, index) => (state.pending[index] ?? 0) === 0);
}

/**
 * `finalize(o)` runs what is registered, and nothing else; twice on one path is once too often. What is only
 * maybe finalized in a handler is finalized again there without harm (early-plan.md §6).
 */
function finalize({ sites, placed }: WalkInput, state: State, certain: boolean, say: Say): void {
  let waiting = 0;
  sites.forEach((site, index) => {
    if ((state.pending[index] ?? 0) === 0) return;
    if (placed.dropped.includes(site.position)) {
      say("incomplete", certain);
      return;
    }
    waiting++;
    state.pending[index] = 0;
    state.ran[index] = 1;
  });
  if (waiting > 0) state.finalized = true;
  else if (state.finalized && !state.isCaught) say("double-run", certain);
}

/** A finalizer of another object that has not run is a use of all that it reaches. */
function isHeldByPending({ flow, sites }: WalkInput, state: State): boolean {
  return sites.some((site, index) => {
    if (state.others[index] === 0) return false;
    // A name that has become the object's own no longer names the other one.
    const object = flow.flag(state, site.object);
    const isOther = (object & holds) === 0 && (object & reach) !== 0;
    return isOther || (state.others[index] === 1 && flow.flag(state, site.body) !== 0);
  });
}
