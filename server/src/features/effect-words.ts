// The nine effects in words: what a letter stands for, what its sigil says, and what a callee without
// it stands in the way of. Source: Compiler/src/effects.jl; spec effects.md §1 and §8.

interface EffectWords {
  readonly name: string;
  readonly always: string;
  /** Null where the effect knows only yes and no. */
  readonly sometimes: string | null;
}

const table: Readonly<Record<string, EffectWords>> = {
  c: {
    name: "consistent",
    always: "equal inputs give equal results",
    sometimes:
      "equal inputs give equal results, as long as no new object is returned or no memory of others is read",
  },
  e: {
    name: "effect_free",
    always: "nothing that can be seen from outside is changed",
    sometimes: "only memory that nobody else can reach, or that its arguments reach, is changed",
  },
  n: { name: "nothrow", always: "it never throws", sometimes: null },
  t: { name: "terminates", always: "it always comes to an end", sometimes: null },
  s: {
    name: "notaskstate",
    always: "it neither depends on nor changes what is attached to the running task",
    sometimes: null,
  },
  m: {
    name: "inaccessiblememonly",
    always: "it touches only memory that nobody else can reach",
    sometimes: "it touches only memory that nobody else can reach, or that its arguments reach",
  },
  i: { name: "noinbounds", always: "it does not hang on `@inbounds` (1.9, 1.10)", sometimes: null },
  u: {
    name: "noub",
    always: "it has no undefined behaviour",
    sometimes: "it has no undefined behaviour unless it is called under `@inbounds`",
  },
  o: {
    name: "nonoverlayed",
    always: "no overlay method table takes part",
    sometimes: "an overlay method table takes part, with methods that do the same",
  },
  r: { name: "nortcall", always: "it does not ask inference for a return type", sometimes: null },
};

/** The letters in the order in which Julia prints them now. */
export const effectLetters: readonly string[] = ["c", "e", "n", "t", "s", "m", "u", "o", "r"];

/** What `+n` and the like mean; null for letters and sigils that do not go together. */
export function effectWords(sigil: string, letter: string): { name: string; means: string } | null {
  const words = table[letter];
  if (words === undefined) return null;
  const { name, always, sometimes } = words;
  if (sigil === "+") return { name, means: `always: ${always}` };
  if (sigil === "!" || sigil === "-") return { name, means: `not proven that ${always}` };
  return sometimes === null || sigil !== "?"
    ? null
    : { name, means: `under a condition: ${sometimes}` };
}

/** The name of the effect that a letter stands for; null for other letters. */
export function effectName(letter: string): string | null {
  return table[letter]?.name ?? null;
}

/** What an effect decides here; null where nothing hangs on it. */
export function effectMatters(letter: string): string | null {
  switch (letter) {
    case "n":
      return "A finalizer is resolved only if nothing between its registration and the place where it would run can throw, and if its own body cannot.";
    case "s":
      return "A finalizer's body must have it to be run by the task itself instead of the garbage collector.";
    case "e":
    case "m":
      return "With `effect_free` and `inaccessiblememonly` a callee lets no argument escape but by returning it.";
    case "t":
      return "With `effect_free` and `nothrow` a call whose value is not used is removed, and so is a finalizer that does nothing.";
    default:
      return null;
  }
}
