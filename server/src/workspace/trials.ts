// What is remembered of what the checkers say: which plans a method's report keeps, what is wrong with Julia's
// placements, and which of that a run shows. A trial hangs on the report, and on what the checkers make of
// the callees' texts by themselves; where that comes out as before, callers rest.

import type { Assumption } from "../analysis/assumption.ts";
import { findInvokes } from "../analysis/calls.ts";
import type { OpenedMethod } from "../analysis/environment.ts";
import type { MethodReport } from "../analysis/method-report.ts";
import { type AppliedMethod, applyPlans } from "../analysis/plan/apply.ts";
import type { Plan } from "../analysis/plan/plan.ts";
import { keyOfSignature } from "../analysis/summary.ts";
import { Layouts } from "../check/layout.ts";
import { Program, type Testimony } from "../check/program.ts";
import { Validator } from "../check/validate/validate.ts";
import type { Engine } from "../engine/engine.ts";
import { type Input, Query } from "../engine/query.ts";
import type { Method } from "../ir/method.ts";
import { confirmedMistakes, isRunnable, isTried, tryReport } from "./trial.ts";
import type { Unit } from "./unit.ts";
import { formFailure, pathFailure } from "./written.ts";

/** What trials rest on. */
export interface Asked {
  readonly report: Query<Unit, MethodReport>;
  readonly opened: Query<Unit, OpenedMethod | null>;
  readonly methods: Input<string, readonly Unit[]>;
  readonly assumptions: Input<string, Assumption | null>;
}

/** A report and what may be shown of it. */
interface Trial {
  readonly made: MethodReport;
  readonly shown: MethodReport;
}

const nothingConfirmed: ReadonlyMap<number, string> = new Map();

/**
 * Of what a method calls, directly or not, the checkers get so much to read, nearest first; more is unknown.
 * They follow calls by recursion, so that it is the number of methods that keeps them from running deep.
 */
const methodLimit = 400;
const statementLimit = 20_000;

export class Trials {
  /** What the checkers let through of a unit's report. */
  readonly trial: Query<Unit, Trial>;
  /** Registrations whose placement by Julia an interpreted run shows to be wrong, with what it showed. */
  readonly confirmed: Query<Unit, ReadonlyMap<number, string>>;
  private readonly asked: Asked;
  /** What the text of a method tells the checkers of its callers; null where there is none, or several. */
  private readonly testimony: Query<string, Testimony | null>;

  constructor(engine: Engine, asked: Asked) {
    this.asked = asked;
    this.trial = new Query(engine, {
      name: "trial",
      compute: (unit) => this.makeTrial(unit),
      isSame: sameTrial,
    });
    this.confirmed = new Query(engine, {
      name: "confirmed",
      compute: (unit) => this.confirm(unit),
    });
    this.testimony = new Query<string, Testimony | null>(engine, {
      name: "testimony",
      compute: (key) => this.testify(key),
      isSame: (one, other) => JSON.stringify(one) === JSON.stringify(other),
      isTransient: true,
    });
  }

  /** A unit is gone. */
  forget(unit: Unit): void {
    this.trial.drop(unit);
    this.confirmed.drop(unit);
  }

  /** Forgets all answers. */
  clear(): void {
    this.trial.clear();
    this.confirmed.clear();
    this.testimony.clear();
  }

  private makeTrial(unit: Unit): Trial {
    const made = this.asked.report.get(unit);
    const opened = isTried(made) ? this.asked.opened.get(unit) : null;
    if (opened === null) return { made, shown: made };
    return { made, shown: tryReport(opened.method, made, this.programOf(opened, made)) };
  }

  private confirm(unit: Unit): ReadonlyMap<number, string> {
    const { shown } = this.trial.get(unit);
    const opened = shown.registrations.some(isRunnable) ? this.asked.opened.get(unit) : null;
    if (opened === null) return nothingConfirmed;
    return confirmedMistakes(opened.method, shown, this.wholeProgram(opened, shown));
  }

  /** What is wrong with a unit's method into which the plans of its report were written; null for nothing. */
  failureOfWritten(unit: Unit, plans: readonly Plan[], applied: AppliedMethod): string | null {
    const opened = this.asked.opened.get(unit);
    if (opened === null) return null;
    const form = formFailure(applied);
    const checked = form === null ? applyPlans(opened.method, plans, true) : null;
    if (checked === null) return form;
    const program = this.wholeProgram(opened, this.asked.report.get(unit));
    return pathFailure(opened.method, plans, checked, program);
  }

  /** A method with the texts of all that it calls. */
  private wholeProgram({ key, method }: OpenedMethod, report: MethodReport): Program {
    return new Program([method, ...this.reached(calledBy(method, report), key)]);
  }

  /** A method with what its callees' texts say to the checkers, so that it need not be tried anew if they say the same. */
  private programOf({ key: own, method }: OpenedMethod, report: MethodReport): Program {
    const said = [...calledBy(method, report)].flatMap((key) =>
      key === own ? [] : (this.testimony.get(key) ?? []),
    );
    return new Program([method], new Layouts(), said);
  }

  private testify(key: string): Testimony | null {
    const methods = this.reached(new Set([key]), "");
    return methods.length === 0 ? null : new Validator(new Program(methods)).testify();
  }

  /**
   * The methods of these keys and what they call, for those who check. A method about which something is
   * promised is left out, for its text is no witness against the promise; so is one of which there are
   * several texts.
   *
   * @param own key of a method that is not wanted
   */
  private reached(keys: Set<string>, own: string): Method[] {
    const methods: Method[] = [];
    let size = 0;
    // Keys that are added on the way are visited too.
    for (const key of keys) {
      if (key === own || this.asked.assumptions.get(key) !== null) continue;
      const [first, ...others] = this.asked.methods.get(key);
      const isOne = others.every(({ text }) => text === first?.text);
      const callee = isOne ? (first?.read() ?? null) : null;
      if (callee === null) continue;
      size += callee.nStatements;
      if (size > statementLimit || methods.length >= methodLimit) break;
      methods.push(callee);
      for (const next of findInvokes(callee)) keys.add(next);
    }
    return methods;
  }
}

/** Keys of what a method calls, and of the finalizers that it registers. */
function calledBy(method: Method, { registrations }: MethodReport): Set<string> {
  const keys = new Set(findInvokes(method));
  for (const { registration } of registrations) {
    const { bodySignature } = registration;
    const key = bodySignature === null ? null : keyOfSignature(bodySignature);
    if (key !== null) keys.add(key);
  }
  return keys;
}

function sameTrial(one: Trial, other: Trial): boolean {
  const words = ({ shown, made }: Trial): string =>
    shown === made
      ? ""
      : JSON.stringify(
          shown.registrations.map(({ early, mistakes }) => [early?.blockers, mistakes ?? null]),
        );
  return one.made === other.made && words(one) === words(other);
}
