// The workspace: all files that are open or named, and what is known of their methods. It keeps the
// texts and tells the engine which inputs an edit may have changed; what is remembered and what hangs on
// what stands in `queries.ts`. An answer after edits equals the answer of a fresh workspace with the
// same texts. This room alone remembers; the analyses are pure functions.

import type { Assumption } from "../analysis/assumption.ts";
import type { Environment, OpenedMethod } from "../analysis/environment.ts";
import type { MethodReport } from "../analysis/method-report.ts";
import type { MethodSummary } from "../analysis/method-summary.ts";
import { defaultProfile, type Profile } from "../analysis/profile.ts";
import type { TypeTable } from "../analysis/type-table.ts";
import type { EngineEvent } from "../engine/event.ts";
import type { Range } from "../text/line-index.ts";
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

const noReport: MethodReport = { registrations: [], findings: [] };

/** All texts and what is known of them. */
export class Workspace {
  private readonly chosen: Profile | null;
  private current: Profile;
  private readonly versions = new VersionTally();
  private readonly documents = new Map<string, Document>();
  private readonly pathOf = new Map<Unit, string>();
  private readonly methods = new MethodTable();
  private readonly types = new TypeLines((one, other) => this.isBefore(one, other));
  private assumptions: ReadonlyMap<string, Assumption> = new Map();
  /** Units about which anything at all can be said; the others are passed over by every question. */
  private readonly speaking = new Map<string, Set<Unit>>();
  private readonly queries: Queries;

  /** @param profile the rules that apply; null where the texts decide (`profile`) */
  constructor(profile: Profile | null = defaultProfile) {
    this.chosen = profile;
    this.current = profile ?? defaultProfile;
    this.queries = new Queries({
      profile: () => this.current,
      units: (key) => this.methods.get(key),
      firstUnit: (key) => this.unitOf(key),
      layout: (key) => this.types.layout(key),
      assumption: (key) => this.assumptions.get(key) ?? null,
    });
  }

  /** The rules that apply: the chosen ones, else those of the newest release that all texts allow. */
  get profile(): Profile {
    return this.current;
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
    this.speaking.delete(path);
  }

  /** Replaces all that the user promises of methods; only what asked for a changed promise runs again. */
  setAssumptions(assumptions: ReadonlyMap<string, Assumption>): void {
    this.assumptions = assumptions;
    for (const key of this.queries.assumptions.keys()) this.queries.assumptions.changed(key);
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
    return unit.facts()?.mayRegister === true ? this.queries.report.get(unit) : noReport;
  }

  /** Whether the unit's report is there already and need not be made. */
  isReported(unit: Unit): boolean {
    return this.queries.report.isVerified(unit);
  }

  /** The IR and body of a unit's method; null where it holds none. */
  openUnit(unit: Unit): OpenedMethod | null {
    return this.queries.opened.get(unit);
  }

  /** What the text proves of the method with that key; null where it is not known. */
  summary(key: string): MethodSummary | null {
    return this.queries.summary.get(key);
  }

  /** The unit that holds the method with `key`; of several the first by path and place. Null if none. */
  unitOf(key: string): Unit | null {
    let first: Unit | null = null;
    for (const unit of this.methods.get(key)) {
      if (first === null || this.isBefore(unit, first)) first = unit;
    }
    return first;
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
    return this.queries.typeTable();
  }

  /** What an analysis of the unit's method may ask; the same for every unit today. */
  environmentOf(_unit: Unit): Environment {
    return this.queries.environment();
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
    const keys = new Set<string>();
    const layouts = new Set<string>();
    for (const unit of removed) {
      const facts = unit.facts();
      this.pathOf.delete(unit);
      this.queries.forget(unit);
      if (facts === null) continue;
      this.speaking.get(path)?.delete(unit);
      this.versions.remove(facts.version);
      this.types.remove(unit, facts.types, layouts);
      const key = this.methods.remove(unit, facts);
      if (key !== null) keys.add(key);
    }
    for (const unit of added) {
      const facts = unit.facts();
      this.pathOf.set(unit, path);
      if (facts === null) continue;
      if (saysAnything(facts)) this.speakingIn(path).add(unit);
      this.versions.add(facts.version);
      this.types.add(unit, facts.types, layouts);
      const key = this.methods.add(unit, facts);
      if (key !== null) keys.add(key);
    }
    const profile = this.chosen ?? this.versions.profile();
    if (profile !== this.current) {
      // Everything hangs on the profile.
      this.current = profile;
      this.queries.clear();
    }
    for (const key of keys) this.queries.methods.changed(key);
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
