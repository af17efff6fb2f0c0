// `finalens simulate`: what a method holds over time under five policies, as a table, as JSON, and drawn.
// Source: contract.md "Commands".

import { writeFileSync } from "node:fs";
import pc from "picocolors";
import { simulate } from "../features/simulate.ts";
import { chartOf } from "../features/simulation-chart.ts";
import { type SimulationLine, simulationLines } from "../features/simulation-words.ts";
import { openWorkspace, readPaths, reasonOf, type WorkspaceOptions } from "./files.ts";

export interface SimulateOptions extends WorkspaceOptions {
  readonly method?: string;
  readonly args?: readonly string[];
  readonly seed?: number;
  readonly steps: number;
  readonly svg?: string;
  readonly format: string;
}

/**
 * Runs the command; the result is the exit status.
 *
 * @param callees files and folders to look into for what the method calls
 */
export function runSimulate(
  file: string,
  callees: readonly string[],
  options: SimulateOptions,
): number {
  const opened = openWorkspace(options, file);
  if ("failure" in opened) return fail(opened.failure);
  const { workspace } = opened;
  const [failure] = readPaths(workspace, [file]);
  const own = workspace.paths();
  const [other] = readPaths(workspace, callees);
  if (failure !== undefined || other !== undefined) return fail(failure ?? other ?? "");
  const { method = null, args = null, seed = null, steps } = options;
  const simulation = simulate(workspace, own, { method, args, seed, steps });
  if ("failure" in simulation) return fail(simulation.failure);
  if (options.svg !== undefined) {
    try {
      writeFileSync(options.svg, chartOf(simulation));
    } catch (error) {
      return fail(`${options.svg}: ${reasonOf(error)}`);
    }
  }
  if (options.format === "json") {
    process.stdout.write(`${JSON.stringify({ schema: 1, ...simulation }, null, 2)}\n`);
    return 0;
  }
  for (const line of simulationLines(simulation)) process.stdout.write(`${print(line)}\n`);
  return 0;
}

function fail(line: string): number {
  process.stderr.write(`finalens: ${line}\n`);
  return 2;
}

function print({ kind, text }: SimulationLine): string {
  switch (kind) {
    case "title":
      return pc.bold(text);
    case "head":
      return pc.dim(text);
    case "fault":
      return pc.yellow(text);
    default:
      return text;
  }
}
