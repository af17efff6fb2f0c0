// How much of something is held over time: a step curve, with what it takes to describe it.

/** When something happens: statements of the program so far, and the one of the root method. */
export interface Moment {
  readonly time: number;
  /** Position in the root method; 0 when it has ended. */
  readonly position: number;
}

/** The curve as it is when the run is over. */
export interface Usage {
  /** How often it rose, by how much in all, and how often it fell. */
  readonly rises: number;
  readonly total: number;
  readonly falls: number;
  readonly peak: number;
  /** What is held when the method has ended and no finalizer has run yet that waits for the exit. */
  readonly atEnd: number;
  readonly lastFall: Moment | null;
  /** Time and level from then on, at each change; the first `nUntilEnd` before the method has ended. */
  readonly history: readonly (readonly [time: number, level: number])[];
  readonly nUntilEnd: number;
  /** What is held when the process has ended. */
  readonly level: number;
}

export class Timeline implements Usage {
  level = 0;
  rises = 0;
  total = 0;
  falls = 0;
  peak = 0;
  atEnd = 0;
  nUntilEnd = 0;
  lastFall: Moment | null = null;
  readonly history: [time: number, level: number][] = [];

  rise(by: number, { time }: Moment): void {
    this.rises++;
    this.total += by;
    this.level += by;
    this.peak = Math.max(this.peak, this.level);
    this.history.push([time, this.level]);
  }

  fall(by: number, moment: Moment): void {
    this.falls++;
    this.level -= by;
    this.lastFall = moment;
    this.history.push([moment.time, this.level]);
  }

  /** The method has ended; what happens from now on happens at exit. */
  close(): void {
    this.atEnd = this.level;
    this.nUntilEnd = this.history.length;
  }
}

/** What is held on average from the start to `end`, when the method has ended. */
export function averageOf({ history, nUntilEnd }: Usage, end: number): number {
  let area = 0;
  let since = 0;
  let level = 0;
  for (const [time, next] of [...history.slice(0, nUntilEnd), [end, 0] as const]) {
    area += level * (time - since);
    [since, level] = [time, next];
  }
  return end === 0 ? 0 : area / end;
}
