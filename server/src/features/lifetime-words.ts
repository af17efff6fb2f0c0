// Need, hold and the early plan of a registration in words, for hovers and the terminal.
// Source: design §2.3, spec early-plan.md §1, §5, §7.

import type {
  Extension,
  ExtensionCause,
  HoldEnd,
  Lifetime,
} from "../analysis/lifetime/lifetime.ts";
import type { Policy } from "../analysis/lifetime/stretch.ts";
import type { RegistrationReport } from "../analysis/method-report.ts";
import type { PlacementPoint, PlanAssumption } from "../analysis/plan/plan.ts";
import { successorsOf } from "../ir/graph.ts";
import { loopForest } from "../ir/loop-forest.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import { doneWords, pointsWords } from "./words.ts";

const policyNames: Readonly<Record<Policy, string>> = {
  gc: "the garbage collector",
  julia: "Julia",
  early: "the early plan",
  rc: "reference counting",
};

const endWords: Readonly<Record<HoldEnd, string>> = {
  need: "until the last use",
  placement: "until its placement",
  return: "until the method returns: an exception handler's slot keeps it",
  slot: "until its slot is used again, or the method returns",
  unknown: "not known",
};

/** Why a loop is held over, and the smallest change that ends it. */
const causes: Readonly<Record<ExtensionCause, readonly [string, string]>> = {
  placement: [
    "the finalizer is placed behind the loop",
    "use the object for the last time before the paths part, or free it on the branch that uses it last",
  ],
  preserve: ["a `GC.@preserve` region reaches over the loop", "end the region before the loop"],
  handler: [
    "an exception handler's slot keeps the object until the method returns",
    "move the `try` block, or the logging that contains one, into a function of its own",
  ],
  phi: [
    "a name that is still alive carries the object through the loop",
    "assign `nothing` to the variable before the loop, or use it before",
  ],
  container: [
    "something that is alive for its own sake holds the object",
    "take the object out of it before the loop",
  ],
  slot: [
    "its slot on the GC frame is not cleared before Julia 1.12",
    "move the uses of the object into a function of their own",
  ],
};

/** What must be true of the subject of an assumption, behind its name. */
export const assumptionWords: Readonly<Record<PlanAssumption["kind"], string>> = {
  "body-throws":
    "may throw: `finalize` catches that, prints it and goes on, and nothing may rest on it",
  "body-locks": "takes a lock: no caller may hold it",
  bundled: "calls only functions that Finalens knows from its own tables",
  declared: "does what its declaration says",
};

const ids = (method: Method, positions: readonly number[]): string =>
  positions.map((position) => `\`%${idOf(method, position)}\``).join(", ");

/** The early plan as lines of Markdown; empty where nothing is known about the object. */
export function earlyMarkdown(method: Method, report: RegistrationReport): string[] {
  const { early } = report;
  if (early === null) return [];
  const { plan } = early;
  if (plan.verdict === "none") {
    return [
      "**Early plan** — none",
      ...early.blockers
        .slice(0, 4)
        .flatMap(({ position, message, chain }) => [
          `- ✗ \`%${idOf(method, position)}\`: ${message}`,
          ...chain.map(
            (step, depth) => `${"  ".repeat(depth + 1)}- ↳ ${step.signature}: ${step.message}`,
          ),
        ]),
    ];
  }
  const done = doneWords(report);
  const kind =
    plan.verdict === "elide"
      ? "drop the registration and run its body"
      : "keep the registration and call `finalize`";
  const lines = [
    `**Early plan** — ${kind} ${pointsWords(method, report)} *(${plan.tier})*`,
    `- the object can be ${done} there${plan.everyPath ? ", on every normal path" : "; on other paths it is left to the garbage collector"}`,
  ];
  for (const { position, message } of early.notElided.slice(0, 4)) {
    lines.push(`- the registration stays: \`%${idOf(method, position)}\`: ${message}`);
  }
  const more = early.notElided.length - 4;
  if (more > 0) lines.push(`- and ${more} more reasons`);
  for (const { kind: assumed, subject } of plan.assumptions) {
    lines.push(`- assumed: \`${subject}\` ${assumptionWords[assumed]}`);
  }
  for (const header of plan.verdict === "elide" ? loopsOnTheWay(method, report) : []) {
    lines.push(
      `- the loop at \`#${labelOf(method, header)}\` lies between the registration and there: nothing proves that it ends, and if it does not, the dropped finalizer never runs`,
    );
  }
  if (plan.verdict === "finalize" && isInLoop(method, report)) {
    lines.push(
      "- in a loop: each `finalize` takes a global lock and scans all live registrations, 0.6 µs for 10³ of them and 61 µs for 10⁵; the direct free costs nothing of that",
    );
  }
  return lines;
}

