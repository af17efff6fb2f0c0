// `lifetime`: where an object is used last, and the loops over which Julia's placement holds it without
// need. `# last use: %1` stands at a use; `# held over: %1` at a loop's header and is closed.

import { extendedBy } from "../../../server/src/analysis/method-report.ts";
import { type Answer, type Command, keys, labels, values } from "../session.ts";

export const lifetime: Command = {
  name: "lifetime",
  keys: { ...keys("statement", "used", "last use"), ...keys("block", "always", "held over") },
  answers: ({ method, report }) =>
    report.registrations.flatMap((one): Answer[] => {
      const { allocation, lastUses } = one;
      const object = values(method, [allocation]);
      return [
        ...lastUses.map((use): Answer => ["last use", values(method, [use]), object]),
        ...extendedBy(one, "julia").map(
          ({ header }): Answer => ["held over", labels(method, [header]), object],
        ),
      ];
    }),
};
