// Runs a method under five policies of when finalizers run, on the same inputs, and tells what is held when:
// C memory in bytes where the run allocates some, else objects whose finalizers have not run.
//
// Under Julia's placement and the early plan no collector runs, so that whatever falls was placed. Callees
// are placed under the same policy. What the text does not tell is drawn from the seed, and told.
// Source: design §5 (tracked foreign heap), contract.md "Commands", spec early-plan.md §7 (policies).

import type { RegistrationReport } from "../analysis/method-report.ts";
import { finalizedByJulia, placedBy, placedByJulia } from "../analysis/placements.ts";
import { Interpreter, type RunOptions, toBeDrawn } from "../check/interpreter/interpreter.ts";
import type { Fault, Outcome, Unknown } from "../check/interpreter/outcome.ts";
import { averageOf, type Usage } from "../check/interpreter/timeline.ts";
import { printValue } from "../check/literal.ts";
import { Program } from "../check/program.ts";
import { idOf, type Method } from "../ir/method.ts";
import type { PlacedMethod } from "../ir/placed.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { isNamed, plansOf } from "./apply.ts";
import { eachMethod, type MethodPlace } from "./method-index.ts";
import { opaqueFactsOf } from "./opaque-facts.ts";
import { isFailure, readArguments } from "./simulation-arguments.ts";
import { withoutUnused } from "./without-unused.ts";
import { planWords, predictionWords } from "./words.ts";

export type PolicyName = "gc-never" | "gc" | "julia" | "early" | "rc";

/** How a method is run. */
export interface RunRequest {
  /** Values in Julia's form, `_` for one that is drawn; null where all are. */
  readonly args: readonly string[] | null;
  /** Decides what is drawn; null takes the first under which the method returns and something is held. */
  readonly seed: number | null;
  /** Statements, finalizers' included, after which a run is given up. */
  readonly steps: number;
}

export interface SimulationRequest extends RunRequest {
  /** Name or signature; null where the files hold one method only. */
  readonly method: string | null;
}

/** What a run under one policy shows. */
export interface PolicyRun {
  readonly policy: PolicyName;
  /** How often something was taken, and how much in all. */
  readonly allocations: number;
  readonly allocated: number;
  /** Runs of finalizers, and how many of them when the method had ended. */
  readonly finalizers: number;
  readonly finalizersAtExit: number;
  readonly releases: number;
  readonly peak: number;
  readonly average: number;
  readonly atReturn: number;
  /** What nothing has released when the process has ended. */
  readonly leaked: number;
  /** After how many statements the last release came, and at which; null without any, 0 at exit. */
  readonly lastRelease: { readonly step: number; readonly statement: number } | null;
  readonly result: string;
  /** Statements that were executed, those of finalizers and φ nodes left out. */
  readonly steps: number;
  /** What is held from a step on, until the method ends. */
  readonly curve: readonly (readonly [step: number, held: number])[];
  /** What went wrong, such as a second `free`. */
  readonly faults: readonly string[];
}

export interface Simulation {
  readonly method: string;
  readonly path: string;
  /** 1-based line of the first statement. */
  readonly line: number;
  readonly profile: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly value: string;
    readonly given: boolean;
  }[];
  readonly seed: number;
  readonly unit: "bytes" | "objects";
  readonly policies: readonly PolicyRun[];
  /** What decides about each registration of the method itself. */
  readonly registrations: readonly {
    readonly statement: number;
    readonly julia: string;
    readonly early: string;
    readonly tier: "proven" | "assumed";
  }[];
  /** What the text does not tell, as it was in any of the runs. */
  readonly unknown: readonly {
    readonly kind: Unknown["kind"];
    readonly name: string;
    readonly count: number;
    readonly acts: readonly string[];
  }[];
}

/** Why nothing was simulated, in one line. */
export interface Failure {
  readonly failure: string;
}

/** Which seeds are tried where none is given. */
const seedsTried = 50;

const collectors: readonly (readonly [PolicyName, RunOptions["gc"]])[] = [
  ["gc-never", "never"],
  ["gc", "always"],
  ["julia", "never"],
  ["early", "never"],
  ["rc", "counting"],
];

/**
 * Simulates a method of one of the files at `paths`; all other files of the workspace hold callees.
 *
 * @returns why not, where the call cannot be answered
 */
export function simulate(
  workspace: Workspace,
  paths: readonly string[],
  request: SimulationRequest,
): Simulation | Failure {
  const place = findMethod(workspace, paths, request.method);
  return isFailure(place) ? place : simulateMethod(workspace, place, request);
}

