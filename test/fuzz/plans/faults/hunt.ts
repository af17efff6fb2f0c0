// Looks for the first random method on which a checker reports something. Bundled by itself, so that it can
// be run on analyses that were broken on purpose (`bundle.ts`).

import { defaultCompare } from "../../../../server/src/check/compare.ts";
import { checkPlans } from "../check.ts";
import { methodText } from "../method-text.ts";
import { plansOf } from "../plans.ts";

/** A method that a checker reports. */
export interface Catch {
  readonly number: number;
  /** What was reported first: `path: leak`, `run: result`, `applied verify: …`, or `crash`. */
  readonly by: string;
}

/** What is planned for a method, as one text; what went wrong where nothing could be planned. */
export function planned(seed: number, number: number): string {
  try {
    return JSON.stringify(
      plansOf(methodText(seed, number)).map(({ placed, applied }) => [
        placed.placements,
        placed.dropped,
        applied?.text,
      ]),
    );
  } catch (error) {
    return `crash: ${error instanceof Error ? error.message : error}`;
  }
}

/** What a checker reports first of a method, tried with `runs` inputs; null if nothing. */
export function tryMethod(seed: number, number: number, runs: number): Catch | null {
  const options = { ...defaultCompare, runs, fuel: 2000 };
  let failure: string | undefined;
  try {
    [failure] = checkPlans(methodText(seed, number), plansOf, options).failures;
  } catch (error) {
    failure = `crash: ${error instanceof Error ? error.message : error}`;
  }
  return failure === undefined ? null : { number, by: kindOf(failure) };
}

function kindOf(failure: string): string {
  return /^[\w ]+: [\w/-]+/.exec(failure)?.[0] ?? failure;
}
