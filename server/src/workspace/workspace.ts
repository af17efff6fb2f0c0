// The workspace: all files that are open or named, and what is known of their methods. It keeps the
// texts and tells the engine which inputs an edit may have changed; what is remembered and what hangs on
// what stands in `queries.ts`. An answer after edits equals the answer of a fresh workspace with the
// same texts. This room alone remembers; the analyses are pure functions.

import {
  type Assumptions,
  assumptionFor,
  functionOfKey,
  noAssumptions,
} from "../analysis/assumption.ts";
import type { Environment, OpenedMethod } from "../analysis/environment.ts";
import type { MethodReport } from "../analysis/method-report.ts";
import type { MethodSummary } from "../analysis/method-summary.ts";
import type { AppliedMethod } from "../analysis/plan/apply.ts";
import type { Plan } from "../analysis/plan/plan.ts";
import { defaultProfile, type Profile } from "../analysis/profile.ts";
import type { TypeTable } from "../analysis/type-table.ts";
import type { EngineEvent } from "../engine/event.ts";
import type { Range } from "../text/line-index.ts";
import { CallerSearch, CallerTable } from "./constructors.ts";
import { Document, type Replaced } from "./document.ts";
import { MethodTable } from "./method-table.ts";
import { Queries } from "./queries.ts";
import { TypeLines } from "./type-lines.ts";
import type { Unit, UnitFacts } from "./unit.ts";
import { VersionTally } from "./version-tally.ts";

/** Where a unit stands. */
export interface Place {
  readonly path: string;
  readonly document: Document;
  /** Index of the unit in its document. */
  readonly index: number;
}

/** A query about units that a feature asks. */
export interface UnitQueryOptions<V> {
  readonly name: string;
  compute(unit: Unit, workspace: Workspace): V;
}

/** Its answers. */
export interface UnitQuery<V> {
  get(unit: Unit): V;
  /** Whether the answer is there and up to date. */
  isVerified(unit: Unit): boolean;
}

/** Inputs that an edit may have changed. */
interface Changed {
  readonly keys: Set<string>;
  readonly layouts: Set<string>;
}

/** So many units are read with the edit that brings them. */
const atOnce = 16;

const noReport: MethodReport = { registrations: [], findings: [] };

/** All texts and what is known of them. */
export class Workspace {
  private readonly chosen: Profile | null;
  private current: Profile;
  private readonly versions = new VersionTally();
  private documents = new Map<string, Document>();
  private readonly pathOf = new Map<Unit, string>();
  private readonly methods = new MethodTable();
  private readonly callers = new CallerTable();
  /** Units that register through a callee only, as the last search found them. */
  private found: ReadonlySet<Unit> = new Set();
  /** Whether that holds still. */
  private knowsCallers = true;
  private search: CallerSearch | null = null;
  private readonly types = new TypeLines((one, other) => this.isBefore(one, other));
  private assumed: Assumptions = noAssumptions;
  /** Units about which anything at all can be said; the others are passed over by every question. */
  private readonly speaking = new Map<string, Set<Unit>>();
  private readonly queries: Queries;
  private readonly sharedQueries = new Map<object, unknown>();
  /** What files that are gone have added to `moves`, and more. */
  private nRemoved = 0;
  /** Units of the files that are not read yet. Questions read them all first. */
  private readonly unread = new Set<Unit>();

  /** @param profile the rules that apply; null where the texts decide (`profile`) */
  constructor(profile: Profile | null = defaultProfile) {
    this.chosen = profile;
    this.current = profile ?? defaultProfile;
    this.queries = new Queries({
      profile: () => this.current,
      units: (key) => this.methods.get(key),
      firstUnit: (key) => this.unitOf(key),
      keysOf: (name) => this.methods.keysOf(name),
      registersByCallee: (unit) => this.found.has(unit),
      layout: (key) => this.types.layout(key),
      assumption: (key) => assumptionFor(this.assumed, key),
      hasAssumptions: () => this.assumed.size > 0,
    });
  }

  /** The rules that apply: the chosen ones, else those of the newest release that all texts allow. */
  get profile(): Profile {
    this.readAll();
    return this.current;
  }

  /** What decides about the profile: a choice, what the texts prove, or nothing, so that the newest applies. */
  get profileBy(): "choice" | "text" | "newest" {
    this.readAll();
    if (this.chosen !== null) return "choice";
    return this.versions.isBounded() ? "text" : "newest";
  }

  /** Changes whenever a unit has come to stand on another line, or a file has come or gone. */
  get moves(): number {
    let moves = this.nRemoved;
    for (const document of this.documents.values()) moves += 1 + document.moves;
    return moves;
  }

  /** How many units are still to be read. */
  get nUnread(): number {
    return this.unread.size;
  }

