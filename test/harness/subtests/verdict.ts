// `verdict`: what Julia does with each registration under the fixture's profile. `verdict` is closed;
// `blocker` stands at a statement that is to blame and is closed where a method has one; `rung` is
// open: `# rung: nothing throws before it: failed`.

import type { Insertion } from "../../../server/src/analysis/finalizer/ladder.ts";
import type { RegistrationReport } from "../../../server/src/analysis/method-report.ts";
import { idOf, labelOf, type Method } from "../../../server/src/ir/method.ts";
import { type Answer, type Command, keys, values } from "../session.ts";

export const verdict: Command = {
  name: "verdict",
  keys: {
    ...keys("statement", "always", "verdict"),
    ...keys("statement", "never", "object, rung"),
    ...keys("statement", "used part", "blocker"),
  },
  answers: ({ method, report }) =>
    report.registrations.flatMap((one): Answer[] => {
      const { object, position } = one.registration;
      const subject = values(method, [position]);
      return [
        ["verdict", subject, verdictText(method, one)],
        ["object", subject, object === 0 ? "constant" : values(method, [object])],
        ...one.rungs.map(({ name, state }): Answer => ["rung", subject, `${name}: ${state}`]),
        ...one.blockers.map(
          (blame): Answer => [
            "blocker",
            values(method, [blame.position]),
            `${blame.code} ${blame.message}`,
          ],
        ),
      ];
    }),
};

/**
 * `elided after %9`, `elided at #3`, `kept finalizer/aliased`, `observed kept finalizer/aliased`,
 * `kept finalizer/region-may-throw, finalized after %9`.
 */
function verdictText(method: Method, report: RegistrationReport): string {
  const { elided, insertion, finalized, tier, code } = report;
  const seen = tier === "predicted" ? "" : `${tier} `;
  const early = finalized === null ? "" : `, finalized ${placeText(method, finalized)}`;
  if (!elided) return `${seen}kept ${code ?? ""}`.trim() + early;
  return `${seen}elided ${insertion === null ? "" : placeText(method, insertion)}`.trim();
}

function placeText(method: Method, insertion: Insertion): string {
  return "after" in insertion
    ? `after %${idOf(method, insertion.after)}`
    : `at #${labelOf(method, insertion.block)}`;
}
