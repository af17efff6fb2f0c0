// A profile is a release of Julia as a table of rules: what its finalizer pass can do. 1.12 has the
// rules of 1.13; profiles that rest on reading the sources, not on running them, say so.
// Source: spec finalizer-inlining.md §1 and §6, effects.md §3.

export type ProfileName = "1.9" | "1.10" | "1.11" | "1.12" | "1.13";

export interface Profile {
  readonly name: ProfileName;
  /** Uses beyond field accesses are judged by escape analysis (1.12+). */
  readonly escapeAnalysis: boolean;
  /** The registration must dominate every use that follows it, and the insertion point (≤ 1.11). */
  readonly registrationDominates: boolean;
  /** A field that the visible `%new` sets counts as set, whatever other constructors do (1.12+). */
  readonly tracksDefinedFields: boolean;
  /** Regions (`enter`, `gc_preserve_begin` …) carry the nothrow flag (1.11+). */
  readonly flagsRegions: boolean;
  /** Whether the rules were confirmed by running that release. */
  readonly confirmed: boolean;
}

const newest: Profile = {
  name: "1.13",
  escapeAnalysis: true,
  registrationDominates: false,
  tracksDefinedFields: true,
  flagsRegions: true,
  confirmed: true,
};

const old = {
  escapeAnalysis: false,
  registrationDominates: true,
  tracksDefinedFields: false,
};

const profiles: readonly Profile[] = [
  { name: "1.9", ...old, flagsRegions: false, confirmed: false },
  { name: "1.10", ...old, flagsRegions: false, confirmed: true },
  { name: "1.11", ...old, flagsRegions: true, confirmed: true },
  { ...newest, name: "1.12", confirmed: false },
  newest,
];

/** The profile of that name; null where there is none. */
export function profileOf(name: string): Profile | null {
  return profiles.find((one) => one.name === name) ?? null;
}

/** What is assumed where neither the user nor the text says otherwise. */
export const defaultProfile: Profile = newest;
