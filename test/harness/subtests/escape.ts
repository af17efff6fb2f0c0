// `escape`: escape facts of values and arguments. `escapes` is closed for allocations (`%new`) and open
// elsewhere; the other keys are open.

import {
  aliasesOf,
  analyseEscapes,
  escapeOf,
} from "../../../server/src/analysis/escape/analyse.ts";
import {
  type EscapeInfo,
  hasAllEscape,
  hasNoEscape,
} from "../../../server/src/analysis/escape/lattice.ts";
import { idOf, type Method } from "../../../server/src/ir/method.ts";
import {
  type Answer,
  type Command,
  type KeyRule,
  type MethodAtHand,
  values,
  words,
} from "../session.ts";

const open: KeyRule = { about: "statement", closed: "never" };

export const escape: Command = {
  name: "escape",
  keys: {
    escapes: { about: "statement", closed: "always" },
    aliases: open,
    "thrown at": open,
    "live at": open,
    fields: open,
  },
  answers: (session) => session.methods().flatMap(answersOf),
};

function answersOf(of: MethodAtHand): Answer[] {
  const { method, opened } = of;
  const state = analyseEscapes(opened.body);
  const answers: Answer[] = [];
  const add = (value: number, subject: string, isAllocation: boolean): void => {
    const info = escapeOf(state, value);
    if (info === null) return;
    const say = (key: string, text: string, isPlain = true): void => {
      answers.push({ of, key, subject, text, isPlain });
    };
    const others = (aliasesOf(state, value) ?? []).filter((one) => one !== value);
    say("escapes", escapeWords(info), !isAllocation);
    say("aliases", values(method, others));
    say("thrown at", statements(method, info.thrown));
    say("live at", statements(method, info.liveness));
    say("fields", typeof info.alias === "string" ? info.alias : info.alias.kind);
  };
  method.statements.forEach(({ kind, id }, index) => add(index + 1, `%${id}`, kind === "new"));
  for (let number = 1; number <= method.nArguments; number++) add(-number, `_${number}`, false);
  return answers;
}

/** `unreached`, `all`, `none`, or which of `return`, `thrown`, `argument` hold. */
function escapeWords(info: EscapeInfo): string {
  if (!info.analyzed) return "unreached";
  if (hasAllEscape(info)) return "all";
  if (hasNoEscape(info)) return "none";
  const held: [boolean, string][] = [
    [info.returnEscape, "return"],
    [info.thrown.size > 0, "thrown"],
    [info.liveness.has(0), "argument"],
  ];
  return words(held.filter(([holds]) => holds).map(([, word]) => word));
}

/** `%2 %5`, `anywhere`, or `none`; the 0 of arguments is left to `escapes`. */
function statements(method: Method, positions: ReadonlySet<number>): string {
  if (positions.has(-1)) return "anywhere";
  const sorted = [...positions].filter((one) => one > 0).sort((a, b) => a - b);
  return words(sorted.map((one) => `%${idOf(method, one)}`));
}
