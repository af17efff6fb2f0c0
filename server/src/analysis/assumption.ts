// What a user says of a method that the text does not show: the facts of a `Finalens.toml`. Each is a
// promise by the user; whatever rests on one is marked *assumed*.
// Source: design §4 ("Assumptions"), spec early-plan.md §1.

/** The facts that can be assumed of one function or method. An absent one is not assumed. */
export interface Assumption {
  /** `false`: no argument is kept beyond the call, nor thrown. */
  readonly captures?: boolean;
  /** `true`: neither throws nor blocks. */
  readonly nothrow?: boolean;
  /** `true`: neither reads nor changes anything that belongs to the running task. */
  readonly notaskstate?: boolean;
  readonly effectFree?: boolean;
  readonly terminates?: boolean;
  /** `true`: if it throws, the program ends: exceptional paths out of it need no care. */
  readonly throwsAreFatal?: boolean;
}
