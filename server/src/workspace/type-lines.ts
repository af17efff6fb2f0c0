// The `type` lines of all texts by the type that they declare. Dumps repeat them over every method, so
// equal lines are kept as one with the units that have it.

import { keyOfTypeLine, type Layout, layoutOfLine } from "../analysis/type-table.ts";
import type { TypeLine } from "../syntax/tree.ts";
import type { Unit } from "./unit.ts";

/** One way in which a type is declared. */
interface Variant {
  readonly layout: Layout;
  readonly units: Set<Unit>;
}

export class TypeLines {
  /** Keys by a type's name as printed, for a line is seen again with every edit of its method. */
  private readonly keys = new Map<string, string>();
  private readonly variants = new Map<string, Map<string, Variant>>();
  private readonly isBefore: (one: Unit, other: Unit) => boolean;

  /** @param isBefore the order in which the first of two declarations of one type counts */
  constructor(isBefore: (one: Unit, other: Unit) => boolean) {
    this.isBefore = isBefore;
  }

  /** Takes in a unit's lines; tells `changed` the keys that they declare. */
  add(unit: Unit, lines: readonly TypeLine[], changed: Set<string>): void {
    for (const line of lines) {
      const key = this.keyOf(line);
      const print = printOf(line);
      let variants = this.variants.get(key);
      if (variants === undefined) {
        variants = new Map();
        this.variants.set(key, variants);
      }
      const variant = variants.get(print);
      if (variant === undefined) {
        variants.set(print, { layout: layoutOfLine(line), units: new Set([unit]) });
      } else variant.units.add(unit);
      changed.add(key);
    }
  }

  remove(unit: Unit, lines: readonly TypeLine[], changed: Set<string>): void {
    for (const line of lines) {
      const key = this.keyOf(line);
      const variants = this.variants.get(key);
      const print = printOf(line);
      const variant = variants?.get(print);
      if (variants === undefined || variant === undefined) continue;
      variant.units.delete(unit);
      if (variant.units.size === 0) variants.delete(print);
      if (variants.size === 0) this.variants.delete(key);
      changed.add(key);
    }
  }

  /** The layout that the first line about the type declares; null without one. */
  layout(key: string): Layout | null {
    const variants = this.variants.get(key);
    if (variants === undefined) return null;
    let found: Layout | null = null;
    let where: Unit | null = null;
    for (const { layout, units } of variants.values()) {
      if (variants.size === 1) return layout;
      for (const unit of units) {
        if (where !== null && !this.isBefore(unit, where)) continue;
        where = unit;
        found = layout;
      }
    }
    return found;
  }

  private keyOf(line: TypeLine): string {
    let key = this.keys.get(line.name);
    if (key === undefined) {
      key = keyOfTypeLine(line);
      this.keys.set(line.name, key);
    }
    return key;
  }
}

function printOf({ name, mutable, fields }: TypeLine): string {
  const parts = [name, mutable ? "mutable" : ""];
  for (const field of fields) {
    parts.push(field.name, field.type, field.isConst ? "const" : "", field.isAtomic ? "@" : "");
  }
  return parts.join("\n");
}
