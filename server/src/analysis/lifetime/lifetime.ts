// Three intervals of a registered object: *need* (to the last use of the object on each path),
// *resource need* (to the last use of what was read from it for the finalizer's sake as well), and
// *hold* under each policy. A lifetime is extended across a loop where it is held but not needed around
// a cycle that does not pass the definition; the need compared with is the longer one, so that a raw
// pointer in use is never called waste.
// Source: design §2.3, spec early-plan.md §7.

import type { Method } from "../../ir/method.ts";
import type { Insertion } from "../finalizer/ladder.ts";
import type { Frame } from "../plan/frame.ts";
import { isEscaped, type Track, type TrackNode } from "../plan/track.ts";
import { type Cycle, cyclesOf } from "./extended.ts";
import {
  escapePositions,
  type FollowedObject,
  type FollowedSite,
  isNeededAfter,
  lastUses,
} from "./follow.ts";
import { hasSlot, type Policy, type Stretch, stretchesOf, unionOf } from "./stretch.ts";

export type ExtensionCause =
  | "placement" // the finalizer's place comes behind the loop
  | "preserve" // a `GC.@preserve` region reaches over it
  | "handler" // an ϒ or φᶜ slot keeps it until the method returns
  | "phi" // a φ carries it around the loop
  | "container" // something that is alive for its own sake holds it
  | "slot"; // its GC-frame slot is not cleared (1.11 and before)

/** All policies, in the order in which they are told. */
export const policies: readonly Policy[] = ["gc", "julia", "early", "rc"];

/** A loop over which the object is held although nothing in it or behind it needs it. */
export interface Extension extends Cycle {
  readonly policy: Policy;
  readonly cause: ExtensionCause;
}

/** A call that runs for long, perhaps, while the object is held without need. */
export interface HeldCall {
  readonly policy: Policy;
  readonly position: number;
  /** Whether the callee's text shows that it loops or waits; else it is only not known. */
  readonly isShown: boolean;
}

/** Until when a policy holds the object, in one word. */
export type HoldEnd = "need" | "placement" | "return" | "slot" | "unknown";

export interface Lifetime {
  /** Positions of the statements that make the object; empty where it is not made here. */
  readonly sites: readonly number[];
  readonly lastUses: readonly number[];
  /** Last uses with what was read from the object; the same list where that ends no later. */
  readonly lastResourceUses: readonly number[];
  /** Where the object leaves the method's hands: behind these nobody sees all uses. */
  readonly escapes: readonly number[];
  readonly holds: Readonly<Record<Policy, HoldEnd>>;
  readonly extended: readonly Extension[];
  /** Policies under which the previous instance is still held when the next one is made. */
  readonly overlaps: readonly Policy[];
  readonly heldOverCall: readonly HeldCall[];
}

export const noLifetime: Lifetime = {
  sites: [],
  lastUses: [],
  lastResourceUses: [],
  escapes: [],
  holds: { gc: "unknown", julia: "unknown", early: "unknown", rc: "unknown" },
  extended: [],
  overlaps: [],
  heldOverCall: [],
};

/** The lifetime where a policy does no more than the collector. */
export function withoutPolicy(lifetime: Lifetime, policy: Policy): Lifetime {
  const { holds, extended, overlaps, heldOverCall } = lifetime;
  return {
    ...lifetime,
    holds: { ...holds, [policy]: holds.gc },
    extended: extended.filter((one) => one.policy !== policy),
    overlaps: overlaps.filter((one) => one !== policy),
    heldOverCall: heldOverCall.filter((one) => one.policy !== policy),
  };
}

/**
 * The lifetime of the objects of one plan.
 *
 * @param insertion where Julia runs the elided finalizer; null where it keeps the registration
 */
export function lifetimeOf(
  frame: Frame,
  followed: FollowedObject,
  insertion: Insertion | null,
): Lifetime {
  const { plan, sites } = followed;
  if (sites.length === 0) return noLifetime;
  const stretches = new Map<Policy, Stretch>();
  const extended: Extension[] = [];
  const others = new Set(plan.sites);
  for (const one of sites) {
    const own = stretchesOf(frame, plan, one, insertion);
    for (const [policy, stretch] of own) {
      const known = stretches.get(policy);
      stretches.set(policy, known === undefined ? stretch : unionOf(known, stretch));
    }
    for (const policy of policies) {
      const stretch = own.get(policy);
      if (stretch !== undefined) extended.push(...extensionsOf(frame, one, policy, stretch));
    }
    extended.push(...preserveExtensions(frame, one));
  }
  const isKept = (policy: Policy): boolean => !stretches.has(policy);
  const need = [...new Set(sites.flatMap((one) => lastUses(one.need)))].sort((a, b) => a - b);
  const resource = sites.flatMap((one) => lastUses(one.resource));
  const isOld = !frame.environment.profile.clearsSlots;
  const gcEnd: HoldEnd = isOld ? "slot" : sites.some(hasSlot) ? "return" : "need";
  return {
    sites: sites.map(({ site }) => site),
    lastUses: need,
    lastResourceUses: [...new Set(resource)].sort((a, b) => a - b),
    escapes: [...new Set(sites.flatMap((one) => escapePositions(one.need)))],
    holds: {
      gc: gcEnd,
      julia: isKept("julia") ? gcEnd : "placement",
      early: isKept("early") ? gcEnd : "placement",
      rc: "need",
    },
    extended: unique(extended),
    overlaps: [...stretches]
      .filter(([, { remade }]) => [...remade].some((site) => others.has(site)))
      .map(([policy]) => policy),
    heldOverCall: [...stretches].flatMap(([policy, stretch]) =>
      heldCalls(frame, sites, policy, stretch),
    ),
  };
}

