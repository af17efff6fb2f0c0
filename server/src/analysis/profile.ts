// A profile is a release of Julia as a table of rules: what its finalizer pass can do. 1.12 has the
// rules of 1.13; profiles that rest on reading the sources, not on running them, say so.
// Source: spec finalizer-inlining.md §1 and §6.

export type ProfileName = "1.9" | "1.10" | "1.11" | "1.12" | "1.13";

export interface Profile {
  readonly name: ProfileName;
  /** Uses beyond field accesses are judged by escape analysis (1.12+). */
  readonly escapeAnalysis: boolean;
  /** Whether the rules were confirmed by running that release. */
  readonly confirmed: boolean;
}

const newest: Profile = { name: "1.13", escapeAnalysis: true, confirmed: true };

const profiles: readonly Profile[] = [
  { name: "1.9", escapeAnalysis: false, confirmed: false },
  { name: "1.10", escapeAnalysis: false, confirmed: true },
  { name: "1.11", escapeAnalysis: false, confirmed: true },
  { name: "1.12", escapeAnalysis: true, confirmed: false },
  newest,
];

/** The profile of that name; null where there is none. */
export function profileOf(name: string): Profile | null {
  return profiles.find((one) => one.name === name) ?? null;
}

/** What is assumed where neither the user nor the text says otherwise. */
export const defaultProfile: Profile = newest;
