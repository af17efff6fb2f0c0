// Mistakes in following an object along paths: what a statement does to it, who holds it, where it is needed.

import type { Fault } from "./fault.ts";

const steps = "plan/steps.ts";
const track = "plan/track.ts";
const liveness = "plan/liveness.ts";

export const followFaults: readonly Fault[] = [
  {
    name: "a preserve token holds nothing",
    file: steps,
    find: "if (isHeld) this.tokens |= this.hold(position);",
    replace: "",
  },
  {
    name: "a field access is no use",
    file: steps,
    find: "if (isAccess) return this.bits(args) & (this.direct | this.resources);",
    replace: "if (isAccess) return 0n;",
  },
  {
    name: "passing it to a callee is no use",
    file: steps,
    find: "    }\n    return this.bits(args);\n  }\n\n  /** Plain numbers that were read from the object: what",
    replace:
      "    }\n    return 0n;\n  }\n\n  /** Plain numbers that were read from the object: what",
  },
  {
    name: "finalize does not end the wait",
    file: steps,
    find: "const finalizes = finalized !== undefined && finalized.length > 0 ? reads : 0n;",
    replace: "const finalizes = 0n;",
  },
  {
    name: "a store spreads it nowhere",
    file: steps,
    find: 'if (kind === "builtin" && name === "setfield!") return this.bit(args[3]);',
    replace: 'if (kind === "builtin" && name === "setfield!") return 0n;',
  },
  {
    name: "what is loaded from a container or given back does not hold it",
    file: steps,
    find: "const from = reads & ~this.notFollowed(args);",
    replace: "const from = this.sameOf(statement);",
  },
  {
    name: "a φᶜ node takes nothing from its ϒ nodes",
    file: steps,
    find: 'if (statement.name === "phic") slots = this.bits(statement.args);',
    replace: 'if (statement.name === "phic") slots = 0n;',
  },
  {
    name: "a φ takes the operand of the wrong edge",
    file: steps,
    find: "by.set(from, this.bit(statement.args[edge]));",
    replace: "by.set(from, this.bit(statement.args[statement.args.length - 1 - edge]));",
  },
  {
    name: "escapes are not met on paths",
    file: steps,
    find: ".filter((event) => event.objects.has(object))",
    replace: ".filter(() => false)",
  },
  {
    name: "objects in containers are reached through their own names only",
    file: steps,
    find: "index.valuesOf([object, ...index.reaching(object)])",
    replace: "index.valuesOf([object])",
  },
  {
    name: "an escape leaves it as it was",
    file: track,
    find: "      escaped = true;\n    }\n    let { must",
    replace: "    }\n    let { must",
  },
  {
    name: "handlers are not entered",
    file: track,
    find: "const handler = this.input.handlers?.[position] ?? 0;",
    replace: "const handler = 0;",
  },
  {
    name: "a φ never holds the object",
    file: track,
    find: "may = (by & state.may) !== 0n ? may | join.bit : may & ~join.bit;",
    replace: "may = may & ~join.bit;",
  },
  {
    name: "needs go one block back and no further",
    file: track,
    find: "        from.needed = true;\n        work.push(from);",
    replace: "        from.needed = true;",
  },
  {
    name: "what a handler needs is not needed before it",
    file: track,
    find: "for (const { node: handler } of node.thrown) link(node, handler);",
    replace: "",
  },
  {
    name: "what a handler reads is not live in its region",
    file: liveness,
    find: "for (const from of caughtBy.get(block) ?? []) enter(from, bit);",
    replace: "",
  },
  {
    name: "what a φ takes is not live on the way to it",
    file: liveness,
    find: "for (const block of taken.get(bit) ?? []) if (isJoin || block !== home) enter(block, bit);",
    replace: "",
  },
  {
    name: "liveness does not go on from block to block",
    file: liveness,
    find: "    live[block] = (live[block] ?? 0n) | bit;\n    work.push(block);",
    replace: "    live[block] = (live[block] ?? 0n) | bit;",
  },
];
