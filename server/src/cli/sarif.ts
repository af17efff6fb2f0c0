// Findings in SARIF 2.1.0, for code hosts and editors that show such logs. The types of the format come
// from `@types/sarif`, so that the compiler holds this file to the published schema.
// Source: OASIS, Static Analysis Results Interchange Format 2.1.0.

import { pathToFileURL } from "node:url";
import type { Location, Log, ReportingDescriptor, Result } from "sarif";
import type { Severity } from "../diagnostics/codes.ts";
import { codes, type DiagnosticCode } from "../diagnostics/codes.ts";
import type { PlacedFinding, RelatedLocation } from "../features/diagnostics.ts";

const levels: Readonly<Record<Severity, Result.level>> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

export interface SarifOptions {
  readonly version: string;
  /** Lines about files that could not be read. */
  readonly failures: readonly string[];
}

/** The log of one run over files and their findings. */
export function sarifLog(
  found: readonly { readonly path: string; readonly findings: readonly PlacedFinding[] }[],
  { version, failures }: SarifOptions,
): Log {
  const used = new Set(found.flatMap(({ findings }) => findings.map(({ code }) => code)));
  const rules = [...used].sort();
  const numberOf = new Map(rules.map((code, index) => [code, index]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Finalens", version, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map((text) => ({
              level: "error",
              message: { text },
            })),
          },
        ],
        results: found.flatMap(({ path, findings }) =>
          findings.map((one) => resultOf(path, one, numberOf.get(one.code) ?? -1)),
        ),
      },
    ],
  };
}

function ruleOf(code: DiagnosticCode): ReportingDescriptor {
  const { severity, title } = codes[code];
  return {
    id: code,
    shortDescription: { text: title },
    defaultConfiguration: { level: levels[severity] },
  };
}

function resultOf(path: string, finding: PlacedFinding, ruleIndex: number): Result {
  const { code, severity, message, range, related } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [locationOf({ path, range, message: "" })],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((one, index) => ({ id: index + 1, ...locationOf(one) })) }),
  };
}

function locationOf({ path, range, message }: RelatedLocation): Location {
  const { start, end } = range;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path) },
      region: {
        startLine: start.line + 1,
        startColumn: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      },
    },
    ...(message === "" ? {} : { message: { text: message } }),
  };
}

/** Relative paths stay relative, to whatever folder the reader of the log has. */
function uriOf(path: string): string {
  if (/^(?:\/|[A-Za-z]:)/.test(path)) return pathToFileURL(path).href;
  return path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}
