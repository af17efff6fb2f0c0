// The registry of diagnostic codes: everything that Finalens can say, with its severity and title.
// A code is `stage/kind`; it is never used again for something else. The page of a code is
// docs/diagnostics/<stage>/<kind>.md, or docs/diagnostics/<stage>.md for a stage with one page.
// `reason` is the name of the same cause, or mistake, in Julia's finalizer pass (spec finalizer-inlining.md
// §7 and §9).

export type Severity = "error" | "warning" | "information" | "hint";

/** What somebody may choose for a code; `off` is not to be told at all. */
export const severityChoices = ["error", "warning", "information", "hint", "off"] as const;

export type SeverityChoice = (typeof severityChoices)[number];

export interface CodeEntry {
  readonly severity: Severity;
  /** At most 60 characters, as a heading. */
  readonly title: string;
  /** The release of Finalens that first had the code. */
  readonly since: string;
  readonly reason?: string;
}

/** Codes of the finalizer stage: the rung at which the ladder stopped. */
export type FinalizerCode =
  | "finalizer/malformed-method"
  | "finalizer/not-core-call"
  | "finalizer/arity"
  | "finalizer/body-unknown"
  | "finalizer/body-may-throw"
  | "finalizer/body-task-state"
  | "finalizer/body-may-not-end"
  | "finalizer/body-undefined-behavior"
  | "finalizer/body-free-typevars"
  | "finalizer/body-not-single-case"
  | "finalizer/object-type-unknown"
  | "finalizer/object-atomic-fields"
  | "finalizer/object-immutable"
  | "finalizer/object-not-ssa"
  | "finalizer/allocation-not-new"
  | "finalizer/multiple-registrations"
  | "finalizer/no-inlining-state"
  | "finalizer/unaccounted-use"
  | "finalizer/aliased"
  | "finalizer/escapes-return"
  | "finalizer/escapes-thrown"
  | "finalizer/escapes-unknown-call"
  | "finalizer/escapes-argument"
  | "finalizer/escapes-finalizer"
  | "finalizer/allocation-not-dominating"
  | "finalizer/no-post-dominator"
  | "finalizer/region-may-throw"
  | "finalizer/registration-not-dominating"
  | "finalizer/insertion-not-dominated";

/** Codes of the early plan that Julia's ladder does not have: why an object cannot be freed early. */
export type PlanCode =
  | "finalizer/weak-reference"
  | "finalizer/body-keeps-object"
  | "finalizer/explicitly-finalized"
  | "finalizer/held-by-finalizer"
  | "finalizer/lock-held"
  | "finalizer/paths-disagree"
  | "finalizer/never-dead"
  | "finalizer/conditional-registration"
  | "finalizer/too-large"
  | "internal/plan-rejected";

/** Codes of the hazards: mistakes that freeing early turns from latent into certain. */
export type HazardCode =
  | "hazard/handle-outlives-owner"
  | "hazard/finalize-in-lock"
  | "hazard/double-finalize"
  | "hazard/use-after-finalize"
  | "hazard/free-skipped-by-exception"
  | "hazard/child-outlives-parent"
  | "hazard/foreign-code-holds-it"
  | "hazard/collective-free"
  | "hazard/thread-bound-free"
  | "hazard/other-stream"
  | "hazard/pool-return"
  | "hazard/free-switches-task"
  | "hazard/library-shut-down";

/** Codes of what Julia's own placement of a finalizer gets wrong. */
export type JuliaCode =
  | "julia/runs-again"
  | "julia/runs-again-or-never"
  | "julia/runs-unregistered"
  | "julia/before-phi"
  | "julia/held-by-pending-finalizer"
  | "julia/never-allocated"
  | "julia/objects-lost";

/** Every code. */
export type DiagnosticCode =
  | FinalizerCode
  | PlanCode
  | HazardCode
  | JuliaCode
  | "syntax/unreadable-statement"
  | "syntax/number-mismatch"
  | "syntax/duplicate-number"
  | "syntax/bad-header"
  | "syntax/truncated-method"
  | "syntax/too-long"
  | "verify/undefined-value"
  | "verify/missing-block"
  | "verify/block-order"
  | "verify/phi-edge"
  | "verify/phi-position"
  | "verify/terminator"
  | "verify/dominance"
  | "effects/unknown-callee"
  | "lifetime/extended-over-loop"
  | "julia/profile-mismatch"
  | "assume/unreadable"
  | "assume/unknown-key"
  | "assume/wrong-value"
  | "assume/contradiction"
  | "assume/unknown-function"
  | "assume/contradicted-by-text"
  | "expect/failed"
  | "expect/malformed"
  | "internal/bug";

function kept(reason: string, title: string): CodeEntry {
  return { severity: "information", title, since: "0.1.0", reason };
}

