// `early`: where the finalizer of each registration could run, and how. `early` is closed; `stays`, at
// the statement to blame, says why the registration cannot be dropped, `early blocker` why there is no
// plan; both are closed where a method has one. `tier` and `assumed` are open.

import type { ExplainedBlocker } from "../../../server/src/analysis/method-report.ts";
import { planWords } from "../../../server/src/features/words.ts";
import { idOf, type Method } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, keys } from "../session.ts";

export const early: Command = {
  name: "early",
  keys: {
    ...keys("statement", "always", "early"),
    ...keys("statement", "never", "tier"),
    ...keys("statement", "never part", "assumed"),
    ...keys("statement", "used part", "stays, early blocker"),
  },
  answers: ({ method, report }) =>
    report.registrations.flatMap((one): Answer[] => {
      const subject = `%${idOf(method, one.registration.position)}`;
      const plan = one.early?.plan;
      return [
        ["early", subject, planWords(method, one, 99)],
        ["tier", subject, plan?.tier ?? ""],
        ...(plan?.assumptions ?? []).map(
          (made): Answer => ["assumed", subject, `${made.kind} ${made.subject}`],
        ),
        ...blame(method, "stays", one.early?.notElided ?? []),
        ...blame(method, "early blocker", one.early?.blockers ?? one.blockers),
      ];
    }),
};

function blame(method: Method, key: string, blockers: readonly ExplainedBlocker[]): Answer[] {
  return blockers.map(
    ({ position, code, message }): Answer => [
      key,
      `%${idOf(method, position)}`,
      `${code} ${message}`,
    ],
  );
}
