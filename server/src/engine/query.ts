// The two kinds of things that can be asked for. An input reads a value that is kept outside of the
// engine; a query computes one from inputs and other queries. Keys are compared as `Map` does.

import type { Engine } from "./engine.ts";
import { dropped, Memo, type Source, verified } from "./memo.ts";

/** An input: the world outside, one value per key. A key that nobody asked for costs nothing. */
export interface InputOptions<K, V> {
  readonly name: string;
  /** The value as it is now. */
  read(key: K): V;
  /** Whether a change from one value to the other is none. */
  isSame(one: V, other: V): boolean;
}

export class Input<K, V> {
  private readonly engine: Engine;
  private readonly source: Source;
  private readonly memos = new Map<unknown, Memo>();

  constructor(engine: Engine, { name, read, isSame }: InputOptions<K, V>) {
    this.engine = engine;
    this.source = {
      name,
      compute: (key) => read(key as K),
      isSame: (one, other) => isSame(one as V, other as V),
      release: (key) => this.memos.delete(key),
      runsOnce: false,
      isTransient: true,
    };
  }

  /** The value; the query that runs now rests on it from here on. */
  get(key: K): V {
    let memo = this.memos.get(key);
    if (memo === undefined) {
      if (!this.engine.isRecording) return this.source.compute(key) as V;
      memo = new Memo(this.source, key);
      memo.value = this.source.compute(key);
      memo.hasValue = true;
      memo.state = verified;
      this.memos.set(key, memo);
    }
    return this.engine.fetch(memo) as V;
  }

  /** Must be called when the value of `key` may have changed. */
  changed(key: K): void {
    const memo = this.memos.get(key);
    if (memo !== undefined) this.engine.inputChanged(memo);
  }

  /** Keys that somebody asked for. */
  keys(): K[] {
    return [...this.memos.keys()] as K[];
  }

  clear(): void {
    for (const memo of this.memos.values()) this.engine.drop(memo);
  }
}

export interface QueryOptions<K, V> {
  readonly name: string;
  /** Computes the value from what it asks inputs and queries for, and from nothing else that changes. */
  compute(key: K): V;
  /** Whether who asked for one value need not run again for the other; never, if left out. */
  isSame?(one: V, other: V): boolean;
  /** Whether the memo goes with the last one that asks for it; else only by `drop`. */
  readonly isTransient?: boolean;
  /** Whether the memo is dropped where it would have to run again. */
  readonly runsOnce?: boolean;
  /** How many values are kept; the memo of an evicted one stays. */
  readonly limit?: number;
}

export class Query<K, V> {
  private readonly engine: Engine;
  private readonly source: Source;
  private readonly limit: number;
  private readonly memos = new Map<unknown, Memo>();
  /** Memos with a value, the least recently used first; kept only where there is a limit. */
  private readonly recent = new Set<Memo>();

  constructor(engine: Engine, options: QueryOptions<K, V>) {
    this.engine = engine;
    this.limit = options.limit ?? 0;
    this.source = {
      name: options.name,
      compute: (key) => options.compute(key as K),
      isSame: (one, other) => options.isSame?.(one as V, other as V) ?? false,
      release: (key) => this.memos.delete(key),
      runsOnce: options.runsOnce ?? false,
      isTransient: options.isTransient ?? false,
    };
  }

  /** The answer for `key`; the query that runs now rests on it from here on. */
  get(key: K): V {
    let memo = this.memos.get(key);
    if (memo === undefined) {
      memo = new Memo(this.source, key);
      this.memos.set(key, memo);
    }
    const value = this.engine.fetch(memo) as V;
    if (this.limit > 0) this.use(memo);
    return value;
  }

  /** Whether the answer is there and up to date. */
  isVerified(key: K): boolean {
    return this.memos.get(key)?.state === verified;
  }

  /** Brings an answer up to date that is there already; false where there is none, or none any more. */
  verify(key: K): boolean {
    const memo = this.memos.get(key);
    if (memo === undefined) return false;
    this.engine.refresh(memo);
    return memo.state === verified;
  }

  /** Forgets the answer; who asked for it must ask again. */
  drop(key: K): void {
    const memo = this.memos.get(key);
    if (memo === undefined) return;
    this.recent.delete(memo);
    this.engine.drop(memo);
  }

  clear(): void {
    this.recent.clear();
    for (const memo of this.memos.values()) this.engine.drop(memo);
  }

  /** How many memos there are. */
  get size(): number {
    return this.memos.size;
  }

  private use(memo: Memo): void {
    this.recent.delete(memo);
    this.recent.add(memo);
    if (this.recent.size <= this.limit) return;
    const [oldest] = this.recent;
    if (oldest === undefined) return;
    this.recent.delete(oldest);
    if (oldest.state === dropped) return;
    oldest.value = undefined;
    oldest.hasValue = false;
  }
}