/** Simulates the method that stands at `place`; all other methods of the workspace are callees. */
export function simulateMethod(
  workspace: Workspace,
  place: MethodPlace,
  request: RunRequest,
): Simulation | Failure {
  const method = place.unit.read();
  const facts = place.unit.facts();
  if (method === null || facts === null) return { failure: "the text holds no method" };
  const line = place.document.startOf(place.index) + facts.firstLine + 1;
  const [finding] = facts.findings;
  if (facts.isMalformed || facts.unreadable > 0) {
    return { failure: `${place.path}:${line}: ${finding?.message ?? "cannot be read"}` };
  }
  const root = { unit: place.unit, method };
  const methods = runnables(workspace, root);
  const program = new Program(methods.map((one) => one.method));
  const given = readArguments(method, request.args, program.layouts);
  if (isFailure(given)) return given;
  const runnerFor = (policy: PolicyName, gc: RunOptions["gc"]): ((seed: number) => Outcome) => {
    const interpreter = interpreterFor(workspace, program, methods, policy);
    const code = interpreter.prepare(placedUnder(workspace, policy, root));
    const options = { gc, fuel: request.steps, watchesLifetimes: false, sharesGlobals: true };
    return (seed) => interpreter.run(code, { ...options, seed }, given);
  };
  const runNever = runnerFor("gc-never", "never");
  const seed = request.seed ?? firstTelling(runNever);
  const first = runNever(seed);
  const unfinished = whyUnfinished(first, request.steps);
  if (unfinished !== null)
    return { failure: `${place.path}: ${facts.signature ?? "the method"} ${unfinished}` };
  const outcomes = collectors.map(([policy, gc]) => ({
    policy,
    outcome: policy === "gc-never" ? first : runnerFor(policy, gc)(seed),
  }));
  const unit = outcomes.some(({ outcome }) => outcome.memory.rises > 0) ? "bytes" : "objects";
  const { registrations } = workspace.report(place.unit);
  return {
    method: facts.signature ?? "a method without a header",
    path: place.path,
    line,
    profile: workspace.profile.name,
    arguments: first.arguments.map((value, index) => ({
      name: method.header.slots[index + 1]?.name || `_${index + 2}`,
      value: printValue(value),
      given: given !== null && given[index] !== toBeDrawn,
    })),
    seed,
    unit,
    policies: outcomes.map(({ policy, outcome }) => policyRun(method, policy, outcome, unit)),
    registrations: registrations.map((report) => registrationOf(method, report)),
    unknown: unknownOf(outcomes.map(({ outcome }) => outcome)),
  };
}

function findMethod(
  workspace: Workspace,
  paths: readonly string[],
  name: string | null,
): MethodPlace | Failure {
  const own = [...eachMethod(workspace)].filter(({ path }) => paths.includes(path));
  const where = paths.length === 1 ? `${paths[0]}: ` : "";
  const signatures = (places: readonly MethodPlace[]): string[] =>
    places.map(({ unit }) => unit.facts()?.signature ?? "?");
  const found = own.filter(({ unit }) => name === null || isNamed(unit, name));
  const [first] = found;
  if (first === undefined) {
    return {
      failure: name === null ? `${where}holds no method` : `${where}has no method \`${name}\``,
    };
  }
  if (found.length > 1) {
    const some = signatures(found).slice(0, 3).join(", ");
    const which = name === null ? `holds ${found.length} methods` : `\`${name}\` is ambiguous`;
    return { failure: `${where}${which}; say --method with a signature, such as ${some}` };
  }
  return first;
}

/** A method that may be run. */
interface Runnable {
  readonly unit: Unit;
  readonly method: Method;
}

/** The method and all others of the workspace, which it may call. */
function runnables(workspace: Workspace, root: Runnable): Runnable[] {
  const others = [...eachMethod(workspace)].flatMap(({ unit }) => {
    const method = unit === root.unit ? null : unit.read();
    return method === null ? [] : [{ unit, method }];
  });
  return [root, ...others];
}

function interpreterFor(
  workspace: Workspace,
  program: Program,
  methods: readonly Runnable[],
  policy: PolicyName,
): Interpreter {
  const interpreter = new Interpreter(program, opaqueFactsOf(workspace.assumptions));
  if (policy !== "julia" && policy !== "early") return interpreter;
  for (const one of methods) {
    if (workspace.report(one.unit).registrations.length === 0) continue;
    interpreter.placeCallee(one.method, placedUnder(workspace, policy, one));
  }
  return interpreter;
}

