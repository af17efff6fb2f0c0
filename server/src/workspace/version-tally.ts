// Which releases all texts of a workspace allow, kept up to date unit by unit: how many texts need a
// release of at least, or at most, each minor number.

import { type Profile, profileBetween } from "../analysis/profile.ts";
import { newest, oldest, type Releases } from "../syntax/version.ts";

/** Counts of lower and upper bounds by minor number. */
export class VersionTally {
  private readonly lower = new Map<number, number>();
  private readonly upper = new Map<number, number>();

  add({ min, max }: Releases): void {
    count(this.lower, min, 1);
    count(this.upper, max, 1);
  }

  remove({ min, max }: Releases): void {
    count(this.lower, min, -1);
    count(this.upper, max, -1);
  }

  /** Whether the texts tell anything about the release; texts of different releases do not. */
  isBounded(): boolean {
    const min = Math.max(oldest, ...this.lower.keys());
    const max = Math.min(newest, ...this.upper.keys());
    return min <= max && (min > oldest || max < newest);
  }

  /** The newest profile within all bounds. Texts of different releases give the default. */
  profile(): Profile {
    return profileBetween(Math.max(0, ...this.lower.keys()), Math.min(99, ...this.upper.keys()));
  }
}

function count(counts: Map<number, number>, key: number, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