/** Headers of the loops that a registered object may go through before its finalizer runs, ascending. */
function loopsOnTheWay(method: Method, { early }: RegistrationReport): number[] {
  const { plan } = early ?? {};
  if (plan === undefined) return [];
  const { blockOf, firstOf, graph } = method;
  const ends = new Set(plan.placements.map(({ point }) => JSON.stringify(point)));
  const isEnd = (point: PlacementPoint): boolean => ends.has(JSON.stringify(point));
  const passed = new Set<number>();
  const work = plan.registrations.map((at) => [blockOf[at] ?? 0, at] as const);
  for (const [block, first] of work) {
    let isPending = true;
    for (let at = first; at < (firstOf[block + 1] ?? 0) && isPending; at++)
      isPending = !isEnd({ after: at });
    if (!isPending) continue;
    for (const to of successorsOf(graph, block)) {
      if (passed.has(to) || isEnd({ edge: [block, to] })) continue;
      passed.add(to);
      work.push([to, firstOf[to] ?? 0]);
    }
  }
  const made = plan.sites.map((site) => blockOf[site] ?? 0);
  return loopForest(graph)
    .loops.filter(
      ({ header, blocks }) => passed.has(header) && !made.some((one) => blocks.includes(one)),
    )
    .map(({ header }) => header)
    .sort((a, b) => a - b);
}

function isInLoop(method: Method, { early }: RegistrationReport): boolean {
  const { innermost } = loopForest(method.graph);
  return (early?.plan.placements ?? []).some(({ point }) => {
    if ("edge" in point) return (innermost[point.edge[0]] ?? 0) > 0;
    const block = "after" in point ? (method.blockOf[point.after] ?? 0) : point.block;
    return (innermost[block] ?? 0) > 0;
  });
}

/** Need and hold as lines of Markdown; empty where the object is not made in this method. */
export function lifetimeMarkdown(method: Method, lifetime: Lifetime): string[] {
  if (lifetime.sites.length === 0) return [];
  const lines = ["**Lifetime**", `- needed ${needWords(method, lifetime)}`];
  const own = lifetime.lastResourceUses.filter((use) => !lifetime.lastUses.includes(use));
  if (own.length > 0 && lifetime.escapes.length === 0) {
    lines.push(`- what was read from it is in use up to ${ids(method, own)}`);
  }
  if (lifetime.escapes.length === 0) lines.push(`- held ${heldWords(lifetime)}`);
  for (const extension of lifetime.extended) lines.push(`- ${extensionWords(method, extension)}`);
  if (lifetime.overlaps.length > 0) {
    const names = lifetime.overlaps.map((policy) => policyNames[policy]).join(", ");
    lines.push(
      `- the previous one is still held when the next is made (${names}): the peak doubles`,
    );
  }
  for (const { policy, position, isShown } of lifetime.heldOverCall.slice(0, 3)) {
    const how = isShown ? "which loops or waits" : "which may run for long, as far as is known";
    lines.push(
      `- held by ${policyNames[policy]} over the call at \`%${idOf(method, position)}\`, ${how}`,
    );
  }
  return lines;
}

/** Policies that hold equally long are named together. */
function heldWords({ holds }: Lifetime): string {
  const byEnd = new Map<HoldEnd, string[]>();
  for (const policy of ["gc", "julia", "early", "rc"] as const) {
    byEnd.set(holds[policy], [...(byEnd.get(holds[policy]) ?? []), policyNames[policy]]);
  }
  return [...byEnd].map(([end, names]) => `${endWords[end]} (${names.join(", ")})`).join("; ");
}

/** Until when the policy holds the object: `until the last use`. */
export function holdWords({ holds, escapes }: Lifetime, policy: Policy): string {
  // Of an object in other hands only a placement says when it is let go.
  if (escapes.length > 0 && holds[policy] !== "placement") return "for how long is not known";
  return endWords[holds[policy]];
}

/** Until when what was read from the object is in use. */
export function resourceWords(method: Method, { lastResourceUses, escapes }: Lifetime): string {
  if (escapes.length > 0 || lastResourceUses.length === 0) return "is not known";
  return `up to ${ids(method, lastResourceUses)}`;
}

/** Until when the object is needed: `` up to `%9` ``. */
export function needWords(method: Method, { lastUses, escapes }: Lifetime): string {
  if (escapes.length > 0) {
    return `beyond this method: it leaves its hands at ${ids(method, escapes.slice(0, 4))}`;
  }
  return lastUses.length === 0 ? "by nobody" : `up to ${ids(method, lastUses)}`;
}

/** `held over the loop at #4 by Julia: …; to end it, …`. */
export function extensionWords(method: Method, { policy, header, cause }: Extension): string {
  const [why, change] = causes[cause];
  return `held over the loop at \`#${labelOf(method, header)}\` by ${policyNames[policy]}: ${why}; to end it, ${change}`;
}
