// Mistakes in the escape analysis and in what a method tells its callers.

import type { Fault } from "./fault.ts";

const solve = "heap/solve.ts";
const heap = "heap/heap.ts";
const summary = "heap/summarise.ts";

export const heapFaults: readonly Fault[] = [
  {
    name: "of a φ only the first operand counts",
    file: solve,
    find: "if (!this.isLiteral(arg, index)) this.result(this.of(arg));",
    replace: "if (index === 0) this.result(this.of(arg));",
  },
  {
    name: "a load gives nothing back",
    file: solve,
    find: ": this.heap.load(this.of(args[1]), statement.field),",
    replace: ": [],",
  },
  {
    name: "a store into a field is forgotten",
    file: solve,
    find: "    this.heap.store(targets, field, held);\n    this.touch",
    replace: "    this.touch",
  },
  {
    name: "a store into a global container is no escape",
    file: solve,
    find: 'if (object === outside) this.escape("global", held, operand);',
    replace: "if (object === outside) continue;",
  },
  {
    name: "fields of new objects, captures of closures among them, hold nothing",
    file: solve,
    find: "      this.heap.store([object], index + 1, this.of(value));",
    replace: "",
  },
  {
    name: "what a registered finalizer closes over is not held by it",
    file: solve,
    find: "    this.heap.store(targets, finalizerField, held);\n",
    replace: "",
  },
  {
    name: "a callee of which nothing is known keeps nothing",
    file: solve,
    find: "    if (summary === null) {\n      this.lost(args);\n      return;",
    replace: "    if (summary === null) {\n      return;",
  },
  {
    name: "what a callee makes global is not",
    file: solve,
    find: 'if (fate.global) this.escape("global", objects, index);',
    replace: "",
  },
  {
    name: "what a callee hands to somebody unknown stays here",
    file: solve,
    find: 'if (fate.unknown) this.escape("unknown", objects, index);',
    replace: "",
  },
  {
    name: "a new object of a callee holds no argument",
    file: solve,
    find: "      for (const number of result.holds) {",
    replace: "      for (const number of []) {",
  },
  {
    name: "a callee leaves what an argument holds alone",
    file: solve,
    find: "      this.suffer(argument.contents, contents, args, index);",
    replace: "",
  },
  {
    name: "a weak reference is nothing",
    file: solve,
    find: "      passed.forEach((arg, index) => {\n        this.escape(isWeak",
    replace: "      passed.forEach((arg, index) => {\n        if (!isWeak) this.escape(isWeak",
  },
  {
    name: "of ifelse only the first operand counts",
    file: solve,
    find: '        this.result(this.of(args[3]));\n        return;\n      case "typeassert"',
    replace: '        return;\n      case "typeassert"',
  },
  {
    name: "typeassert gives another object",
    file: solve,
    find: '      case "typeassert":\n        this.result(this.of(args[1]));',
    replace: '      case "typeassert":',
  },
  {
    name: "a C function of which nothing is known keeps nothing",
    file: solve,
    find: "if (facts?.keepsNothing !== true) {",
    replace: 'if (name.startsWith("jl_")) {',
  },
  {
    name: "explicit finalize is not seen",
    file: solve,
    find: 'if (this.input.isFinalize(this.position)) this.touch("finalized", this.of(args[1]));',
    replace: "if (this.input.isFinalize(this.position)) return;",
  },
  {
    name: "explicit finalize in a callee is not seen",
    file: solve,
    find: 'if (argument.finalized) this.touch("finalized", both, true);',
    replace: "",
  },
  {
    name: "a summary forgets that an argument is finalized",
    file: summary,
    find: 'finalized: isTouched("finalized"),',
    replace: "finalized: false,",
  },
  {
    name: "what a callee gives back is nothing",
    file: solve,
    find: "    if (!this.holds(this.position)) return;\n    const { result } = summary;",
    replace: "    return;\n    const { result } = summary;",
  },
  {
    name: "what is reached ends with the object itself",
    file: heap,
    find: "        for (const one of held) reached.add(one);",
    replace: "",
  },
  {
    name: "a summary forgets what becomes global",
    file: summary,
    find: 'global: has("global"),',
    replace: "global: false,",
  },
  {
    name: "a summary forgets what somebody unknown gets",
    file: summary,
    find: 'unknown: has("unknown") || has("weak"),',
    replace: "unknown: false,",
  },
  {
    name: "a result that was made here is new, whoever holds it",
    file: summary,
    find: "isMade(object) && !isKept(object)",
    replace: "isMade(object)",
  },
];
