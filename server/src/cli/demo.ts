// `finalens demo FOLDER`: the main job at a glance, what `npm start` shows. Prints the IR of every
// method of the folder that registers a finalizer, with hints beside the lines and the ladder below.

import pc from "picocolors";
import { type AnnotatedLine, type AnnotatedMethod, annotate } from "../features/annotated.ts";
import type { HintKind } from "../features/inlay-hint.ts";
import type { LadderLine } from "../features/ladder.ts";
import { Workspace } from "../workspace/workspace.ts";
import { readPaths } from "./files.ts";
import { printSummary } from "./text-report.ts";

/** Prints the annotated methods; the result is the exit status. */
export function runDemo(folder: string): number {
  const workspace = new Workspace(null);
  const failures = readPaths(workspace, [folder]);
  for (const line of failures) process.stderr.write(`finalens: ${line}\n`);
  for (const path of workspace.paths()) {
    // Callees are there to be looked into, not to be shown.
    if (path.includes("callees")) continue;
    workspace.document(path)?.units.forEach((_, index) => {
      const method = annotate(workspace, path, index);
      if (method !== null) printMethod(path, method);
    });
  }
  printSummary(workspace);
  process.stdout.write(
    `To see this beside the code: ${pc.bold("npm run package")}, then ${pc.bold("code --install-extension dist/finalens.vsix")} and open ${folder}.\n`,
  );
  process.stdout.write(
    `To see what a method holds over time: ${pc.bold(`node dist/cli.cjs simulate --method NAME --svg heap.svg ${folder}`)}.\n`,
  );
  return failures.length > 0 ? 2 : 0;
}

function printMethod(path: string, method: AnnotatedMethod): void {
  const out = [`${pc.bold(method.signature)}  ${pc.dim(path)}`];
  for (const line of method.lines) out.push(bodyLine(line));
  for (const { object, verdict, elided, ladder, early } of method.registrations) {
    const paint = elided ? pc.green : pc.yellow;
    out.push("", `  ${pc.bold(`finalizer of ${object}`)}: ${paint(verdict)}`);
    for (const line of withPassedOnOneLine(ladder)) out.push(ladderLine(line));
    early.forEach((line, index) => {
      out.push(index === 0 ? `    ${pc.bold("→")} ${line}` : `      ${pc.dim(line)}`);
    });
  }
  process.stdout.write(`${out.join("\n")}\n\n`);
}

/** Rungs that hold stand on one line: what fails is what one looks for. */
function withPassedOnOneLine(ladder: readonly LadderLine[]): LadderLine[] {
  const passed = ladder.filter(({ mark, depth }) => mark === "✓" && depth === 0);
  const others = ladder.filter((line) => !passed.includes(line));
  if (passed.length === 0) return others;
  return [{ mark: "✓", depth: 0, text: passed.map(({ text }) => text).join(" · ") }, ...others];
}

function bodyLine({ line, text, hints, isMarked }: AnnotatedLine): string {
  const number = pc.dim(line === 0 ? "    " : `${line}`.padStart(4));
  // A registration's line is long; its hints must stay in sight.
  const room =
    (process.stdout.columns ?? 140) -
    8 -
    hints.reduce((sum, { label }) => sum + label.length + 2, 0);
  const shown =
    text.length > Math.max(room, 40) ? `${text.slice(0, Math.max(room, 40) - 1)}…` : text;
  const body = isMarked ? shown : pc.dim(shown);
  const beside = hints.map(({ kind, label }) => `  ${colourOf(kind, label)(label)}`).join("");
  return `${number}  ${body}${beside}`;
}

function colourOf(kind: HintKind, label: string): (text: string) => string {
  if (kind === "lifetime") return pc.magenta;
  if (kind === "placement") return pc.green;
  return label.startsWith("✓") ? pc.green : pc.yellow;
}

function ladderLine({ mark, depth, text }: LadderLine): string {
  const paint = mark === "✓" ? pc.green : mark === "✗" ? pc.red : mark === "?" ? pc.yellow : pc.dim;
  return `    ${"  ".repeat(depth)}${paint(mark)} ${depth > 0 ? pc.dim(text) : text}`;
}
