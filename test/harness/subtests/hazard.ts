// `hazard`: mistakes of the program that freeing early makes certain. `# hazard: hazard/…` stands at the
// statement at which it happens, and is closed.

import { idOf } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, keys } from "../session.ts";

export const hazard: Command = {
  name: "hazard",
  keys: keys("statement", "always", "hazard"),
  answers: ({ method, report }) =>
    (report.hazards ?? []).map(
      ({ position, code }): Answer => ["hazard", `%${idOf(method, position)}`, code],
    ),
};
