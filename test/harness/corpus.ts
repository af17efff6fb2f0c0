// Programs of the corpus as texts in canonical form: the IR on which Julia decides, with the facts that it
// knew and does not print, and the decisions it made, as placements.
// Source: corpus/README.md.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { placedByJulia } from "../../server/src/analysis/placements.ts";
import { chooseProfile } from "../../server/src/features/profile.ts";
import type { Method } from "../../server/src/ir/method.ts";
import type { PlacedMethod, Placement } from "../../server/src/ir/placed.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

interface Decision {
  readonly pc: number;
  readonly resolved: boolean;
  readonly block?: number;
  readonly after?: number | null;
}

interface TypeRow {
  readonly type: string;
  readonly mutable: boolean;
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly const: boolean;
    readonly atomic: boolean;
  }[];
}

export interface CorpusEntry {
  readonly name: string;
  readonly signature: string;
  readonly inlined: string;
  readonly inlined_flags: readonly { readonly nothrow: boolean }[];
  readonly inlined_finalizers: readonly { readonly pc: number; readonly object: string }[];
  readonly decisions?: {
    readonly native: readonly Decision[];
    readonly interprocedural: readonly Decision[];
  };
  readonly observed?: string;
  readonly types: readonly TypeRow[];
  readonly effects?: string;
}

/** The entries of a folder, in the order of their names; none where there is no such folder. */
export function readFolder(folder: string): CorpusEntry[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const entry = JSON.parse(readFileSync(join(folder, name), "utf8")) as CorpusEntry;
      return { ...entry, name: name.replace(/\.json$/, "") };
    });
}

/** The entry's IR after inlining, below a header, with types and what was known to be nothrow. */
export function inlinedText(entry: CorpusEntry): string {
  const head = [
    `${entry.signature.startsWith("MethodInstance") ? "" : "MethodInstance for "}${entry.signature}`,
  ];
  for (const { type, mutable, fields } of entry.types) {
    const printed = fields.map(
      (one) => `${one.name}::${one.type}${one.const ? " const" : ""}${one.atomic ? " atomic" : ""}`,
    );
    head.push(`  type ${type}${mutable ? " mutable" : ""} (${printed.join(", ")})`);
  }
  let position = 0;
  const body = entry.inlined.split("\n").map((line) => {
    if (!/^\d* *(?:\d+ [─┄]|[│└])/.test(line)) return line;
    const isNothrow = entry.inlined_flags[position++]?.nothrow === true;
    return `${line}   # (${isNothrow ? "+" : "!"}n)`;
  });
  return `${[...head, ...body].join("\n").trimEnd()}\n`;
}

/** The canonical texts of the callees and bodies. */
export function calleesText(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jlir"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

/** Julia's own placements, by the decisions that its pass logged. */
export function decidedPlacements(
  method: Method,
  entry: CorpusEntry,
  mode: "native" | "interprocedural",
): PlacedMethod {
  const placements: Placement[] = [];
  for (const { pc, resolved, block, after } of entry.decisions?.[mode] ?? []) {
    const object = entry.inlined_finalizers.find((one) => one.pc === pc)?.object ?? "";
    const value = Number(/%(\d+)/.exec(object)?.[1] ?? 0);
    if (!resolved || value === 0) continue;
    const point = typeof after === "number" ? { after } : { block: block ?? 0, beforePhi: true };
    placements.push({ point, value, registrations: [pc], mode: "inline-body" });
  }
  return { method, placements, dropped: placements.flatMap((one) => [...one.registrations]) };
}

/** What the analysis predicts Julia to place, for a method's text with the texts of its callees beside. */
export function predictedPlacements(method: Method, text: string, callees: string): PlacedMethod {
  const workspace = new Workspace(chooseProfile("1.13"));
  workspace.set("callees.jlir", callees);
  workspace.set("method.jlir", text);
  const [unit] = workspace.document("method.jlir")?.units ?? [];
  const registrations = unit === undefined ? [] : workspace.report(unit).registrations;
  return placedByJulia(method, registrations);
}
