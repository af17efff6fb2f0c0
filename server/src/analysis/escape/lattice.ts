// The escape lattice: what may happen to one value. Follows Julia's EscapeAnalysis bit for bit,
// sharing of liveness sets included, because the place of an inserted finalizer hangs on it.
// Source: Compiler/src/ssair/EscapeAnalysis.jl; spec escape-analysis.md §2 and §3.1.
//
// Sets hold statement positions; 0 means "is an argument", −1 "anywhere". A set object may be shared
// by several values and grows in place, except for the three constants below.

/** Where fields of a value were stored (`defs`) and loaded (`uses`). */
export interface FieldAccesses {
  readonly defs: ReadonlySet<number>;
  readonly uses: ReadonlySet<number>;
}

/** `none`: not analysed yet. `all`: cannot be analysed. Else per field, or one for all fields. */
export type AliasInfo =
  | "none"
  | "all"
  | { readonly kind: "fields"; readonly fields: readonly FieldAccesses[] }
  | { readonly kind: "unindexable"; readonly field: FieldAccesses };

export interface EscapeInfo {
  readonly analyzed: boolean;
  readonly returnEscape: boolean;
  readonly thrown: ReadonlySet<number>;
  readonly alias: AliasInfo;
  readonly liveness: Set<number>;
}

const noThrow: ReadonlySet<number> = new Set();
const throwsAnywhere: ReadonlySet<number> = new Set([-1]);
const notLive: Set<number> = new Set();
const argumentLive: Set<number> = new Set([0]);
const alwaysLive: Set<number> = new Set([-1, 0]);

/** ⊥: never reached by the analysis. */
export const bottom: EscapeInfo = {
  analyzed: false,
  returnEscape: false,
  thrown: noThrow,
  alias: "none",
  liveness: notLive,
};

/** ⊤: may be anywhere, at any time. */
export const top: EscapeInfo = {
  analyzed: true,
  returnEscape: true,
  thrown: throwsAnywhere,
  alias: "all",
  liveness: alwaysLive,
};

/** What every argument starts with: the caller sees it. */
export const argumentEscape: EscapeInfo = {
  analyzed: true,
  returnEscape: false,
  thrown: noThrow,
  alias: "all",
  liveness: argumentLive,
};

/** Returned at statement `position`. */
export function returnEscapeAt(position: number): EscapeInfo {
  return {
    analyzed: true,
    returnEscape: true,
    thrown: noThrow,
    alias: "none",
    liveness: new Set([position]),
  };
}

/** May be thrown at statement `position`. */
export function thrownEscapeAt(position: number): EscapeInfo {
  return {
    analyzed: true,
    returnEscape: false,
    thrown: new Set([position]),
    alias: "none",
    liveness: notLive,
  };
}

/** What an argument of a call gets from the callee's summary. */
export function calleeEscapeAt(position: number, thrown: boolean): EscapeInfo {
  return {
    analyzed: true,
    returnEscape: false,
    thrown: thrown ? new Set([position]) : noThrow,
    alias: "all",
    liveness: new Set([position]),
  };
}

/** Identity of all components, as Julia's `===` on the immutable struct. */
function isIdentical(x: EscapeInfo, y: EscapeInfo): boolean {
  return (
    x === y ||
    (x.analyzed === y.analyzed &&
      x.returnEscape === y.returnEscape &&
      x.thrown === y.thrown &&
      x.alias === y.alias &&
      x.liveness === y.liveness)
  );
}

/** Whether the information is exactly ⊤, which a callee's summary calls "all". */
export function isTop(x: EscapeInfo): boolean {
  return isIdentical(x, top);
}

/** Whether the information is exactly ⊥: nothing to tell anybody. */
export function isBottom(x: EscapeInfo): boolean {
  return isIdentical(x, bottom);
}

/** Least upper bound. Returns one of its arguments, or their sets, wherever Julia does. */
export function join(x: EscapeInfo, y: EscapeInfo): EscapeInfo {
  if (isTop(x) || isTop(y)) return top;
  if (isBottom(x)) return y;
  if (isBottom(y)) return x;
  return {
    analyzed: x.analyzed || y.analyzed,
    returnEscape: x.returnEscape || y.returnEscape,
    thrown: joinThrown(x.thrown, y.thrown),
    alias: joinAlias(x.alias, y.alias),
    liveness: joinLiveness(x.liveness, y.liveness),
  };
}

function joinThrown(x: ReadonlySet<number>, y: ReadonlySet<number>): ReadonlySet<number> {
  if (x === throwsAnywhere || y === throwsAnywhere) return throwsAnywhere;
  if (x === noThrow) return y;
  if (y === noThrow) return x;
  return contains(x, y) ? x : new Set([...x, ...y]);
}

function joinLiveness(x: Set<number>, y: Set<number>): Set<number> {
  if (x === alwaysLive || y === alwaysLive) return alwaysLive;
  if (x === notLive) return y;
  if (y === notLive) return x;
  return new Set([...x, ...y]);
}