/** Blocks at whose start some path needs the object, or what was read from it. */
function neededBlocks(method: Method, followed: Track): Uint8Array {
  const needed = new Uint8Array(method.nBlocks + 1);
  for (const node of followed.nodes) {
    if (node.needed && node.from === 0) needed[node.block] = 1;
  }
  return needed;
}

function extensionsOf(
  frame: Frame,
  followed: FollowedSite,
  policy: Policy,
  { through }: Stretch,
): Extension[] {
  const { method } = frame.opened;
  const needed = neededBlocks(method, followed.resource);
  const made = method.blockOf[followed.site] ?? 0;
  const extra = through.map((held, block) => (block !== made && needed[block] !== 1 ? held : 0));
  return cyclesOf(method.graph, extra).map((cycle) => ({
    ...cycle,
    policy,
    cause: causeOf(frame, followed, policy, cycle),
  }));
}

function causeOf(
  frame: Frame,
  { need, site }: FollowedSite,
  policy: Policy,
  { header }: Cycle,
): ExtensionCause {
  if (policy === "julia" || policy === "early") return "placement";
  const { steps, live } = need;
  const nodes = need.byBlock.get(header) ?? [];
  const alive = live.in[header] ?? 0n;
  const held = nodes.reduce((mask, { entry }) => mask | entry.may, 0n);
  if (policy === "gc" && (held & steps.slots) !== 0n) return "handler";
  if (policy === "gc" && !frame.environment.profile.clearsSlots) return "slot";
  const carried = (steps.joins.get(header) ?? []).some(({ bit }) => (bit & held & alive) !== 0n);
  if (carried) return "phi";
  return (held & alive & (steps.bitOf.get(site) ?? 0n)) !== 0n ? "phi" : "container";
}

/**
 * Loops inside a preserved region in which, and behind which, nothing but the end of the region needs
 * the object or what was read from it.
 */
function preserveExtensions(frame: Frame, { site, resource }: FollowedSite): Extension[] {
  const { method } = frame.opened;
  const { statements } = frame.heap.body;
  const isEnd = (position: number): boolean => statements[position - 1]?.kind === "preserveend";
  const ends = resource.nodes.some(({ uses }) => uses.some(isEnd));
  if (!ends) return [];
  const needed = neededBlocks(method, resource);
  const other = new Uint8Array(method.nBlocks + 1);
  const before = new Map<TrackNode, TrackNode[]>();
  const work: TrackNode[] = [];
  const seen = new Set<TrackNode>();
  for (const node of resource.nodes) {
    for (const next of node.next.values()) {
      if (next === null) continue;
      const known = before.get(next);
      if (known === undefined) before.set(next, [node]);
      else known.push(node);
    }
    if (node.uses.some((use) => !isEnd(use)) || isEscaped(node)) work.push(node);
  }
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.from === 0) other[node.block] = 1;
    work.push(...(before.get(node) ?? []));
  }
  const made = method.blockOf[site] ?? 0;
  const extra = needed.map((held, block) => (block !== made && other[block] !== 1 ? held : 0));
  return cyclesOf(method.graph, extra).map((cycle) => ({
    ...cycle,
    policy: "gc",
    cause: "preserve",
  }));
}

function heldCalls(
  frame: Frame,
  sites: readonly FollowedSite[],
  policy: Policy,
  { behind, through }: Stretch,
): HeldCall[] {
  const { method } = frame.opened;
  const found: HeldCall[] = [];
  method.statements.forEach((statement, index) => {
    const position = index + 1;
    if (statement.kind !== "invoke" && statement.kind !== "call") return;
    if (frame.heap.body.statements[index]?.kind === "builtin") return;
    if (frame.heap.body.statements[index]?.kind === "intrinsic") return;
    const block = method.blockOf[position] ?? 0;
    if (!behind.has(position) && through[block] !== 1) return;
    const isNeeded = sites.some(
      ({ resource }) =>
        (resource.byBlock.get(block) ?? []).some((node) => node.uses.includes(position)) ||
        isNeededAfter(resource, block, position),
    );
    if (isNeeded) return;
    const effects = frame.heap.callees.get(position)?.effects;
    const isQuick = effects?.terminates.holds === "yes" && effects.notaskstate.holds === "yes";
    if (isQuick) return;
    const isShown = effects?.terminates.holds === "no" || effects?.notaskstate.holds === "no";
    found.push({ policy, position, isShown });
  });
  return found;
}

function unique(extended: readonly Extension[]): Extension[] {
  const known = new Map<string, Extension>();
  for (const one of extended) {
    const key = `${one.policy} ${one.header} ${one.cause}`;
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}
