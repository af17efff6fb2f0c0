// `placed`: what the checkers say of placements that the fixture makes. `# place: finalize %1` behind a
// statement places behind it; `… on #2→#4`, `… at #3` and `… before #3` place elsewhere; `inline %1 (%2)`
// drops registration %2 and runs its body. Without numbers in brackets all registrations of the value run.
//
// `violates` is what a path shows, at the statement where it fails; `runs into` what a run shows, at the
// registration; `differs` what changes for the whole method; `class` Julia's class of the mistake.

import { Comparison, defaultCompare } from "../../../server/src/check/compare.ts";
import { Interpreter } from "../../../server/src/check/interpreter/interpreter.ts";
import { Program } from "../../../server/src/check/program.ts";
import { classesOf } from "../../../server/src/check/validate/classify.ts";
import { registrationsOf } from "../../../server/src/check/validate/registrations.ts";
import { Validator } from "../../../server/src/check/validate/validate.ts";
import type { PlacedMethod, Placement, PlacementPoint } from "../../../server/src/ir/placed.ts";
import type { Fact } from "../fixture.ts";
import {
  type Answer,
  type Command,
  keys,
  type MethodAtHand,
  type Session,
  values,
} from "../session.ts";

export const placed: Command = {
  name: "placed",
  keys: {
    ...keys("statement", "never", "place"),
    ...keys("statement", "always", "violates, runs into, class"),
    ...keys("method", "always", "differs"),
  },
  answers(of, session) {
    const { method } = of;
    const facts = session.fixture.facts.filter((one) => one.key === "place");
    const own = facts.filter((one) => session.resolve(one, "statement")[0]?.unit === of.unit);
    if (own.length === 0) return [];
    const plan = planOf(of, session, own);
    const program = new Program([method, ...session.methods().map((one) => one.method)]);
    const { counterexamples } = new Validator(program).validate(plan);
    const comparison = new Comparison(new Interpreter(program), method, {
      ...defaultCompare,
      runs: 150,
    });
    const subject = (position: number): string => values(method, [position]);
    const answers = own.map((one): Answer => {
      const [, at] = session.resolve(one, "statement");
      return ["place", at, one.text];
    });
    const say = (key: string, position: number, text: string): void => {
      const answer: Answer = [key, subject(position), text];
      if (!answers.some((one) => one.join("\n") === answer.join("\n"))) answers.push(answer);
    };
    for (const { kind, position, certain } of counterexamples) {
      say("violates", position, certain ? kind : `${kind} perhaps`);
    }
    for (const { kind, position } of comparison.checkPlaced(plan)) {
      if (position > 0) say("runs into", position, kind);
      else answers.push(["differs", "", kind]);
    }
    for (const site of registrationsOf(plan)) {
      const classes = classesOf(
        counterexamples.filter((one) => one.registration === site.position),
      );
      if (classes.length > 0) say("class", site.position, classes.join(" "));
    }
    return answers;
  },
};

const form =
  /^(finalize|inline) (%\d+|_\d+)(?: \(([^)]*)\))?(?: (?:on #(\d+)→#(\d+)|at #(\d+)|before #(\d+)))?$/;

function planOf(of: MethodAtHand, session: Session, facts: readonly Fact[]): PlacedMethod {
  const { method } = of;
  const placements = facts.flatMap((fact): Placement[] => {
    const match = form.exec(fact.text);
    if (match === null) {
      session.complain(
        fact.line,
        "place",
        "finalize|inline VALUE [(%N …)] [on|at|before #B]",
        fact.text,
      );
      return [];
    }
    const [, mode, name = "", list, from, to, head, before] = match;
    const value = name.startsWith("_") ? -Number(name.slice(1)) : Number(name.slice(1));
    let point: PlacementPoint = { after: session.statementAt(fact.line, of) };
    if (from !== undefined) point = { edge: [Number(from), Number(to)] };
    else if (head !== undefined) point = { block: Number(head) };
    else if (before !== undefined) point = { block: Number(before), beforePhi: true };
    const sites = registrationsOf({ method, placements: [], dropped: [] });
    const numbers = list?.match(/\d+/g)?.map(Number);
    const registrations =
      numbers ?? sites.filter((one) => one.object === value).map((one) => one.position);
    return [{ point, value, registrations, mode: mode === "inline" ? "inline-body" : "finalize" }];
  });
  const dropped = placements
    .filter((one) => one.mode === "inline-body")
    .flatMap((one) => [...one.registrations]);
  return { method, placements, dropped: [...new Set(dropped)] };
}
