// The simulation of the method at a line as a text, as an editor shows it: the same table as on the command
// line, and how to ask for it there.

import type { Workspace } from "../workspace/workspace.ts";
import { methodAtLine } from "./method-index.ts";
import { simulateMethod } from "./simulate.ts";
import { simulationLines } from "./simulation-words.ts";

/** Statements a run may take: fewer than on the command line, since the editor waits for the answer. */
const steps = 20_000;

/** The text; why there is no simulation, in a sentence; null where no method stands at the line (0-based). */
export function simulationAt(workspace: Workspace, path: string, line: number): string | null {
  const place = methodAtLine(workspace, path, line);
  if (place === null) return null;
  const simulation = simulateMethod(workspace, place, { args: null, seed: null, steps });
  if ("failure" in simulation) return `Not simulated: ${simulation.failure}.\n`;
  const lines = simulationLines(simulation).map(({ text }) => text);
  const { seed, method } = simulation;
  const shell = `finalens simulate --method '${method}' --seed ${seed} --args …`;
  return [...lines, `Other inputs in a shell: ${shell}`, ""].join("\n");
}
