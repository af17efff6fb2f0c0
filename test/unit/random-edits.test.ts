// A part of the random edits that `npm run fuzz:edits` makes by the ten thousand.

import { test } from "node:test";
import { runEdits } from "../fuzz/edit-run.ts";

test("after random edits, files and promises a workspace says what a fresh one says", () => {
  for (let seed = 1; seed <= 8; seed++) runEdits(seed, 50);
});