function placedUnder(
  workspace: Workspace,
  policy: PolicyName,
  { unit, method }: Runnable,
): PlacedMethod {
  if (policy === "early") return placedBy(method, plansOf(workspace, unit));
  if (policy === "julia") {
    const opened = workspace.openUnit(unit);
    const { registrations } = workspace.report(unit);
    const placed = placedByJulia(opened === null ? method : withoutUnused(opened), registrations);
    return { ...placed, placements: [...placed.placements, ...finalizedByJulia(registrations)] };
  }
  return { method, placements: [], dropped: [] };
}

/** The first seed under which the method returns and holds something; 1 where there is none. */
function firstTelling(run: (seed: number) => Outcome): number {
  for (let seed = 1; seed <= seedsTried; seed++) {
    const outcome = run(seed);
    if (outcome.ending.kind !== "returned") continue;
    if (outcome.memory.peak > 0 || outcome.held.rises > 0) return seed;
  }
  return 1;
}

/** Why a run says nothing; null where it came to an end. */
function whyUnfinished({ ending }: Outcome, steps: number): string | null {
  switch (ending.kind) {
    case "returned":
    case "thrown":
      return null;
    case "fuel":
      return ending.value === ""
        ? `has not ended after ${steps} statements; --steps allows more`
        : `does not end: ${ending.value}`;
    case "unreachable":
      return "comes to an `unreachable`: what it rests on is not in the text";
    default:
      return `ends in ${ending.kind}: ${ending.value}`;
  }
}

function policyRun(
  method: Method,
  policy: PolicyName,
  outcome: Outcome,
  unit: Simulation["unit"],
): PolicyRun {
  const usage = unit === "bytes" ? outcome.memory : outcome.held;
  const { rises, total, falls, peak, atEnd, level, lastFall } = usage;
  return {
    policy,
    allocations: rises,
    allocated: total,
    finalizers: outcome.runs.length,
    finalizersAtExit: outcome.runs.filter(({ cause }) => cause === "exit").length,
    releases: falls,
    peak,
    average: averageOf(usage, outcome.time),
    atReturn: atEnd,
    leaked: level,
    lastRelease:
      lastFall === null
        ? null
        : {
            step: lastFall.time,
            statement: lastFall.position === 0 ? 0 : idOf(method, lastFall.position),
          },
    result: resultWords(outcome),
    steps: outcome.time,
    curve: curveOf(usage),
    faults: [...new Set(outcome.faults.filter(isTold).map((one) => faultWords(method, one)))],
  };
}

/** The level after everything that happens in one step. */
function curveOf({ history, nUntilEnd }: Usage): [number, number][] {
  const curve: [number, number][] = [[0, 0]];
  for (const [step, held] of history.slice(0, nUntilEnd)) curve.push([step, held]);
  return curve;
}

function resultWords({ ending, result }: Outcome): string {
  if (ending.kind === "returned") return printValue(result);
  if (ending.kind === "thrown") return `throws ${printValue(result).replace(/^:/, "")}`;
  return ending.kind === "fuel" ? "does not end" : `${ending.kind}: ${ending.value}`;
}

/** What goes wrong where; of what is wrong with a placement the words say enough. */
function faultWords(method: Method, { kind, position, words }: Fault): string {
  const isUse = /^(?:use-after-|double-free|weak-reference)/.test(kind) && position > 0;
  return `${kind}${isUse ? ` at %${idOf(method, position)}` : ""}: ${words}`;
}

/** How long something is held is what the curves show. */
function isTold({ kind }: Fault): boolean {
  return kind !== "extended-over-loop";
}

function registrationOf(
  method: Method,
  report: RegistrationReport,
): Simulation["registrations"][number] {
  return {
    statement: idOf(method, report.registration.position),
    julia: predictionWords(method, report),
    early: planWords(method, report),
    tier: report.early?.plan.tier ?? "proven",
  };
}

/** What any run met; counts are the largest ones. */
function unknownOf(outcomes: readonly Outcome[]): Simulation["unknown"] {
  const found = new Map<string, Unknown>();
  for (const one of outcomes.flatMap(({ unknown }) => unknown)) {
    const key = `${one.kind} ${one.name}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...one, acts: new Set(one.acts) });
    else {
      known.count = Math.max(known.count, one.count);
      for (const act of one.acts) known.acts.add(act);
    }
  }
  return [...found.values()].map((one) => ({ ...one, acts: [...one.acts] }));
}
