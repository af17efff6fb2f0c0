// `heap`: our own escape facts of values, and what a method tells its callers. `ours` is closed for
// allocations (`%new`) and open elsewhere; `argument`, `result` are open.

import { heapOf } from "../../../server/src/analysis/heap/heap-of.ts";
import { summariseMethod } from "../../../server/src/analysis/heap/summarise.ts";
import { valueEscapes } from "../../../server/src/analysis/heap/value-escape.ts";
import type { Fate, MethodSummary } from "../../../server/src/analysis/method-summary.ts";
import { type Answer, type Command, keys, words } from "../session.ts";

export const heap: Command = {
  name: "heap",
  keys: {
    ...keys("statement", "always", "ours"),
    ...keys("statement", "never", "argument"),
    ...keys("method", "never", "result"),
  },
  answers({ method, opened, unit }, { workspace }) {
    const environment = workspace.environmentOf(unit);
    const facts = heapOf(opened, environment);
    const summary = summariseMethod(opened, environment);
    const ours = (value: number, subject: string, isOpen: boolean): Answer[] => {
      const found = valueEscapes(facts, value);
      if (found === null) return [];
      return [["ours", subject, found.length === 0 ? "none" : words(found), isOpen]];
    };
    const numbers = Array.from({ length: method.nArguments }, (_, index) => index + 1);
    return [
      ...numbers.flatMap((number) => ours(-number, `_${number}`, true)),
      ...method.statements.flatMap(({ id, kind }, i) => ours(i + 1, `%${id}`, kind !== "new")),
      ...numbers.map(
        (number): Answer => ["argument", `_${number}`, argumentWords(summary, number)],
      ),
      ["result", "", resultWords(summary)],
    ];
  },
};

function argumentWords({ arguments: all }: MethodSummary, number: number): string {
  const told = all[number - 1];
  if (told === undefined) return "none";
  const { self, contents, mutated, finalized, registered } = told;
  const list = [
    ...fateWords(self),
    ...fateWords(contents).map((one) => `contents ${one}`),
    ...(mutated ? ["mutated"] : []),
    ...(finalized ? ["finalized"] : []),
    ...(registered ? ["registered"] : []),
  ];
  return list.length === 0 ? "none" : list.join(", ");
}

function fateWords(fate: Fate): string[] {
  const { returned, thrown, global, unknown, storedIn, storedBehind = [] } = fate;
  return [
    ...(returned ? ["returned"] : []),
    ...(thrown ? ["thrown"] : []),
    ...(global ? ["global"] : []),
    ...(unknown ? ["unknown"] : []),
    ...storedIn.map((number) => `stored in _${number}`),
    ...storedBehind.map((number) => `stored behind _${number}`),
  ];
}

function resultWords({ result }: MethodSummary): string {
  const { fresh, aliases, holds, unknown, registrations } = result;
  const list = [
    ...(fresh ? ["fresh"] : []),
    ...(unknown ? ["unknown"] : []),
    ...aliases.map((number) => `may be _${number}`),
    ...holds.map((number) => `holds _${number}`),
    ...registrations.map(
      ({ bodySignature, always }) =>
        `${always ? "registered" : "maybe registered"} ${bodySignature ?? "?"}`,
    ),
  ];
  return list.length === 0 ? "bits" : list.join(", ");
}
