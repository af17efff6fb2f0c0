// What is to be said about a `Finalens.toml`, with places in it: what its reader found, assumptions about
// functions that no text names, and assumptions that a method's own header contradicts.

import { functionOfKey, promisedBy } from "../analysis/assumption.ts";
import { effectsOf } from "../analysis/summary.ts";
import {
  type AssumeEntry,
  type Config,
  factName,
  noConfig,
  readConfig,
} from "../config/read-config.ts";
import { codes, type DiagnosticCode } from "../diagnostics/codes.ts";
import { lineStartsOf, positionAt } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { PlacedFinding } from "./diagnostics.ts";
import { bareName, calledName, eachMethod, type MethodPlace } from "./method-index.ts";

export { type Config, noConfig, readConfig };

/** The name of the file. */
export const configName = "Finalens.toml";

/** Findings in text order. */
export function configFindings(
  workspace: Workspace,
  path: string,
  text: string,
  config: Config,
): PlacedFinding[] {
  const starts = lineStartsOf(text);
  const found: PlacedFinding[] = [];
  const place = (code: DiagnosticCode, span: Span, message: string, related: Span[]): void => {
    const severity = config.severities.get(code) ?? codes[code].severity;
    if (severity === "off") return;
    const rangeOf = ({ start, end }: Span): PlacedFinding["range"] => ({
      start: positionAt(starts, start),
      end: positionAt(starts, end),
    });
    found.push({
      code,
      severity,
      message,
      range: rangeOf(span),
      related: related.map((one) => ({ path, range: rangeOf(one), message: "the other one" })),
    });
  };
  for (const { code, span, message, related } of config.findings) {
    place(
      code,
      span,
      message,
      related.map((one) => one.span),
    );
  }
  if (config.entries.length > 0) {
    const methods = [...eachMethod(workspace)];
    for (const entry of config.entries) {
      const own = methods.filter((one) => isAbout(entry, one));
      for (const { unit } of own) {
        const contradiction = contradictionIn(entry, unit.read());
        if (contradiction !== null)
          place("assume/contradicted-by-text", entry.span, contradiction, []);
      }
      // In an empty workspace nothing is known, so nothing is unknown.
      if (own.length > 0 || methods.length === 0 || isCalled(entry, methods)) continue;
      const message = `no method \`${entry.name}\` stands in the workspace, and nothing calls one`;
      place("assume/unknown-function", entry.span, message, []);
    }
  }
  return found.sort(
    (a, b) =>
      a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function isAbout(entry: AssumeEntry, { unit }: MethodPlace): boolean {
  const key = unit.facts()?.key ?? null;
  return key !== null && (key === entry.key || functionOfKey(key) === entry.key);
}

function contradictionIn(
  { assumption }: AssumeEntry,
  method: Parameters<typeof effectsOf>[0] | null,
): string | null {
  const effects = method === null ? null : effectsOf(method);
  if (method === null || effects === null) return null;
  for (const field of promisedBy(assumption)) {
    if (field === "captures" || field === "throwsAreFatal" || field === "closed") continue;
    if (effects[field] !== "!") continue;
    return `\`${method.header.signature}\` says of itself that it is not proven \`${factName(field)}\`: effects ${method.header.effects}`;
  }
  return null;
}

function isCalled({ key }: AssumeEntry, methods: readonly MethodPlace[]): boolean {
  const name = functionOfKey(key);
  const isWhole = name === key;
  const word = /[\p{L}\p{N}_]+/u.exec(name.replace(/^\(::(?:var")?/, ""))?.[0] ?? name;
  return methods.some(({ unit }) => {
    if (!unit.text.includes(word)) return false;
    if (unit.facts()?.calls.some((one) => one === key || (isWhole && functionOfKey(one) === key)))
      return true;
    const method = unit.read();
    if (method === null) return false;
    return method.statements.some(({ callee, operands }) => {
      const called = callee === null ? null : calledName(method, callee);
      if (called !== null && isWhole && bareName(called) === key) return true;
      return callee?.text === "finalizer" && operands.some(({ text }) => text.includes(word));
    });
  });
}
