// `hints`: inlay hints with all kinds switched on. Closed: `# hint: label` for each, on its line.

import { inlayHints } from "../../../server/src/features/inlay-hint.ts";
import { type Answer, type Command, everywhere } from "../session.ts";

export const hints: Command = {
  name: "hints",
  keys: { hint: { about: "statement", closed: "always" } },
  answers(session) {
    const options = { verdict: true, placement: true, lifetime: true };
    return session.methods().flatMap((of) =>
      inlayHints(session.workspace, of.path, everywhere, options).flatMap((hint): Answer[] => {
        const line = hint.position.line - of.startLine;
        const statement = of.method.statements.find((one) => one.line === line);
        if (statement === undefined) return [];
        return [{ of, key: "hint", subject: `%${statement.id}`, text: hint.label }];
      }),
    );
  },
};