  /** Reads units that are still to be read, one by one, at least one, until `isOver` says so. */
  readSome(isOver: () => boolean): void {
    const changed: Changed = { keys: new Set(), layouts: new Set() };
    for (const unit of this.unread) {
      this.takeIn(unit, changed);
      if (isOver()) break;
    }
    this.settle(changed);
  }

  /** Puts the unread units of a file before the others. */
  readFirst(path: string): void {
    const others = [...this.unread].filter((unit) => this.pathOf.get(unit) !== path);
    if (others.length === this.unread.size) return;
    for (const unit of others) {
      this.unread.delete(unit);
      this.unread.add(unit);
    }
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
    this.nRemoved += document.moves + 2;
    this.apply(path, { removed: document.units, added: [] });
    this.speaking.delete(path);
  }

  /** What the user promises of methods that the texts do not show. */
  get assumptions(): Assumptions {
    return this.assumed;
  }

  /** Puts other assumptions in the place of those before; what asked for a changed one runs again. */
  setAssumptions(assumptions: Assumptions): void {
    this.assumed = assumptions;
    this.knowsCallers = false;
    this.search = null;
    for (const key of this.queries.assumptions.keys()) this.queries.assumptions.changed(key);
  }

  /**
   * The same texts under other assumptions: a snapshot, to be dropped before the next edit. Units are
   * shared, so that nothing is read again.
   */
  whatIf(assumptions: Assumptions): Workspace {
    const other = new Workspace(this.chosen);
    other.assumed = assumptions;
    other.documents = this.documents;
    this.findCallers();
    for (const [path, document] of this.documents) {
      other.apply(path, { removed: [], added: document.units });
    }
    // What a promise makes of a caller that registers nothing today is not asked.
    other.readAll();
    other.found = this.found;
    other.knowsCallers = true;
    return other;
  }

  /** Units of a file that have findings about form, expectations, or registrations, in text order. */
  speakingUnits(path: string): Unit[] {
    this.findCallers();
    const document = this.documents.get(path);
    if (document === undefined) return [];
    const units = new Set(this.speaking.get(path));
    for (const unit of this.found) if (this.pathOf.get(unit) === path) units.add(unit);
    return [...units].sort((a, b) => document.indexOf(a) - document.indexOf(b));
  }

  /** Searches for callers that register through their callees, at least one step; whether all are known. */
  searchSome(isOver: () => boolean): boolean {
    this.readAll();
    if (this.knowsCallers) return true;
    this.search ??= new CallerSearch({
      table: this.callers,
      summary: (key) => this.queries.summary.get(key),
      isClosed: (key) => assumptionFor(this.assumed, key)?.closed === true,
    });
    if (!this.search.run(isOver)) return false;
    const before = this.found;
    this.found = this.search.found;
    this.search = null;
    this.knowsCallers = true;
    for (const unit of before) if (!this.found.has(unit)) this.queries.callers.changed(unit);
    for (const unit of this.found) if (!before.has(unit)) this.queries.callers.changed(unit);
    return true;
  }

  /** Whatever can be asked about a unit hangs on these; a query that runs finds them known. */
  private findCallers(): void {
    this.searchSome(() => false);
  }

  /**
   * What is said about a unit's registrations, with plans that the checkers let through only, and with
   * what is wrong with Julia's placements; nothing where it holds no method.
   */
  report(unit: Unit): MethodReport {
    this.findCallers();
    const speaks = unit.facts()?.mayRegister === true || this.queries.callers.get(unit);
    return speaks ? this.queries.trials.trial.get(unit).shown : noReport;
  }

  /**
   * Of the mistakes that a unit's report has, those that an interpreted run shows: position of the
   * registration, and what the run showed. Takes as long as running the method some dozens of times.
   */
  confirmedMistakes(unit: Unit): ReadonlyMap<number, string> {
    this.findCallers();
    return this.queries.trials.confirmed.get(unit);
  }

  /**
   * What a checker says against a unit's method into which the plans of its report were written, as a sentence
   * without its end; null for nothing. It is not remembered.
   */
  failureOfWritten(unit: Unit, plans: readonly Plan[], applied: AppliedMethod): string | null {
    return this.queries.trials.failureOfWritten(unit, plans, applied);
  }

  /** Whether the unit's method may register a finalizer, by itself or through a callee; costs no report. */
  mayRegister(unit: Unit): boolean {
    this.findCallers();
    return unit.facts()?.mayRegister === true || this.found.has(unit);
  }

  /** Whether the unit's report is there already and need not be made. */
  isReported(unit: Unit): boolean {
    this.findCallers();
    return this.queries.trials.trial.isVerified(unit);
  }

  /** The IR and body of a unit's method; null where it holds none. */
  openUnit(unit: Unit): OpenedMethod | null {
    this.readAll();
    return this.queries.opened.get(unit);
  }

  /** What the text proves of the method with that key; null where it is not known. */
  summary(key: string): MethodSummary | null {
    this.readAll();
    return this.queries.summary.get(key);
  }

