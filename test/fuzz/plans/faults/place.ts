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
    name: "at the last use but one",
    file: place,
    find: "for (const use of node.uses) last = Math.max(last, use);",
    replace: "for (const use of node.uses.slice(0, -1)) last = Math.max(last, use);",
  },
  {
    name: "at the merge instead of on the edge",
    file: place,
    find: "if (position < 0) return this.isSplittable(via, block) ? { edge: [via, block] } : null;",
    replace: "if (position < 0) return { block };",
  },
  {
    name: "on every edge of the last use's block",
    file: place,
    find: "        if (next?.needed === true) continue;\n        work.push({ track, state, block: to",
    replace: "        work.push({ track, state, block: to",
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
    name: "a lock that is let go on one path is free on all",
    file: "plan/lock-region.ts",
    find: "if (block === 0 || (entry[block] ?? 0) >= to) return false;",
    replace: "if (block === 0 || entry[block] !== 0 || to === 0) return false;",
  },
  {
    name: "a lock is let go when an exception is caught",
    file: "plan/lock-region.ts",
    find: "if (raise(handlers?.[position] ?? 0, at)) changed = true;",
    replace: "",
  },
  {
    name: "any unlock ends all regions",
    file: "plan/lock-region.ts",
    find: "change[index + 1] = -1;",
    replace: "change[index + 1] = -8;",
  },
  {
    name: "a name is good where it is not defined on every path",
    file: place,
    find: ": dominates(dominators, definedIn, block);",
    replace: ": true;",
  },
  {
    name: "a φ is good on the edge that leads to it",
    file: place,
    find: "return definedIn !== to || from === to",
    replace: "return definedIn !== to",
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
    name: "escaped objects die too",
    file: place,
    find: "    if (isEscaped(node)) return;\n",
    replace: "",
  },
  {
    name: "at a handler's head although the handler needs it",
    file: place,
    find: "if (caught?.needed === true || state.escaped || !isRegistered(state)) continue;",
    replace: "if (state.escaped || !isRegistered(state)) continue;",
  },
  {
    name: "at a handler's head although the exception holds it",
    file: place,
    find: "if (caught?.needed === true || state.escaped || !isRegistered(state)) continue;",
    replace: "if (caught?.needed === true || !isRegistered(state)) continue;",
  },
  {
    name: "past the statement that makes the next object",
    file: place,
    find: "if (position === death.track.site) {",
    replace: "if (false) {",
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
    name: "names do not go through φ nodes to the other placement",
    file: meet,
    find: "next = ((by.get(from) ?? 0n) & names) !== 0n ? next | bit : next & ~bit;",
    replace: "next = next & ~bit;",
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
    name: "a holder without a plan is none",
    file: planner,
    find: 'if (plan === undefined || plan.verdict === "none" || !plan.everyPath) return null;',
    replace: 'if (plan === undefined || plan.verdict === "none" || !plan.everyPath) continue;',
  },
  {
    name: "a holder that is finalized on some paths is finalized on all",
    file: planner,
    find: 'if (plan === undefined || plan.verdict === "none" || !plan.everyPath) return null;',
    replace: 'if (plan === undefined || plan.verdict === "none") return null;',
  },
  {
    name: "a holder that is finalized on an edge does not count there",
    file: planner,
    find: 'else if ("edge" in point) on.add(this.edge(point.edge[0], point.edge[1]));',
    replace: 'else if ("edge" in point) continue;',
  },
  {
    name: "a holder may be pending in a handler",
    file: planner,
    find: "if (holders.length > 0 && this.frame.handlers !== null) return null;",
    replace: "",
  },
  {
    name: "only what the objects' fields hold is held by a finalizer, not what lies behind",
    file: group,
    find: "this.behind.set(group, heap.heap.reach(held));",
    replace: "this.behind.set(group, held);",
  },
  {
    name: "the held object goes first where both die together",
    file: "plan/order.ts",
    find: "a.rank - b.rank",
    replace: "b.rank - a.rank",
  },
  {
    name: "weak references do not matter",
    file: planner,
    find: 'if (weak > 0) return refuse([blame("finalizer/weak-reference", weak)]);',
    replace: "",
  },
  {
    name: "registrations that share an object are planned apart",
    file: group,
    find: "    for (const other of groups.filter(isShared)) {",
    replace: "    for (const other of groups.filter(() => false)) {",
  },
];
