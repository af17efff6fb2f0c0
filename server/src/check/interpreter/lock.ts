// Locks by the identity of their objects. Who asks is always the one task of the run, so a lock that
// cannot be taken will never be.

import type { Obj } from "./value.ts";

export class LockTable {
  private readonly counts = new Map<string, number>();

  /** How often the lock is held. */
  count(lock: Obj): number {
    return this.counts.get(lock.id) ?? 0;
  }

  take(lock: Obj): void {
    this.counts.set(lock.id, this.count(lock) + 1);
  }

  /** False where it was not held. */
  release(lock: Obj): boolean {
    const count = this.count(lock);
    if (count === 0) return false;
    this.counts.set(lock.id, count - 1);
    return true;
  }

  /** Locks that are held now. */
  held(): ReadonlySet<string> {
    return new Set([...this.counts].filter(([, count]) => count > 0).map(([id]) => id));
  }
}
