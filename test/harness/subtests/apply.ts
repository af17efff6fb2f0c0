// `apply`: a method with its early plans carried out. `#<< apply` under its last line stands above the
// IR as it is printed then, `#<< suggest` above the plans as edits of the source. The IR is read back: it
// must be well formed, and our own checker must find nothing wrong with it.

import { applyToUnit, plansOf } from "../../../server/src/features/apply.ts";
import { suggestionsOf } from "../../../server/src/features/suggest.ts";
import { methodExtent } from "../../../server/src/ir/extent.ts";
import { Document } from "../../../server/src/workspace/document.ts";
import type { Command, MethodAtHand, Session } from "../session.ts";

export const apply: Command = {
  name: "apply",
  keys: {},
  check(session) {
    for (const caret of session.fixture.carets) {
      const { text, target, line } = caret;
      if (text !== "apply" && text !== "suggest") continue;
      session.taken.add(caret);
      const of = session.methodAt(target);
      if (of === null) continue;
      session.verbatim(
        line,
        text === "apply" ? applied(session, of, line) : suggested(session, of),
      );
    }
  },
};

function applied(session: Session, { unit }: MethodAtHand, line: number): string {
  const result = applyToUnit(session.workspace, unit);
  if (result === null) return "nothing to do";
  const [again] = new Document(result.text).units;
  for (const { code, message } of again?.facts()?.findings ?? []) {
    session.complain(line, "form of the result", "no finding", `[${code}] ${message}`);
  }
  const failure = session.workspace.failureOfWritten(
    unit,
    plansOf(session.workspace, unit),
    result,
  );
  if (failure !== null) session.complain(line, "checker of the result", "no finding", failure);
  const { method } = result;
  const { start, end } = methodExtent(method);
  return method.text.slice(Math.min(start, method.header.span?.start ?? start), end);
}

function suggested(session: Session, { path, unit }: MethodAtHand): string {
  const own = suggestionsOf(session.workspace, path).filter(
    ({ method }) => method === (unit.facts()?.signature ?? null),
  );
  const lines = own.flatMap(({ object, verdict, tier, edits, notes }) => [
    `${object.name} is ${object.words}; ${verdict}, ${tier}`,
    ...edits.map(
      ({ insert, words, ir }) => `insert ${insert} ${words}${words === ir ? "" : ` (${ir})`}`,
    ),
    ...notes.map((note) => `- ${note}`),
  ]);
  return lines.length === 0 ? "nothing to do" : lines.join("\n");
}
