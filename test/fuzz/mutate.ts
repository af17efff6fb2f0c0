// Damages a text as editors, terminals, mail and people do: lines and characters deleted, doubled,
// swapped and cut off, colours and prose between them, other numbers and brackets, two texts in one.

import type { Random } from "./random.ts";

type Mutation = (text: string, random: Random, other: string) => string;

/** Pieces that mean something to a reader of printed IR. */
const pieces: readonly string[] = [
  ..."()[]{}\"'\\`#%:,=.|><+-_$@!&~0123456789 \t\n\r",
  ..."─┄│└┌φπϒᶜ√⊥≤∈…′✓◌↑λ🦊\u00a0\u200b\u2028\u0000",
  "\ud83e",
  "::",
  "=> ",
  " = ",
  "# ",
  "#= ",
  " =#",
  '"\\"',
  'var"',
  "%1",
  "%99 = ",
  "#3",
  "_2",
  ":(%1)",
  "$(Expr(:",
  "$(QuoteNode(",
  "svec(",
  "invoke ",
  "builtin ",
  "dynamic builtin ",
  "goto #2",
  " if not ",
  "return ",
  "φ (#1 => ",
  "π (",
  "%new(",
  "Core.Const(:",
  "Core.Argument(2)",
  "MethodInstance for ",
  "CodeInfo(",
  "julia> @code_typed f(1)\n",
  ") => Int64\n",
  "1 ─ ",
  "└──      return %1\n",
  "│   ",
  "   ┌ @ f.jl:1 within `f`\n",
  "  effects (+c,!e,?n)\n",
  "  stage final\n",
  "  type A mutable (a::Int64 const, b::Any)\n",
  "Arguments\n",
  "Body::Int64\n",
  "  # expect: %1 elided\n",
  "   # (+n,!e)",
  " where T",
  "Union{",
  "```\n",
  "⋮\n",
];

const prose: readonly string[] = [
  "Here is what I get on 1.11:\n",
  "julia> versioninfo()\n",
  "\n",
  "> and then it said (see #12):\n",
  "# note to self\n",
  "- one\n- two\n",
  "1 - 2 is what it says\n",
];

const colours: readonly string[] = [
  "\x1b[36m",
  "\x1b[39m",
  "\x1b[90m\x1b[64G│╻╷ f\x1b[1G\x1b[39m",
  "\x1b[0m",
  "\x1b[",
  "\x1b]0;title\x07",
  "\x1b",
];

const onLines =
  (change: (lines: string[], at: number, random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split("\n");
    change(lines, random.below(lines.length), random);
    return lines.join("\n");
  };

const atPlace =
  (piece: (random: Random) => string): Mutation =>
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + piece(random) + text.slice(at);
  };

/** Every line behind `mark`, and perhaps one without. */
const quoted =
  (mark: string): Mutation =>
  (text, random) => {
    const lines = text.split("\n").map((line) => mark + line);
    if (random.oneIn(2)) lines[random.below(lines.length)] = "";
    return lines.join("\n");
  };

const mutations: readonly Mutation[] = [
  onLines((lines, at, random) => lines.splice(at, 1 + random.below(3))),
  onLines((lines, at, random) => lines.splice(at, 0, ...lines.slice(at, at + 1 + random.below(4)))),
  onLines((lines, at, random) => {
    const other = random.below(lines.length);
    [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
  }),
  onLines((lines, at, random) => {
    lines[at] = (lines[at] ?? "").slice(0, random.below(60));
  }),
  // The end of the screen.
  onLines((lines, at) => lines.splice(at)),
  onLines((lines, at, random) => lines.splice(at, 0, random.pick(prose))),
  // A terminal that wraps.
  onLines((lines, at, random) => {
    const line = lines[at] ?? "";
    const width = 1 + random.below(80);
    lines.splice(at, 1, line.slice(0, width), line.slice(width));
  }),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + random.below(3));
  },
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + random.below(200));
  },
  (text, random) => {
    const at = random.below(text.length + 1);
    const length = 1 + random.below(30);
    return text.slice(0, at + length) + text.slice(at);
  },
  (text, random) => {
    const at = random.below(Math.max(1, text.length - 1));
    return (
      text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2)
    );
  },
  (text, random) => {
    const [a, b] = [random.below(text.length + 1), random.below(text.length + 1)];
    const length = 1 + random.below(30);
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    if (from + length > to) return text;
    const pieces = [text.slice(to, to + length), text.slice(from + length, to)];
    return (
      text.slice(0, from) +
      pieces.join("") +
      text.slice(from, from + length) +
      text.slice(to + length)
    );
  },
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => text.slice(random.below(text.length + 1)),
  (text, random, other) =>
    text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1)),
  (text, random, other) => {
    const at = random.below(text.length + 1);
    const from = random.below(other.length + 1);
    return text.slice(0, at) + other.slice(from, from + random.below(300)) + text.slice(at);
  },
  atPlace((random) => random.pick(pieces)),
  atPlace((random) => random.pick(pieces) + random.pick(pieces)),
  atPlace((random) => random.pick(pieces).repeat(1 + random.below(40))),
  atPlace((random) => random.pick(colours)),
  (text, random) =>
    text.replace(/\d+/g, (digits) => (random.oneIn(20) ? String(random.below(40)) : digits)),
  (text, random) => {
    const brackets = "()[]{}";
    return text.replace(/[()[\]{}]/g, (found) =>
      random.oneIn(30) ? brackets.charAt(random.below(6)) : found,
    );
  },
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  quoted("> "),
  quoted("# "),
  quoted("+"),
  quoted("    "),
];

/** The text after one to six mutations; `other` lends what is spliced in. */
export function mutate(text: string, random: Random, other: string): string {
  let mutated = text;
  for (let n = 1 + random.below(6); n > 0; n--) {
    mutated = random.pick(mutations)(mutated, random, other);
  }
  return mutated;
}

/** What somebody types inside one statement: no line break, no more than a few characters. */
export function typedText(random: Random): string {
  const made = random.oneIn(4) ? "" : random.pick(pieces) + (random.oneIn(3) ? "x" : "");
  return made.replace(/[\n\r]/g, "");
}
