// Mistakes in what may be elided, and in what finalizers' bodies and calls do.

import type { Fault } from "./fault.ts";

const elide = "plan/elide.ts";
const body = "plan/body-legality.ts";
const judge = "effects/statement-effects.ts";

export const legalityFaults: readonly Fault[] = [
  {
    name: "elided although the region may throw",
    file: elide,
    find: "if (mayThrow(frame, position) || mayLeaveTask(frame, position)) {",
    replace: "if (mayLeaveTask(frame, position)) {",
  },
  {
    name: "a call of which nothing is known does not throw",
    file: judge,
    find: 'const isThrower = name === "nothrow" && neverReturns;',
    replace:
      'if (name === "nothrow" && facts.length === 0) return { holds: "yes", origin: "header", callee: null };\n      const isThrower = name === "nothrow" && neverReturns;',
  },
  {
    name: "a callee that is shown to throw does not",
    file: judge,
    find: 'const isThrower = name === "nothrow" && neverReturns;',
    replace:
      'if (name === "nothrow" && facts.length > 0) return { holds: "yes", origin: "header", callee: null };\n      const isThrower = name === "nothrow" && neverReturns;',
  },
  {
    name: "no builtin throws",
    file: judge,
    find: "nothrow: isSafe || isSafePointerStep(made.name, operandTypes) ? yes : throws,",
    replace: "nothrow: yes,",
  },
  {
    name: "elided although it is registered on some paths only",
    file: elide,
    find: "if (!isRegisteredOnce(frame, group, tracks, placed)) {",
    replace: "if (false) {",
  },
  {
    name: "elided although it escapes on some path",
    file: elide,
    find: "  found.push(...escapes);\n",
    replace: "",
  },
  {
    name: "elided although a callee registers it",
    file: elide,
    find: 'if (via !== "call" || gates.includes("finalizer/not-core-call"))',
    replace: "if (false)",
  },
  {
    name: "a path out is taken for held only up to the last use",
    file: elide,
    find: "const held = new Set<number>(placed.passed);",
    replace: "const held = new Set<number>();",
  },
  {
    name: "the held region ends with the block that makes the object",
    file: elide,
    find: "  if (goesOn) return end;",
    replace: "  if (goesOn) return 0;",
  },
  {
    name: "elided although its body may throw",
    file: body,
    find: '...(nothrow === "yes" ? [] : [blame("finalizer/body-may-throw")]),',
    replace: "",
  },
  {
    name: "a body touches nothing but its object",
    file: body,
    find: 'touchesNothingElse: summary?.effects.inaccessiblememonly.holds === "yes",',
    replace: "touchesNothingElse: true,",
  },
  {
    name: "exceptions in a try block are caught, whatever the handler does",
    file: "effects/infer.ts",
    find: 'if (derived.holds === "yes" && derived.origin === "body") return derived;',
    replace:
      'if (name === "nothrow") return { holds: "yes", origin: "body", taint: null };\n    if (derived.holds === "yes" && derived.origin === "body") return derived;',
  },
];
