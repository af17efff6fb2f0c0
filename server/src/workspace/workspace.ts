// The workspace: all files that are open or named, what is known of each unit, and what of it an edit
// makes void. Facts of a unit hang on its text alone; facts about a callee hang on its text and on its
// callees' facts; a report hangs on both. An answer after edits equals the answer of a fresh
// workspace with the same texts. This room alone remembers; the analyses are pure functions.

import {
  type Assumption,
  type Assumptions,
  assumptionFor,
  assumptionKey,
  noAssumptions,
  promisedCallee,
  withAssumedEffects,
  withAssumedSummary,
} from "../analysis/assumption.ts";
import { bundledCallee } from "../analysis/bundled-callees.ts";
import type { CalleeFacts, Environment, OpenedMethod } from "../analysis/environment.ts";
import { summariseMethod } from "../analysis/heap/summarise.ts";
import { makeBody } from "../analysis/make-body.ts";
import { type MethodReport, markAssumed, reportMethod } from "../analysis/method-report.ts";
import { bottomSummary, type MethodSummary, sameSummary } from "../analysis/method-summary.ts";
import { defaultProfile, type Profile } from "../analysis/profile.ts";
import {
  effectsOf,
  escapeAnswer,
  keyOfInvoke,
  keyOfSignature,
  recursiveAnswer,
} from "../analysis/summary.ts";
import { TypeTable } from "../analysis/type-table.ts";
import type { Method } from "../ir/method.ts";
import type { Statement, TypeLine } from "../syntax/tree.ts";
import type { Range } from "../text/line-index.ts";
import { componentsOf } from "./components.ts";
import { Document, type Replaced } from "./document.ts";
import type { Unit, UnitFacts } from "./unit.ts";
import { VersionTally } from "./version-tally.ts";

/** Where a unit stands. */
export interface Place {
  readonly path: string;
  readonly document: Document;
  /** Index of the unit in its document. */
  readonly index: number;
}

type PromisedEffects = Pick<CalleeFacts, "effects" | "assumed">;

const noReport: MethodReport = { registrations: [], findings: [] };

/** How many methods' IR is kept at hand. */
const openedLimit = 64;

/** All texts and what is known of them. */
export class Workspace {
  private readonly chosen: Profile | null;
  private current: Profile;
  private readonly versions = new VersionTally();
  private documents = new Map<string, Document>();
  private readonly pathOf = new Map<Unit, string>();
  /** Units by the key of the method that they hold; two of one key make it ambiguous. */
  private readonly byKey = new Map<string, Set<Unit>>();
  /** Which units asked for a key, whether it was there or not. */
  private readonly askedBy = new Map<string, Set<Unit>>();
  private readonly calleeFacts = new Map<Unit, CalleeFacts>();
  private readonly reports = new Map<Unit, MethodReport>();
  private readonly opened = new Map<Unit, OpenedMethod>();
  /** Units about which anything at all can be said; the others are passed over by every question. */
  private readonly speaking = new Map<string, Set<Unit>>();
  private types: TypeTable | null = null;
  private assumed: Assumptions = noAssumptions;
  /** The same texts without any assumption, to tell what rests on one; null while nobody asked. */
  private bare: Workspace | null = null;
  /** Units that may not look into each other while their facts are made: one recursive component. */
  private component: ReadonlySet<Unit> = new Set();

  /** @param profile the rules that apply; null where the texts decide (`profile`) */
  constructor(profile: Profile | null = defaultProfile) {
    this.chosen = profile;
    this.current = profile ?? defaultProfile;
  }

  /** The rules that apply: the chosen ones, else those of the newest release that all texts allow. */
  get profile(): Profile {
    return this.current;
  }

  /** What the user promises of methods that the texts do not show. */
  get assumptions(): Assumptions {
    return this.assumed;
  }

  /** Puts other assumptions in the place of those before. */
  setAssumptions(assumptions: Assumptions): void {
    this.assumed = assumptions;
    this.bare = null;
    this.forgetEverything();
  }

  /**
   * The same texts under other assumptions: a snapshot, to be dropped before the next edit. Units are
   * shared, so that nothing is read again.
   */
  whatIf(assumptions: Assumptions): Workspace {
    const other = new Workspace(this.chosen);
    other.assumed = assumptions;
    other.documents = this.documents;
    for (const [path, document] of this.documents) {
      other.apply(path, { removed: [], added: document.units });
    }
    return other;
  }

  private withoutAssumptions(): Workspace {
    this.bare ??= this.whatIf(noAssumptions);
    return this.bare;
  }

