// What may be shown of a method's report once the checkers have tried it. A plan of ours that they reject is
// taken back, with the reason; of Julia's own placements it is said what is wrong with them. A pure
// function of the report and of a program, which is the method with what it calls.
//
// What is certain counts. A failure that is not rests on something that the text does not tell. Where that is no
// callee, but what may be in a container, it counts against a plan of ours that is called proven, for then the
// text should have told the checker as well; it never counts against Julia.
// Source: design §2 and §5, spec finalizer-inlining.md §7, early-plan.md §10.

import type {
  JuliaMistake,
  MethodReport,
  RegistrationReport,
  ShownPath,
} from "../analysis/method-report.ts";
import { placedBy, placedByJulia } from "../analysis/placements.ts";
import type { Plan } from "../analysis/plan/plan.ts";
import { type Refusal, withoutPlans } from "../analysis/refuse.ts";
import type { ViolationKind } from "../check/compare.ts";
import { harmsOf } from "../check/confirm.ts";
import type { Program } from "../check/program.ts";
import { rejectionBefore } from "../check/validate/before-phi.ts";
import { classesOf, shownBy, type WrongClass } from "../check/validate/classify.ts";
import {
  type Counterexample,
  type PropertyKind,
  propertyWords,
} from "../check/validate/counterexample.ts";
import { Validator } from "../check/validate/validate.ts";
import type { JuliaCode } from "../diagnostics/codes.ts";
import { idOf, labelOf, type Method } from "../ir/method.ts";
import type { PlacedMethod, Placement } from "../ir/placed.ts";

const codeOf: Readonly<Record<WrongClass, JuliaCode>> = {
  H1: "julia/runs-again",
  H2: "julia/runs-again-or-never",
  H3: "julia/runs-unregistered",
  H4: "julia/before-phi",
  H5: "julia/held-by-pending-finalizer",
  H6: "julia/never-allocated",
  H7: "julia/objects-lost",
};

/** Whether there is anything to try. */
export function isTried({ registrations }: MethodReport): boolean {
  return registrations.some(
    ({ early, elided, insertion }) =>
      (early !== null && early.plan.verdict !== "none") || (elided && insertion !== null),
  );
}

/** The report without plans that are rejected, and with what is wrong with Julia's placements. */
export function tryReport(method: Method, report: MethodReport, program: Program): MethodReport {
  const validator = new Validator(program);
  const accepted = withoutPlans(method, report, refusalsOf(validator, method, plansOf(report)));
  const mistakes = mistakesOf(validator, placedByJulia(method, report.registrations));
  if (mistakes.size === 0) return accepted;
  const registrations = accepted.registrations.map((one): RegistrationReport => {
    const own = mistakes.get(one.registration.position);
    return own === undefined ? one : { ...one, mistakes: own };
  });
  return { ...accepted, registrations };
}

/** The plans of a report that run anything, each once. */
function plansOf({ registrations }: MethodReport): Plan[] {
  const plans = registrations.flatMap(({ early }) => (early === null ? [] : [early.plan]));
  return [...new Set(plans)].filter(({ verdict }) => verdict !== "none");
}

/**
 * The plans that the validator rejects. All are tried together, as they are carried out; without a rejected
 * one others may be wrong that counted on it.
 */
export function refusalsOf(
  validator: Validator,
  method: Method,
  plans: readonly Plan[],
): Map<Plan, Refusal> {
  const refused = new Map<Plan, Refusal>();
  const isAgainst = ({ tier }: Plan, { kind, certain }: Counterexample): boolean =>
    certain || (tier === "proven" && !excused.has(kind) && validator.knowsCallsOf(method));
  for (let left = plans; left.length > 0; ) {
    const { counterexamples, isCut } = validator.validate(placedBy(method, left));
    const rejected = new Map<Plan, Refusal>();
    for (const plan of left) {
      const against = counterexamples.find(
        (one) => plan.registrations.includes(one.registration) && isAgainst(plan, one),
      );
      if (against !== undefined) {
        const words = `our own checker rejects it: ${failureWords(method, against)}`;
        rejected.set(plan, { code: "internal/plan-rejected", words });
      } else if (isCut) {
        const words = "it has too many paths to be checked";
        rejected.set(plan, { code: "finalizer/too-large", words });
      }
    }
    for (const [plan, refusal] of rejected) refused.set(plan, refusal);
    if (rejected.size === 0) break;
    left = left.filter((plan) => !rejected.has(plan));
  }
  return refused;
}

