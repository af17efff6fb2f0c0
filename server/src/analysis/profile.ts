// A profile is a table of rules: what the finalizer pass of a Julia can do. Those of releases; 1.13 whose
// escape analysis may look into every callee; and 1.13 with one proposal each that was open when this
// was written (`next+` and the number of the pull request). 1.12 has the rules of 1.13; profiles that
// rest on reading, not on running, say so. docs/fidelity.md has the figures.
// Source: spec finalizer-inlining.md §1, §6 and §13, effects.md §3,
// escape-analysis.md §1, §3.2, §7 and §9.1; design §2.

export type ProfileName =
  | "1.9"
  | "1.10"
  | "1.11"
  | "1.12"
  | "1.13"
  | "1.13+interprocedural"
  | "next+55990"
  | "next+59553"
  | "next+62870";

/**
 * What escape analysis is told of a callee. `none`: every call lets all arguments escape (≤ 1.10).
 * `native`: what the compiler keeps (1.11+), a summary only where its optimiser had use for one.
 * `every`: a summary of every callee whose IR is there.
 */
export type CalleeAnswers = "none" | "native" | "every";

export interface Profile {
  readonly name: ProfileName;
  /** What the profile stands for, in a few words. */
  readonly title: string;
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
  /** The same of `donotdelete` (1.11+). */
  readonly modelsDonotdelete: boolean;
  readonly calleeAnswers: CalleeAnswers;
  /**
   * A region that may throw keeps the registration, and the finalizer runs early on the normal path; the
   * object may be thrown (#55990).
   */
  readonly finalizesEarly: boolean;
  /** A finalizer's body must end and be free of undefined behaviour (#59553). */
  readonly bodyMustEnd: boolean;
  /** An object that another registration can reach is not resolved (#62870). */
  readonly finalizersCapture: boolean;
  /** A GC-frame slot is cleared behind the last use of its value (1.12+). */
  readonly clearsSlots: boolean;
  /** Whether the rules were confirmed by running that release. */
  readonly confirmed: boolean;
}

const newest = {
  name: "1.13",
  title: "Julia 1.13",
  escapeAnalysis: true,
  registrationDominates: false,
  tracksDefinedFields: true,
  flagsRegions: true,
  knowsIdentityFree: true,
  modelsFinalizer: true,
  modelsDonotdelete: true,
  calleeAnswers: "native",
  finalizesEarly: false,
  bodyMustEnd: false,
  finalizersCapture: false,
  clearsSlots: true,
  confirmed: true,
} as const satisfies Profile;

const old = {
  ...newest,
  escapeAnalysis: false,
  registrationDominates: true,
  tracksDefinedFields: false,
  flagsRegions: false,
  knowsIdentityFree: false,
  modelsFinalizer: false,
  modelsDonotdelete: false,
  calleeAnswers: "none",
  clearsSlots: false,
} as const;

/** The releases, oldest first. */
const releases: readonly Profile[] = [
  { ...old, name: "1.9", title: "Julia 1.9", confirmed: false },
  { ...old, name: "1.10", title: "Julia 1.10" },
  {
    ...old,
    name: "1.11",
    title: "Julia 1.11",
    flagsRegions: true,
    modelsDonotdelete: true,
    calleeAnswers: "native",
  },
  { ...newest, name: "1.12", title: "Julia 1.12", confirmed: false },
  newest,
];

/** 1.13 with one thing changed; none of them is a release. */
const variations: readonly Profile[] = [
  {
    ...newest,
    name: "1.13+interprocedural",
    title: "Julia 1.13, if its escape analysis looked into every callee",
    calleeAnswers: "every",
  },
  {
    ...newest,
    name: "next+55990",
    title:
      "Julia 1.13 with #55990 (not merged when written): finalized early where the region may throw",
    finalizesEarly: true,
    confirmed: false,
  },
  {
    ...newest,
    name: "next+59553",
    title: "Julia 1.13 with #59553 (not merged when written): a finalizer's body must end",
    bodyMustEnd: true,
    confirmed: false,
  },
  {
    ...newest,
    name: "next+62870",
    title: "Julia 1.13 with #62870 (not merged when written): a registered finalizer captures",
    finalizersCapture: true,
    confirmed: false,
  },
];

/** All profiles, in the order in which they are offered. */
export const profiles: readonly Profile[] = [...releases, ...variations];

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
  const fitting = releases.filter((one) => minorOf(one) <= max);
  return fitting.at(-1) ?? releases[0] ?? defaultProfile;
}

function minorOf({ name }: Profile): number {
  return Number(name.slice(2));
}
