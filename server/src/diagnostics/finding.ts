// One thing that an analysis has to say about a method: code, place, message, and the places that
// explain it. Places are offsets in the unit's text; the workspace knows where the unit stands.

import type { Span } from "../text/span.ts";
import type { DiagnosticCode, Severity } from "./codes.ts";

/** A place that helps to explain a finding, in the same unit or in another one. */
export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
  /** Key of the method whose unit holds the place; null for the finding's own. */
  readonly method: string | null;
}

export interface Finding {
  readonly code: DiagnosticCode;
  readonly span: Span;
  /** Lower-case start, no final stop, names in backticks. */
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  /** Where it differs from the code's own. */
  readonly severity?: Severity;
}
