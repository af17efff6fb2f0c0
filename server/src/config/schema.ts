// What a `Finalens.toml` may say, as a schema: `read-config.ts` validates with it, and
// syntaxes/finalens.schema.json, which editors read, is generated from it.
// Source: design §4 ("Assumptions"), contract.md "Commands".

import * as v from "valibot";
import { profiles } from "../analysis/profile.ts";
import { type SeverityChoice, severityChoices } from "../diagnostics/codes.ts";

function fact(description: string): v.GenericSchema<boolean | undefined> {
  return v.optional(v.pipe(v.boolean(), v.description(description)));
}

/** The facts of one function or method. */
const assumeSchema = v.strictObject({
  captures: fact(
    "false: no argument is kept beyond the call: not stored, not thrown, not returned",
  ),
  nothrow: fact("true: it neither throws nor blocks"),
  notaskstate: fact("true: it neither reads nor changes anything of the running task"),
  effect_free: fact("true: nothing that can be seen from outside is changed"),
  terminates: fact("true: it always comes to an end"),
  throws_are_fatal: fact("true: if it throws, the program ends"),
  closed: fact(
    "true: the workspace holds every method that a dynamic call of it can reach, in every specialisation",
  ),
});

export const severitySchema: v.GenericSchema<SeverityChoice> = v.picklist(severityChoices);

export const configSchema: v.GenericSchema = v.strictObject({
  $schema: v.optional(v.string()),
  profile: v.optional(
    v.pipe(
      v.picklist(profiles.map(({ name }) => name)),
      v.description("the Julia release, or the open proposal, whose rules apply"),
    ),
  ),
  severity: v.optional(
    v.pipe(
      v.record(v.string(), severitySchema),
      v.description('how loudly each code is said: "finalizer/escapes-return" = "hint"'),
    ),
  ),
  assume: v.optional(
    v.pipe(
      v.record(v.string(), assumeSchema),
      v.description('what is promised of a function, "Main.use", or of a method, "use(::Counted)"'),
    ),
  ),
});
