// What is remembered of methods, as inputs and queries of the engine. The cutting points: a unit's text
// says what its facts are (`unit.ts`); the method's body hangs on the facts of its callees and on the
// layouts that it asks for; what it tells its callers hangs on the body; reports hang on all of it. What the
// checkers say of a report hangs on what they make of the callees' texts themselves: they take nobody's word.
// Callers ask by key, so that a callee that comes out as it was lets them rest.

import {
  type Assumption,
  assumptionKey,
  promisedCallee,
  withAssumedEffects,
  withAssumedSummary,
} from "../analysis/assumption.ts";
import { bundledCallee } from "../analysis/bundled-callees.ts";
import { joinSummaries, mayReach } from "../analysis/dispatch.ts";
import { actsOf, type BodyActs } from "../analysis/effects/acts.ts";
import type { CalleeFacts, Environment, OpenedMethod } from "../analysis/environment.ts";
import { makeBody } from "../analysis/make-body.ts";
import { type MethodReport, markAssumed, reportMethod } from "../analysis/method-report.ts";
import { type MethodSummary, sameSummary } from "../analysis/method-summary.ts";
import type { Profile } from "../analysis/profile.ts";
import {
  effectsOf,
  escapeAnswer,
  keyOfInvoke,
  keyOfSignature,
  recursiveAnswer,
} from "../analysis/summary.ts";
import { type Layout, TypeTable } from "../analysis/type-table.ts";
import { ValueTypes } from "../analysis/value-types.ts";
import { Engine } from "../engine/engine.ts";
import { Input, Query } from "../engine/query.ts";
import { type Method, operandValue } from "../ir/method.ts";
import type { Statement } from "../syntax/tree.ts";
import type { JuliaType } from "../syntax/type.ts";
import { Components } from "./components.ts";
import { solveSummaries } from "./summary-solver.ts";
import { Trials } from "./trials.ts";
import type { Unit } from "./unit.ts";

/** The texts and settings as they are now. */
export interface World {
  profile(): Profile;
  /** Units that hold the method with that key. */
  units(key: string): readonly Unit[];
  /** The first of them by path and place. */
  firstUnit(key: string): Unit | null;
  /** Keys of all methods of a function. */
  keysOf(name: string): readonly string[];
  /** Whether the unit's method registers a finalizer through what it calls. */
  registersByCallee(unit: Unit): boolean;
  /** The declared layout of a type, by `typeKey`. */
  layout(key: string): Layout | null;
  /** What is promised of the method with that key. */
  assumption(key: string): Assumption | null;
  /** Whether anything is promised. */
  hasAssumptions(): boolean;
}

/** What an environment answers differently while a recursive component is being solved. */
interface Inside {
  facts?(target: Unit): CalleeFacts | null;
  readonly summary?: {
    /** Who asks. */
    readonly unit: Unit;
    of(target: Unit): MethodSummary | null;
  };
}

const noReport: MethodReport = { registrations: [], findings: [] };

/** How many methods' IR is kept at hand. */
const openedLimit = 64;

/** So many parsed types are kept; then they are parsed anew. */
const parsedLimit = 20_000;

export class Queries {
  readonly engine: Engine;
  readonly methods: Input<string, readonly Unit[]>;
  readonly callers: Input<Unit, boolean>;
  /** Keys of all methods of a function, by its own key. */
  readonly functions: Input<string, readonly string[]>;
  readonly layouts: Input<string, Layout | null>;
  readonly assumptions: Input<string, Assumption | null>;
  /** What is said about a unit's registrations, before anybody has tried it. */
  readonly report: Query<Unit, MethodReport>;
  /** What the checkers say of it. */
  readonly trials: Trials;
  /** A unit's IR and body; null where it holds no method. */
  readonly opened: Query<Unit, OpenedMethod | null>;
  /** What the profile tells of a method to its callers; null where there is none or two disagree. */
  readonly facts: Query<string, CalleeFacts | null>;
  /** What the text proves of a method; null where there is none or two disagree. */
  readonly summary: Query<string, MethodSummary | null>;
  /** What a method may do, its callees included; null where there is none. */
  private readonly acts: Query<string, BodyActs | null>;
  private readonly world: World;
  private readonly factsOf: Components<Unit, CalleeFacts | null>;
  private readonly summaryOf: Components<Unit, MethodSummary | null>;
  private readonly ofFeatures: Pick<Query<Unit, unknown>, "drop" | "clear">[] = [];
  private parsed = new Map<string, JuliaType>();
  /** Keys that came up while a unit was summarised: also finalizers, and calls that are not resolved. */
  private readonly otherCalls = new Map<Unit, Set<string>>();

