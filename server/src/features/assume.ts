// What could be assumed of a blocker's callee, what must be true for it to be sound, and the smallest
// set of assumptions that frees a registration.

import {
  type Assumption,
  type AssumptionField,
  type Assumptions,
  assumptionFor,
  assumptionKey,
  functionOfKey,
  promises,
} from "../analysis/assumption.ts";
import type { OpenedMethod } from "../analysis/environment.ts";
import type { ExplainedBlocker, RegistrationReport } from "../analysis/method-report.ts";
import { keyOfInvoke, keyOfSignature } from "../analysis/summary.ts";
import type { AssumedFact } from "../config/edit-config.ts";
import { factName } from "../config/read-config.ts";
import type { Operand } from "../syntax/tree.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A fact that may be assumed, and whether it is about the finalizer itself. */
export interface Candidate extends AssumedFact {
  readonly key: string;
  readonly isBody: boolean;
}

/** What a statement blames: a function by name and key. */
export interface Blamed {
  /** As the text names it: `Main.use`, `(::var"#f#1")`. */
  readonly name: string;
  /** Key of the function. */
  readonly key: string;
  /** Key of the method; null where only the function is known. */
  readonly method: string | null;
  readonly isBody: boolean;
  /** Whether it is called without the compiler knowing which of its methods. */
  readonly isDynamic: boolean;
}

/** The function that a blocker is about; null where the statement calls none. */
export function blamedBy(
  { method }: OpenedMethod,
  { registration }: RegistrationReport,
  blocker: ExplainedBlocker,
): Blamed | null {
  if (blocker.code.startsWith("finalizer/body-")) {
    const key = keyOfSignature(registration.bodySignature ?? "");
    if (key === null) return null;
    const of = functionOfKey(key);
    const operand = registration.functionOperand;
    const printed = operand === null ? "" : printedName(operand);
    const name = assumptionKey(printed) === of ? printed : of;
    return { name, key: of, method: key, isBody: true, isDynamic: false };
  }
  const statement = method.statements[blocker.position - 1];
  if (!statement?.callee || blocker.position === registration.position) return null;
  const { kind, callee, label } = statement;
  if (label === "builtin" || label === "intrinsic") return null;
  if (kind !== "invoke" && kind !== "call") return null;
  const full = kind === "invoke" ? keyOfInvoke(method, statement) : null;
  const isNamed = callee.kind === "global" || callee.kind === "name";
  const key = full === null ? (isNamed ? assumptionKey(callee.text) : null) : functionOfKey(full);
  if (key === null) return null;
  return {
    name: isNamed ? printedName(callee) : key,
    key,
    method: full,
    isBody: false,
    isDynamic: kind === "call",
  };
}

/** With the module where the text prints one. */
function printedName({ module, text }: Operand): string {
  return module === "" ? text : `${module}.${text}`;
}

/** Facts that could take a blocker away, the least far-reaching first. */
function fieldsFor(code: string): readonly AssumptionField[] {
  switch (code) {
    case "finalizer/body-unknown":
      return ["nothrow", "notaskstate"];
    case "finalizer/body-may-throw":
      return ["nothrow"];
    case "finalizer/body-task-state":
      return ["notaskstate"];
    case "finalizer/region-may-throw":
      return ["nothrow", "throwsAreFatal"];
    case "finalizer/escapes-thrown":
      return ["nothrow", "captures"];
    default:
      return ["captures", "nothrow", "effectFree"];
  }
}

/** What may be assumed against one blocker, beyond what is assumed already. */
export function candidatesAgainst(
  workspace: Workspace,
  opened: OpenedMethod,
  report: RegistrationReport,
  blocker: ExplainedBlocker,
  assumptions: Assumptions,
): Candidate[] {
  const blamed = blamedBy(opened, report, blocker);
  if (blamed === null) return [];
  const { name, key, isBody, isDynamic } = blamed;
  const known = assumptionFor(assumptions, blamed.method ?? key);
  const canClose = isDynamic && workspace.hasMethodsOf(key);
  const closed: readonly AssumptionField[] = canClose ? ["closed"] : [];
  return [...closed, ...fieldsFor(blocker.code)]
    .filter((field) => known?.[field] === undefined)
    .map((field) => ({ name, key, isBody, field, value: promises[field] }));
}

