// The effects of a method as Julia prints them, and the questions that passes ask of them.
// Source: Compiler/src/effects.jl, spec effects.md §1.

import { parseEffects } from "../../syntax/statement.ts";

export type Sigil = "+" | "!" | "?";

/**
 * Nine components by their letters; `?` is a conditional truth. A component that was not printed is
 * absent, which is not the same as false: it is unknown.
 */
export interface Effects {
  readonly consistent: Sigil | null;
  readonly effectFree: Sigil | null;
  readonly nothrow: Sigil | null;
  readonly terminates: Sigil | null;
  readonly notaskstate: Sigil | null;
  readonly inaccessiblememonly: Sigil | null;
  readonly noub: Sigil | null;
  readonly nonoverlayed: Sigil | null;
  readonly nortcall: Sigil | null;
}

/** Reads `(+c,!e,…)`; null where the text is not of that form. */
export function readEffects(text: string): Effects | null {
  const facts = parseEffects(text);
  if (facts === null) return null;
  const of = (letter: string): Sigil | null => facts.get(letter) ?? null;
  return {
    consistent: of("c"),
    effectFree: of("e"),
    nothrow: of("n"),
    terminates: of("t"),
    notaskstate: of("s"),
    inaccessiblememonly: of("m"),
    noub: of("u"),
    nonoverlayed: of("o"),
    nortcall: of("r"),
  };
}

/** Whether an unused call with these effects may be deleted (`is_removable_if_unused`). */
export function isRemovableIfUnused(effects: Effects): boolean {
  return effects.effectFree === "+" && effects.terminates === "+" && effects.nothrow === "+";
}
