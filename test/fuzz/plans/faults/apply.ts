// Mistakes in carrying plans out.

import type { Fault } from "./fault.ts";

const file = "plan/apply.ts";

export const applyFaults: readonly Fault[] = [
  {
    name: "dropped registrations stay",
    file,
    find: "if (!dropped.has(position)) {",
    replace: "if (true) {",
  },
  {
    name: "kept registrations are dropped",
    file,
    find: 'const elided = plans.filter(({ verdict }) => verdict === "elide");',
    replace: "const elided = plans;",
  },
  {
    name: "calls are written before their statement",
    file,
    find: "    return { behind: position };\n  }\n\n  /** Behind the φᶜ",
    replace: "    return { before: position };\n  }\n\n  /** Behind the φᶜ",
  },
  {
    name: "of several registrations only the last one's body is called",
    file,
    find: "for (const registration of [...plan.registrations].reverse()) {",
    replace: "for (const registration of [...plan.registrations].reverse().slice(0, 1)) {",
  },
  {
    name: "bodies are called in the order of their registrations",
    file,
    find: "for (const registration of [...plan.registrations].reverse()) {",
    replace: "for (const registration of [...plan.registrations]) {",
  },
  {
    name: "a critical edge is not split",
    file,
    find: "return isOnly && !isEntry ? this.spotBefore(this.behindJoins(to), to) : { edge: [from, to] };",
    replace: "return this.spotBefore(this.behindJoins(to), to);",
  },
  {
    name: "an edge is taken for the block that it leaves",
    file,
    find: 'if (successors.size === 1 && kind !== "leave" && kind !== "enter") {',
    replace: 'if (kind !== "leave" && kind !== "enter") {',
  },
  {
    name: "jumps go past the split edge's block",
    file,
    find: 'statement.kind === "phi" ?',
    replace: 'statement.kind !== "phi" ? "" : true ?',
  },
  {
    name: "a split edge's block jumps one block too far",
    file,
    find: "this.labelOf(to)",
    replace: "this.labelOf(Math.min(to + 1, this.method.nBlocks))",
  },
  {
    name: "a split edge's block falls into whatever comes next",
    file,
    find: "blocks.push(this.ownBlock(label, calls, provenance, isLast ? 0 : block));",
    replace: "blocks.push(this.ownBlock(label, calls, provenance, 0));",
  },
  {
    name: "new blocks take labels that are in use",
    file,
    find: "reduce((most, { label }) => Math.max(most, label), 0) + 1;",
    replace: "reduce((most, { label }) => Math.max(most, label), 0);",
  },
  {
    name: "blocks begin one statement late",
    file,
    find: "const head = { label, first, merge: false",
    replace: "const head = { label, first: first === 0 ? 0 : first + 1, merge: false",
  },
  {
    name: "calls name the statement before the object",
    file,
    find: "statements[value - 1]?.id ?? value",
    replace: "statements[value - 2]?.id ?? value",
  },
  {
    name: "plans are written in any order",
    file,
    find: "for (const plan of inPlanOrder(this.plans)) {",
    replace: "for (const plan of inPlanOrder(this.plans).reverse()) {",
  },
  {
    name: "two plans at one spot: the second one takes it all",
    file,
    find: "const known = this.insertions.get(key) ?? { spot, calls: [] };",
    replace: "const known: Insertion = { spot, calls: [] };",
  },
  {
    name: "the last statement of a block is lost behind an insertion",
    file,
    find: "    for (let position = first; position <= last; position++) {\n      items.push(...this.inserted({ before: position }, position));",
    replace:
      "    for (let position = first; position <= last; position++) {\n      const before = this.inserted({ before: position }, position);\n      items.push(...before);\n      if (before.length > 0 && position === last) continue;",
  },
];
