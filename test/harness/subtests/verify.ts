// `verify`: the findings of the reader and of the verifier (`syntax/…`, `verify/…`), claimed by
// carets. It runs in every fixture, named or not: damage that nobody claims is a fault of the fixture.

import type { Command } from "../session.ts";
import { checkCarets } from "./diagnostics.ts";

export const verify: Command = {
  name: "verify",
  keys: {},
  check: (session) => checkCarets(session, /^(?:syntax|verify)\//),
};
