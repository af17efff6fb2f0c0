// Mistakes in choosing points, and in keeping plans of several objects apart.

import type { Fault } from "./fault.ts";

const place = "plan/place.ts";
const planner = "plan/plan-method.ts";
const meet = "plan/meet.ts";
const group = "plan/group.ts";

export const placeFaults: readonly Fault[] = [
  {
    name: "one statement too early",
    file: place,
    find: "return isJoin ? null : { after: position };",
    replace: "return isJoin ? null : { after: position - 1 };",
  },
  {
    name: "at the merge instead of on the edge",
    file: place,
    find: "if (position < 0) return this.isSplittable(via, block) ? { edge: [via, block] } : null;",
    replace: "if (position < 0) return { block };",
  },
  {
    name: "on the edges that still need it",
    file: place,
    find: "        if (next?.needed === true) continue;",
    replace: "        if (next?.needed !== true) continue;",
  },
  {
    name: "paths through a point need not agree",
    file: place,
    find: "if (!this.trackAgrees(track, bit, point)) return false;",
    replace: "",
  },
  {
    name: "paths through an edge need not agree",
    file: place,
    find: "return !isEscaped(node) && node.next.get(to)?.needed !== true;",
    replace: "return true;",
  },
  {
    name: "locks do not hold finalizers back",
    file: place,
    find: "    if (this.isHeld(death)) {",
    replace: "    if (false) {",
  },
  {
    name: "a lock is let go when an exception is caught",
    file: "plan/lock-region.ts",
    find: "if (raise(handlers?.[position] ?? 0, open)) changed = true;",
    replace: "",
  },
  {
    name: "any unlock ends all regions",
    file: "plan/lock-region.ts",
    find: "closing.has(name) ? -1 : 0;",
    replace: "closing.has(name) ? -8 : 0;",
  },
  {
    name: "a name is good where it is not defined on every path",
    file: place,
    find: ": dominates(dominators, definedIn, block);",
    replace: ": true;",
  },
  {
    name: "a φ is good on every edge",
    file: place,
    find: "      ? dominates(dominators, definedIn, from) && definedIn !== to\n      : false;",
    replace: "      ? dominates(dominators, definedIn, from)\n      : true;",
  },
  {
    name: "dead names tell which object they are",
    file: place,
    find: "      if (!this.isFollowed(death.track, value, point)) continue;\n",
    replace: "",
  },
  {
    name: "held over a loop",
    file: place,
    find: "      if (loop.entries.includes(to) && !contains(loop.blocks, made)) return true;",
    replace: "",
  },
  {
    name: "any value that may be the object will do",
    file: group,
    find: "  if (objects.size === 0 || ![...objects].every((one) => group.objects.has(one))) return false;\n",
    replace: "",
  },
  {
    name: "two placements on one path",
    file: planner,
    find: "return meetingAnother(this.frame.opened.method, placements, states);",
    replace: "return null;",
  },
  {
    name: "placements that meet are found in the same block only",
    file: meet,
    find: "        enter(at.block, to, left);",
    replace: "",
  },
  {
    name: "one point may finalize an object under two names",
    file: meet,
    find: "walk.shares(point, value, names) || walk.meets",
    replace: "walk.meets",
  },
  {
    name: "left at a loop it is finalized behind it",
    file: planner,
    find: "return left.some(",
    replace: "return [].some(",
  },
  {
    name: "pending finalizers hold nothing",
    file: planner,
    find: "const holders = this.holding.holdersOf(group);",
    replace: "const holders: Group[] = [];",
  },
  {
    name: "the held object goes first where both die together",
    file: "plan/order.ts",
    find: "a.rank - b.rank",
    replace: "b.rank - a.rank",
  },
  {
    name: "registrations that share an object are planned apart",
    file: group,
    find: "    for (const other of groups.filter(isShared)) {",
    replace: "    for (const other of groups.filter(() => false)) {",
  },
];
