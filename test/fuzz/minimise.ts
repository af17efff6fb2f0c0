// Makes a failing input small: pieces of the text are left out, lines first, then characters, for as
// long as the claim fails in the same words.

import type { Edit, Input } from "./claims.ts";
import type { Claim } from "./main.ts";

/** Seconds after which the smallest input so far is good enough. */
const patience = 20;

/** What a claim says of the input; null where it holds. */
export function failureOf(claim: Claim, input: Input): string | null {
  try {
    claim(input);
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** The smallest input found that fails as `input` does. */
export function minimise(claim: Claim, input: Input): Input {
  const wanted = kindOf(failureOf(claim, input));
  const until = performance.now() + patience * 1000;
  let smallest = input;
  for (const unit of ["line", "character"] as const) {
    for (let size = Math.max(1, places(smallest.text, unit).length >> 1); size >= 1; size >>= 1) {
      for (let first = 0; performance.now() < until; ) {
        const cuts = places(smallest.text, unit);
        if (first >= cuts.length) break;
        const from = cuts[first] ?? 0;
        const to = cuts[first + size] ?? smallest.text.length;
        const shorter = without(smallest, from, to);
        const fails = shorter !== null && to > from && kindOf(failureOf(claim, shorter)) === wanted;
        if (fails) smallest = shorter;
        else first += size;
      }
    }
  }
  return smallest;
}

/** The first words of a failure: numbers and texts in it change with the input. */
function kindOf(failure: string | null): string | null {
  return failure === null ? null : failure.replace(/\d+/g, "0").slice(0, 40);
}

/** Offsets at which lines or characters start. */
function places(text: string, unit: "line" | "character"): number[] {
  if (unit === "character") return Array.from({ length: text.length }, (_, index) => index);
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The input without `[from, to)`; null where the edit stands there. */
function without({ text, edit }: Input, from: number, to: number): Input | null {
  const shorter = text.slice(0, from) + text.slice(to);
  if (edit === null || edit.to <= from) return { text: shorter, edit };
  if (edit.from < to) return null;
  const moved: Edit = { ...edit, from: edit.from - (to - from), to: edit.to - (to - from) };
  return { text: shorter, edit: moved };
}
