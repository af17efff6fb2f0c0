// Reads the captured answers of a real Julia (test/data) into the shapes that the analyses take:
// bodies made from recorded facts, so that an analysis is compared without the reader in between.

import { readFileSync } from "node:fs";
import {
  type Body,
  type BodyStatement,
  globalValue,
  shape,
} from "../../server/src/analysis/body.ts";
import type { EscapeAnswer } from "../../server/src/analysis/environment.ts";

interface RecordedValue {
  readonly ssa?: number;
  readonly arg?: number;
  readonly glob?: boolean;
}

interface RecordedStatement {
  readonly k: string;
  readonly f?: string;
  readonly args?: readonly (RecordedValue | null)[];
  readonly nothrow: boolean;
  readonly nflds?: number | null;
  readonly fidx?: number | null;
  readonly maybe_module?: boolean;
  readonly sf_nothrow?: boolean;
  readonly any?: readonly boolean[];
  readonly cond?: boolean | null;
  readonly leave_pc?: number;
}

export interface RecordedInvoke {
  readonly pc: number;
  readonly nargs: number;
  readonly summary:
    | "unknown"
    | "simple"
    | {
        readonly args: readonly number[];
        readonly aliases: readonly (readonly [number, number])[];
      };
}

export interface RecordedFacts {
  readonly structured: readonly RecordedStatement[];
  readonly invokes: readonly RecordedInvoke[];
  readonly identity_free_args: readonly boolean[];
  readonly identity_free_ssa: readonly boolean[];
  readonly extra?: readonly RecordedExtra[];
}

interface RecordedExtra {
  readonly mutable: boolean;
  readonly atomic: boolean;
  readonly removable: boolean;
  /** Whether a registration's finalizer is eligible; null for other statements. */
  readonly gate: boolean | null;
}

/** Parses a file of test/data. */
export function readData<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../test/data/${name}`, import.meta.url), "utf8"));
}

function value(recorded: RecordedValue | null): number {
  if (recorded?.ssa !== undefined) return recorded.ssa;
  if (recorded?.arg !== undefined) return -recorded.arg;
  return recorded?.glob === true ? globalValue : 0;
}

/** Bits of an argument's recorded escape: ALL = 1, RETURN = 2, THROWN = 4. */
function answer(invoke: RecordedInvoke | undefined): EscapeAnswer {
  const summary = invoke?.summary ?? "unknown";
  if (summary === "unknown") return "opaque";
  if (summary === "simple") return "simple";
  return {
    arguments: summary.args.map((bits) => ({
      all: (bits & 1) !== 0,
      return: (bits & 2) !== 0,
      thrown: (bits & 4) !== 0,
    })),
    aliases: summary.aliases,
  };
}

function bodyStatement(
  facts: RecordedFacts,
  one: RecordedStatement,
  position: number,
): BodyStatement {
  const values = (one.args ?? []).map(value);
  const made: BodyStatement = {
    kind: "none",
    name: one.f ?? one.k,
    args: values,
    nothrow: one.nothrow ? "yes" : "no",
    effectFree: "no",
    removable: facts.extra?.[position - 1]?.removable ?? false,
    field: one.fidx ?? 0,
    fieldCount: one.nflds ?? -1,
    maybeModule: one.maybe_module ?? false,
    fieldStoreNothrow: one.sf_nothrow ?? false,
    declaredAny: one.any ?? [],
    ordered: false,
    notaskstate: false,
    condition: one.cond ?? null,
    handler: 0,
    callee: null,
  };
  switch (one.k) {
    case "new":
    case "foreigncall":
    case "return":
      return { ...made, kind: one.k };
    case "phi":
      return { ...made, kind: "alias" };
    case "globalref":
      return { ...made, kind: "global" };
    case "enter":
      return { ...made, kind: "enter", handler: one.leave_pc ?? 0 };
    case "invoke": {
      const escapes = answer(facts.invokes.find((invoke) => invoke.pc === position));
      const callee = { key: null, signature: "", effects: null, escapes };
      return { ...made, kind: "invoke", args: values.slice(1), callee };
    }
    case "gc_preserve_end":
      return { ...made, kind: "preserveend" };
    case "call":
      if (one.f === "generic") return { ...made, kind: "call" };
      return { ...made, kind: one.f === "intrinsic" ? "intrinsic" : "builtin" };
    default:
      return made;
  }
}

/** The body that the recorded facts describe. */
export function bodyOf(facts: RecordedFacts): Body {
  const shapes = facts.structured.map((_, index) => {
    const extra = facts.extra?.[index];
    const isData = extra !== undefined ? shape.data | shape.layout : 0;
    return isData | (extra?.mutable ? shape.mutable : 0) | (extra?.atomic ? shape.atomic : 0);
  });
  return {
    nArguments: facts.identity_free_args.length,
    statements: facts.structured.map((one, index) => bodyStatement(facts, one, index + 1)),
    identityFree: Uint8Array.from(
      [...facts.identity_free_args, ...facts.identity_free_ssa],
      Number,
    ),
    hasUndeclaredNames: false,
    finalizerEscapes: false,
    shapes: Uint8Array.from([
      ...facts.identity_free_args.map(() => shape.data | shape.mutable),
      ...shapes,
    ]),
  };
}