  /** The unit that holds the method with `key`; of several the first by path and place. Null if none. */
  unitOf(key: string): Unit | null {
    this.readAll();
    let first: Unit | null = null;
    for (const unit of this.methods.get(key)) {
      if (first === null || this.isBefore(unit, first)) first = unit;
    }
    return first;
  }

  /** Whether some text holds a method of the function with that key. */
  hasMethodsOf(name: string): boolean {
    this.readAll();
    return this.methods.keysOf(name).length > 0;
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
    this.readAll();
    return this.queries.typeTable();
  }

  /** What an analysis of the unit's method may ask; the same for every unit today. */
  environmentOf(_unit: Unit): Environment {
    this.readAll();
    return this.queries.environment();
  }

  /**
   * A query of a feature's own about units: remembered, and run again when what it asked the workspace
   * for has changed.
   */
  perUnit<V>({ name, compute }: UnitQueryOptions<V>): UnitQuery<V> {
    const query = this.queries.perUnit({ name, compute: (unit) => compute(unit, this) });
    return {
      get: (unit) => {
        this.findCallers();
        return query.get(unit);
      },
      isVerified: (unit) => {
        this.findCallers();
        return query.isVerified(unit);
      },
    };
  }

  /** The same of a query that many ask: one for each `options`, made when first asked for. */
  shared<V>(options: UnitQueryOptions<V>): UnitQuery<V> {
    const known = this.sharedQueries.get(options) as UnitQuery<V> | undefined;
    const query = known ?? this.perUnit(options);
    if (known === undefined) this.sharedQueries.set(options, query);
    return query;
  }

  /** Has `listener` told of everything that the engine runs; null for nobody. */
  listen(listener: ((event: EngineEvent) => void) | null): void {
    this.queries.engine.listener = listener;
  }

  /** By path, then by place in the file. */
  private isBefore(one: Unit, other: Unit): boolean {
    const path = this.pathOf.get(one) ?? "";
    const otherPath = this.pathOf.get(other) ?? "";
    if (path !== otherPath) return path < otherPath;
    const document = this.documents.get(path);
    return document !== undefined && document.indexOf(one) < document.indexOf(other);
  }

  private apply(path: string, { removed, added }: Replaced): void {
    const changed: Changed = { keys: new Set(), layouts: new Set() };
    for (const unit of removed) this.takeOut(path, unit, changed);
    for (const unit of added) {
      this.pathOf.set(unit, path);
      this.unread.add(unit);
    }
    // A key is answered at once; a whole file may be read in steps. What an edit takes away and brings
    // back has not changed, so the engine is told of both together.
    if (added.length <= atOnce) for (const unit of added) this.takeIn(unit, changed);
    this.settle(changed);
  }

  private readAll(): void {
    if (this.unread.size > 0) this.readUnits([...this.unread]);
  }

  private readUnits(units: readonly Unit[]): void {
    const changed: Changed = { keys: new Set(), layouts: new Set() };
    for (const unit of units) this.takeIn(unit, changed);
    this.settle(changed);
  }

  private takeOut(path: string, unit: Unit, { keys, layouts }: Changed): void {
    this.pathOf.delete(unit);
    if (this.unread.delete(unit)) return;
    const facts = unit.facts();
    this.queries.forget(unit);
    if (facts === null) return;
    this.speaking.get(path)?.delete(unit);
    this.callers.remove(unit, facts);
    this.versions.remove(facts.version);
    this.types.remove(unit, facts.types, layouts);
    const key = this.methods.remove(unit, facts);
    if (key !== null) keys.add(key);
  }

  private takeIn(unit: Unit, { keys, layouts }: Changed): void {
    const path = this.pathOf.get(unit);
    const facts = unit.facts();
    if (!this.unread.delete(unit) || path === undefined || facts === null) return;
    if (saysAnything(facts)) this.speakingIn(path).add(unit);
    this.callers.add(unit, facts);
    this.versions.add(facts.version);
    this.types.add(unit, facts.types, layouts);
    const key = this.methods.add(unit, facts);
    if (key !== null) keys.add(key);
  }

  /** Tells the engine which inputs may have changed. */
  private settle({ keys, layouts }: Changed): void {
    this.knowsCallers = false;
    this.search = null;
    const profile = this.chosen ?? this.versions.profile();
    if (profile !== this.current) {
      // Everything hangs on the profile.
      this.current = profile;
      this.queries.clear();
    }
    for (const key of keys) {
      this.queries.methods.changed(key);
      this.queries.functions.changed(functionOfKey(key));
    }
    for (const key of layouts) this.queries.layouts.changed(key);
  }

  private speakingIn(path: string): Set<Unit> {
    const known = this.speaking.get(path);
    if (known !== undefined) return known;
    const made = new Set<Unit>();
    this.speaking.set(path, made);
    return made;
  }
}

function saysAnything(facts: UnitFacts): boolean {
  return facts.mayRegister || facts.findings.length > 0 || facts.expectations.length > 0;
}
