// What the engine did, for tests and for whoever wants to know why something ran. Events are made only
// while somebody listens.

/**
 * `executed`: the query ran. `backdated`: it ran, and answered what it had answered before, so nothing
 * that asked for it runs again. `verified`: something below it had changed, but nothing that it asked.
 * `dropped`: the memo was given up.
 */
export type EventKind = "executed" | "backdated" | "verified" | "dropped";

/** One step of the engine. */
export interface EngineEvent {
  readonly kind: EventKind;
  /** The query's name. */
  readonly query: string;
  readonly key: unknown;
}