/** All blockers of a registration: Julia's, rung by rung, then the plan's. */
export function blockersOf({ rungs, early }: RegistrationReport): ExplainedBlocker[] {
  return [
    ...rungs.flatMap(({ blockers }) => blockers),
    ...(early?.blockers ?? []),
    ...(early?.notElided ?? []),
  ];
}

/** The assumptions with some facts more. */
export function withFacts(
  assumptions: Assumptions,
  facts: readonly { key: string; field: AssumptionField; value: boolean }[],
): Assumptions {
  const made = new Map<string, Assumption>(assumptions);
  for (const { key, field, value } of facts) made.set(key, { ...made.get(key), [field]: value });
  return made;
}

/** The assumptions without one fact of one entry. */
export function withoutFact(
  assumptions: Assumptions,
  key: string,
  field: AssumptionField,
): Assumptions {
  const made = new Map<string, Assumption>(assumptions);
  const { [field]: _, ...rest } = made.get(key) ?? {};
  if (Object.keys(rest).length === 0) made.delete(key);
  else made.set(key, rest);
  return made;
}

/** Where a search ends: after so many tries, or with a set larger than this. */
const tryLimit = 240;
const sizeLimit = 6;

/** What a search found. `exhausted`: it gave up before all sets were tried. */
export interface SmallestSet {
  readonly facts: readonly Candidate[] | null;
  readonly exhausted: boolean;
}

/**
 * A smallest set of further assumptions under which the registration fulfils `goal`; of several the
 * first in the order of blockers. Sets are tried by growing size. Every blocker must go, so each step
 * branches only over what may be assumed against the first blocker of the ladder and the first of the
 * plan that are left.
 */
export function smallestSet(
  workspace: Workspace,
  unit: Unit,
  index: number,
  goal: (report: RegistrationReport) => boolean,
): SmallestSet {
  const seen = new Map<string, RegistrationReport | null>();
  let isExhausted = false;
  const reportUnder = (facts: readonly Candidate[]): RegistrationReport | null => {
    const name = facts
      .map(({ key, field }) => `${key} ${field}`)
      .sort()
      .join("\n");
    const known = seen.get(name);
    if (known !== undefined) return known;
    if (seen.size >= tryLimit) {
      isExhausted = true;
      return null;
    }
    const other = workspace.whatIf(withFacts(workspace.assumptions, facts));
    const made = other.report(unit).registrations[index] ?? null;
    seen.set(name, made);
    return made;
  };
  const opened = workspace.openUnit(unit);
  const search = (facts: readonly Candidate[], left: number): readonly Candidate[] | null => {
    const report = reportUnder(facts);
    if (report === null || opened === null) return null;
    if (goal(report)) return facts;
    if (left === 0) {
      isExhausted ||= facts.length >= sizeLimit;
      return null;
    }
    const assumptions = withFacts(workspace.assumptions, facts);
    for (const candidate of nextCandidates(workspace, opened, report, assumptions)) {
      const found = search([...facts, candidate], left - 1);
      if (found !== null) return found;
    }
    return null;
  };
  for (let size = 1; size <= sizeLimit; size++) {
    const before = seen.size;
    const facts = search([], size);
    if (facts !== null) return { facts, exhausted: false };
    // No set of this size was new: nothing larger will be.
    if (seen.size === before || isExhausted) break;
  }
  return { facts: null, exhausted: isExhausted };
}

function nextCandidates(
  workspace: Workspace,
  opened: OpenedMethod,
  report: RegistrationReport,
  assumptions: Assumptions,
): Candidate[] {
  const firsts = [
    report.rungs.find(({ state }) => state !== "passed")?.blockers[0],
    report.early?.blockers[0],
    report.early?.notElided[0],
  ];
  const found = new Map<string, Candidate>();
  for (const blocker of firsts) {
    if (blocker === undefined) continue;
    for (const one of candidatesAgainst(workspace, opened, report, blocker, assumptions)) {
      const name = `${one.key} ${one.field}`;
      if (!found.has(name)) found.set(name, one);
    }
  }
  return [...found.values()];
}

