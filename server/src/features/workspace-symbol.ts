// Workspace symbols: methods of all files by an inexact name, best first. A word of the query fits where
// its letters occur in order in the function's name, those that follow each other or begin a word
// counting more, or where it stands as it is in the signature.

import type { Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { eachMethod, headerTarget, type MethodPlace } from "./method-index.ts";

export interface FoundMethod {
  readonly name: string;
  readonly signature: string;
  readonly path: string;
  readonly range: Range;
}

export const defaultLimit = 256;

/** At most `limit` methods that fit the query; all of them, in file order, for an empty one. */
export function workspaceSymbols(
  workspace: Workspace,
  query: string,
  limit: number = defaultLimit,
): FoundMethod[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const ranked: { place: MethodPlace; score: number }[] = [];
  for (const place of eachMethod(workspace)) {
    const facts = place.unit.facts();
    if (!facts?.signature) continue;
    const score = scoreOf(words, facts.name ?? "", facts.signature);
    if (score !== null) ranked.push({ place, score });
    // In file order the first ones are as good as any.
    if (words.length === 0 && ranked.length >= limit) break;
  }
  ranked.sort((x, y) => y.score - x.score);
  const found: FoundMethod[] = [];
  for (const { place } of ranked.slice(0, limit)) {
    const target = headerTarget(place);
    const facts = place.unit.facts();
    if (target === null || !facts?.signature) continue;
    const { path, selection } = target;
    found.push({
      name: facts.name ?? facts.signature,
      signature: facts.signature,
      path,
      range: selection,
    });
  }
  return found;
}

/** How well all words fit together; null where one of them does not. */
function scoreOf(words: readonly string[], name: string, signature: string): number | null {
  let sum = 0;
  const lower = words.length > 0 ? signature.toLowerCase() : "";
  for (const word of words) {
    const inName = fuzzyScore(word, name);
    if (inName !== null) sum += inName + nameBonus;
    else if (lower.includes(word)) sum += word.length;
    else return null;
  }
  // Of two that fit alike the shorter name is nearer.
  return sum - name.length / 100 - signature.length / 10_000;
}

const nameBonus = 100;

/**
 * How well the letters of `word` (lower case) occur in `text`, in order: 4 for one that begins a word,
 * 3 for one that follows the last, 1 else; 20 more where the whole stands together, 40 more where it is
 * the whole text. Null where they do not occur.
 */
export function fuzzyScore(word: string, text: string): number | null {
  const lower = text.toLowerCase();
  const whole = lower.indexOf(word);
  if (whole >= 0) {
    const starts = whole === 0 || isBreak(text, whole);
    return word.length * 3 + 20 + (starts ? 10 : 0) + (lower.length === word.length ? 40 : 0);
  }
  let score = 0;
  let at = -1;
  for (const letter of word) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 && at >= 0 ? 3 : next === 0 || isBreak(text, next) ? 4 : 1;
    at = next;
  }
  return score;
}

/** Whether a word begins at `at`: behind `_`, `.`, `#` and the like, or at a capital. */
function isBreak(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  const here = text.charAt(at);
  const isCapital = here !== here.toLowerCase();
  return !/[\p{L}\p{N}]/u.test(before) || (isCapital && before === before.toLowerCase());
}
