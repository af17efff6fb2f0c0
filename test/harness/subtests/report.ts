// `report`: part of `check --format json`, word for word. `# report: julia.blockers` stands at a
// registration and names what is taken of it; the `#|` block below holds it. Paths are the files'.

import { methodsOf } from "../../../server/src/features/check-report.ts";
import type { Fact } from "../fixture.ts";
import type { Command, Session } from "../session.ts";

export const report: Command = {
  name: "report",
  keys: { report: { about: "statement", closed: "never", isPart: true } },
  answers: (session) =>
    session.methods().flatMap((of) =>
      of.method.statements.map(({ id }) => ({
        of,
        key: "report",
        subject: `%${id}`,
        text: session.fixture.facts.map((fact) => fact.text).join("\n"),
      })),
    ),
  check(session) {
    for (const fact of session.fixture.facts) {
      if (fact.key === "report") session.verbatim(fact.line, excerpt(session, fact));
    }
  },
};

function excerpt(session: Session, fact: Fact): string[] {
  const of = session.methodOf(fact, session.methods());
  const subject = session.subjectOf(fact, { about: "statement", closed: "never" }, of);
  if (of === null || subject === null) return ["nothing"];
  const method = methodsOf(session.workspace, of.path, false).find(
    (one) => one.signature === of.unit.facts()?.signature,
  );
  let part: unknown = method?.registrations.find((one) => `%${one.statement}` === subject);
  for (const key of fact.text.split(".").filter((word) => word !== "")) {
    part = typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined;
  }
  return (JSON.stringify(part, null, 1) ?? "nothing").split("\n");
}