/** A class of wrong placements; an error where a run shows it. */
function wrong(reason: string, title: string): CodeEntry {
  return { severity: "warning", title, since: "0.1.0", reason };
}

function entry(severity: Severity, title: string): CodeEntry {
  return { severity, title, since: "0.1.0" };
}

/** The table; its keys are all codes, in the order of the pipeline. */
export const codes: Readonly<Record<DiagnosticCode, CodeEntry>> = {
  "syntax/unreadable-statement": entry("error", "The line is not a statement of printed IR"),
  "syntax/number-mismatch": entry("warning", "A label and the statement's position disagree"),
  "syntax/duplicate-number": entry("error", "An SSA number is defined twice"),
  "syntax/bad-header": entry("warning", "A header line is malformed"),
  "syntax/truncated-method": entry("warning", "The method's text ends too early"),
  "syntax/too-long": entry("warning", "A line or a file is too long to be analysed"),

  "verify/undefined-value": entry("error", "A value is used that no statement defines"),
  "verify/missing-block": entry("error", "A jump or an edge names a block that does not exist"),
  "verify/block-order": entry("error", "Block numbers are not consecutive"),
  "verify/phi-edge": entry("error", "A φ edge does not come from a predecessor"),
  "verify/phi-position": entry("error", "A φ does not stand at the start of its block"),
  "verify/terminator": entry("error", "A block goes on behind its terminator"),
  "verify/dominance": entry("error", "A definition does not dominate a use"),

  "effects/unknown-callee": entry("hint", "Nothing is known about a callee"),

  "finalizer/malformed-method": entry("information", "The method's IR is malformed"),
  "finalizer/not-core-call": kept("NOT_CORE_FINALIZER_CALL", "Not a call of Core.finalizer"),
  "finalizer/arity": kept("FINALIZER_ARITY", "Unexpected number of arguments to Core.finalizer"),
  "finalizer/body-unknown": kept("FINALIZER_CALL_UNRESOLVED", "The finalizer's body is not known"),
  "finalizer/body-may-throw": kept("FINALIZER_MAY_THROW", "The finalizer's body may throw"),
  "finalizer/body-task-state": kept(
    "FINALIZER_TASK_STATE",
    "The finalizer's body touches task state",
  ),
  "finalizer/body-may-not-end": kept(
    "FINALIZER_MAY_NOT_TERMINATE",
    "The finalizer's body may not end",
  ),
  "finalizer/body-undefined-behavior": kept(
    "FINALIZER_UNDEFINED_BEHAVIOR",
    "The finalizer's body may have undefined behavior",
  ),
  "finalizer/body-free-typevars": kept(
    "FINALIZER_FREE_TYPEVARS",
    "The finalizer's type has free parameters",
  ),
  "finalizer/body-not-single-case": kept(
    "FINALIZER_NOT_SINGLE_CASE",
    "The finalizer call has several targets",
  ),
  "finalizer/object-type-unknown": kept(
    "OBJ_TYPE_UNKNOWN",
    "The object's type is not a single data type",
  ),
  "finalizer/object-atomic-fields": kept(
    "OBJ_TYPE_ATOMIC_FIELDS",
    "The object's type has an atomic field",
  ),
  "finalizer/object-immutable": kept("OBJ_IMMUTABLE", "The object is immutable"),
  "finalizer/object-not-ssa": kept("OBJ_NOT_SSA", "The object is an argument or a constant"),
  "finalizer/allocation-not-new": kept(
    "ALLOC_NOT_NEW",
    "The object is not allocated by a visible %new",
  ),
  "finalizer/multiple-registrations": kept(
    "MULTIPLE_FINALIZERS",
    "The object has several finalizers",
  ),
  "finalizer/no-inlining-state": kept("NO_INLINING_STATE", "Inlining was disabled"),
  "finalizer/unaccounted-use": kept("UNACCOUNTED_USE", "The object is used beyond its fields"),
  "finalizer/aliased": kept("EA_ALIASED", "The object may have another name"),
  "finalizer/escapes-return": kept("EA_RETURN_ESCAPE", "The object is returned"),
  "finalizer/escapes-thrown": kept("EA_THROWN_ESCAPE", "The object may be thrown"),
  "finalizer/escapes-unknown-call": kept(
    "EA_ALL_ESCAPE",
    "The object escapes into a call or a global",
  ),
  "finalizer/escapes-argument": kept("EA_ARG_ESCAPE", "The object is visible to the caller"),
  "finalizer/escapes-finalizer": kept(
    "EA_FINALIZER_ESCAPE",
    "Another registered finalizer can reach the object",
  ),
  "finalizer/allocation-not-dominating": kept(
    "ALLOC_NOT_DOMINATING",
    "The allocation does not dominate the registration",
  ),
  "finalizer/no-post-dominator": kept("NO_POSTDOMINATOR", "The uses have no common post-dominator"),
  "finalizer/region-may-throw": kept(
    "REGION_MAY_THROW",
    "A statement before the last use may throw",
  ),
  "finalizer/registration-not-dominating": kept(
    "REG_NOT_DOMINATING_USE",
    "The registration does not dominate a use",
  ),
  "finalizer/insertion-not-dominated": kept(
    "INSERT_NOT_DOMINATED",
    "The registration does not dominate the insertion point",
  ),

  "finalizer/body-keeps-object": entry("information", "The finalizer's body keeps its object"),
  "finalizer/weak-reference": entry("information", "A weak reference to the object is made"),
  "finalizer/explicitly-finalized": entry("information", "The object is finalized by hand"),
  "finalizer/held-by-finalizer": entry(
    "information",
    "A finalizer that is still to run may reach the object",
  ),
  "finalizer/lock-held": entry("information", "The object dies while a lock is held"),
  "finalizer/paths-disagree": entry(
    "information",
    "Where it is dead on one path it is in use on another",
  ),
  "finalizer/never-dead": entry("information", "The object is in use until the method ends"),
  "finalizer/conditional-registration": entry(
    "information",
    "The finalizer is not registered on every path",
  ),
  "finalizer/too-large": entry("information", "The method is too large to be planned"),

  "lifetime/extended-over-loop": entry("warning", "A lifetime is stretched over a loop"),

  "hazard/handle-outlives-owner": entry("warning", "A handle is used after its owner's last use"),
  "hazard/finalize-in-lock": entry("warning", "A finalizer that locks runs inside a lock region"),
  "hazard/double-finalize": entry("warning", "An object is freed twice"),
  "hazard/use-after-finalize": entry("warning", "An object is used after it was freed"),
  "hazard/free-skipped-by-exception": entry("warning", "An exception skips a free by hand"),
  "hazard/child-outlives-parent": entry("warning", "A child handle outlives its parent"),
  "hazard/foreign-code-holds-it": entry("warning", "Foreign code still uses what is freed"),
  "hazard/collective-free": entry("warning", "A collective free does not happen on all paths"),
  "hazard/thread-bound-free": entry("warning", "A free belongs to one thread or context"),
  "hazard/other-stream": entry("warning", "A free does not wait for work on another stream"),
  "hazard/pool-return": entry("warning", "Memory is used after it went back to a pool"),
  "hazard/free-switches-task": entry("warning", "A free switches tasks where none may be switched"),
  "hazard/library-shut-down": entry("warning", "A library is shut down before the free"),

  "julia/profile-mismatch": entry("information", "The text differs from what the profile predicts"),

  "julia/runs-again": wrong("HAZARD_INSERT_IN_CYCLE", "Julia runs a finalizer again on one object"),
  "julia/runs-again-or-never": wrong(
    "HAZARD_INSERT_OUTSIDE_BLOCK",
    "Julia runs a finalizer several times, or not at all",
  ),
  "julia/runs-unregistered": wrong(
    "HAZARD_UNCONDITIONAL_FINALIZE",
    "Julia runs a finalizer that was not registered",
  ),
  "julia/before-phi": wrong(
    "HAZARD_INSERT_BEFORE_PHI",
    "Julia inlines a finalizer before a φ node",
  ),
  "julia/held-by-pending-finalizer": wrong(
    "HAZARD_CAPTURED_BY_FINALIZER",
    "Julia finalizes what a pending finalizer still reaches",
  ),
  "julia/never-allocated": wrong(
    "HAZARD_INSERT_NOT_DOMINATED_BY_ALLOCATION",
    "Julia finalizes an object that was never allocated",
  ),
  "julia/objects-lost": wrong(
    "HAZARD_ALLOCATION_REPEATS",
    "Julia finalizes one of several objects only",
  ),

  "assume/unreadable": entry("error", "Finalens.toml is not TOML"),
  "assume/unknown-key": entry("warning", "Finalens.toml has a key that means nothing"),
  "assume/wrong-value": entry("error", "A value in Finalens.toml is not of the form it must have"),
  "assume/contradiction": entry("error", "Two assumptions contradict each other"),
  "assume/unknown-function": entry("hint", "An assumption is about no method of the workspace"),
  "assume/contradicted-by-text": entry("hint", "A method's own text contradicts an assumption"),

  "expect/failed": entry("error", "An expectation does not hold"),
  "expect/malformed": entry("error", "An expectation could not be read"),

  "internal/bug": entry("error", "Finalens made a mistake"),
  "internal/plan-rejected": entry("warning", "A plan of ours did not pass our own checker"),
};

/** The cause's name in Julia's pass, `EA_ALL_ESCAPE` for `finalizer/escapes-unknown-call`. */
export function reasonOf(code: FinalizerCode): string {
  return codes[code].reason ?? "";
}
