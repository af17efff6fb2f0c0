// The settings below `finalens` that the server reads. What comes over the wire is not trusted: a value
// of the wrong type counts as not set, and what is wrong with it is told to `complain`.

import type { LensOptions } from "../features/code-lens.ts";
import type { HintKind, HintOptions } from "../features/inlay-hint.ts";
import { chooseProfile } from "../features/profile.ts";

/** The section in which they stand. */
export const section = "finalens";

export interface Settings {
  /** A release, or `auto`. */
  readonly profile: string;
  readonly hints: HintOptions;
  readonly codeLens: LensOptions;
}

export const defaultSettings: Settings = {
  profile: "auto",
  hints: { verdict: true, placement: true, lifetime: true, nothing: true },
  codeLens: { blocks: false },
};

/** Reads the section's value. */
export function readSettings(value: unknown, complain: (message: string) => void): Settings {
  const { profile, hints, codeLens } = members(value);
  const flag = (name: string, given: unknown, otherwise: boolean): boolean => {
    if (typeof given === "boolean") return given;
    if (isSet(given)) complain(wrong(name, given, "true or false"));
    return otherwise;
  };
  const kinds = members(hints);
  const hint = (kind: HintKind): boolean =>
    flag(`hints.${kind}`, kinds[kind], defaultSettings.hints[kind]);
  return {
    profile: isProfile(profile, complain) ? profile : defaultSettings.profile,
    hints: {
      verdict: hint("verdict"),
      placement: hint("placement"),
      lifetime: hint("lifetime"),
      nothing: hint("nothing"),
    },
    codeLens: {
      blocks: flag("codeLens.blocks", members(codeLens)["blocks"], defaultSettings.codeLens.blocks),
    },
  };
}

function isProfile(value: unknown, complain: (message: string) => void): value is string {
  if (value === defaultSettings.profile) return true;
  if (typeof value === "string" && chooseProfile(value).name === value) return true;
  if (isSet(value)) complain(wrong("profile", value, "`auto` or a Julia release, say `1.13`"));
  return false;
}

function wrong(name: string, given: unknown, wanted: string): string {
  return `${section}.${name}: ${JSON.stringify(given)} is not ${wanted}; the default is used`;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
