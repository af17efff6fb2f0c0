// `assume`: which further assumptions free a registration, the smallest set found (`smallest`, closed), on
// which facts its verdict rests (`rests on`), and who is blocked by whom (`blocks`, of the whole workspace).

import { factWords, restsOn, smallestSet } from "../../../server/src/features/assume.ts";
import { isFreed } from "../../../server/src/features/freed.ts";
import { ranking } from "../../../server/src/features/ranking.ts";
import { type Answer, type Command, keys, values } from "../session.ts";

export const assume: Command = {
  name: "assume",
  keys: {
    ...keys("statement", "always", "smallest"),
    ...keys("statement", "used", "rests on"),
    ...keys("workspace", "used", "blocks"),
  },
  answers: ({ unit, method, report }, { workspace }) =>
    report.registrations.flatMap((one, index): Answer[] => {
      const subject = values(method, [one.registration.position]);
      const { facts, exhausted } = smallestSet(workspace, unit, index, isFreed);
      const none = exhausted ? "gave up" : "none";
      const smallest = facts === null ? none : facts.map(factWords).join("; ");
      const behind = restsOn(workspace, unit, index).map(factWords).join("; ");
      return [
        ["smallest", subject, isFreed(one) ? "freed" : smallest],
        ...(behind === "" ? [] : [["rests on", subject, behind] as const]),
      ];
    }),
  whole: ({ workspace }) =>
    ranking(workspace).map(
      ({ callee, weight, blocked }): Answer => [
        "blocks",
        "",
        `${callee} ${blocked.length}, weight ${weight}`,
      ],
    ),
};