  /** The same questions where nothing is promised, to tell what rests on a promise; made when asked. */
  private withoutPromises: Queries | null = null;

  /** @param base whose texts these are, for questions about a world with other promises */
  constructor(world: World, base: Queries | null = null) {
    this.world = world;
    const engine = base?.engine ?? new Engine();
    this.engine = engine;
    this.methods =
      base?.methods ??
      new Input(engine, {
        name: "methods",
        read: (key) => world.units(key),
        isSame: sameUnits,
      });
    this.callers =
      base?.callers ??
      new Input<Unit, boolean>(engine, {
        name: "caller",
        read: (unit): boolean => world.registersByCallee(unit),
        isSame: Object.is,
      });
    this.functions =
      base?.functions ??
      new Input<string, readonly string[]>(engine, {
        name: "function",
        read: (name): readonly string[] => world.keysOf(name),
        isSame: sameJson,
      });
    this.layouts =
      base?.layouts ??
      new Input<string, Layout | null>(engine, {
        name: "layout",
        read: (key): Layout | null => world.layout(key),
        isSame: sameJson,
      });
    this.assumptions = new Input<string, Assumption | null>(engine, {
      name: "assumption",
      read: (key): Assumption | null => world.assumption(key),
      isSame: sameJson,
    });
    this.report = new Query(engine, { name: "report", compute: (unit) => this.makeReport(unit) });
    this.opened = new Query(engine, {
      name: "body",
      compute: (unit) => this.open(unit, this.environment()),
      limit: openedLimit,
    });
    this.facts = new Query(engine, {
      name: "facts",
      compute: (key) => this.agreed(key, (unit) => this.factsOf.get(unit) ?? null, saySame),
      isSame: sameFacts,
      isTransient: true,
    });
    this.summary = new Query(engine, {
      name: "summary",
      compute: (key) => this.agreed(key, (unit) => this.summaryOf.get(unit) ?? null, sameSummary),
      isSame: sameSummaries,
      isTransient: true,
    });
    this.acts = new Query<string, BodyActs | null>(engine, {
      name: "acts",
      compute: (key): BodyActs | null => {
        const environment = this.environment();
        const opened = environment.open(key);
        return opened === null ? null : actsOf(opened, environment);
      },
      isSame: sameJson,
      isTransient: true,
    });
    this.trials = new Trials(engine, this);
    const callees = (unit: Unit): Unit[] =>
      this.callsOf(unit).flatMap((key) => [...world.units(key)]);
    this.factsOf = new Components(engine, {
      name: "component facts",
      callees,
      solve: (members) => this.solveFacts(members),
    });
    this.summaryOf = new Components(engine, {
      name: "component summary",
      callees,
      solve: (members) => this.solveSummaries(members),
    });
  }

  /** What an analysis may ask; whatever query runs then rests on the answers. */
  environment(inside: Inside = {}): Environment {
    const { world } = this;
    const facts = (key: string | null): CalleeFacts | null =>
      key === null ? null : this.factsFor(key, inside);
    const summary = (key: string | null, name: string): MethodSummary | null =>
      key === null
        ? null
        : withAssumedSummary(this.summaryFor(key, inside), this.assumptions.get(key), name);
    const promised = (key: string | null, name: string): CalleeFacts | null =>
      key === null ? null : promisedCallee(name, this.assumptions.get(key));
    const environment: Environment = {
      profile: world.profile(),
      types: this.typeTable(),
      callee: (method, statement) => {
        const key = keyOfInvoke(method, statement);
        const known = facts(key) ?? bundled(method, statement);
        return known ?? (statement.callee === null ? null : promised(key, statement.callee.text));
      },
      finalizerBody: (signature) => {
        const key = keyOfSignature(signature);
        return facts(key) ?? promised(key, signature);
      },
      summary: (method, statement) => {
        const key = keyOfInvoke(method, statement);
        return key === null
          ? this.dynamicSummary(method, statement, environment, summary)
          : summary(key, statement.callee?.text ?? "");
      },
      summaryOf: (signature) => summary(keyOfSignature(signature), signature),
      assumption: (key) =>
        this.assumptions.get(key.endsWith(")") ? key : (assumptionKey(key) ?? key)),
      acts: (key) => this.acts.get(key),
      open: (key) => {
        this.methods.get(key);
        const target = world.firstUnit(key);
        return target === null ? null : this.opened.get(target);
      },
    };
    return environment;
  }

