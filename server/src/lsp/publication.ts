// The diagnostics of a file as the JSON text that is sent, put together from a text for each unit. A
// unit's text is kept while its findings stay and nothing moved, and else written anew from pieces in
// which only line numbers are missing; so a key in a file with many diagnostics costs the joining.

import type { PlacedFinding } from "../features/diagnostics.ts";
import { diagnose } from "../features/diagnostics.ts";
import { locate } from "../features/place.ts";
import {
  type Severities,
  shown,
  type UnitFinding,
  type UnitFindings,
} from "../features/unit-findings.ts";
import type { Range } from "../text/line-index.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { ClientSupport } from "./client-support.ts";
import { toDiagnostic } from "./convert.ts";

/** One unit's diagnostics. */
interface UnitText {
  readonly findings: readonly UnitFinding[];
  readonly pieces: readonly Pieces[];
  readonly nForm: number;
  /** Whether a place in another method belongs to it, which moves on its own. */
  readonly pointsElsewhere: boolean;
  startLine: number;
  moves: number;
  text: string;
}

/** A diagnostic without its lines. */
interface Pieces {
  readonly finding: UnitFinding;
  /** All members but `range` and `relatedInformation`, without braces. */
  readonly rest: string;
  readonly messages: readonly string[];
}

/** How paths are called in what is sent. */
type UriOf = (path: string) => string;

export interface PublicationOptions {
  readonly workspace: Workspace;
  readonly findings: UnitFindings;
  readonly support: ClientSupport;
  readonly severities: Severities;
  /** How many findings about form a file shows. */
  readonly formFindings: number;
  readonly uriOf: UriOf;
}

export class Publications {
  private readonly workspace: Workspace;
  private readonly support: ClientSupport;
  private readonly uriOf: UriOf;
  private readonly severities: Severities;
  private readonly formFindings: number;
  private readonly findings: UnitFindings;
  private readonly texts = new WeakMap<Unit, UnitText>();

  constructor(options: PublicationOptions) {
    const { workspace, findings, support, severities, formFindings, uriOf } = options;
    this.workspace = workspace;
    this.findings = findings;
    this.support = support;
    this.severities = severities;
    this.formFindings = formFindings;
    this.uriOf = uriOf;
  }

  /** Analyses the unit, if that is still to be done. */
  prepare(unit: Unit): void {
    this.findings.of(unit);
  }

  /** Whether everything about the unit is known already. */
  isReady(unit: Unit): boolean {
    return this.findings.isKnown(unit);
  }

  /** The file's diagnostics as a JSON array. */
  of(path: string): string {
    const document = this.workspace.document(path);
    if (document === null) return "[]";
    const texts: string[] = [];
    const { moves } = this.workspace;
    let nForm = 0;
    for (const unit of this.workspace.speakingUnits(path)) {
      const startLine = document.startOf(document.indexOf(unit));
      const one = this.textOf(path, unit, startLine, moves);
      nForm += one.nForm;
      if (one.text !== "") texts.push(one.text);
    }
    // What is left out where there is too much is decided over the whole file.
    return nForm > this.formFindings ? this.limited(path) : `[${texts.join(",")}]`;
  }

  private limited(path: string): string {
    const { severities, formFindings } = this;
    const findingsOf = (unit: Unit): readonly UnitFinding[] => this.findings.of(unit);
    const placed = diagnose(this.workspace, path, { severities, formFindings, findingsOf });
    return JSON.stringify(placed.map((one) => this.convert(one)));
  }

  private textOf(path: string, unit: Unit, startLine: number, moves: number): UnitText {
    const findings = this.findings.of(unit);
    const known = this.texts.get(unit);
    const isSame = known?.findings === findings;
    const text = isSame ? known : this.cut(findings);
    const stays = text.startLine === startLine && (!text.pointsElsewhere || text.moves === moves);
    if (!stays) {
      text.text = text.pieces.map((one) => this.write(path, startLine, one)).join(",");
      text.startLine = startLine;
      text.moves = moves;
    }
    if (!isSame) this.texts.set(unit, text);
    return text;
  }

  private cut(all: readonly UnitFinding[]): UnitText {
    const findings = shown(all, this.severities);
    return {
      findings: all,
      pieces: findings.map((finding) => ({
        finding,
        rest: this.rest(finding),
        messages: finding.related.map(({ message }) => JSON.stringify(message)),
      })),
      nForm: findings.reduce((count, { isForm }) => count + (isForm ? 1 : 0), 0),
      pointsElsewhere: findings.some(({ related }) => related.some(({ range }) => range === null)),
      startLine: -1,
      moves: -1,
      text: "",
    };
  }

  private rest(finding: UnitFinding): string {
    const { range: _range, ...rest } = this.convert({ ...finding, related: [] });
    return JSON.stringify(rest).slice(1, -1);
  }

  private convert(finding: PlacedFinding): ReturnType<typeof toDiagnostic> {
    return toDiagnostic(finding, this.support, this.uriOf);
  }

  private write(path: string, startLine: number, { finding, rest, messages }: Pieces): string {
    const range = rangeText(finding.range, startLine);
    const related: string[] = [];
    if (this.support.relatedInformation) {
      finding.related.forEach((one, index) => {
        const location =
          one.range !== null
            ? { path, text: rangeText(one.range, startLine) }
            : this.elsewhere(one.method, one.span);
        if (location === null) return;
        const uri = JSON.stringify(this.uriOf(location.path));
        related.push(
          `{"location":{"uri":${uri},"range":${location.text}},"message":${messages[index]}}`,
        );
      });
    }
    const all = related.length === 0 ? "" : `,"relatedInformation":[${related.join(",")}]`;
    return `{"range":${range},${rest}${all}}`;
  }

  private elsewhere(
    method: string | null,
    span: UnitFinding["related"][number]["span"],
  ): { path: string; text: string } | null {
    const location = method === null ? null : locate(this.workspace, method, span);
    return location === null ? null : { path: location.path, text: rangeText(location.range, 0) };
  }
}

function rangeText({ start, end }: Range, startLine: number): string {
  return (
    `{"start":{"line":${start.line + startLine},"character":${start.character}},` +
    `"end":{"line":${end.line + startLine},"character":${end.character}}}`
  );
}
