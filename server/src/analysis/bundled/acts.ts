// What functions of Base do, by their bare names, that matters to whoever wants to run a finalizer's
// body at another place than the garbage collector would: locks, waits, output, registrations. It is
// knowledge about names, for the blame; that a function does none of it is never taken from here.
// Source: base/lock.jl, base/locks-mt.jl, base/task.jl, base/condition.jl, base/channels.jl,
// base/io.jl, base/stream.jl, base/show.jl, base/logging/logging.jl, base/gcutil.jl, base/libc.jl
// (facts: names of functions and what they are documented to do); spec early-plan.md §1 and §3.

/** The kinds of acts, in the order in which they are told. */
export const acts = ["locks", "waits", "registers", "io", "allocates", "releases"] as const;
export type Act = (typeof acts)[number];

const table: ReadonlyMap<string, Act> = new Map([
  ...list("locks", "lock trylock unlock slowlock slowunlock _trylock _unlock acquire release"),
  ...list("locks", "_lock lock_region tryacquire assert_havelock relockall unlockall"),
  ...list("locks", "disable_finalizers enable_finalizers"),
  ...list("waits", "wait yield yieldto try_yieldto sleep fetch take! put! notify schedule"),
  ...list("waits", "enq_work timedwait timedwait_until wait_forever poptask process_events"),
  ...list("waits", "ensure_rescheduled list_deletefirst! take_buffered take_unbuffered"),
  ...list("waits", "put_buffered put_unbuffered wait_with_timeout synchronize"),
  ...list("registers", "finalizer add_ptr_finalizer"),
  ...list("io", "print println show write unsafe_write printstyled display flush dump"),
  ...list("io", "read readline readbytes! unsafe_read eof readavailable open close"),
  ...list("io", "handle_message logmsg_shim systemerror run rm mkdir mktemp mv cp stat"),
  ...list("io", "showerror display_error show_backtrace"),
]);

function list(act: Act, names: string): [string, Act][] {
  return names.split(" ").map((name) => [name, act]);
}

/** Functions that write to or read from the stream that they are handed first. */
const streams: ReadonlySet<string> = new Set(
  "print println show write unsafe_write printstyled dump read readline readbytes! unsafe_read eof showerror show_backtrace".split(
    " ",
  ),
);

/**
 * What a function of that bare name does; null where nothing is known.
 *
 * @param argumentTypes printed types of the arguments: writing into memory is no output
 */
export function actOf(name: string, argumentTypes: readonly string[]): Act | null {
  const bare = plainName(name);
  const act = table.get(bare) ?? null;
  const isInMemory = streams.has(bare) && argumentTypes.some((type) => /IOBuffer/.test(type));
  return isInMemory ? null : act;
}

/** `lock` for `var"#slowlock#lock##0"`: the function that a body was outlined or a keyword split from. */
export function plainName(name: string): string {
  const inner = /^var"(.*)"$/.exec(name)?.[1] ?? name;
  if (!inner.startsWith("#")) return inner;
  return inner.split("#").find((part) => /^[\p{L}_]/u.test(part)) ?? inner;
}

/** Whether the name stands in the table. */
export function hasAct(name: string): boolean {
  return table.has(plainName(name));
}
