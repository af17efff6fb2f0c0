// `verdict`: what Julia does with each registration under the fixture's profile. `verdict` is closed;
// `blocker` stands at a statement that is to blame and is closed where a method has one; `rung` is
// open: `# rung: nothing throws before it: failed`.

import { idOf, labelOf } from "../../../server/src/ir/method.ts";
import type { RegistrationReport } from "../../../server/src/analysis/method-report.ts";
import { type Answer, type Command, type MethodAtHand, values } from "../session.ts";

export const verdict: Command = {
  name: "verdict",
  keys: {
    verdict: { about: "statement", closed: "always" },
    object: { about: "statement", closed: "never" },
    rung: { about: "statement", closed: "never" },
    blocker: { about: "statement", closed: "used", isPart: true },
  },
  answers: (session) =>
    session.methods().flatMap((of) => of.report.registrations.flatMap((one) => answersOf(of, one))),
};

function answersOf(of: MethodAtHand, report: RegistrationReport): Answer[] {
  const { method } = of;
  const { registration } = report;
  const subject = `%${idOf(method, registration.position)}`;
  const say = (key: string, text: string, at = subject): Answer => ({ of, key, subject: at, text });
  const { object } = registration;
  return [
    say("verdict", verdictText(of, report)),
    say("object", object === 0 ? "constant" : values(method, [object])),
    ...report.rungs.map(({ name, state }) => say("rung", `${name}: ${state}`)),
    ...report.blockers.map(({ position, code, message }) =>
      say("blocker", `${code} ${message}`, `%${idOf(method, position)}`),
    ),
  ];
}

/** `elided after %9`, `elided at #3`, `kept finalizer/aliased`, `observed kept finalizer/aliased`. */
function verdictText({ method }: MethodAtHand, report: RegistrationReport): string {
  const { elided, insertion, tier, code } = report;
  const seen = tier === "observed" ? "observed " : "";
  if (!elided) return `${seen}kept ${code ?? ""}`.trim();
  if (insertion === null) return `${seen}elided`;
  return "after" in insertion
    ? `${seen}elided after %${idOf(method, insertion.after)}`
    : `${seen}elided at #${labelOf(method, insertion.block)}`;
}