/** `use` for `Main.use`. */
export function shortName(name: string): string {
  return name.replace(/^Main\./, "");
}

/** The claim in a few words, for the title of an action. */
export function claimWords({ name, field, isBody }: Candidate): string {
  const short = shortName(name);
  switch (field) {
    case "captures":
      return `\`${short}\` does not capture`;
    case "nothrow":
      return `\`${short}\` is nothrow (and does not block)`;
    case "notaskstate":
      return isBody
        ? `the finalizer \`${short}\` has no task state`
        : `\`${short}\` has no task state`;
    case "effectFree":
      return `\`${short}\` is effect_free`;
    case "terminates":
      return `\`${short}\` terminates`;
    case "throwsAreFatal":
      return `throws of \`${short}\` are fatal`;
    case "closed":
      return `all methods of \`${short}\` are here`;
  }
}

const conditions: Readonly<Record<AssumptionField, string>> = {
  captures:
    "no method of it keeps an argument beyond the call: not in a global, a field of another object, a closure or a task, none is thrown or returned, and none is finalized",
  nothrow:
    "no call of it throws, waits, switches tasks or runs for ever; interrupts, stack overflow and running out of memory are left out",
  notaskstate:
    "it neither reads nor changes what belongs to the running task: task-local storage, its random stream, the logger, locks",
  effectFree: "nothing that it does can be seen from outside, writes to its arguments included",
  terminates: "every call of it comes to an end",
  throwsAreFatal:
    "if it throws, nobody catches the exception and the program ends: exceptional paths out of it need no free",
  closed:
    "every method that its dynamic calls can reach, specialised for every type that they can get there, stands in this workspace, and none is added later",
};

/** The CUDA story (spec effects.md §8.1). */
const bodyWithoutTaskState =
  "the finalizer may run in the task that uses the object, at its last use, rather than apart from it: it leaves that task's context, stream, locks, random stream and task-local storage as it finds them, and starts no task with `@async`, which would leave it sticky. CUDA.jl's `unsafe_free!` locks its pool and switches the task's context: there the author must see to that, and says so with `@assume_effects :notaskstate` on the finalizer; the gain is a free in the order of the task's own stream";

/** What must be true for the assumption to be sound, as a sentence. */
export function conditionWords({ name, field, isBody }: Candidate): string {
  const text = isBody && field === "notaskstate" ? bodyWithoutTaskState : conditions[field];
  return `Sound only if this is true of \`${shortName(name)}\`: ${text}.`;
}

/** `Main.use: nothrow = true`. */
export function factWords({ name, field, value }: AssumedFact): string {
  return `${name}: ${factName(field)} = ${value}`;
}

/**
 * The facts on which a verdict rests: those without which Julia would do something else, or nothing
 * would be freed.
 */
export function restsOn(workspace: Workspace, unit: Unit, index: number): AssumedFact[] {
  const report = workspace.report(unit).registrations[index];
  if (report === undefined || !isAssumed(report)) return [];
  const found: AssumedFact[] = [];
  for (const [key, assumption] of workspace.assumptions) {
    for (const [field, value] of Object.entries(assumption) as [AssumptionField, boolean][]) {
      if (value !== promises[field]) continue;
      const other = workspace.whatIf(withoutFact(workspace.assumptions, key, field));
      const without = other.report(unit).registrations[index];
      if (essenceOf(without) !== essenceOf(report)) found.push({ name: key, field, value });
    }
  }
  return found;
}

/** Whether the verdict or the plan is marked *assumed*. */
export function isAssumed({ tier, early }: RegistrationReport): boolean {
  return tier === "assumed" || early?.plan.tier === "assumed";
}

function essenceOf(report: RegistrationReport | undefined): string {
  if (report === undefined) return "";
  const { elided, code, insertion, early } = report;
  return JSON.stringify([elided, code, insertion, early?.plan.verdict, early?.plan.placements]);
}
