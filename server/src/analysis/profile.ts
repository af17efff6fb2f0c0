// A profile is a release of Julia as a table of rules: what its finalizer pass can do. 1.12 has the
// rules of 1.13; profiles that rest on reading the sources, not on running them, say so.
// Source: spec finalizer-inlining.md §1 and §6, effects.md §3,
// escape-analysis.md §1 and §3.2.

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
  /** Escape analysis leaves out all identity-free values; up to 1.11 only plain bits (isbits). */
  readonly knowsIdentityFree: boolean;
  /** Escape analysis knows that `Core.finalizer` lets nothing escape (1.12+). */
  readonly modelsFinalizer: boolean;
  /** The compiler keeps escape facts of callees (1.11+); before, every call lets all arguments escape. */
  readonly keepsSummaries: boolean;
  /** A GC-frame slot is cleared behind the last use of its value (1.12+). */
  readonly clearsSlots: boolean;
  /** Whether the rules were confirmed by running that release. */
  readonly confirmed: boolean;
}

const newest: Profile = {
  name: "1.13",
  escapeAnalysis: true,
  registrationDominates: false,
  tracksDefinedFields: true,
  flagsRegions: true,
  knowsIdentityFree: true,
  modelsFinalizer: true,
  keepsSummaries: true,
  clearsSlots: true,
  confirmed: true,
};

const old = {
  escapeAnalysis: false,
  registrationDominates: true,
  tracksDefinedFields: false,
  knowsIdentityFree: false,
  modelsFinalizer: false,
  clearsSlots: false,
};

const profiles: readonly Profile[] = [
  { name: "1.9", ...old, flagsRegions: false, keepsSummaries: false, confirmed: false },
  { name: "1.10", ...old, flagsRegions: false, keepsSummaries: false, confirmed: true },
  { name: "1.11", ...old, flagsRegions: true, keepsSummaries: true, confirmed: true },
  { ...newest, name: "1.12", confirmed: false },
  newest,
];

/** The profile of that name; null where there is none. */
export function profileOf(name: string): Profile | null {
  return profiles.find((one) => one.name === name) ?? null;
}

/** What is assumed where neither the user nor the text says otherwise. */
export const defaultProfile: Profile = newest;

/**
 * The newest profile of a release between 1.`min` and 1.`max`; the oldest where the text is older than
 * all of them, the default where the range is empty.
 */
export function profileBetween(min: number, max: number): Profile {
  if (min > max) return defaultProfile;
  const fitting = profiles.filter((one) => minorOf(one) <= max);
  return fitting.at(-1) ?? profiles[0] ?? defaultProfile;
}

function minorOf({ name }: Profile): number {
  return Number(name.slice(2));
}
