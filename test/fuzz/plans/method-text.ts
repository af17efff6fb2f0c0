// The numbered random methods of a seed.

import { Random } from "../random.ts";
import { generate } from "./generate.ts";

/** Method `number` of the seed, with its callees. Each has a random sequence of its own. */
export function methodText(seed: number, number: number): string {
  const random = new Random(Math.imul(seed, 0x9e3779b1) + number);
  return generate(random, 6 + random.below(24));
}
