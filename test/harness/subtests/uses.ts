// `uses`: which statements use a value. Closed: where a method lists the users of one value, it lists
// those of every value that has any.

import { idOf, usersOf, usesOfMethod } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, values } from "../session.ts";

export const uses: Command = {
  name: "uses",
  keys: { "used by": { about: "statement", closed: "used" } },
  answers(session) {
    return session.methods().flatMap((of) => {
      const { method } = of;
      const lists = usesOfMethod(method);
      return method.statements.map((_, index): Answer => {
        const users = usersOf(lists, index + 1);
        return {
          of,
          key: "used by",
          subject: `%${idOf(method, index + 1)}`,
          text: values(method, users),
          isPlain: users.length === 0,
        };
      });
    });
  },
};
