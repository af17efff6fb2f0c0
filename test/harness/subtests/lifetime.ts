// `lifetime`: where an object is used last, and the loops over which Julia's placement holds it without
// need. `# last use: %1` stands at a use; `# held over: %1` at a loop's header and is closed.

import { type Answer, type Command, keys, labels, values } from "../session.ts";

export const lifetime: Command = {
  name: "lifetime",
  keys: { ...keys("statement", "used", "last use"), ...keys("block", "always", "held over") },
  answers: ({ method, report }) =>
    report.registrations.flatMap(({ allocation, lastUses, extended }): Answer[] => {
      const object = values(method, [allocation]);
      return [
        ...lastUses.map((use): Answer => ["last use", values(method, [use]), object]),
        ...extended.map(({ header }): Answer => ["held over", labels(method, [header]), object]),
      ];
    }),
};
