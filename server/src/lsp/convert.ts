// Features' data as the protocol has it. Places need no conversion: lines and characters are 0-based and
// count UTF-16 code units on both sides.

import {
  type Diagnostic,
  DiagnosticSeverity,
  type Hover as HoverAnswer,
  type InlayHint,
  MarkupKind,
} from "vscode-languageserver";
import type { Severity } from "../diagnostics/codes.ts";
import type { PlacedFinding } from "../features/diagnostics.ts";
import type { Hover } from "../features/hover.ts";
import type { Hint } from "../features/inlay-hint.ts";
import type { ClientSupport } from "./client-support.ts";

/** Where the pages of the codes stand, with a final `/`; while empty, no link is sent. */
const documentation: string = "";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toDiagnostic(
  { code, severity, message, range, related }: PlacedFinding,
  support: ClientSupport,
  uriOf: (path: string) => string,
): Diagnostic {
  const diagnostic: Diagnostic = {
    range,
    severity: severities[severity],
    source: "finalens",
    code,
    message,
  };
  if (documentation !== "" && support.codeDescription) {
    diagnostic.codeDescription = { href: documentation + code };
  }
  if (related.length > 0 && support.relatedInformation) {
    diagnostic.relatedInformation = related.map((one) => ({
      location: { uri: uriOf(one.path), range: one.range },
      message: one.message,
    }));
  }
  return diagnostic;
}

export function toHover({ markdown, range }: Hover, support: ClientSupport): HoverAnswer {
  const kind = support.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value: markdown }, range };
}

export function toInlayHint({ position, label, tooltip }: Hint): InlayHint {
  return {
    position,
    label,
    tooltip: { kind: MarkupKind.Markdown, value: tooltip },
    paddingLeft: true,
  };
}
