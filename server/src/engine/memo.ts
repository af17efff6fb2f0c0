// A memo: one answer of one query, what it asked for, and who asked for it. Memos point at each other
// directly; only what was asked for has one, so a workspace of silent methods has none.

/** Where a memo stands. `check`: something below changed, perhaps nothing that matters here. */
export type State = 0 | 1 | 2 | 3 | 4;
/** The value is that of the current inputs. */
export const verified: State = 0;
/** Something that it hangs on, directly or not, may have changed. */
export const check: State = 1;
/** Something that it asked for did change; it must run. */
export const stale: State = 2;
export const running: State = 3;
/** Given up; nobody finds it any more. */
export const dropped: State = 4;

/** What a memo needs to know of its query or input. */
export interface Source {
  readonly name: string;
  /** Makes the value. */
  compute(key: unknown): unknown;
  isSame(one: unknown, other: unknown): boolean;
  /** Takes the memo out of the query's table. */
  release(key: unknown): void;
  /** A memo that must not run a second time: it is dropped where it would have to. */
  readonly runsOnce: boolean;
  /** Whether the memo goes when nobody asks for it any more. */
  readonly isTransient: boolean;
}

const noMemos: readonly Memo[] = [];

export class Memo {
  readonly source: Source;
  readonly key: unknown;
  state: State = stale;
  value: unknown = undefined;
  /** Whether `value` is there; an evicted one is made again without anybody being told. */
  hasValue = false;
  /** Whether it ever ran; before that there is nothing to compare with. */
  hasRun = false;
  /** What it asked for, in the order in which it asked. */
  dependencies: readonly Memo[] = noMemos;
  /** Who asked for it. */
  dependents: Set<Memo> | null = null;

  constructor(source: Source, key: unknown) {
    this.source = source;
    this.key = key;
  }
}

/** Marks who asked for the memo as stale, and everyone above as to be checked. Iterative. */
export function markDependents(memo: Memo): void {
  if (memo.dependents === null) return;
  const work: Memo[] = [];
  for (const dependent of memo.dependents) {
    if (dependent.state === verified) work.push(dependent);
    if (dependent.state === verified || dependent.state === check) dependent.state = stale;
  }
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (next.dependents === null) continue;
    for (const dependent of next.dependents) {
      if (dependent.state !== verified) continue;
      dependent.state = check;
      work.push(dependent);
    }
  }
}

/** Replaces what the memo asked for; returns what it asked for before and no longer does. */
export function setDependencies(memo: Memo, asked: ReadonlySet<Memo>): Memo[] {
  const left: Memo[] = [];
  for (const old of memo.dependencies) {
    if (asked.has(old)) continue;
    old.dependents?.delete(memo);
    left.push(old);
  }
  for (const one of asked) {
    one.dependents ??= new Set();
    one.dependents.add(memo);
  }
  memo.dependencies = asked.size === 0 ? noMemos : [...asked];
  return left;
}
