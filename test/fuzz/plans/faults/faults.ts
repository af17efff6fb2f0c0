// All faults that the checkers must catch.

import { applyFaults } from "./apply.ts";
import type { Fault } from "./fault.ts";
import { followFaults } from "./follow.ts";
import { heapFaults } from "./heap.ts";
import { legalityFaults } from "./legality.ts";
import { placeFaults } from "./place.ts";

export const faults: readonly Fault[] = [
  ...heapFaults,
  ...followFaults,
  ...placeFaults,
  ...legalityFaults,
  ...applyFaults,
];
