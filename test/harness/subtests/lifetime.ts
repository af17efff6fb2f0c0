// `lifetime`: where an object is used last, and the loops over which Julia's placement holds it without
// need. `# last use: %1` stands at a use, `# last resource use: %1` at one of what was read from it;
// `# held over: %1` at a loop's header and is closed. `# extended: %1 gc handler` says the same of every
// policy, with the cause; `# overlap: gc rc` stands at the registration, `# held by gc: return` below it.

import { extendedBy } from "../../../server/src/analysis/method-report.ts";
import { type Answer, type Command, keys, labels, values } from "../session.ts";

export const lifetime: Command = {
  name: "lifetime",
  keys: {
    ...keys("statement", "used", "last use, last resource use"),
    ...keys("block", "always", "held over"),
    ...keys("block", "used", "extended"),
    ...keys("statement", "never", "overlap, hold"),
    ...keys("statement", "used", "held over call"),
  },
  answers: ({ method, report }) =>
    report.registrations.flatMap((one): Answer[] => {
      const { allocation, lastUses } = one;
      const { lifetime, registration } = one;
      const object = values(method, lifetime.sites.length > 0 ? [...lifetime.sites] : [allocation]);
      const at = values(method, [registration.position]);
      const { holds } = lifetime;
      return [
        ...lifetime.lastResourceUses.map(
          (use): Answer => ["last resource use", values(method, [use]), object],
        ),
        ...lifetime.extended.map(
          ({ header, policy, cause }): Answer => [
            "extended",
            labels(method, [header]),
            `${object} ${policy} ${cause}`,
          ],
        ),
        ["overlap", at, lifetime.overlaps.join(" ") || "none"],
        ["hold", at, `gc ${holds.gc}, julia ${holds.julia}, early ${holds.early}, rc ${holds.rc}`],
        ...lifetime.heldOverCall.map(
          ({ position, policy, isShown }): Answer => [
            "held over call",
            values(method, [position]),
            `${object} ${policy}${isShown ? "" : " perhaps"}`,
          ],
        ),
        ...lastUses.map((use): Answer => ["last use", values(method, [use]), object]),
        ...extendedBy(one, "julia").map(
          ({ header }): Answer => ["held over", labels(method, [header]), object],
        ),
      ];
    }),
};
