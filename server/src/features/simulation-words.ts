// A simulation as text: the inputs, a table with a row for each policy, and what it rests on.

import type { PolicyName, PolicyRun, Simulation } from "./simulate.ts";

export const policyWords: Readonly<Record<PolicyName, string>> = {
  "gc-never": "GC never",
  gc: "GC at safepoints",
  julia: "Julia's placement",
  early: "early plan",
  rc: "reference counting",
};

/** A line of the text; a program may print some of them differently. */
export interface SimulationLine {
  readonly kind: "title" | "head" | "row" | "fault" | "note";
  readonly text: string;
}

/** The whole text, line by line. */
export function simulationLines(simulation: Simulation): SimulationLine[] {
  const { method, path, line, policies } = simulation;
  const lines: SimulationLine[] = [
    { kind: "title", text: `${method}  ${path}:${line}` },
    { kind: "note", text: argumentWords(simulation) },
    { kind: "note", text: "" },
  ];
  tableOf(simulation).forEach((text, index) => {
    lines.push({ kind: index === 0 ? "head" : "row", text });
  });
  lines.push({ kind: "note", text: "" });
  const results = new Set(policies.map(({ result }) => result));
  if (results.size > 1) {
    lines.push({ kind: "fault", text: "The policies do not give the same result." });
  }
  for (const { policy, faults } of policies) {
    for (const fault of faults) {
      lines.push({ kind: "fault", text: `${policyWords[policy]}: ${fault}` });
    }
  }
  for (const text of notesOf(simulation)) lines.push({ kind: "note", text });
  return lines;
}

/** A quantity with its unit: `80 B`, `31.3 B`; objects have none. */
export function quantity(n: number, unit: Simulation["unit"]): string {
  const number = Number.isInteger(n) ? `${n}` : n.toFixed(1);
  if (unit === "bytes") return `${number} B`;
  return number;
}

function argumentWords({ arguments: args, seed }: Simulation): string {
  if (args.length === 0) return "  without arguments";
  const list = args.map(({ name, value }) => `${name} = ${value}`).join(", ");
  const drawn = args.filter(({ given }) => !given).map(({ name }) => name);
  if (drawn.length === 0) return `  ${list}`;
  return `  ${list}  (${drawn.length === args.length ? "" : `${drawn.join(", ")} `}drawn with --seed ${seed})`;
}

const heads = [
  "",
  "allocated",
  "finalizers",
  "released",
  "peak",
  "average",
  "at return",
  "last release",
  "result",
];

/** The table's cells: a row of heads, then one for each policy, which the first cell names. */
export function simulationTable({ policies, unit }: Simulation): string[][] {
  return [[...heads], ...policies.map((one) => rowOf(one, unit))];
}

function tableOf(simulation: Simulation): string[] {
  const rows = simulationTable(simulation);
  const widths = heads.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function rowOf(run: PolicyRun, unit: Simulation["unit"]): string[] {
  const { policy, allocations, allocated, releases, leaked } = run;
  return [
    policyWords[policy],
    unit === "bytes" ? `${allocations} (${quantity(allocated, unit)})` : `${allocations}`,
    finalizerWords(run),
    leaked > 0 ? `${releases}, ${quantity(leaked, unit)} never` : `${releases}`,
    quantity(run.peak, unit),
    quantity(run.average, unit),
    quantity(run.atReturn, unit),
    releaseWords(run),
    run.result,
  ];
}

function finalizerWords({ finalizers, finalizersAtExit }: PolicyRun): string {
  if (finalizersAtExit === 0) return `${finalizers}`;
  return finalizersAtExit === finalizers
    ? `${finalizers} at exit`
    : `${finalizers}, ${finalizersAtExit} at exit`;
}

function releaseWords({ lastRelease, steps }: PolicyRun): string {
  if (lastRelease === null) return "none";
  const { step, statement } = lastRelease;
  return statement === 0 ? "at exit" : `step ${step} of ${steps}, at %${statement}`;
}

function notesOf(simulation: Simulation): string[] {
  const { unit, policies, registrations, unknown, profile, seed } = simulation;
  const steps = policies[0]?.steps ?? 0;
  const what = unit === "bytes" ? "bytes of C memory" : "objects whose finalizers have not all run";
  const notes = [
    `Held are ${what}, over ${steps} statements; finalizers and φ nodes take no time.`,
    "Under Julia's placement and the early plan no collector runs: what falls was placed.",
  ];
  if (policies.every(({ allocations }) => allocations === 0)) {
    notes.push("On these inputs the method takes no C memory and registers no finalizer.");
  }
  for (const { statement, julia, early, tier } of registrations) {
    const plan = early.startsWith("none") ? early : `${early} (${tier})`;
    notes.push(`%${statement}: Julia ${profile}: ${julia}; early: ${plan}`);
  }
  const of = (kind: Simulation["unknown"][number]["kind"]): string =>
    unknown
      .filter((one) => one.kind === kind)
      .map(({ name, count, acts }) => {
        const times = count > 1 ? ` ×${count}` : "";
        return `${name}${times}${acts.length > 0 ? ` (${acts.join(", ")})` : ""}`;
      })
      .join(", ");
  const parts: readonly (readonly [string, string])[] = [
    [`Callees without text here, drawn with --seed ${seed}: `, of("callee")],
    ["C functions that are not known, taken to do nothing: ", of("foreign")],
    ["Known by name only: ", of("known")],
    [`Values that no text gives, drawn with --seed ${seed}: `, of("value")],
  ];
  for (const [words, list] of parts) if (list !== "") notes.push(words + list);
  return notes;
}