function contains(x: ReadonlySet<number>, y: ReadonlySet<number>): boolean {
  if (y.size > x.size) return false;
  for (const one of y) if (!x.has(one)) return false;
  return true;
}

const noAccesses: FieldAccesses = { defs: new Set(), uses: new Set() };

function joinAccesses(x: FieldAccesses, y: FieldAccesses): FieldAccesses {
  if (x === y || (contains(x.defs, y.defs) && contains(x.uses, y.uses))) return x;
  return { defs: new Set([...x.defs, ...y.defs]), uses: new Set([...x.uses, ...y.uses]) };
}

/** Join of alias information; fields of unequal number keep the longer list. */
export function joinAlias(x: AliasInfo, y: AliasInfo): AliasInfo {
  if (x === "all" || y === "all") return "all";
  if (x === "none") return y;
  if (y === "none") return x;
  if (x.kind === "fields" && y.kind === "fields") {
    const [long, short] = x.fields.length >= y.fields.length ? [x, y] : [y, x];
    const fields = long.fields.map((field, index) => {
      const other = short.fields[index];
      return other === undefined ? field : joinAccesses(field, other);
    });
    return { kind: "fields", fields };
  }
  return { kind: "unindexable", field: joinAccesses(allFields(x), allFields(y)) };
}

/** The accesses to any field. */
export function allFields(x: Exclude<AliasInfo, string>): FieldAccesses {
  return x.kind === "unindexable" ? x.field : x.fields.reduce(joinAccesses, noAccesses);
}

/** Alias information for `count` fields without any access. */
export function emptyFields(count: number): AliasInfo & object {
  return { kind: "fields", fields: new Array<FieldAccesses>(count).fill(noAccesses) };
}

/** Alias information of a value whose fields cannot be told apart. */
export function emptyUnindexable(): AliasInfo & object {
  return { kind: "unindexable", field: noAccesses };
}

/** `info` with one more access of field `index` (0-based; ignored where fields are not told apart). */
export function withAccess(
  info: AliasInfo & object,
  index: number,
  kind: "def" | "use",
  position: number,
): AliasInfo & object {
  const extend = (field: FieldAccesses): FieldAccesses =>
    kind === "def"
      ? { defs: new Set(field.defs).add(position), uses: field.uses }
      : { defs: field.defs, uses: new Set(field.uses).add(position) };
  if (info.kind === "unindexable") return { kind: "unindexable", field: extend(info.field) };
  return {
    kind: "fields",
    fields: info.fields.map((field, i) => (i === index ? extend(field) : field)),
  };
}

/** Structural equality. */
export function equal(x: EscapeInfo, y: EscapeInfo): boolean {
  if (isIdentical(x, y)) return true;
  return (
    x.analyzed === y.analyzed &&
    x.returnEscape === y.returnEscape &&
    equalSets(x.thrown, y.thrown) &&
    equalSets(x.liveness, y.liveness) &&
    equalAlias(x.alias, y.alias)
  );
}

function equalSets(x: ReadonlySet<number>, y: ReadonlySet<number>): boolean {
  return x === y || (x.size === y.size && contains(x, y));
}

function equalAlias(x: AliasInfo, y: AliasInfo): boolean {
  if (x === y) return true;
  if (typeof x === "string" || typeof y === "string") return false;
  if (x.kind === "fields") {
    return (
      y.kind === "fields" &&
      x.fields.length === y.fields.length &&
      x.fields.every((field, index) => equalAccesses(field, y.fields[index]))
    );
  }
  return y.kind === "unindexable" && equalAccesses(x.field, y.field);
}

function equalAccesses(x: FieldAccesses, y: FieldAccesses | undefined): boolean {
  return x === y || (y !== undefined && equalSets(x.defs, y.defs) && equalSets(x.uses, y.uses));
}

/**
 * `info` with `position` added to its liveness, the set changed in place unless it is a constant.
 * Null where nothing changes.
 */
export function addLiveness(info: EscapeInfo, position: number): EscapeInfo | null {
  const { liveness } = info;
  if (liveness === alwaysLive || liveness.has(position)) return null;
  if (liveness === notLive || liveness === argumentLive) {
    return { ...info, liveness: new Set(liveness).add(position) };
  }
  liveness.add(position);
  return info;
}

/** `info` without what is known of its fields. */
export function withoutAlias(info: EscapeInfo): EscapeInfo {
  return { ...info, alias: "none" };
}

/** `has_no_escape`: neither returned nor thrown nor visible to the caller. Fields are not asked. */
export function hasNoEscape(x: EscapeInfo): boolean {
  return !x.returnEscape && x.thrown.size === 0 && !x.liveness.has(0);
}

/** `has_all_escape`: ⊤ is below the information. */
export function hasAllEscape(x: EscapeInfo): boolean {
  return (
    x.analyzed &&
    x.returnEscape &&
    x.thrown === throwsAnywhere &&
    x.alias === "all" &&
    x.liveness === alwaysLive
  );
}

/** Whether the value may be thrown from anywhere (no statement in particular). */
export function isThrownAnywhere(x: EscapeInfo): boolean {
  return x.thrown === throwsAnywhere;
}
