// The incremental engine: it remembers answers of queries, knows which answers each one rests on, and
// after a change of an input runs again only what rests on it. It knows nothing of what is asked.
//
// A change marks what asked for the input as stale and everyone above as to be checked, so its cost is
// that of what may be touched, never of all memos. Nothing runs then. When an answer is asked for, what
// it rests on is brought up to date first, in the order in which it had been asked for; an answer that
// comes out as before is back-dated: nobody above runs for it. The walk is iterative, for chains of
// answers are as long as chains of calls. The graph of queries must have no cycles; who has some solves
// them in one query (workspace/components.ts).
// Source: after U. A. Acar et al. (Adapton) and the salsa book, "The red-green algorithm"; the words are
// salsa's.

import type { EngineEvent, EventKind } from "./event.ts";
import {
  check,
  dropped,
  type Memo,
  markDependents,
  running,
  setDependencies,
  stale,
  verified,
} from "./memo.ts";

/** So many memos that nobody asks for are kept: an edit takes away who asked, and brings it back. */
const orphanLimit = 1000;

/** What a running query has asked for; null where nothing is to be recorded. */
type Frame = Set<Memo> | null;

export class Engine {
  /** Counts changes of inputs. */
  revision = 0;
  /** Is told of everything that happens, where it is set. */
  listener: ((event: EngineEvent) => void) | null = null;
  private frame: Frame = null;
  private nRunning = 0;
  /** Memos that somebody gave up asking for, the oldest first. Most are asked for again soon. */
  private readonly orphans = new Set<Memo>();

  /** Whether what is asked for now is recorded. */
  get isRecording(): boolean {
    return this.frame !== null;
  }

  /** The memo's value, up to date; recorded as asked for by the query that runs now. */
  fetch(memo: Memo): unknown {
    if (memo.state !== verified) this.refresh(memo);
    if (!memo.hasValue) this.restore(memo);
    this.frame?.add(memo);
    if (this.nRunning === 0) this.collect();
    return memo.value;
  }

  /** Runs `ask` without recording what it asks for. */
  untracked<T>(ask: () => T): T {
    const outer = this.frame;
    this.frame = null;
    try {
      return ask();
    } finally {
      this.frame = outer;
    }
  }

  /**
   * Brings the memo up to date. It may be dropped on the way, where it belongs to a query that runs
   * once; its state tells.
   */
  refresh(root: Memo): void {
    const path: Memo[] = [root];
    const next: number[] = [0];
    for (let memo = path.at(-1); memo !== undefined; memo = path.at(-1)) {
      if (memo.state === check) {
        const index = next[next.length - 1] ?? 0;
        const below = memo.dependencies[index];
        if (below === undefined) {
          memo.state = verified;
          this.tell("verified", memo);
        } else if (below.state === verified) {
          next[next.length - 1] = index + 1;
          continue;
        } else {
          path.push(below);
          next.push(0);
          continue;
        }
      } else if (memo.state === stale) {
        if (memo.source.runsOnce && memo.hasRun) this.drop(memo);
        else this.execute(memo);
      } else if (memo.state === running) {
        throw new Error(`${memo.source.name} asks for itself`);
      }
      path.pop();
      next.pop();
    }
  }

  /** An input's value may be another one. */
  inputChanged(memo: Memo): void {
    const value = memo.source.compute(memo.key);
    if (memo.source.isSame(memo.value, value)) return;
    memo.value = value;
    this.revision++;
    markDependents(memo);
  }

  /** Gives the memo up; who asked for it must ask again. */
  drop(memo: Memo): void {
    if (memo.state === dropped) return;
    markDependents(memo);
    this.unhook(memo);
    if (this.nRunning === 0) this.collect();
  }

  tell(kind: EventKind, { source, key }: Memo): void {
    this.listener?.({ kind, query: source.name, key });
  }

  private execute(memo: Memo): void {
    const asked = new Set<Memo>();
    const value = this.run(memo, asked);
    const isSame = memo.hasRun && memo.hasValue && memo.source.isSame(memo.value, value);
    const isFirst = !memo.hasRun;
    // Nobody can hold on to the old value if the new one is equal: keep it, for who compares by identity.
    if (!isSame) memo.value = value;
    memo.hasValue = true;
    memo.hasRun = true;
    memo.state = verified;
    for (const left of setDependencies(memo, asked)) this.orphans.add(left);
    this.tell(isSame ? "backdated" : "executed", memo);
    if (!isSame && !isFirst) markDependents(memo);
  }

  /** Makes an evicted value again; it rests on the same inputs, so nobody needs to know. */
  private restore(memo: Memo): void {
    memo.value = this.run(memo, new Set());
    memo.hasValue = true;
    memo.state = verified;
  }

  private run(memo: Memo, asked: Set<Memo>): unknown {
    const outer = this.frame;
    const before = memo.state;
    this.frame = asked;
    memo.state = running;
    this.nRunning++;
    try {
      return memo.source.compute(memo.key);
    } catch (error) {
      memo.state = before;
      throw error;
    } finally {
      this.nRunning--;
      this.frame = outer;
    }
  }

  /** Drops what nobody has asked for in a while, unless somebody may come back to it. */
  private collect(): void {
    if (this.orphans.size <= orphanLimit) return;
    // What is dropped leaves further orphans; they come last.
    for (const memo of this.orphans) {
      if (this.orphans.size <= orphanLimit >> 1) return;
      this.orphans.delete(memo);
      const isWanted = memo.dependents !== null && memo.dependents.size > 0;
      if (!isWanted && memo.source.isTransient && memo.state !== dropped) this.unhook(memo);
    }
  }

  private unhook(memo: Memo): void {
    memo.source.release(memo.key);
    memo.state = dropped;
    memo.value = undefined;
    this.tell("dropped", memo);
    for (const left of setDependencies(memo, new Set())) this.orphans.add(left);
  }
}