  /** Paths of all files, in the order in which they came. */
  paths(): string[] {
    return [...this.documents.keys()];
  }

  document(path: string): Document | null {
    return this.documents.get(path) ?? null;
  }

  /** Adds a file or replaces its whole text. */
  set(path: string, text: string): void {
    const document = this.documents.get(path);
    if (document !== undefined) {
      this.apply(path, document.replace(text));
      return;
    }
    const made = new Document(text);
    this.documents.set(path, made);
    this.apply(path, { removed: [], added: made.units });
  }

  /** Applies one edit to a file's text. */
  edit(path: string, range: Range, text: string): void {
    const document = this.documents.get(path);
    if (document !== undefined) this.apply(path, document.edit(range, text));
  }

  /** Takes a file away. */
  remove(path: string): void {
    const document = this.documents.get(path);
    if (document === undefined) return;
    this.documents.delete(path);
    this.apply(path, { removed: document.units, added: [] });
  }

  /** Units of a file that have findings about form, expectations, or registrations, in text order. */
  speakingUnits(path: string): Unit[] {
    const document = this.documents.get(path);
    if (document === undefined) return [];
    const units = [...(this.speaking.get(path) ?? [])];
    return units.sort((a, b) => document.indexOf(a) - document.indexOf(b));
  }

  /** What is said about a unit's registrations; nothing where it holds no method. */
  report(unit: Unit): MethodReport {
    const known = this.reports.get(unit);
    if (known !== undefined) return known;
    const facts = unit.facts();
    let report = noReport;
    if (facts?.mayRegister === true) {
      const opened = this.openUnit(unit);
      if (opened !== null)
        report = reportMethod(opened, this.environmentOf(unit), facts.isMalformed);
      if (this.assumed.size > 0)
        report = markAssumed(report, this.withoutAssumptions().report(unit));
    }
    this.reports.set(unit, report);
    return report;
  }

  /** The IR and body of a unit's method; null where it holds none. */
  openUnit(unit: Unit): OpenedMethod | null {
    const known = this.opened.get(unit);
    if (known !== undefined) return known;
    const method = unit.read();
    if (method === null) return null;
    const body = makeBody(method, this.environmentOf(unit));
    const opened = { key: unit.facts()?.key ?? "", method, body };
    if (this.component.size > 0) return opened;
    if (this.opened.size >= openedLimit) {
      const oldest = this.opened.keys().next().value;
      if (oldest !== undefined) this.opened.delete(oldest);
    }
    this.opened.set(unit, opened);
    return opened;
  }

  /** The unit that holds the method with `key`; of several the first by path and place. Null if none. */
  unitOf(key: string): Unit | null {
    const units = [...(this.byKey.get(key) ?? [])];
    if (units.length < 2) return units[0] ?? null;
    const places = units.map((unit) => ({
      unit,
      path: this.pathOf.get(unit) ?? "",
      at: this.placeOf(unit),
    }));
    places.sort((x, y) =>
      x.path === y.path ? (x.at?.index ?? 0) - (y.at?.index ?? 0) : x.path < y.path ? -1 : 1,
    );
    return places[0]?.unit ?? null;
  }

  /** Where a unit stands now; null where it is gone. */
  placeOf(unit: Unit): Place | null {
    const path = this.pathOf.get(unit);
    const document = path === undefined ? undefined : this.documents.get(path);
    if (path === undefined || document === undefined) return null;
    const index = document.indexOf(unit);
    return index < 0 ? null : { path, document, index };
  }

  typeTable(): TypeTable {
    this.types ??= new TypeTable(this.typeLines());
    return this.types;
  }

  private *typeLines(): Generator<TypeLine> {
    for (const document of this.documents.values()) {
      for (const unit of document.units) yield* unit.facts()?.types ?? [];
    }
  }

  private apply(path: string, { removed, added }: Replaced): void {
    this.bare?.apply(path, { removed, added });
    const touched = new Set<string>();
    let typesChanged = false;
    for (const unit of removed) {
      const facts = unit.facts();
      if (facts?.key) {
        touched.add(facts.key);
        this.byKey.get(facts.key)?.delete(unit);
      }
      if ((facts?.types.length ?? 0) > 0) typesChanged = true;
      if (facts !== null) this.versions.remove(facts.version);
      this.speaking.get(path)?.delete(unit);
      this.forget(unit);
    }
    for (const unit of added) {
      this.pathOf.set(unit, path);
      const facts = unit.facts();
      if (facts !== null) this.versions.add(facts.version);
      if (facts !== null && saysAnything(facts)) this.speakingIn(path).add(unit);
      if (facts?.key) {
        touched.add(facts.key);
        const units = this.byKey.get(facts.key);
        if (units === undefined) this.byKey.set(facts.key, new Set([unit]));
        else units.add(unit);
      }
      if ((facts?.types.length ?? 0) > 0) typesChanged = true;
    }
    const profile = this.chosen ?? this.versions.profile();
    const isOther = profile !== this.current;
    this.current = profile;
    if (isOther || (typesChanged && !this.sameTypes(removed, added))) this.forgetEverything();
    else this.invalidate(touched);
  }

