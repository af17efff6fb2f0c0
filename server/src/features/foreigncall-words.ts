// A printed C call taken apart: name, library, types, effects promised with it, arguments and roots.
// Source: spec ir-text.md §4.1, effects.md §6.2 (bits of the mask).

import { effectMask, foreignName } from "../analysis/effects/foreigncall.ts";
import type { Method } from "../ir/method.ts";
import type { Operand, Statement } from "../syntax/tree.ts";

/** What `@assume_effects` can promise of a C call, lowest bit first. */
const promises = [
  "consistent",
  "effect_free",
  "nothrow",
  "terminates_globally",
  "terminates_locally",
  "notaskstate",
  "inaccessiblememonly",
  "noub",
  "noub_if_noinbounds",
  "consistent_overlay",
  "nortcall",
];

/** The names of the bits that a mask sets. */
export function promisesOf(mask: number): string[] {
  return promises.filter((_, bit) => ((mask >> bit) & 1) === 1);
}

/** The parts of a foreigncall, a Markdown list below its name. */
export function foreigncallMarkdown(method: Method, statement: Statement): string {
  const [name, returns, types, required, convention, ...rest] = statement.operands;
  const text = (operand: Operand | undefined): string =>
    operand === undefined ? "?" : method.text.slice(operand.start, operand.end);
  const code = (words: string): string => `\`${words.replaceAll("`", "'")}\``;
  const declared = types?.children ?? [];
  const arguments_ = rest.slice(0, declared.length);
  const roots = rest.slice(declared.length);
  const library = /"([^"]+)"/.exec(text(name))?.[1];
  const called = foreignName(name) || text(name);
  const lines = [
    `**C call of ${code(called)}**${library === undefined ? "" : ` in ${code(library)}`}`,
    "",
    `- returns ${code(text(returns))}`,
    ...arguments_.map(
      (one, index) => `- argument ${index + 1}: ${code(`${text(one)}::${text(declared[index])}`)}`,
    ),
  ];
  if (required !== undefined && required.text !== "0" && required.kind === "number") {
    lines.push(`- takes any number of arguments, at least ${required.text}`);
  }
  lines.push(`- ${conventionWords(convention, text(convention))}`);
  if (roots.length > 0) {
    const kept = [...new Set(roots.map(text))].map(code).join(", ");
    lines.push(`- kept alive during the call, without being passed: ${kept}`);
  }
  if (declared.some((one) => text(one) === "Any")) {
    lines.push("- an argument declared `Any` is handed over as an object: it escapes");
  }
  return lines.join("\n");
}

function conventionWords(convention: Operand | undefined, text: string): string {
  const mask = /\(:\w+, (0x[0-9a-f]+)/.exec(text)?.[1];
  const name = /:(\w*call)\b/.exec(text)?.[1] ?? "ccall";
  const safe = /, true\)/.test(text) ? "; the garbage collector may run meanwhile" : "";
  if (mask === undefined) return `convention \`${name}\`, nothing promised: it may throw${safe}`;
  const set = promisesOf(effectMask(convention));
  const throws = set.includes("nothrow") ? "" : "; it may throw";
  const promised =
    set.length === 0
      ? "nothing promised"
      : `promised: ${set.map((one) => `\`${one}\``).join(", ")}`;
  return `convention \`${name}\`, effects \`${mask}\`: ${promised}${throws}${safe}`;
}
