// A piece of text by offsets; the only vocabulary that every room shares.

/** A half-open range of UTF-16 offsets, 0-based. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
