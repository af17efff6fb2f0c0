// The settings below `finalens` that the server reads. What comes over the wire is not trusted: a value
// of the wrong type counts as not set, and what is wrong with it is told to `complain`.

import type { HintKind, HintOptions } from "../features/inlay-hint.ts";
import { chooseProfile } from "../features/profile.ts";

/** The section in which they stand. */
export const section = "finalens";

export interface Settings {
  /** A release, or `auto`. */
  readonly profile: string;
  readonly hints: HintOptions;
}

export const defaultSettings: Settings = {
  profile: "auto",
  hints: { verdict: true, placement: true, lifetime: true, nothing: true },
};

/** Reads the section's value. */
export function readSettings(value: unknown, complain: (message: string) => void): Settings {
  const { profile, hints } = members(value);
  const kinds = members(hints);
  const hint = (kind: HintKind): boolean => {
    const given = kinds[kind];
    if (typeof given === "boolean") return given;
    if (isSet(given)) complain(wrong(`hints.${kind}`, given, "true or false"));
    return defaultSettings.hints[kind];
  };
  return {
    profile: isProfile(profile, complain) ? profile : defaultSettings.profile,
    hints: {
      verdict: hint("verdict"),
      placement: hint("placement"),
      lifetime: hint("lifetime"),
      nothing: hint("nothing"),
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
