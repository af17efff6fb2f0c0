// Has V8 optimise functions one by one rather than with much of what they call copied into them. A large
// file is opened in a process that has just been started, and is read while V8 still compiles the
// reader: optimised code that is ready early is worth more there than code that is a little faster.
// docs/performance.md has the figures. Must be imported before everything else.

import { setFlagsFromString } from "node:v8";

for (const flag of [
  "--max-inlined-bytecode-size-cumulative=200",
  "--no-turbo-loop-peeling",
  "--no-turbo-escape",
]) {
  // A V8 that does not know one says so on standard error and goes on.
  setFlagsFromString(flag);
}
