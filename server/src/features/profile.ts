// Which release's rules apply where nobody has chosen: what the text proves, else the newest.

import { defaultProfile, type Profile, profileOf, profiles } from "../analysis/profile.ts";

/** The profile that a user chose by name; null where the texts are to decide. */
export function chosenProfile(name: string | undefined): Profile | null {
  return name === undefined ? null : profileOf(name);
}

/** The profile of that name, or the default for `auto`, nothing, and names that are none. */
export function chooseProfile(name: string | undefined): Profile {
  return (name === undefined ? null : profileOf(name)) ?? defaultProfile;
}

/** The names that can be chosen. */
export function profileNames(): string[] {
  return profiles.map(({ name }) => name);
}
