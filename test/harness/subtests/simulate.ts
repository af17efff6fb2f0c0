// `simulate`: a method run under five policies. `#<< simulate --args 10,true` under its last line stands above
// the table and its notes as they are printed, `#<< curves …` above what is held from which step on. Where
// the call cannot be answered the block says why.

import { simulate as run, type Simulation } from "../../../server/src/features/simulate.ts";
import { policyWords, simulationLines } from "../../../server/src/features/simulation-words.ts";
import type { Command } from "../session.ts";

export const simulate: Command = {
  name: "simulate",
  keys: {},
  check(session) {
    for (const caret of session.fixture.carets) {
      const [, what] = /^(simulate|curves)(?: |$)/.exec(caret.text) ?? [];
      if (what === undefined) continue;
      session.taken.add(caret);
      const of = session.methodAt(caret.target);
      const args = /--args (\S+)/.exec(caret.text)?.[1];
      const seed = /--seed (\d+)/.exec(caret.text)?.[1];
      const steps = /--steps (\d+)/.exec(caret.text)?.[1];
      const made = run(session.workspace, session.workspace.paths(), {
        method: of?.unit.facts()?.signature ?? null,
        args: args === undefined ? null : [args],
        seed: seed === undefined ? null : Number(seed),
        steps: Number(steps ?? 10_000),
      });
      session.verbatim(caret.line, "failure" in made ? made.failure : shown(made, what));
    }
  },
};

function shown(simulation: Simulation, what: string): string {
  if (what === "simulate")
    return simulationLines(simulation)
      .map(({ text }) => text)
      .join("\n");
  return simulation.policies
    .map(({ policy, curve }) => {
      const points = curve.map(([step, held]) => `${held} from ${step}`);
      return `${policyWords[policy]}: ${points.join(", ")}`;
    })
    .join("\n");
}