  private speakingIn(path: string): Set<Unit> {
    const known = this.speaking.get(path);
    if (known !== undefined) return known;
    const made = new Set<Unit>();
    this.speaking.set(path, made);
    return made;
  }

  /** Whether an edit left the `type` lines as they were; then layouts need not be asked again. */
  private sameTypes(removed: readonly Unit[], added: readonly Unit[]): boolean {
    if (this.types === null) return true;
    const print = (units: readonly Unit[]): string =>
      JSON.stringify(
        units.flatMap((unit) =>
          (unit.facts()?.types ?? []).map(({ name, mutable, fields }) => [name, mutable, fields]),
        ),
      );
    return print(removed) === print(added);
  }

  private forget(unit: Unit): void {
    this.pathOf.delete(unit);
    this.calleeFacts.delete(unit);
    this.summaries.delete(unit);
    this.reports.delete(unit);
    this.opened.delete(unit);
  }

  private forgetEverything(): void {
    this.summaries.clear();
    this.types = null;
    this.summaries.clear();
    this.calleeFacts.clear();
    this.reports.clear();
    this.opened.clear();
    this.askedBy.clear();
  }

  /** Makes void what hangs on the methods with these keys, and on what hangs on them. */
  private invalidate(keys: Iterable<string>): void {
    const work = [...keys];
    const seen = new Set(work);
    for (let key = work.pop(); key !== undefined; key = work.pop()) {
      const units = this.askedBy.get(key);
      if (units === undefined) continue;
      this.askedBy.delete(key);
      for (const unit of units) {
        this.reports.delete(unit);
        this.opened.delete(unit);
        this.calleeFacts.delete(unit);
        this.summaries.delete(unit);
        this.summaries.delete(unit);
        const own = unit.facts()?.key;
        if (own && !seen.has(own)) {
          seen.add(own);
          work.push(own);
        }
      }
    }
  }

  /** What an analysis of the unit's method may ask; what it asks is remembered as asked by the unit. */
  environmentOf(unit: Unit): Environment {
    return {
      profile: this.profile,
      types: this.typeTable(),
      callee: (method, statement) => this.callee(unit, method, statement),
      finalizerBody: (signature) => {
        const key = keyOfSignature(signature);
        if (key === null) return null;
        return this.factsFor(unit, key) ?? promisedCallee(signature, this.assumptionOf(key));
      },
      summary: (method, statement) => {
        const key = keyOfInvoke(method, statement);
        const name = statement.callee?.text ?? "";
        return key === null ? null : this.promisedSummaryFor(unit, key, name);
      },
      summaryOf: (signature) => {
        const key = keyOfSignature(signature);
        return key === null ? null : this.promisedSummaryFor(unit, key, signature);
      },
      assumption: (key) =>
        assumptionFor(this.assumed, key.endsWith(")") ? key : (assumptionKey(key) ?? key)),
      open: (key) => {
        this.ask(unit, key);
        const target = this.unitOf(key);
        return target === null ? null : this.openUnit(target);
      },
    };
  }

  private callee(unit: Unit, method: Method, statement: Statement): CalleeFacts | null {
    const key = keyOfInvoke(method, statement);
    const facts = key === null ? null : this.factsFor(unit, key);
    if (facts !== null) return facts;
    const { callee, type } = statement;
    if (callee === null) return null;
    const promised = (): CalleeFacts | null =>
      key === null ? null : promisedCallee(callee.text, this.assumptionOf(key));
    if (callee.kind !== "global" && callee.kind !== "name") return promised();
    const isBottom = type !== null && method.text.slice(type.start, type.end).trim() === "Union{}";
    return bundledCallee(callee.text, isBottom) ?? promised();
  }

  private promisedSummaryFor(unit: Unit, key: string, signature: string): MethodSummary | null {
    const summary = this.summaryFor(unit, key);
    return withAssumedSummary(summary, this.assumptionOf(key), signature);
  }

