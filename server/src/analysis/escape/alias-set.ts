// Equivalence classes of values that may be the same object: union-find with ranks, and the members
// of each class at hand, because every escape of one member is an escape of all.
// Source: IntDisjointSets as used by EscapeAnalysis.jl; spec escape-analysis.md §2.5.

/** Classes over the indices 0 … size − 1, all of them alone at first. */
export class AliasSet {
  private readonly parent: Int32Array;
  private readonly lists = new Map<number, number[]>();

  constructor(size: number) {
    this.parent = new Int32Array(size).map((_, index) => index);
  }

  private root(x: number): number {
    let at = x;
    for (;;) {
      const up = this.parent[at] ?? at;
      if (up === at) return at;
      const next = this.parent[up] ?? up;
      this.parent[at] = next;
      at = next;
    }
  }

  /** Whether the two are known to share a class. */
  isAliased(x: number, y: number): boolean {
    return this.root(x) === this.root(y);
  }

  /** Unites the classes; true if they were different. */
  unite(x: number, y: number): boolean {
    const a = this.root(x);
    const b = this.root(y);
    if (a === b) return false;
    const listA = this.lists.get(a) ?? [a];
    const listB = this.lists.get(b) ?? [b];
    // The shorter list moves, so that all unions together stay almost linear.
    const [keep, gone, long, short] =
      listA.length >= listB.length ? [a, b, listA, listB] : [b, a, listB, listA];
    this.parent[gone] = keep;
    for (const one of short) long.push(one);
    this.lists.delete(gone);
    this.lists.set(keep, long);
    return true;
  }

  /** All members of the class of `x`, itself included; null where it is alone (`getaliases`). */
  members(x: number): readonly number[] | null {
    return this.lists.get(this.root(x)) ?? null;
  }
}