  /** What a dynamic call does: what is promised of its function, or of the set of its methods. */
  private dynamicSummary(
    method: Method,
    statement: Statement,
    environment: Environment,
    summaryOf: (key: string, name: string) => MethodSummary | null,
  ): MethodSummary | null {
    const { kind, callee, operands } = statement;
    if (kind !== "call" || (callee?.kind !== "global" && callee?.kind !== "name")) return null;
    if (operandValue(method, callee) !== 0) return null;
    const name = assumptionKey(callee.text);
    const assumption = name === null ? null : this.assumptions.get(name);
    if (name === null || assumption === null) return null;
    if (assumption.closed !== true) return withAssumedSummary(null, assumption, callee.text);
    const types = new ValueTypes(method, environment);
    const passed = operands.map((operand) => types.operand(operand));
    const keys = this.functions.get(name).filter((key) => mayReach(environment.types, passed, key));
    const members = keys.map((key) => summaryOf(key, key)).filter((one) => one !== null);
    // A method of which nothing is known may do anything; and no method at all is not what was promised.
    const isKnown = members.length === keys.length && members.length > 0;
    return withAssumedSummary(isKnown ? joinSummaries(members) : null, assumption, callee.text);
  }

  /** A table of types that records which layouts are asked for. */
  typeTable(): TypeTable {
    if (this.parsed.size > parsedLimit) this.parsed = new Map();
    return new TypeTable((key) => this.layouts.get(key), this.parsed);
  }

  /** A query of a feature's own. */
  perUnit<V>(options: { readonly name: string; compute(unit: Unit): V }): Query<Unit, V> {
    const query = new Query<Unit, V>(this.engine, options);
    this.ofFeatures.push(query);
    return query;
  }

  /** A unit is gone. */
  forget(unit: Unit): void {
    this.withoutPromises?.forget(unit);
    for (const query of this.ofFeatures) query.drop(unit);
    this.report.drop(unit);
    this.trials.forget(unit);
    this.opened.drop(unit);
    this.factsOf.forget(unit);
    this.summaryOf.forget(unit);
    this.otherCalls.delete(unit);
  }

  /** Forgets all answers. */
  clear(): void {
    this.withoutPromises?.clear();
    for (const query of this.ofFeatures) query.clear();
    this.report.clear();
    this.trials.clear();
    this.opened.clear();
    this.facts.clear();
    this.summary.clear();
    this.acts.clear();
    this.factsOf.clear();
    this.summaryOf.clear();
    this.otherCalls.clear();
    this.parsed = new Map();
  }

  private makeReport(unit: Unit): MethodReport {
    const facts = unit.facts();
    if (facts === null || !(facts.mayRegister || this.callers.get(unit))) return noReport;
    const opened = this.opened.get(unit);
    if (opened === null) return noReport;
    const report = reportMethod(opened, this.environment(), facts.malformation);
    // A report that was made while nothing was promised hangs on no promise that came later.
    return this.world.hasAssumptions() ? markAssumed(report, this.bare().report.get(unit)) : report;
  }

  private bare(): Queries {
    const world = { ...this.world, assumption: () => null, hasAssumptions: () => false };
    this.withoutPromises ??= new Queries(world, this);
    return this.withoutPromises;
  }

  private open(unit: Unit, environment: Environment): OpenedMethod | null {
    const method = unit.read();
    if (method === null) return null;
    return { key: unit.facts()?.key ?? "", method, body: makeBody(method, environment) };
  }

  private factsFor(key: string, { facts }: Inside): CalleeFacts | null {
    const isInside = (unit: Unit): boolean => this.factsOf.isSolving(unit);
    if (facts === undefined || !this.world.units(key).some(isInside)) return this.facts.get(key);
    const answer = (unit: Unit): CalleeFacts | null =>
      isInside(unit) ? facts(unit) : (this.factsOf.get(unit) ?? null);
    return this.agreed(key, answer, saySame);
  }

  /** By key, where that can be asked for, so that only another answer is a change. */
  private summaryFor(key: string, { summary: inside }: Inside): MethodSummary | null {
    if (inside === undefined) return this.summary.get(key);
    this.noteCall(inside.unit, key);
    const units = this.world.units(key);
    if (!units.some((unit) => this.summaryOf.isSolving(unit))) {
      for (const unit of units) this.summaryOf.need(unit);
      return this.summary.get(key);
    }
    return this.agreed(key, (unit) => inside.of(unit), sameSummary);
  }

  /** Keys of all methods that the unit's method is known to call. */
  private callsOf(unit: Unit): string[] {
    return [...(unit.facts()?.calls ?? []), ...(this.otherCalls.get(unit) ?? [])];
  }