  private assumptionOf(key: string): Assumption | null {
    return assumptionFor(this.assumed, key);
  }

  private effectsAsPromised(method: Method, key: string): PromisedEffects {
    const printed = effectsOf(method);
    const assumption = this.assumptionOf(key);
    const effects = withAssumedEffects(printed, assumption);
    return effects === printed || assumption === null
      ? { effects }
      : { effects, assumed: assumption };
  }

  private ask(unit: Unit, key: string): void {
    const units = this.askedBy.get(key);
    if (units === undefined) this.askedBy.set(key, new Set([unit]));
    else units.add(unit);
  }

  private factsFor(unit: Unit, key: string): CalleeFacts | null {
    this.ask(unit, key);
    let agreed: CalleeFacts | null = null;
    for (const target of this.byKey.get(key) ?? []) {
      const facts = this.factsOf(target);
      if (facts === null) return null;
      // Two methods of one signature that tell callers different things: which one runs is not known.
      if (agreed !== null && !saySame(agreed, facts)) return null;
      agreed ??= facts;
    }
    return agreed;
  }

  private readonly summaries = new Map<Unit, MethodSummary>();
  private summaryFor(unit: Unit, key: string): MethodSummary | null {
    this.ask(unit, key);
    const target = this.unitOf(key);
    if (target === null) return null;
    const known = this.summaries.get(target);
    if (known !== undefined) return known;
    const callees = (one: Unit): Unit[] =>
      (one.facts()?.calls ?? []).flatMap((k) => {
        const t = this.unitOf(k);
        return t === null || this.summaries.has(t) ? [] : [t];
      });
    for (const members of componentsOf(target, callees)) {
      for (const m of members) {
        const o = this.openUnit(m);
        if (o !== null)
          this.summaries.set(
            m,
            bottomSummary(o.key, o.method.header.signature ?? "", o.body.nArguments),
          );
      }
      for (let round = 0, changed = true; changed && round < 20; round++) {
        changed = false;
        for (const m of members) {
          const o = this.openUnit(m);
          const before = this.summaries.get(m);
          if (o === null || before === undefined) continue;
          const next = summariseMethod(o, this.environmentOf(m));
          if (!sameSummary(before, next)) {
            this.summaries.set(m, next);
            changed =
              members.length > 1 ||
              callees(m).length > 0 ||
              (m.facts()?.calls.includes(o.key) ?? false);
          }
        }
      }
    }
    return this.summaries.get(target) ?? null;
  }

  private factsOf(target: Unit): CalleeFacts | null {
    if (this.component.has(target)) return this.recursiveFacts(target);
    if (!this.calleeFacts.has(target)) this.makeFacts(target);
    return this.calleeFacts.get(target) ?? null;
  }

  /** While a recursive component is being analysed its members know each other by effects only. */
  private recursiveFacts(unit: Unit): CalleeFacts | null {
    const method = unit.read();
    if (method === null) return null;
    const facts = unit.facts();
    const promised = this.effectsAsPromised(method, facts?.key ?? "");
    const { effects } = promised;
    return {
      key: facts?.key ?? null,
      signature: facts?.signature ?? "",
      ...promised,
      escapes: recursiveAnswer(effects, this.profile),
    };
  }

  /** Makes the facts of a callee after those of its own callees, component by component. */
  private makeFacts(root: Unit): void {
    const callees = (unit: Unit): Unit[] => {
      const found: Unit[] = [];
      for (const key of unit.facts()?.calls ?? []) {
        this.ask(unit, key);
        for (const target of this.byKey.get(key) ?? []) {
          if (!this.calleeFacts.has(target)) found.push(target);
        }
      }
      return found;
    };
    const outer = this.component;
    for (const members of componentsOf(root, callees)) {
      this.component = new Set(members);
      for (const unit of members) {
        const opened = this.openUnit(unit);
        if (opened === null) continue;
        const promised = this.effectsAsPromised(opened.method, opened.key);
        const { effects } = promised;
        this.calleeFacts.set(unit, {
          key: opened.key,
          signature: unit.facts()?.signature ?? "",
          ...promised,
          escapes: escapeAnswer(opened.body, effects, this.profile),
        });
      }
    }
    this.component = outer;
  }
}

function saysAnything(facts: UnitFacts): boolean {
  return facts.mayRegister || facts.findings.length > 0 || facts.expectations.length > 0;
}

function saySame(x: CalleeFacts, y: CalleeFacts): boolean {
  return JSON.stringify([x.effects, x.escapes]) === JSON.stringify([y.effects, y.escapes]);
}
