// All units that hold a method, by the method's key. Most methods are never asked for, and a key costs
// the parsing of all argument types; so units are sorted by a cheap prefix of their signatures first,
// and their keys are made when somebody asks for one with that prefix.

import { functionOfKey } from "../analysis/assumption.ts";
import type { Unit, UnitFacts } from "./unit.ts";

const noUnits: readonly Unit[] = [];

/** The prefix of methods whose names are no plain identifiers. */
const odd = "";

/** Units of one key. */
interface Entry {
  readonly units: Set<Unit>;
  /** The same as a list that is given away and never changed; null until somebody asks. */
  list: readonly Unit[] | null;
}

export class MethodTable {
  private readonly buckets = new Map<string, Set<Unit>>();
  /** Units by key, for the prefixes that somebody asked for. */
  private readonly keyed = new Map<string, Map<string, Entry>>();

  /** Takes in a unit; gives the key of its method, where somebody may have asked for it. */
  add(unit: Unit, facts: UnitFacts): string | null {
    const { signature } = facts;
    if (signature === null) return null;
    const prefix = namePrefix(signature);
    const bucket = this.buckets.get(prefix);
    if (bucket === undefined) this.buckets.set(prefix, new Set([unit]));
    else bucket.add(unit);
    const entries = this.keyed.get(prefix);
    const own = entries === undefined ? null : facts.key;
    if (entries !== undefined && own !== null) put(entries, own, unit);
    return own;
  }

  /** Takes a unit out; gives the key of its method, where somebody may have asked for it. */
  remove(unit: Unit, facts: UnitFacts): string | null {
    const { signature } = facts;
    if (signature === null) return null;
    const prefix = namePrefix(signature);
    const bucket = this.buckets.get(prefix);
    bucket?.delete(unit);
    if (bucket?.size === 0) this.buckets.delete(prefix);
    const entries = this.keyed.get(prefix);
    const own = entries === undefined ? null : facts.key;
    const entry = own === null ? undefined : entries?.get(own);
    if (entry !== undefined && own !== null) {
      entry.units.delete(unit);
      entry.list = null;
      if (entry.units.size === 0) entries?.delete(own);
    }
    return own;
  }

  /** The units that hold a method with that key; the list stays as it is. */
  get(key: string): readonly Unit[] {
    const name = key.slice(0, Math.max(0, key.indexOf("(")));
    const plain = isPlain(name) ? this.find(name, key) : noUnits;
    const others = this.find(odd, key);
    if (others.length === 0) return plain;
    return plain.length === 0 ? others : [...plain, ...others];
  }

  /** Keys of all methods of the function with that key (`functionOfKey`), sorted. */
  keysOf(name: string): string[] {
    const prefixes = isPlain(name) ? [name, odd] : [odd];
    return prefixes
      .flatMap((prefix) => [...this.entriesOf(prefix).keys()])
      .filter((key) => key.startsWith(name) && functionOfKey(key) === name)
      .sort();
  }

  private find(prefix: string, key: string): readonly Unit[] {
    const entry = this.entriesOf(prefix).get(key);
    if (entry === undefined) return noUnits;
    entry.list ??= [...entry.units];
    return entry.list;
  }

  /** The units of a prefix by key; from now on they are kept sorted. */
  private entriesOf(prefix: string): ReadonlyMap<string, Entry> {
    const known = this.keyed.get(prefix);
    if (known !== undefined) return known;
    const made = new Map<string, Entry>();
    this.keyed.set(prefix, made);
    for (const unit of this.buckets.get(prefix) ?? []) {
      const own = unit.facts()?.key;
      if (own) put(made, own, unit);
    }
    return made;
  }
}

function put(entries: Map<string, Entry>, key: string, unit: Unit): void {
  const entry = entries.get(key);
  if (entry === undefined) entries.set(key, { units: new Set([unit]), list: null });
  else {
    entry.units.add(unit);
    entry.list = null;
  }
}

/** The last part of a plain dotted name; `""` for operators, `var"…"`, callable objects. */
export function namePrefix(signature: string): string {
  const open = signature.indexOf("(");
  const dotted = open < 0 ? signature : signature.slice(0, open);
  const name = dotted.slice(dotted.lastIndexOf(".") + 1);
  return isPlain(name) && !dotted.includes('"') ? name : odd;
}

/** Whether `namePrefix` tells methods of that bare name from others. */
export function isPlain(name: string): boolean {
  return /^[A-Za-z_][\w!]*$/.test(name);
}
