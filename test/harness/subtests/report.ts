// `report`: part of `check --format json`, word for word. `#   ^^^ report julia.blockers` under a
// registration names what is taken of it; the `#|` block below holds it.

import { methodsOf } from "../../../server/src/features/check-report.ts";
import { idOf } from "../../../server/src/ir/method.ts";
import type { Command, Session } from "../session.ts";

export const report: Command = {
  name: "report",
  keys: {},
  check(session) {
    for (const caret of session.fixture.carets) {
      const { text, target, line } = caret;
      const keys = /^report (\S+)$/.exec(text)?.[1]?.split(".");
      if (keys === undefined) continue;
      session.taken.add(caret);
      const part = keys.reduce(memberOf, registrationAt(session, target));
      session.verbatim(line, JSON.stringify(part, null, 1) ?? "nothing");
    }
  },
};

function registrationAt(session: Session, line: number): unknown {
  const of = session.methodAt(line);
  if (of === null) return undefined;
  const id = idOf(of.method, session.statementAt(line, of));
  return methodsOf(session.workspace, of.path, false)
    .find((one) => one.signature === of.unit.facts()?.signature)
    ?.registrations.find((one) => one.statement === id);
}

function memberOf(whole: unknown, key: string): unknown {
  return typeof whole === "object" && whole !== null ? Reflect.get(whole, key) : undefined;
}
