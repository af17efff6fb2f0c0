// Methods that register a finalizer only through what they call: a constructor that is not inlined
// returns a new object with a registration on it, and its caller names no finalizer anywhere. Such
// callers are searched upwards, from the methods that do name one, by the names that calls print; whether
// a callee really passes its registration on is asked of its summary only.

import type { MethodSummary } from "../analysis/method-summary.ts";
import { isPlain, namePrefix } from "./method-table.ts";
import type { Unit, UnitFacts } from "./unit.ts";

const nobody: ReadonlySet<Unit> = new Set();

/** Which units name a finalizer, and which call a function, by its name. */
export class CallerTable {
  /** Units whose own text may register a finalizer. */
  readonly registering: Set<Unit> = new Set();
  private readonly callers = new Map<string, Set<Unit>>();

  add(unit: Unit, facts: UnitFacts): void {
    if (facts.mayRegister) this.registering.add(unit);
    for (const called of facts.calledNames) {
      const name = isPlain(called) ? called : "";
      const units = this.callers.get(name);
      if (units === undefined) this.callers.set(name, new Set([unit]));
      else units.add(unit);
    }
  }

  remove(unit: Unit, facts: UnitFacts): void {
    this.registering.delete(unit);
    for (const called of facts.calledNames) {
      const name = isPlain(called) ? called : "";
      const units = this.callers.get(name);
      units?.delete(unit);
      if (units?.size === 0) this.callers.delete(name);
    }
  }

  /** Units that call a function of the name that the signature has. */
  of(signature: string): ReadonlySet<Unit> {
    return this.callers.get(namePrefix(signature)) ?? nobody;
  }
}

export interface SearchOptions {
  readonly table: CallerTable;
  summary(key: string): MethodSummary | null;
  /** Whether a dynamic call of a function may be one of the method with that key. */
  isClosed(key: string): boolean;
}

/** One search; it holds until the next change of a text or a promise. */
export class CallerSearch {
  /** The units found so far that register through a callee only. */
  readonly found: Set<Unit> = new Set();
  private readonly queue: Unit[];
  private readonly options: SearchOptions;

  constructor(options: SearchOptions) {
    this.options = options;
    this.queue = [...options.table.registering];
  }

  /** Searches on, by at least one unit, until `isOver` says so; whether all is found. */
  run(isOver: () => boolean): boolean {
    for (let unit = this.queue.pop(); unit !== undefined; unit = this.queue.pop()) {
      this.step(unit);
      if (isOver()) break;
    }
    return this.queue.length === 0;
  }

  private step(unit: Unit): void {
    const { table, summary, isClosed } = this.options;
    const facts = unit.facts();
    const callers = facts?.signature ? table.of(facts.signature) : nobody;
    const key = callers.size === 0 ? null : (facts?.key ?? null);
    if (key === null || !passesOn(summary(key))) return;
    for (const caller of callers) {
      if (this.found.has(caller) || table.registering.has(caller)) continue;
      if (!isClosed(key) && caller.facts()?.calls.includes(key) !== true) continue;
      this.found.add(caller);
      this.queue.push(caller);
    }
  }
}

/** Whether a call brings a new object with a registration. */
function passesOn(summary: MethodSummary | null): boolean {
  return summary?.result.fresh === true && summary.result.registrations.length > 0;
}