  private noteCall(unit: Unit, key: string): void {
    const others = this.otherCalls.get(unit);
    if (others === undefined) this.otherCalls.set(unit, new Set([key]));
    else others.add(key);
  }

  /** The answer of all methods with that key; null where there is none, or where they differ. */
  private agreed<V extends { readonly signature: string }>(
    key: string,
    answer: (unit: Unit) => V | null,
    isSame: (one: V, other: V) => boolean,
  ): V | null {
    // All are asked, even if the first is enough: each may call who asks.
    const answers = this.methods.get(key).map(answer);
    const [first] = answers;
    if (!first) return null;
    let agreed = first;
    for (const one of answers) {
      // Two methods of one signature that tell callers different things: which one runs is not known.
      if (one === null || !isSame(first, one)) return null;
      // They may spell it differently; the answer must not hang on which of them came first.
      if (one.signature < agreed.signature) agreed = one;
    }
    return agreed;
  }

  /** Members of a recursive component know each other by their effects only. */
  private solveFacts(members: readonly Unit[]): Map<Unit, CalleeFacts | null> {
    const isRecursive = this.recordCalls(members, this.facts);
    const inside = this.environment({ facts: (unit) => this.recursiveFacts(unit) });
    const found = new Map<Unit, CalleeFacts | null>();
    for (const unit of members) {
      const opened = isRecursive ? this.open(unit, inside) : this.opened.get(unit);
      if (opened === null) continue;
      const promised = this.effectsAsPromised(opened.method, opened.key);
      const { effects } = promised;
      found.set(unit, {
        key: opened.key,
        signature: unit.facts()?.signature ?? "",
        ...promised,
        escapes: escapeAnswer(opened.body, effects, this.world.profile()),
      });
    }
    return found;
  }

  private recursiveFacts(unit: Unit): CalleeFacts | null {
    const facts = unit.facts();
    const method = facts === null ? null : unit.read();
    if (facts === null || method === null) return null;
    const promised = this.effectsAsPromised(method, facts.key ?? "");
    const escapes = recursiveAnswer(promised.effects, this.world.profile());
    return { key: facts.key, signature: facts.signature ?? "", ...promised, escapes };
  }

  private effectsAsPromised(method: Method, key: string): Pick<CalleeFacts, "effects" | "assumed"> {
    const printed = effectsOf(method);
    const assumption = this.assumptions.get(key);
    const effects = withAssumedEffects(printed, assumption);
    return effects === printed || assumption === null
      ? { effects }
      : { effects, assumed: assumption };
  }

  private solveSummaries(members: readonly Unit[]): Map<Unit, MethodSummary> {
    this.recordCalls(members, this.summary);
    return solveSummaries({
      members,
      open: (unit) => this.opened.get(unit),
      environment: (unit, within) => {
        const of = (target: Unit): MethodSummary | null => {
          if (this.summaryOf.isSolving(target)) return within(target) ?? null;
          this.summaryOf.need(target);
          return this.summaryOf.get(target) ?? null;
        };
        return this.environment({ summary: { unit, of } });
      },
    });
  }

  /**
   * Asks for what decides who belongs to the component: which methods the members' calls within it lead
   * to, and the answers for the calls that leave it. A method that begins to call back changes what is
   * below such an answer, and is walked through when that is looked at. Tells whether there are calls
   * within.
   */
  private recordCalls(members: readonly Unit[], answers: Query<string, unknown>): boolean {
    const inside = new Set(members);
    let isRecursive = members.length > 1;
    for (const unit of members) {
      for (const key of this.callsOf(unit)) {
        if (this.world.units(key).some((target) => inside.has(target))) {
          this.methods.get(key);
          isRecursive = true;
        } else answers.get(key);
      }
    }
    return isRecursive;
  }
}

function bundled(method: Method, { callee, type }: Statement): CalleeFacts | null {
  if (callee === null || (callee.kind !== "global" && callee.kind !== "name")) return null;
  const isBottom = type !== null && method.text.slice(type.start, type.end).trim() === "Union{}";
  return bundledCallee(callee.text, isBottom);
}

function sameUnits(one: readonly Unit[], other: readonly Unit[]): boolean {
  return one.length === other.length && one.every((unit, index) => unit === other[index]);
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function saySame(one: CalleeFacts, other: CalleeFacts): boolean {
  return sameJson([one.effects, one.escapes], [other.effects, other.escapes]);
}

function sameFacts(one: CalleeFacts | null, other: CalleeFacts | null): boolean {
  return sameJson(one, other);
}

function sameSummaries(one: MethodSummary | null, other: MethodSummary | null): boolean {
  if (one === null || other === null) return one === other;
  return sameSummary(one, other);
}