/**
 * Failures about which the planner may know better: it has effects of more functions that may throw than the
 * checker, and asks which lock a body takes, and what it guards.
 */
const excused: ReadonlySet<PropertyKind> = new Set<PropertyKind>([
  "body-may-throw",
  "exceptional-leak",
  "lock-region",
]);

function failureWords(method: Method, { kind, position, path }: Counterexample): string {
  const blocks = path.map((block) => `#${labelOf(method, block)}`).join(" → ");
  return `${propertyWords[kind]}, at \`%${idOf(method, position)}\` on the path ${blocks}`;
}

/** What is wrong with Julia's placements, by the registration's position. */
function mistakesOf(validator: Validator, placed: PlacedMethod): Map<number, JuliaMistake[]> {
  const mistakes = new Map<number, JuliaMistake[]>();
  if (placed.placements.length === 0) return mistakes;
  const { counterexamples } = validator.validate(placed);
  for (const placement of placed.placements) {
    const registration = placement.registrations[0] ?? 0;
    const own = counterexamples.filter((one) => one.certain && one.registration === registration);
    const made = classesOf(own).flatMap((one): JuliaMistake[] => {
      const shown = shownBy[one].flatMap((kind): ShownPath[] => {
        const first = shortest(own.filter((other) => other.kind === kind));
        return first === null ? [] : pathOf(placed.method, placement, first);
      });
      return shown.length === 0 ? [] : [{ code: codeOf[one], shown }];
    });
    if (made.length > 0) mistakes.set(registration, made);
  }
  return mistakes;
}

function shortest(all: readonly Counterexample[]): Counterexample | null {
  const [first, ...others] = all;
  if (first === undefined) return null;
  return others.reduce((best, one) => (one.path.length < best.path.length ? one : best), first);
}

/** A path in words; a φ that is not first is what the verifier rejects, and nobody else. */
function pathOf(
  method: Method,
  { point }: Placement,
  { kind, position, path }: Counterexample,
): ShownPath[] {
  if (kind !== "before-phi") return [{ position, blocks: path, words: propertyWords[kind] }];
  const rejection = "block" in point ? rejectionBefore(method, point.block) : null;
  if (rejection === null) return [];
  return [{ position, blocks: path, words: `the IR verifier rejects this: ${rejection}` }];
}

/** Registrations whose mistakes an interpreted run shows, with what it showed. */
export function confirmedMistakes(
  method: Method,
  { registrations }: MethodReport,
  program: Program,
): ReadonlyMap<number, string> {
  const wrong = registrations.filter(isRunnable).map(({ registration }) => registration.position);
  if (wrong.length === 0) return new Map();
  const harms = harmsOf(program, placedByJulia(method, registrations), new Set(wrong));
  return new Map(
    [...harms].map(([position, { kind, words }]) => [position, harmWords(kind, words)]),
  );
}

/** What a run showed; objects have numbers there that mean nothing to a reader. */
function harmWords(kind: ViolationKind, words: string): string {
  switch (kind) {
    case "run-count":
      return words.replace(/^.*: (\d+) runs instead of/, "the finalizer runs $1 times instead of");
    case "double-run":
      return "the finalizer runs again on an object that has been finalized";
    case "not-registered":
      return "the finalizer runs on an object that was never registered";
    case "never-allocated":
      return "the finalizer runs where there is no object";
    case "leak":
      return "the finalizer of an object never runs";
    case "pending-order":
      return "the pending finalizer of another object reaches the finalized one";
    case "use-after-finalize":
      return "an object is used behind its finalizer";
    case "result":
      return `the method ends otherwise: ${words}`;
    default:
      return `${kind.replaceAll("-", " ")}: ${words}`;
  }
}

/** Whether a run can show what is wrong: what stands before a φ does its harm in code generation only. */
export function isRunnable({ mistakes = [] }: RegistrationReport): boolean {
  return mistakes.some(({ code }) => code !== "julia/before-phi");
}
