// Many random edits, warm against cold: `npm run fuzz:edits -- [--edits N] [--seed S]`. Sequences of 50
// edits, each with a seed of its own, so that one that fails can be run again alone.

import { parseArgs } from "node:util";
import { runEdits } from "./edit-run.ts";

const { values } = parseArgs({
  options: {
    edits: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
  },
});

const perSequence = 50;
const first = Number(values.seed);
const count = Math.ceil(Number(values.edits) / perSequence);
for (let seed = first; seed < first + count; seed++) {
  runEdits(seed, perSequence);
  if ((seed - first + 1) % 20 === 0) console.log(`… ${(seed - first + 1) * perSequence} edits`);
}
console.log(`${count * perSequence} edits, warm as cold`);
