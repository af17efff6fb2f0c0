// What a fault is: one small mistake, put into the source of one analysis on purpose.

export interface Fault {
  /** What the mistake is, as a sentence would say it. Names are unique. */
  readonly name: string;
  /** Path below server/src/analysis. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}
