// What the validator finds: a property that does not hold, and the path that shows it.

export type PropertyKind =
  | "before-phi" // placed before a φ node: the verifier rejects it
  | "undefined-operand" // the object is not defined on every path to the placement
  | "no-such-point" // code cannot stand there
  | "not-an-object" // on some path the value is no object
  | "not-registered" // a body runs of a registration that did not happen
  | "double-run" // a body runs again
  | "use-after-run" // the object is used behind its finalizer
  | "leak" // a dropped registration whose body does not run before the method returns
  | "lost-instance" // the same, and the object is not even named any more
  | "exceptional-leak" // the same where an exception leaves the method
  | "incomplete" // another registration of the object is left out
  | "may-be-kept" // somebody else may have the object still
  | "pending-order" // a pending finalizer of another object still reaches it
  | "body-may-throw" // a dropped registration's body can throw, into the program
  | "lock-region"; // it runs where finalizers are held back, and the body may take a lock

/** What happens at the statement at which a property fails, as a sentence without its end. */
export const propertyWords: Readonly<Record<PropertyKind, string>> = {
  "before-phi": "a statement stands before a φ node",
  "undefined-operand": "no object was allocated on this path",
  "no-such-point": "code cannot stand there",
  "not-an-object": "the value is no object there",
  "not-registered": "the finalizer runs although it was never registered",
  "double-run": "the finalizer runs again on the same object",
  "use-after-run": "the object is used behind its finalizer",
  leak: "the method returns, and the finalizer never ran",
  "lost-instance": "the next object takes the place of one whose finalizer never ran",
  "exceptional-leak": "an exception leaves the method, and the finalizer never ran",
  incomplete: "another registration of the object is left out",
  "may-be-kept": "somebody else may have the object still",
  "pending-order": "a pending finalizer of another object still reaches it",
  "body-may-throw": "the finalizer's body can throw into the program",
  "lock-region": "a lock is held that the finalizer's body may take",
};

export interface Counterexample {
  readonly kind: PropertyKind;
  /** Position of the registration that it is about; the first one of a placement's. */
  readonly registration: number;
  /** Position of the statement at which the property fails. */
  readonly position: number;
  /** Blocks from the entry to there. */
  readonly path: readonly number[];
  /** False where the text does not tell whether it happens: a callee without IR, a load from a container. */
  readonly certain: boolean;
}

/** Blocks behind each other, sharing their beginnings. */
export interface PathLink {
  readonly block: number;
  readonly before: PathLink | null;
}

export function blocksOf(link: PathLink | null): number[] {
  const blocks: number[] = [];
  for (let one = link; one !== null; one = one.before) blocks.push(one.block);
  return blocks.reverse();
}
