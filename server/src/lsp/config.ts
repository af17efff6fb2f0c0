// The settings below `finalens` that the server reads. What comes over the wire is not trusted: a value
// of the wrong type counts as not set, and what is wrong with it is told to `complain`.

import { codes, type SeverityChoice, severityChoices } from "../diagnostics/codes.ts";
import type { LensOptions } from "../features/code-lens.ts";
import { formLimit } from "../features/diagnostics.ts";
import type { HintKind, HintOptions } from "../features/inlay-hint.ts";
import { chooseProfile } from "../features/profile.ts";

/** The section in which they stand. */
export const section = "finalens";

export interface Limits {
  /** How many findings about form a file shows. */
  readonly formFindings: number;
  /** A file of the workspace longer than so many MiB is not read from the disk. */
  readonly fileSize: number;
}

export interface Settings {
  /** A release, or `auto`. */
  readonly profile: string;
  readonly hints: HintOptions;
  readonly codeLens: LensOptions;
  /** How loudly codes are said; each goes before what `Finalens.toml` says of it. */
  readonly severities: Readonly<Record<string, SeverityChoice>>;
  readonly limits: Limits;
}

export const defaultSettings: Settings = {
  profile: "auto",
  hints: { verdict: true, placement: true, lifetime: true, nothing: true },
  codeLens: { blocks: false },
  severities: {},
  limits: { formFindings: formLimit, fileSize: 64 },
};

/** Reads the section's value. */
export function readSettings(value: unknown, complain: (message: string) => void): Settings {
  const reader = new Reader(complain);
  const { profile, hints, codeLens, severities, limits } = reader.members("", value);
  const kinds = reader.members("hints", hints);
  const hint = (kind: HintKind): boolean =>
    reader.flag(`hints.${kind}`, kinds[kind], defaultSettings.hints[kind]);
  const lenses = reader.members("codeLens", codeLens);
  const sizes = reader.members("limits", limits);
  const limit = (name: keyof Limits): number =>
    reader.count(`limits.${name}`, sizes[name], defaultSettings.limits[name]);
  return {
    profile: reader.isProfile(profile) ? profile : defaultSettings.profile,
    hints: {
      verdict: hint("verdict"),
      placement: hint("placement"),
      lifetime: hint("lifetime"),
      nothing: hint("nothing"),
    },
    codeLens: {
      blocks: reader.flag("codeLens.blocks", lenses["blocks"], defaultSettings.codeLens.blocks),
    },
    severities: reader.severities(reader.members("severities", severities)),
    limits: { formFindings: limit("formFindings"), fileSize: limit("fileSize") },
  };
}

type Members = Readonly<Record<string, unknown>>;

class Reader {
  private readonly complain: (message: string) => void;

  constructor(complain: (message: string) => void) {
    this.complain = complain;
  }

  flag(name: string, given: unknown, otherwise: boolean): boolean {
    if (typeof given === "boolean") return given;
    this.refuse(name, given, "true or false");
    return otherwise;
  }

  count(name: string, given: unknown, otherwise: number): number {
    if (typeof given === "number" && Number.isInteger(given) && given > 0) return given;
    this.refuse(name, given, "a whole number of 1 or more");
    return otherwise;
  }

  isProfile(given: unknown): given is string {
    if (given === defaultSettings.profile) return true;
    if (typeof given === "string" && chooseProfile(given).name === given) return true;
    this.refuse("profile", given, "`auto` or a Julia release, say `1.13`");
    return false;
  }

  severities(given: Members): Settings["severities"] {
    const chosen: Record<string, SeverityChoice> = {};
    for (const [code, choice] of Object.entries(given)) {
      if (!Object.hasOwn(codes, code)) {
        this.complain(`${section}.severities: there is no code ${JSON.stringify(code)}`);
      } else if (isSeverity(choice)) chosen[code] = choice;
      else this.refuse(`severities.${code}`, choice, `one of ${severityChoices.join(", ")}`);
    }
    return chosen;
  }

  /** The members of an object; none where it is not set. */
  members(name: string, given: unknown): Members {
    if (typeof given === "object" && given !== null && !Array.isArray(given)) return { ...given };
    // Some clients answer with an empty list, or anything, where nothing is set for the whole section.
    if (name !== "") this.refuse(name, given, "an object");
    return {};
  }

  private refuse(name: string, given: unknown, wanted: string): void {
    if (given === undefined || given === null) return;
    this.complain(
      `${section}.${name}: ${JSON.stringify(given)} is not ${wanted}; the default is used`,
    );
  }
}

function isSeverity(value: unknown): value is SeverityChoice {
  return severityChoices.some((one) => one === value);
}
