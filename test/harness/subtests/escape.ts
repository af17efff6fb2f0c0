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
import { type Answer, type Command, keys, values, words } from "../session.ts";

export const escapes: Command = {
  name: "escape",
  keys: {
    ...keys("statement", "always", "escapes"),
    ...keys("statement", "never", "aliases, thrown at, live at, fields"),
  },
  answers({ method, opened }) {
    const state = analyseEscapes(opened.body);
    // The 0 of arguments is said by `escapes`.
    const at = (positions: ReadonlySet<number>): string =>
      positions.has(-1)
        ? "anywhere"
        : values(
            method,
            [...positions].filter((one) => one > 0),
          );
    const describe = (value: number, subject: string, isOpen: boolean): Answer[] => {
      const info = escapeOf(state, value);
      if (info === null) return [];
      const others = (aliasesOf(state, value) ?? []).filter((one) => one !== value);
      return [
        ["escapes", subject, escapeWords(info), isOpen],
        ["aliases", subject, values(method, others)],
        ["thrown at", subject, at(info.thrown)],
        ["live at", subject, at(info.liveness)],
        ["fields", subject, typeof info.alias === "string" ? info.alias : info.alias.kind],
      ];
    };
    const numbers = Array.from({ length: method.nArguments }, (_, index) => index + 1);
    return [
      ...numbers.flatMap((number) => describe(-number, `_${number}`, true)),
      ...method.statements.flatMap(({ id, kind }, i) => describe(i + 1, `%${id}`, kind !== "new")),
    ];
  },
};

/** `unreached`, `all`, `none`, or which of `return`, `thrown`, `argument` hold. */
function escapeWords(info: EscapeInfo): string {
  if (!info.analyzed) return "unreached";
  if (hasAllEscape(info)) return "all";
  if (hasNoEscape(info)) return "none";
  const list = info.returnEscape ? ["return"] : [];
  if (info.thrown.size > 0) list.push("thrown");
  if (info.liveness.has(0)) list.push("argument");
  return words(list);
}
