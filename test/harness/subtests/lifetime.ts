// `lifetime`: where an object is used last, and the loops over which Julia's placement holds it without
// need. `# last use: %1` stands at a use; `# held over: %1` at a loop's header and is closed.

import { idOf, labelOf } from "../../../server/src/ir/method.ts";
import type { Answer, Command } from "../session.ts";

export const lifetime: Command = {
  name: "lifetime",
  keys: {
    "last use": { about: "statement", closed: "used" },
    "held over": { about: "block", closed: "always" },
  },
  answers(session) {
    return session.methods().flatMap((of) =>
      of.report.registrations.flatMap(({ allocation, lastUses, extended }): Answer[] => {
        const { method } = of;
        const text = `%${idOf(method, allocation)}`;
        const say = (key: string, subject: string): Answer => ({ of, key, subject, text });
        return [
          ...lastUses.map((position) => say("last use", `%${idOf(method, position)}`)),
          ...extended.map(({ header }) => say("held over", `#${labelOf(method, header)}`)),
        ];
      }),
    );
  },
};
