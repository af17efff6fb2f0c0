// The clock of the benchmarks.

import { existsSync, readFileSync } from "node:fs";

const known = "/proc/thread-self/schedstat";
const isKnown = existsSync(known);

/**
 * Seconds of CPU time that this thread has had, from any start; of wall time where that cannot be
 * known. In a process started with `--single-threaded`, collector and compiler are included.
 */
export function clock(): number {
  if (!isKnown) return performance.now() / 1e3;
  return Number(readFileSync(known, "utf8").split(" ")[0]) / 1e9;
}
