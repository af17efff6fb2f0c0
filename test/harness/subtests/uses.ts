// `uses`: which statements use a value. Closed: where a method lists the users of one value, it lists
// those of every value that has any.

import { usersOf, usesOfMethod } from "../../../server/src/ir/method.ts";
import { type Command, keys, values } from "../session.ts";

export const uses: Command = {
  name: "uses",
  keys: keys("statement", "used", "used by"),
  answers({ method }) {
    const lists = usesOfMethod(method);
    return method.statements.map(({ id }, index) => {
      const users = usersOf(lists, index + 1);
      return ["used by", `%${id}`, values(method, users), users.length === 0];
    });
  },
};
